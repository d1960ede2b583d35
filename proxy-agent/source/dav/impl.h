/*
 * Folders of a server as the files of it share them: `dav_open` takes the
 * target apart, `dav_folder` asks for one and keeps those that wait,
 * `dav_cursor` knows what was done before, `dav` gives the items. One thread.
 */
#ifndef PROXY_AGENT_SOURCE_DAV_IMPL_H
#define PROXY_AGENT_SOURCE_DAV_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "proxy-agent/source/dav/dav.h"
#include "proxy-agent/source/dav/list.h"

#define PATH_MAX_ 8192

/* A folder that waits for its turn. */
struct folder {
	struct folder *next;
	unsigned depth;
	size_t len;
	char path[]; /* from the root of the server, decoded, "/" behind */
};

struct source {
	struct http *http;
	struct bucket bucket;
	struct folder *folders; /* the next one first */
	struct dav_list list;   /* of the folder at hand */
	size_t at;              /* of its entries */
	unsigned depth;
	struct buf site;  /* https://host:port */
	struct buf shown; /* davs://user@host:port */
	struct buf start; /* path of the target, decoded */
	struct buf after; /* go on behind this path */
	bool browse, begun;
};

enum status dav_open_plain(const struct source_target *t, struct source **out);
enum status dav_open_tls(const struct source_target *t, struct source **out);
void dav_close(struct source *s);

/* Its list. code: the answer's, 0 when there was none. */
enum status dav_folder_read(struct source *s, struct span path, unsigned *code);
/* Why it has none. */
const char *dav_folder_why(const struct source *s, unsigned code);
/* Its folders wait, the first one on top. */
enum status dav_push_folders(struct source *s);

/* How a path stands to where the scan goes on: all behind it is to do. */
bool dav_is_done(const struct source *s, const struct dav_entry *e);

/* As struct bucket_ops has it. */
enum status dav_fill(void *arg, struct bucket *b);

#endif
