#include "master/api/once.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "master/api/problem.h"
#include "master/api/router.h"
#include "master/api/serve.h"

static bool
once_key(const struct request *rq, struct once *once)
{
	struct span given = span_str(rq->header[HEADER_IDEMPOTENCY_KEY]);
	char text[640];
	int n;

	once->used = given.len > 0 && (rq->route->flags & ROUTE_ONCE) != 0;
	if (!once->used)
		return true;
	if (given.len < 8 || given.len > 128)
		return false;
	n = snprintf(text, sizeof(text), "%llu %s %s",
		     (unsigned long long)rq->actor.user, rq->route->path,
		     rq->header[HEADER_IDEMPOTENCY_KEY]);
	hash_sha256(span_of(text, (size_t)n), once->key);
	hash_sha256(buf_span(&rq->body), once->body);
	return true;
}

static void
repeat(struct reply *rp, struct idem_answer *a)
{
	rp->status = a->status;
	rp->type = "application/json";
	memcpy(rp->location, a->location, sizeof(rp->location));
	if (buf_add(&rp->body, a->body.data, a->body.len) != ST_OK)
		rp->status = 503;
}

bool
once_begin(struct request *rq, struct reply *rp, struct once *once)
{
	struct idem_answer a;
	enum status st;

	if (!once_key(rq, once)) {
		problem_say(rq, rp, 400, "Idempotency-Key has 8 to 128 bytes");
		return false;
	}
	if (!once->used)
		return true;
	buf_init(&a.body, IDEM_BODY_MAX);
	st = idem_begin(rq->api->idem, once->key, once->body, &a);
	if (st == ST_OK)
		repeat(rp, &a);
	else if (st == ST_EXISTS)
		problem_say(rq, rp, 422, "the key came with another body");
	else if (st == ST_AGAIN)
		problem_say(rq, rp, 409, "the same is being done just now");
	else if (st != ST_NOTFOUND)
		reply_failed(rq, rp, st, "keeping the answer");
	buf_fini(&a.body);
	return st == ST_NOTFOUND;
}

void
once_end(struct request *rq, const struct reply *rp, const struct once *once)
{
	struct idem_answer a = {.status = rp->status, .body = rp->body};

	if (!once->used)
		return;
	memcpy(a.location, rp->location, sizeof(a.location));
	if (rp->status < 300)
		idem_put(rq->api->idem, once->key, &a);
	else
		idem_forget(rq->api->idem, once->key);
}
