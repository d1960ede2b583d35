#ifndef PROXY_AGENT_SESSION_HTTP_H
#define PROXY_AGENT_SESSION_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * http: one session to one web service. A call is a request and its answer,
 * whose body is pulled piece by piece; several may be under way at once, each
 * with a buffer of HTTP_BUFFER bytes, and all go on while one is waited for.
 *
 * - Only http and https, HTTP/1.1 (whose connections hold back what nobody
 *   reads yet). No redirect is followed but those that a request allows: the
 *   caller sees it and decides. Secrets go to the site of the target alone, and
 *   sign() sees where an attempt goes.
 * - Addresses are checked after the name was resolved, see guard.h.
 * - 429, 500, 502, 503 and 504, and a connection that fails before the first
 *   byte of the body, are tried again after Retry-After or a growing pause; the
 *   whole session holds still so long. A body that is cut is gone on with by a
 *   range, when the server named a version of the object by which it can be
 *   sure that it is still the same one. Who wants all of an answer before he
 *   looks at it has it asked for anew: http_whole().
 * - With a forward proxy all goes through it, see http_proxy.h.
 * - User and password are sent only to the site of the target, only once it
 *   asked for them, and never again when they were refused HTTP_REFUSALS times:
 *   that often a wrong password locks no account.
 *
 * Owner:   http_close() ends all calls; http_stop() one. Both take NULL.
 * Threads: one; libcurl may start one more to look up a name.
 */
#define HTTP_BUFFER   (256 * 1024)
#define HTTP_HEAD_MAX (64 * 1024)
#define HTTP_REFUSALS 3

struct http;
struct http_call;
struct pace;

/* All times and counts in one place; see the table in http.c for names. */
struct http_limits {
	uint32_t connect_ms; /* name, connection and TLS */
	uint32_t stall_ms;   /* without one byte */
	uint32_t tries;      /* of one call, the first included */
	uint32_t pause_ms;   /* before the second try, then twice as long */
	uint32_t pause_max_ms;
	uint32_t calls;      /* under way at once */
	uint32_t per_second; /* requests; 0: as fast as the server answers */
	uint32_t resumes;    /* of one body that was cut */
};

extern const struct http_limits http_limits_default;

/* ST_NOTFOUND: no such limit. ST_MALFORMED, ST_LIMIT: not its value. */
NODISCARD enum status http_limit_set(struct http_limits *l, const char *name,
				     struct span value);

enum http_auth {
	HTTP_ANY = 0, /* of those below, the safest that the server offers */
	HTTP_BASIC = 1,
	HTTP_DIGEST = 2,
	HTTP_NTLM = 4,
};

/* The way there: through a forward proxy, see http_proxy.h. */
struct http_way {
	struct span proxy; /* "http://HOST:PORT", or empty */
	struct span user, password;
	bool basic; /* its password may go in clear */
};

struct http_options {
	struct span site; /* tidy URL of the target: home of its secrets */
	/* Each may be empty. */
	struct span user, password;
	struct span token;    /* Authorization: Bearer */
	struct span cookie;   /* "name=value; name=value" */
	struct span ca;       /* certificates to trust, PEM; else ca_file */
	struct span ca_file;  /* else the system's */
	struct span agent;    /* User-Agent; else "trawl/VERSION" */
	unsigned auth;        /* enum http_auth, a set */
	bool any_certificate; /* only when a person said so */
	struct http_way way;
	struct http_limits limits;
	struct pace *pace; /* hears of each call; or NULL */
};

NODISCARD enum status http_open(const struct http_options *o,
				struct http **out);
void http_close(struct http *h);

/* Header lines of one attempt; what a signature needs to know, and to add. */
struct http_lines;
NODISCARD enum status http_line(struct http_lines *l, const char *name,
				struct span value);
/* Whatever tells the secrets of this attempt from later ones, for denied(). */
void http_mark(struct http_lines *l, unsigned mark);
/* A body that was cut is asked for from here on (Range: bytes=FROM-); 0: no. */
uint64_t http_lines_from(const struct http_lines *l);
/* What is sent as If-Match with it, or empty. */
struct span http_lines_match(const struct http_lines *l);
/* What is sent as If-Unmodified-Since with it, or empty. */
struct span http_lines_since(const struct http_lines *l);

struct http_request {
	const char *method; /* NULL: GET */
	struct span url;    /* tidy */
	struct span body;   /* sent with a length; or empty */
	const char *type;   /* of the body; may be NULL */
	const char *depth;  /* WebDAV's header; may be NULL */
	/* Called before each attempt, since times and ranges are signed too. */
	enum status (*sign)(void *arg, const struct http_request *r,
			    struct http_lines *to);
	/* A 401 that sign() can do something about: ST_OK tries once more. */
	enum status (*denied)(void *arg, unsigned mark);
	void *arg;
	unsigned hops; /* redirects of a GET that are followed; not to http */
	uint64_t cap;  /* bytes of the body, then ST_LIMIT; 0: none */
	bool inflate;  /* ask for gzip, and give the body unpacked */
	bool no_retry; /* whatever is answered is the answer */
	/* it is a sign-in, and holds what nobody should hear often: when its
	 * answers break off HTTP_REFUSALS times in a row, none is sent again */
	bool secret;
};

struct http_reply {
	unsigned code;
	int64_t length;       /* of the body, -1: not said */
	int64_t modified;     /* seconds since 1970; 0: not said */
	struct span type;     /* Content-Type without parameters, lower case */
	struct span charset;  /* of it, or empty */
	struct span etag;     /* with quotes, or empty */
	struct span location; /* as sent, or empty */
			      /* All good until http_read(). */
};

/*
 * The spans of the request are copied but `arg` is not. ST_FULL: as many calls
 * as allowed are under way.
 */
NODISCARD enum status http_start(struct http *h, const struct http_request *r,
				 struct http_call **out);

/*
 * Waits for the answer; any code is ST_OK. ST_NOTFOUND: no such host;
 * ST_CLOSED: nobody answers; ST_DENIED: an address or certificate that is not
 * to be trusted; ST_TIMEOUT, ST_IO, ST_LIMIT (of the head).
 */
NODISCARD enum status http_head(struct http_call *c,
				const struct http_reply **out);

/* A header of the answer, the last of its name; empty: not there. */
struct span http_header(const struct http_call *c, const char *name);

/*
 * Bytes of the body, at least one; *got 0 at its end. ST_IO: it was cut,
 * ST_LIMIT: it is longer than the cap, ST_TIMEOUT.
 */
NODISCARD enum status http_read(struct http_call *c, void *dst, size_t n,
				size_t *got);

/*
 * After a failure of http_read(): whether the answer may come whole the next
 * time. Then it is asked for again from its first byte, as often as a body is
 * gone on with at most, and http_head() waits for it.
 */
NODISCARD bool http_anew(struct http_call *c);

/*
 * Waits for all of an answer, its body behind what stands in `body`; *out as
 * http_head() gives it, and http_header() still knows the head. What breaks off
 * is asked for anew: a list has no version by which it could be gone on with.
 */
NODISCARD enum status http_whole(struct http_call *c,
				 const struct http_reply **out,
				 struct buf *body);

/* No call of the session waits longer than what others need of it. */
void http_stop(struct http_call *c);

/* Why the last wait failed, one sentence for people. */
const char *http_why(const struct http *h);

/* Credentials were sent HTTP_REFUSALS times and refused; none is sent now. */
bool http_is_refused(const struct http *h);

/* Waits before an attempt, the longer the more were in vain. */
void http_rest(const struct http *h, unsigned vain);

/* Calls that may be under way now: fewer after the server asked for mercy. */
unsigned http_room(const struct http *h);

/* ST_OK for 2xx; ST_DENIED, ST_NOTFOUND, ST_AGAIN ... for the others. */
enum status http_code(unsigned code);

/* A whole answer of at most `cap` bytes into a buffer; code as it came. */
NODISCARD enum status http_fetch(struct http *h, const struct http_request *r,
				 struct buf *body, unsigned *code);

#endif
