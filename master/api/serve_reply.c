#include "master/api/serve.h"

#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "master/api/problem.h"

void
reply_json(struct reply *rp, unsigned status, struct json *j)
{
	buf_clear(&rp->body);
	rp->status = status;
	rp->type = "application/json";
	json_init(j, &rp->body);
}

void
reply_done(const struct request *rq, struct reply *rp, struct json *j)
{
	enum status st = json_done(j);

	if (st != ST_OK)
		reply_failed(rq, rp, st, "writing the answer");
}

void
reply_empty(struct reply *rp)
{
	buf_clear(&rp->body);
	rp->status = 204;
	rp->type = NULL;
}

static unsigned
status_of(enum status st)
{
	switch (st) {
	case ST_NOTFOUND:
		return 404;
	case ST_DENIED:
		return 403;
	case ST_AGAIN:
	case ST_CLOSED:
	case ST_FULL:
	case ST_LIMIT:
	case ST_NOMEM:
	case ST_TIMEOUT:
		return 503;
	case ST_OK:
	case ST_EOF:
	case ST_MALFORMED:
	case ST_UNSUPPORTED:
	case ST_IO:
	case ST_EXISTS:
	case ST_USAGE:
	case ST__COUNT:
		break;
	}
	return 500;
}

void
reply_failed(const struct request *rq, struct reply *rp, enum status st,
	     const char *what)
{
	unsigned status = status_of(st);

	if (status == 404) {
		problem_say(rq, rp, 404, NULL);
		return;
	}
	log_warn("%s failed request=%s status=%s", what, rq->id,
		 status_name(st));
	problem_say(rq, rp, status, "%s: %s", what, status_text(st));
	if (status == 503)
		rp->retry_after = 2;
}

void
serve_busy(struct request *rq, struct reply *rp)
{
	problem_say(rq, rp, 503, "too much is being done at once");
	rp->retry_after = 1;
}

/* ---- pages -------------------------------------------------------------- */

static bool
page_limit(const struct request *rq, uint32_t *limit, struct problem *p)
{
	const struct query_pair *pair = query_find(&rq->query, "limit");
	uint64_t n;

	*limit = PAGE_LIMIT;
	if (pair == NULL)
		return true;
	if (str_to_u64(pair->value, 1, PAGE_LIMIT_MAX, &n) != ST_OK) {
		problem_field(p, "?limit", "must be 1 to %d", PAGE_LIMIT_MAX);
		return false;
	}
	*limit = (uint32_t)n;
	return true;
}

bool
serve_page(struct request *rq, struct reply *rp, const char *list,
	   uint32_t *limit, struct span *cursor)
{
	const struct query_pair *pair = query_find(&rq->query, "cursor");
	struct problem p = {.status = 0};
	bool good = page_limit(rq, limit, &p);

	*cursor = span_of(NULL, 0);
	if (pair != NULL && page_open(rq->api->page_key, list, pair->value,
				      &rq->arena, cursor) != ST_OK) {
		problem_field(&p, "?cursor", "is not the `next` of this list");
		good = false;
	}
	if (!good)
		problem_reply(rq, rp, &p);
	return good;
}

void
reply_next(const struct request *rq, struct json *j, const char *list,
	   const char *text)
{
	struct buf sealed;

	buf_init(&sealed, PAGE_CURSOR_MAX);
	if (text[0] == '\0' || page_seal(rq->api->page_key, list,
					 span_str(text), &sealed) != ST_OK) {
		json_key(j, "next");
		json_nil(j);
	} else {
		json_put_str(j, "next", buf_span(&sealed));
	}
	buf_fini(&sealed);
}

uint64_t
serve_id(const struct request *rq, struct reply *rp)
{
	uint64_t id = body_parse_id(rq->param);

	if (id == 0)
		problem_say(rq, rp, 404, NULL);
	return id;
}
