#ifndef PROXY_AGENT_SOURCE_BUCKET_BUCKET_H
#define PROXY_AGENT_SOURCE_BUCKET_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/session/inner.h"
#include "source/filter.h"
#include "source/source.h"

/*
 * bucket: what all stores of objects over HTTP have in common: pages of a list,
 * a GET for each object, several of them under way ahead of the one at hand.
 * A kind says how it lists and how it signs.
 *
 * Limits: BUCKET_PAGE entries and BUCKET_BYTES of names in one page.
 */
#define BUCKET_PAGE  20000
#define BUCKET_BYTES (16u << 20)
#define BUCKET_AHEAD 16
#define BUCKET_RAW   16384

struct bucket;

struct bucket_entry {
	struct span path;    /* as the user would write it */
	struct span url;     /* to get it, tidy as the server wants it */
	struct span cursor;  /* the position behind it */
	struct span below;   /* its path in the target, for the filter */
	struct span body;    /* its bytes, where the list holds them: no GET */
	struct span etag;    /* of HTTP, or empty */
	struct span version; /* made by bucket_add(): see source.h */
	struct span post;    /* sent to url, else it is a GET */
	uint64_t size;
	int64_t mtime;
	uint8_t reason;     /* enum cover_reason */
	struct span detail; /* or empty */
	bool folder;
	bool unsure; /* size is not to be trusted: asked for when 0, too */
	bool whole;  /* body is all of it, however short */
};

struct bucket_ops {
	/* One more page by bucket_add(); ST_EOF: there was none left. */
	enum status (*list)(void *arg, struct bucket *b);
	/* As http.h has it; NULL: nothing is signed. */
	enum status (*sign)(void *arg, const struct http_request *r,
			    struct http_lines *to);
	/*
	 * What was signed with ran out (401): true when there is a new one, and
	 * the object is asked for once more. NULL: there is none.
	 */
	bool (*renew)(void *arg);
	const char *error_header; /* names what is wrong; or NULL */
	/* As http.h has it; NULL: a 401 stands, or renew() knows. */
	enum status (*denied)(void *arg, unsigned mark);
	/* A refusal, with its body, that only means to come back later. */
	bool (*busy)(void *arg, unsigned code, struct span body);
	/*
	 * A refusal, with its body: in words, why nothing will be given any
	 * more, and nothing is asked for. NULL, also as itself: it is of this
	 * object alone.
	 */
	const char *(*over)(void *arg, unsigned code, struct span body);
	void *arg;
	unsigned hops;    /* redirects that a GET follows */
	const char *type; /* of what is posted */
	/* Where in the answer the object stands; NULL: it is the object. */
	const struct inner_form *inner;
	/* An answer without it: why, and the reason in *as. */
	const char *(*lacks)(void *arg, struct span body, uint8_t *as);
};

struct bucket_call {
	size_t at; /* entry */
	struct http_call *call;
	unsigned age; /* renewals before it began */
};

struct bucket {
	struct bucket_ops ops;
	struct http *http;                /* borrowed */
	const struct source_known *known; /* versions are wanted; or NULL */
	bool strict;                      /* an ETag alone tells them */
	bool open_none;                   /* sizes or names only */
	struct filter filter;             /* of which objects are wanted */
	bool filtered;
	unsigned age;     /* renewals */
	unsigned vain;    /* that failed, in a row: an account is not locked */
	const char *over; /* why nothing is asked for any more; or NULL */
	bool idle;        /* nothing was given since the last one */
	struct arena page;
	struct bucket_entry *entries;
	size_t count, at, asked; /* at: the next to be given */
	struct bucket_call ahead[BUCKET_AHEAD];
	size_t ahead_at, ahead_count;
	struct http_call *call; /* of the item */
	struct span body;       /* of the item, what is left of it */
	uint64_t left; /* bytes of the item that the list said, to come */
	struct inner inner;
	uint8_t *raw; /* BUCKET_RAW bytes of an answer around its object */
	size_t raw_at, raw_len;
	struct buf cursor;   /* behind the item */
	struct buf path;     /* of the item */
	struct buf version;  /* of the item */
	enum status trouble; /* of listing: told as one item, then the end */
	struct buf detail;
	bool ended, told;
};

NODISCARD enum status bucket_open(struct bucket *b, struct http *http,
				  const struct bucket_ops *ops);
void bucket_close(struct bucket *b);

/*
 * Spans are copied; for list() alone. What the filter does not want is left
 * out. ST_LIMIT, ST_NOMEM.
 */
NODISCARD enum status bucket_add(struct bucket *b,
				 const struct bucket_entry *e);

/* Lists the first page now, so that open() can say what is wrong. */
NODISCARD enum status bucket_begin(struct bucket *b);

/* As source.h has them. `root`: path of the item that tells of a cut list. */
NODISCARD enum status bucket_next(struct bucket *b, struct span root,
				  struct source_item *item);
NODISCARD enum status bucket_read(struct bucket *b, void *dst, size_t n,
				  size_t *got);
NODISCARD enum status bucket_cursor(const struct bucket *b, struct buf *to);

#endif
