#include "master/api/static.h"

#include <string.h>

#include "base/str.h"
#include "gen/assets.h"
#include "master/api/etag.h"

static int
compare(struct span path, const char *name)
{
	size_t len = strlen(name), n = path.len < len ? path.len : len;
	int c = memcmp(path.ptr, name, n);

	if (c != 0)
		return c;
	return path.len == len ? 0 : path.len < len ? -1 : 1;
}

static const struct asset *
find(const struct asset *files, size_t count, struct span path)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = compare(path, files[mid].path);

		if (c == 0)
			return &files[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static struct span
last_part(struct span path)
{
	size_t i = path.len;

	while (i > 0 && path.ptr[i - 1] != '/')
		i--;
	return span_skip(path, i);
}

/* "gzip;q=0" is a refusal; any other q is a yes. */
static bool
accepts(const char *header, const char *name)
{
	struct span rest = span_str(header), part;

	while (str_next(&rest, ',', &part)) {
		size_t cut = str_find(part, ';');
		struct span coding = str_trim(span_of(part.ptr, cut));
		struct span q = str_trim(span_skip(part, cut + 1));

		if (!str_is(coding, name))
			continue;
		return !str_is(q, "q=0") && !str_is(q, "q=0.0") &&
		       !str_is(q, "q=0.00") && !str_is(q, "q=0.000");
	}
	return false;
}

const char *
static_encoding_name(enum static_encoding e)
{
	static const char *const names[STATIC__COUNT] = {NULL, "gzip", "br"};

	return names[e];
}

struct span
static_bytes(const struct asset *a, enum static_encoding e)
{
	switch (e) {
	case STATIC_GZIP:
		return span_of(a->gzip, a->gzip_len);
	case STATIC_BROTLI:
		return span_of(a->brotli, a->brotli_len);
	case STATIC_PLAIN:
	case STATIC__COUNT:
		break;
	}
	return span_of(a->plain, a->plain_len);
}

static enum static_encoding
choose(const struct asset *a, const char *accept)
{
	static const enum static_encoding best[] = {STATIC_BROTLI, STATIC_GZIP};

	for (size_t i = 0; i < sizeof(best) / sizeof(best[0]); i++)
		if (static_bytes(a, best[i]).ptr != NULL &&
		    accepts(accept, static_encoding_name(best[i])))
			return best[i];
	return STATIC_PLAIN;
}

bool
static_find(const struct asset *files, size_t count, struct span path,
	    const char *accept_encoding, const char *if_none_match,
	    struct static_hit *hit)
{
	const struct asset *a = find(files, count, path);
	struct span last = last_part(path);

	if (a == NULL && str_find(last, '.') == last.len)
		a = find(files, count, span_str("/index.html"));
	if (a == NULL)
		return false;
	*hit = (struct static_hit){
	    .index = (size_t)(a - files),
	    .asset = a,
	    .encoding = choose(a, accept_encoding),
	    .unchanged = etag_unchanged(if_none_match, a->etag),
	    .forever = str_starts(span_str(a->path), "/assets/"),
	};
	return true;
}
