#ifndef PROXY_AGENT_SESSION_HTTP_STATE_H
#define PROXY_AGENT_SESSION_HTTP_STATE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "proxy-agent/session/http.h"

/*
 * http_state: the inside of a session, for http*.c alone: `http` is the
 * session, `http_setup` one attempt, `http_call` calls and their bodies,
 * `http_reply` the head that came, `http_again` what is asked once more.
 */
#define HTTP_CALLS_MAX 32
#define HTTP_WHY       320

struct http_lines {
	struct curl_slist *list;
	uint64_t from;
	struct span match, since;
	unsigned mark;
};

enum call_state {
	CALL_FREE = 0,
	CALL_WAITING, /* until start_ms */
	CALL_RUNNING,
	CALL_DONE, /* result says how */
};

struct http_call {
	struct http *http;
	CURL *easy; /* kept for the next call in this place */
	enum call_state state;
	CURLcode result;
	enum status signing; /* what sign() failed with */
	uint64_t start_ms;
	unsigned tries, resumes;
	bool secret;        /* user and password go along */
	unsigned long auth; /* CURLAUTH_ that the server offered */
	bool paused;        /* the buffer is full */
	bool bodied;        /* the body has begun: the head is whole */
	bool head_whole;    /* it ended as a head does */
	bool over;          /* past the cap */
	bool changed;       /* a range was answered with something else */
	bool asked;         /* it went out, and nothing came yet */
	bool headed;        /* http_head() gave the answer */
	bool moved;         /* bytes came since somebody looked */
	bool broken;        /* its head is too long */
	uint8_t renewals;   /* so often denied() was asked */
	unsigned refused;   /* the mark that it was told last */
	unsigned mark;      /* of the last attempt, by sign() */
	unsigned hops;      /* redirects that were followed */

	struct http_request request; /* spans into kept */
	struct buf kept;
	struct curl_slist *lines;
	struct buf head;       /* header lines, each ends with a NUL */
	struct buf type;       /* lower case */
	struct buf etag, date; /* of the object: a range is asked with one */
	struct http_reply reply;
	char trouble[CURL_ERROR_SIZE];

	uint8_t *ring; /* HTTP_BUFFER bytes */
	size_t ring_at, ring_len;
	uint64_t given; /* bytes that http_read() gave */
	uint64_t came;  /* bytes that came of the body */
};

/* The forward proxy, if there is one. */
struct http_proxy {
	struct buf url, host, user, password;
	unsigned long auth; /* CURLAUTH_ */
	bool tls;           /* it is spoken to by TLS */
	bool refused;       /* user and password: they are not sent again */
};

struct http {
	CURLM *multi;
	CURLSH *share; /* cookies, names, TLS sessions */
	struct http_limits limits;
	struct pace *pace; /* or NULL */
	struct buf site, host, user, password, token, cookie, ca, ca_file,
	    agent;
	unsigned long auth; /* CURLAUTH_ */
	struct http_proxy proxy;
	bool any_certificate;
	bool proven;      /* user and password were asked for and taken */
	unsigned refused; /* times */
	unsigned vain;    /* sign-ins sent and not answered whole, in a row */
	unsigned room;    /* calls at once, now */
	unsigned good;    /* answers since that was changed */
	uint64_t hold_ms; /* no call begins before */
	uint64_t next_ms; /* by the rate */
	struct http_call calls[HTTP_CALLS_MAX];
	char why[HTTP_WHY];
	char refusal[160]; /* of an address */
};

uint64_t http_now(void);
/* A C string in a buffer that is wiped; nothing when the value is empty. */
NODISCARD enum status http_keep(struct buf *to, struct span value);
/* Sets up the handle for one attempt; c->request and what came count. */
NODISCARD enum status http_prepare(struct http_call *c);
/* Lets all calls go on, at most `ms`. */
void http_pump(struct http *h, uint64_t ms);
/* The head of its answer is here. */
void http_heard(struct http_call *c);
/* Out of the multi handle and ready for another attempt. */
void http_rewind(struct http_call *c);
/* Until the head is whole, or a byte is there, or it is over. */
void http_wait(struct http_call *c, bool head);
/* The first or next header of a name, from *at (0 at first) on. */
struct span http_header_from(const struct http_call *c, const char *name,
			     size_t *at);
/* c->reply from the head that came. */
void http_read_reply(struct http_call *c);
/* Whether such an end may be none the next time. */
bool http_is_shaky(CURLcode r);
/* Whether a request may not go out: sign-ins before it were heard in vain. */
bool http_in_vain(const struct http *h, const struct http_request *r);
/* Once more, after a pause that grows with `times`, or the one asked for. */
void http_come_back(struct http_call *c, unsigned times, uint64_t asked_ms);
/* What a failed transfer means; writes h->why. */
enum status http_explain(struct http_call *c);

#endif
