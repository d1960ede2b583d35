#include "proxy-agent/source/files/version.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "source/url.h"

#define SHOWN_CAP ((size_t)512 << 10)

void
version_of(const struct source_known *known, const struct folder_entry *e,
	   char to[VERSION_MAX])
{
	to[0] = 0;
	if (known != NULL && e->mtime > 0 &&
	    e->mtime + VERSION_SETTLED_S < clock_wall_s(clock_system()))
		snprintf(to, VERSION_MAX, "%" PRIu64 " %" PRId64 " %" PRIu64,
			 e->size, e->mtime, e->id);
}

bool
version_known(const struct source_known *known, const struct buf *root,
	      const struct buf *path, const char *version)
{
	struct buf shown;
	bool has;

	if (known == NULL || version[0] == 0)
		return false;
	buf_init(&shown, SHOWN_CAP);
	has = buf_add(&shown, root->data, root->len) == ST_OK &&
	      url_encode(buf_span(path), &shown) == ST_OK &&
	      known->has(known->arg, buf_span(&shown), span_str(version));
	buf_fini(&shown);
	return has;
}
