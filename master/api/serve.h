#ifndef MASTER_API_SERVE_H
#define MASTER_API_SERVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/status.h"
#include "crypto/passwd.h"
#include "master/api/body.h"
#include "master/api/page.h"
#include "master/api/request.h"
#include "master/api/stream.h"
#include "master/api/work.h"

struct ask;
struct idem;
struct limits;
struct sse;

/*
 * serve: what happens to one request of the API, from its head to its reply.
 * Everything here is free of the HTTP library and of sockets.
 */

/* What all requests share; made once by api.c, not changed while it serves. */
struct api {
	const struct clock *clock;
	struct ask *ask;
	struct idem *idem;
	struct limits *limits;
	struct sse *sse;
	struct work *work; /* for exports */
	struct stream_ops stream_ops;
	uint8_t page_key[PAGE_KEY_LEN];
	char fingerprint[100]; /* of the console's certificate, for people */
	char dummy[PASSWD_TEXT_LEN]; /* hash of nothing, for unknown names */
	int64_t session_idle_ms, session_longest_ms;
	struct api_counters {
		atomic_uint_fast64_t answers[6]; /* by first digit of status */
		atomic_uint_fast64_t sign_ins, refused, connections;
	} count;
};

/*
 * The head of a request is complete. True: go on, read its body and call
 * serve_run() in *lane. False: the reply is made already.
 */
bool serve_head(struct request *rq, struct reply *rp, enum lane *lane);

/* All of it is here; in a worker. Always makes a reply. */
void serve_run(struct request *rq, struct reply *rp);

/* A reply for what the workers cannot take now. */
void serve_busy(struct request *rq, struct reply *rp);

/* ---- for the resources ------------------------------------------------ */

/* Begin and end a JSON body; end makes a 500 of a failure. */
void reply_json(struct reply *rp, unsigned status, struct json *j);
void reply_done(const struct request *rq, struct reply *rp, struct json *j);
void reply_empty(struct reply *rp);

/* A status of the store or of a worker as a problem. what: for the log. */
void reply_failed(const struct request *rq, struct reply *rp, enum status st,
		  const char *what);

/*
 * Ask core. True when it did it; else the reply is a problem already. answer
 * may be NULL; else it is open and the caller's.
 */
bool serve_ask(struct request *rq, struct reply *rp, const char *op,
	       struct span args, struct body **answer);

/* Ask core, whose answer is the reply as it is, with this status. */
void serve_pass(struct request *rq, struct reply *rp, unsigned status,
		const char *op, struct span args);

/* The body of the request against a table; false: the reply is made. */
bool serve_body(struct request *rq, struct reply *rp,
		const struct field *fields, size_t count, struct body **out);

/*
 * limit and cursor of a list; false: the reply is made. The cursor is the text
 * that reply_next() of the same list was given, or empty.
 */
bool serve_page(struct request *rq, struct reply *rp, const char *list,
		uint32_t *limit, struct span *cursor);
void reply_next(const struct request *rq, struct json *j, const char *list,
		const char *text);

/* The number of {id}; 0 and a 404 when it is none. */
uint64_t serve_id(const struct request *rq, struct reply *rp);

int64_t serve_now_ms(const struct request *rq);

#endif
