#include "extract/archive/streamname.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *suffix, *instead;
} suffixes[] = {
    {".gz", ""},      {".tgz", ".tar"},  {".bz2", ""},      {".tbz2", ".tar"},
    {".tbz", ".tar"}, {".xz", ""},       {".txz", ".tar"},  {".lzma", ""},
    {".zst", ""},     {".tzst", ".tar"}, {".lz4", ""},      {".lz", ""},
    {".z", ""},       {".taz", ".tar"},  {".svgz", ".svg"},
};

static size_t
put(uint8_t name[JOB_NAME_MAX], struct span head, const char *tail)
{
	struct span end = span_str(tail);

	if (head.len > JOB_NAME_MAX - end.len)
		head.len = JOB_NAME_MAX - end.len;
	if (head.len > 0)
		memcpy(name, head.ptr, head.len);
	if (end.len > 0)
		memcpy(name + head.len, end.ptr, end.len);
	return head.len + end.len;
}

static struct span
last_part(struct span path)
{
	size_t at = path.len;

	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return at == 0 ? path : span_skip(path, at);
}

/* With something before it. */
static bool
ends(struct span file, const char *suffix)
{
	size_t n = strlen(suffix);

	return file.len > n &&
	       strncasecmp((const char *)file.ptr + file.len - n, suffix, n) ==
		   0;
}

size_t
stream_name(struct span file, const char *kind, uint8_t name[JOB_NAME_MAX])
{
	file = last_part(file);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (ends(file, suffixes[i].suffix))
			return put(
			    name,
			    span_of(file.ptr,
				    file.len - strlen(suffixes[i].suffix)),
			    suffixes[i].instead);
	return put(name, span_of(NULL, 0), kind);
}
