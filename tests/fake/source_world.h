#ifndef FAKE_SOURCE_WORLD_H
#define FAKE_SOURCE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "fake/fake_http.h"
#include "source/source.h"

/*
 * source_world: a source and a web server that says what a table says. In all
 * texts PORT stands for the server's port, in those that come out of it, too.
 */
#define FAKE_OK      "HTTP/1.1 200 OK\r\n\r\n"
#define FAKE_JSON    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
#define FAKE_NO(why) "HTTP/1.1 " why "\r\nContent-Length: 0\r\n\r\n"

#define SOURCE_WORLD_MANY 400 /* items; a source that gives more fails */

struct source_world {
	struct fake_http server;
	const struct source_ops *ops;
	struct source_target target;
	struct source *source;
	char url[8192];
	uint8_t access[16384], options[4096];
	struct buf why, got, last;
};

/* What a source is to make of what a server says. */
struct source_row {
	const char *url;
	struct fake_page pages[10]; /* the last has no path */
	const char *want;           /* as source_world_walk() gives it */
};

/* The target, without a credential; its pauses are short. */
void source_world_begin(struct source_world *w, const struct source_ops *ops,
			const struct fake_page *pages, const char *url);
/* The same over TLS; the credential trusts the server. */
void source_world_begin_tls(struct source_world *w,
			    const struct source_ops *ops,
			    const struct fake_page *pages, const char *url);
void source_world_end(struct source_world *w);

void source_world_option(struct source_world *w, const char *name,
			 const char *value);
void source_world_access(struct source_world *w, const char *name,
			 const char *value);

enum status source_world_open(struct source_world *w);
const char *source_world_why(struct source_world *w);

/*
 * Opens it and goes on to its end, or behind `n` items: a line each,
 * "path=content", "path:reason" with its detail behind a blank, "path/" for
 * folders that are only named; "!" behind content that could not be read to its
 * end. The last cursor is in w->last.
 */
const char *source_world_walk(struct source_world *w, size_t n);

#endif
