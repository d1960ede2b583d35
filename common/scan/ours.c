#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "detect/catalogue/catalogue.h"
#include "scan/director.h"

/* Of its folder only what we wrote there: it may be shared with others. */
static void
add_cache(struct scan *s)
{
	const char *slash = strrchr(s->cache, '/');
	char dir[PATH_MAX];

	if (slash == NULL)
		return;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - s->cache), s->cache);
	s->cached[0] = slash + 1;
	s->cached[1] = CLEAN_NAME;
	own_add(&s->own, dir, s->cached);
}

/* A catalogue of the user's own (--rules) is content like any other. */
static void
add_catalogue(struct scan *s)
{
	char dir[PATH_MAX];
	struct buf why;

	if (s->options.catalogue != NULL) {
		own_add(&s->own, s->options.catalogue, NULL);
		return;
	}
	buf_init(&why, sizeof(dir) + 200);
	if (catalogue_folder(dir, sizeof(dir), &why) == ST_OK)
		own_add(&s->own, dir, NULL);
	buf_fini(&why);
}

void
ours_find(struct scan *s)
{
	add_cache(s);
	add_catalogue(s);
}
