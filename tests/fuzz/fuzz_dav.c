/*
 * Property: what a server of WebDAV lists lies directly in the folder that was
 * asked for, files before folders, each in bytewise order, whatever it says.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/dav/list.h"

static const char *const folders[] = {"/", "/dav/", "/dav/x", ""};

static void
check(const struct dav_list *l, struct span asked)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct dav_entry *e = &l->entries[i], *was = e - 1;
		struct span path = e->path;

		if (l->is_folder && !str_starts(path, "/"))
			abort();
		if (path.len > 0 && path.ptr[path.len - 1] == '/' && e->folder)
			path.len--;
		if (path.len < asked.len && !span_eq(path, asked) &&
		    asked.ptr[asked.len - 1] != '/')
			abort();
		if (memchr(path.ptr, 0, path.len) != NULL)
			abort();
		if (i == 0 || was->folder != e->folder) {
			if (i > 0 && was->folder)
				abort();
			continue;
		}
		if (str_order(was->path, e->path) > 0)
			abort();
	}
}

static enum status
parse(struct dav_list *l, struct span asked, struct span xml, size_t cut)
{
	enum status st = dav_list_begin(l, asked);

	if (st == ST_OK)
		st = dav_list_feed(l, span_of(xml.ptr, cut), false);
	if (st == ST_OK)
		st = dav_list_feed(l, span_skip(xml, cut), true);
	return dav_list_end(l, st);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dav_list l;

	dav_list_init(&l);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct span asked = span_str(folders[i]);

		if (parse(&l, asked, span_of(data, size), size / 2) == ST_OK)
			check(&l, asked);
		else if (l.count != 0)
			abort();
	}
	dav_list_fini(&l);
	return 0;
}
