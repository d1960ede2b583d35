#ifndef MASTER_API_REQUEST_H
#define MASTER_API_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "master/api/query.h"

struct api;
struct route;
struct sse_client;
struct store;
struct stream;

/*
 * request and reply: one exchange with a client, free of any HTTP library.
 *
 * Owner:   http.c makes and frees both; spans and strings of a request borrow
 *          from its arena or from the connection and are good until the reply
 *          was sent.
 * Threads: first a thread of the library, then one worker, then the first
 *          again; never two at a time.
 */
enum method {
	METHOD_GET, /* HEAD too: see request.head */
	METHOD_POST,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OTHER,
};

/* Headers that we look at; what is sent twice counts as the first. */
enum header {
	HEADER_HOST,
	HEADER_ORIGIN,
	HEADER_FETCH_SITE,
	HEADER_CONTENT_TYPE,
	HEADER_CONTENT_LENGTH,
	HEADER_COOKIE,
	HEADER_AUTHORIZATION,
	HEADER_IF_MATCH,
	HEADER_IF_NONE_MATCH,
	HEADER_IDEMPOTENCY_KEY,
	HEADER_LAST_EVENT_ID,
	HEADER_ACCEPT_ENCODING,
	HEADER_USER_AGENT,
	HEADER__COUNT
};

#define BODY_MAX      (1024 * 1024)  /* bytes of a request body */
#define DRAIN_MAX     (8 * BODY_MAX) /* bytes read of one that is too large */
#define REQUEST_ARENA (256 * 1024)
#define REPLY_MAX     (16 * 1024 * 1024)
#define ADDRESS_MAX   48
#define ACTOR_HASH    32

/* What a caller may do, as bits; words in router.c. */
enum permission {
	PERM_NONE = 0,
	PERM_READ = 1,
	PERM_TRIAGE = 2,
	PERM_SCAN = 4,
	PERM_MANAGE = 8,
};

/* Who asks; user 0: nobody signed in. */
struct actor {
	uint64_t user;
	unsigned permissions;
	bool bearer;
	struct span name, role;   /* of the request's arena */
	uint8_t id[ACTOR_HASH];   /* of the session: SHA-256 of its secret */
	int64_t created, expires; /* ms since 1970 */
};

struct request {
	char id[17]; /* in logs and problems */
	enum method method;
	bool head;
	struct span path; /* raw, without the query */
	struct span raw_query;
	struct query query;
	const char *header[HEADER__COUNT]; /* NULL: not sent */
	char address[ADDRESS_MAX];         /* of the client, without port */
	char network[ADDRESS_MAX]; /* what limits go by: IPv6 by its /64 */
	struct buf body;
	bool too_large; /* the body was cut */
	const struct route *route;
	struct span param; /* decoded {id}, or empty */
	struct actor actor;
	struct arena arena;
	struct api *api;
	struct store *db; /* of the worker that serves it */
};

struct reply {
	unsigned status;
	const char *type; /* of the body, a literal */
	struct buf body;
	const char *allow; /* for 405, a literal */
	const char *cache; /* Cache-Control, NULL: no-store */
	char etag[64];     /* each "": is not sent */
	char location[64];
	char cookie[160];
	char disposition[80];
	unsigned retry_after;      /* seconds, 0: is not sent */
	struct sse_client *events; /* instead of a body: a live stream */
	struct stream *stream;     /* instead of a body: an export */
};

#endif
