#include "source/filter.h"

#include "base/glob.h"
#include "base/str.h"

#define PATH_TRIED 4096 /* bytes of a path that a pattern is tried on */

static bool
matches(struct span list, struct span path)
{
	struct span one;

	if (path.len > PATH_TRIED)
		path = span_skip(path, path.len - PATH_TRIED);
	while (str_next(&list, ',', &one))
		if (one.len > 0 && one.len <= PATH_TRIED &&
		    glob_path(str_trim(one), path))
			return true;
	return false;
}

/* A time that many milliseconds ago. */
static bool
take_age(struct pairs options, const char *name, int64_t now, int64_t *out)
{
	struct span s = pairs_find(options, name);
	uint64_t ms;

	if (s.ptr == NULL)
		return true;
	if (str_to_duration(s, &ms) != ST_OK)
		return false;
	*out = now - (int64_t)(ms / 1000);
	return true;
}

struct filter
filter_of(struct pairs options, int64_t now, struct span *bad)
{
	struct filter f = {
	    .include = pairs_find(options, "include"),
	    .exclude = pairs_find(options, "exclude"),
	    .max_size = UINT64_MAX,
	    .since = INT64_MIN,
	    .until = INT64_MAX,
	};
	struct span size = pairs_find(options, "max_size");

	*bad = span_of(NULL, 0);
	if (size.ptr != NULL && str_to_size(size, &f.max_size) != ST_OK)
		*bad = span_str("max_size");
	if (!take_age(options, "newer", now, &f.since))
		*bad = span_str("newer");
	if (!take_age(options, "older", now, &f.until))
		*bad = span_str("older");
	return f;
}

bool
filter_takes(const struct filter *f, struct span path, uint64_t size,
	     int64_t mtime)
{
	if (size > f->max_size)
		return false;
	if (mtime != 0 && (mtime < f->since || mtime > f->until))
		return false;
	if (f->include.len > 0 && !matches(f->include, path))
		return false;
	return f->exclude.len == 0 || !matches(f->exclude, path);
}

bool
filter_enters(const struct filter *f, struct span path)
{
	return f->exclude.len == 0 || !matches(f->exclude, path);
}
