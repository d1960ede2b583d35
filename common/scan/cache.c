#include "scan/cache.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/span.h"
#include "sys/file.h"
#include "sys/priv.h"

#define FOLDER_MAX 4000

static int
folder(char *dst, size_t room)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): before any thread */
	const char *own = getenv("TRAWL_CACHE");
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	/* NOLINTEND(concurrency-mt-unsafe) */

	if (own != NULL) /* the current folder is nobody's cache */
		return own[0] == '/' ? snprintf(dst, room, "%s", own) : 0;
	if (priv_is_root())
		return snprintf(dst, room, "/var/cache/trawl");
	if (xdg != NULL && xdg[0] == '/')
		return snprintf(dst, room, "%s/trawl", xdg);
	if (home != NULL && home[0] == '/')
		return snprintf(dst, room, "%s/.cache/trawl", home);
	return 0;
}

void
cache_file(char *dst, size_t room)
{
	char dir[FOLDER_MAX] = "";
	int n = folder(dir, sizeof(dir));

	dst[0] = 0;
	if (n <= 0 || n >= (int)sizeof(dir) ||
	    file_private_dir(dir, 0700) != ST_OK ||
	    file_join(dst, room, dir, "patterns") != ST_OK)
		dst[0] = 0;
}
