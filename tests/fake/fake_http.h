#ifndef FAKE_HTTP_H
#define FAKE_HTTP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * fake_http: a web server on loopback that says what a table says, so that a
 * test can have answers that no real server gives. One process a connection,
 * which is closed after the answer. `last` holds the body of a request, too.
 */
struct fake_page {
	const char
	    *path;       /* the whole request target, or up to a * at the end */
	const char *has; /* part of the requests that it is for, or NULL */
	const char *needs; /* a part of the request, else `refuses`; or NULL */
	const char *refuses; /* answered instead */
	unsigned first;      /* so many times `before` is answered */
	const char *before;
	/*
	 * the head up to the empty line, and the body; PORT is the server's,
	 * and COUNT how often it was asked by now
	 */
	const char *answer;
	size_t filler; /* bytes of 'x' behind it */
	size_t cut;    /* close after so many bytes in all; 0: at the end */
	unsigned hang; /* 1: say nothing; 2: nothing behind the answer */
};

#define FAKE_PAGES 64

struct fake_seen {
	unsigned asked[FAKE_PAGES]; /* how often, by page */
	unsigned all;
	char last[4096]; /* the last request */
};

struct fake_tls;

struct fake_http {
	pid_t pid;
	uint16_t port;
	int fd;
	struct fake_seen *seen; /* shared */
	struct fake_tls *tls;   /* NULL: without TLS */
};

/* pages end with a path of NULL. */
void fake_http_start(struct fake_http *f, const struct fake_page *pages);
/* The same over TLS; who is to trust it takes fake_tls_ca(f->tls). */
void fake_https_start(struct fake_http *f, const struct fake_page *pages);
void fake_http_stop(struct fake_http *f);

#endif
