#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "extract/extract.h"
#include "scan/director.h"
#include "sys/priv.h"
#include "sys/sandbox.h"

/*
 * Nobody else's files, no other process of ours. Looked up here and once: name
 * lookup may load plug-ins, which a confined process could not.
 */
void
rights_find_nobody(struct scan *s)
{
	s->drop = priv_is_root();
	if (!s->drop || priv_find("trawl", &s->nobody) == ST_OK ||
	    priv_find("nobody", &s->nobody) == ST_OK)
		return;
	s->nobody = (struct priv_user){.uid = 65534, .gid = 65534};
}

/*
 * Reading and the cache are for successors of children; a folder of Landlock
 * stands for all that is in it. What a zygote loads (converters of charsets are
 * plug-ins) its successor finds loaded: whoever is confined maps no more code.
 */
enum status
scan_confine(struct scan *s, struct buf *why)
{
	static const char *const all[] = {"/"};
	char folder[PATH_MAX];
	const char *write[] = {"/dev/null", folder};
	const char *slash = strrchr(s->cache, '/');
	struct sandbox_paths paths = {all, 1, write, 1, NULL, 0};
	const unsigned read = PRIV_READ_ALL | PRIV_NO_TRACE;
	enum status st =
	    extract_kit_open(&s->options.extract, &s->libraries, why);

	if (st == ST_OK)
		st = priv_drop(NULL, s->drop ? read | PRIV_BECOME : read);

	if (slash != NULL && slash != s->cache) {
		snprintf(folder, sizeof(folder), "%.*s",
			 (int)(slash - s->cache), s->cache);
		paths.write_count++;
	}
	return st == ST_OK ? sandbox_enter(SANDBOX_DIRECTOR, &paths, NULL) : st;
}
