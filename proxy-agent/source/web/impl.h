/*
 * A walk over a site as the files of it share it: `web_open` begins it,
 * `web_page` asks for one address and hears its head, `web_version` tells
 * whether it changed, `web_links` finds where it leads, `web` gives the items.
 * One thread.
 */
#ifndef PROXY_AGENT_SOURCE_WEB_IMPL_H
#define PROXY_AGENT_SOURCE_WEB_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/source/web/frontier.h"
#include "proxy-agent/source/web/links.h"
#include "proxy-agent/source/web/scope.h"
#include "source/source.h"

#define HOPS_MAX   10
#define AHEAD_MAX  16
#define DETAIL_MAX 400

/* An address that was asked for ahead of its turn. */
struct ahead {
	size_t at;              /* in this level */
	struct http_call *call; /* NULL: it is not to be read, see detail */
	const char *forbidden;
};

struct source {
	struct http *http;
	struct scope scope;
	struct frontier frontier;
	struct ahead ahead[AHEAD_MAX];
	size_t ahead_at, ahead_count;
	size_t asked; /* addresses of this level that were asked for */
	uint64_t depth;
	bool sitemaps, browse, started;

	struct http_call *call;     /* of the item */
	struct buf path, origin;    /* of the item; where redirects began */
	struct buf base;            /* of its references */
	struct buf trail[HOPS_MAX]; /* of the redirects that led to it */
	struct buf version;
	const struct source_known *known; /* versions are wanted; or NULL */
	struct links links;
	bool is_page, drained;
	uint64_t read;
	char detail[DETAIL_MAX];

	unsigned from_level; /* go on behind this position */
	struct buf from;
	bool resume;
};

enum turn { TURN_GIVE, TURN_SKIP, TURN_AGAIN };

enum status web_open(const struct source_target *t, struct source **out);
void web_close(struct source *s);

enum status web_set(struct buf *to, struct span s);

/* The item is named with why it is not read. */
void web_refuse(struct source *s, struct source_item *item, uint8_t reason,
		const char *detail);

/* Asks for what comes next of this level, as far as calls are free. */
void web_look_ahead(struct source *s);

/* The address that was asked for first: an item, or none to give. */
enum turn web_take(struct source *s, struct source_item *item);

/* The rest of a page that nobody wanted, for its links; its call ends. */
void web_drain(struct source *s);

/*
 * What tells the content at hand from any other of its address; empty: nothing
 * does for sure, or nobody asks. Good until the next one.
 */
struct span web_version(struct source *s, const struct http_reply *r);
/* An earlier scan read it: only its links are still wanted. */
bool web_is_same(const struct source *s);

/* What is read of this page is heard for links, if its level has any more. */
void web_begin_page(struct source *s);

/* The addresses that the site's sitemaps name. */
void web_sitemaps(struct source *s);

#endif
