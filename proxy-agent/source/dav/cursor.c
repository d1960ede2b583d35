#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/dav/impl.h"

/* Up to the last slash, with it. */
static struct span
folder_of(struct span path)
{
	const uint8_t *slash = memrchr(path.ptr, '/', path.len);

	return span_of(path.ptr,
		       slash == NULL ? 0 : (size_t)(slash - path.ptr) + 1);
}

static bool
leads_to(struct span way, struct span dir)
{
	return way.len <= dir.len && memcmp(way.ptr, dir.ptr, way.len) == 0;
}

/* Files of a folder come before its folders. */
static bool
file_is_done(struct span path, struct span after, struct span dir)
{
	struct span own = folder_of(path);

	return leads_to(own, dir) &&
	       (own.len < dir.len || str_order(path, after) <= 0);
}

static bool
folder_is_done(struct span path, struct span after, struct span dir)
{
	struct span own;

	if (leads_to(path, dir)) /* on the way to it, or itself told of */
		return path.len == dir.len && str_ends(after, "/\n");
	/* beside the way: done when it stands before */
	own = folder_of(span_of(path.ptr, path.len - 1));
	return own.len < dir.len && leads_to(own, dir) &&
	       str_order(path, dir) < 0;
}

bool
dav_is_done(const struct source *s, const struct dav_entry *e)
{
	struct span after = buf_span(&s->after), dir;

	if (after.len == 0)
		return false;
	dir = folder_of(after);
	return e->folder ? folder_is_done(e->path, after, dir)
			 : file_is_done(e->path, after, dir);
}
