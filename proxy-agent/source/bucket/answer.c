#include <stdio.h>

#include "proxy-agent/source/bucket/impl.h"

#define REFUSAL_MAX   4096
#define BUSY_TIMES    5
#define RENEWALS_VAIN 2 /* and the sign-in before them: three in all */

enum status
bucket_ask(struct bucket *b, const struct bucket_entry *e,
	   struct bucket_call *to)
{
	const struct http_request r = {
	    .url = e->url,
	    .body = e->post,
	    .method = e->post.len > 0 ? "POST" : NULL,
	    .type = e->post.len > 0 ? b->ops.type : NULL,
	    .sign = b->ops.sign,
	    .denied = b->ops.denied,
	    .arg = b->ops.arg,
	    .hops = b->ops.hops,
	};

	to->age = b->age;
	return http_start(b->http, &r, &to->call);
}

void
bucket_refuse(struct bucket *b, struct source_item *item, uint8_t reason,
	      const char *detail)
{
	item->reason = reason;
	buf_clear(&b->detail);
	if (buf_add_str(&b->detail, detail) == ST_OK)
		item->detail = buf_span(&b->detail);
}

/* With a secret that holds again, when there is one. */
static enum status
ask_again(struct bucket *b, const struct bucket_entry *e,
	  struct bucket_call *was, const struct http_reply **r)
{
	static const struct http_reply refused = {.code = 401};
	bool stale = was->age == b->age;

	if (stale && (b->idle || b->vain == RENEWALS_VAIN))
		return ST_OK; /* the answer stands */
	/* the others fill the session: who renews takes this one's place */
	http_stop(b->call);
	b->call = NULL;
	if (stale && !b->ops.renew(b->ops.arg)) {
		*r = &refused;
		b->vain++;
		return ST_OK;
	}
	b->vain = 0;
	b->idle = b->idle || stale;
	b->age += stale;
	if (bucket_ask(b, e, was) != ST_OK)
		return ST_AGAIN;
	b->call = was->call;
	return http_head(b->call, r);
}

/* The beginning of an answer that is not the object itself. */
static void
read_raw(struct bucket *b, uint8_t *to, size_t room, size_t *have)
{
	size_t got = 1;

	*have = 0;
	while (*have < room && got > 0) {
		if (http_read(b->call, to + *have, room - *have, &got) != ST_OK)
			break;
		*have += got;
	}
}

/* Of all that is left as well. */
static bool
is_over(struct bucket *b, struct source_item *item, unsigned code)
{
	uint8_t body[REFUSAL_MAX];
	size_t have;

	if (b->over == NULL && b->ops.over != NULL && b->call != NULL) {
		read_raw(b, body, sizeof(body), &have);
		b->over = b->ops.over(b->ops.arg, code, span_of(body, have));
	}
	if (b->over != NULL)
		bucket_refuse(b, item, COVER_DENIED, b->over);
	return b->over != NULL;
}

static void
refuse_code(struct bucket *b, struct source_item *item, unsigned code)
{
	struct span name = {0};
	enum status st = http_code(code);
	char why[160];

	if (b->ops.error_header != NULL && b->call != NULL)
		name = http_header(b->call, b->ops.error_header);
	if (name.len > 0 && name.len < 80)
		snprintf(why, sizeof(why), "the server answered %u (%.*s)",
			 code, (int)name.len, (const char *)name.ptr);
	else
		snprintf(why, sizeof(why), "the server answered %u%s", code,
			 code == 401 && http_is_refused(b->http)
			     ? ": it does not take this token or password, "
			       "or not any more"
			     : "");
	if (st == ST_NOTFOUND)
		bucket_refuse(b, item, COVER_VANISHED, why);
	else
		bucket_refuse(b, item,
			      st == ST_DENIED ? COVER_DENIED : COVER_IO, why);
}

/* What a refusal says; true: it only means to come back later. */
static bool
is_busy(struct bucket *b, unsigned code)
{
	uint8_t body[REFUSAL_MAX];
	size_t have;

	if (b->ops.busy == NULL || code < 402)
		return false;
	read_raw(b, body, sizeof(body), &have);
	return b->ops.busy(b->ops.arg, code, span_of(body, have));
}

/*
 * Looks for the object in the beginning of its answer. ST_AGAIN: the server
 * says to come back later; ST_NOTFOUND: there is none in it.
 */
static enum status
look_inside(struct bucket *b)
{
	uint8_t some[REFUSAL_MAX];
	size_t got;

	read_raw(b, b->raw, REFUSAL_MAX, &b->raw_len);
	b->raw_at = 0;
	inner_init(&b->inner, b->ops.inner);
	if (inner_feed(&b->inner, span_of(b->raw, b->raw_len), some, &got) !=
		ST_OK ||
	    inner_begun(&b->inner)) {
		inner_init(&b->inner, b->ops.inner);
		return ST_OK;
	}
	if (b->ops.busy != NULL &&
	    b->ops.busy(b->ops.arg, 200, span_of(b->raw, b->raw_len)))
		return ST_AGAIN;
	return ST_NOTFOUND;
}

/* Whether to come back later; *found: the object, where it stands inside. */
static bool
waits(struct bucket *b, unsigned code, bool *found)
{
	enum status st;

	*found = true;
	if (code != 200 || b->ops.inner == NULL)
		return is_busy(b, code);
	st = look_inside(b);
	*found = st == ST_OK;
	return st == ST_AGAIN;
}

/* The head of the item's answer, after as many pauses as the server wants. */
static enum status
head(struct bucket *b, const struct bucket_entry *e, struct bucket_call *was,
     const struct http_reply **r, bool *found)
{
	enum status st = http_head(b->call, r);

	for (unsigned i = 0; st == ST_OK && i < BUSY_TIMES; i++) {
		if (!waits(b, (*r)->code, found))
			break;
		http_rest(b->http, i);
		http_stop(b->call);
		b->call = NULL;
		st = bucket_ask(b, e, was);
		if (st != ST_OK)
			break;
		b->call = was->call;
		st = http_head(b->call, r);
	}
	return st;
}

void
bucket_answer(struct bucket *b, const struct bucket_entry *e,
	      struct bucket_call *was, struct source_item *item)
{
	const struct http_reply *r;
	bool found = true;
	enum status st = head(b, e, was, &r, &found);

	if (st == ST_OK && r->code == 401 && b->ops.renew != NULL)
		st = ask_again(b, e, was, &r);
	if (st != ST_OK) {
		bucket_refuse(b, item,
			      st == ST_DENIED    ? COVER_DENIED
			      : st == ST_TIMEOUT ? COVER_TIME
						 : COVER_IO,
			      http_why(b->http));
		return;
	}
	if (http_code(r->code) != ST_OK) {
		if (!is_over(b, item, r->code))
			refuse_code(b, item, r->code);
		return;
	}
	b->idle = false;
	if (!found) {
		uint8_t reason = COVER_IO;
		const char *lacks = b->ops.lacks(
		    b->ops.arg, span_of(b->raw, b->raw_len), &reason);

		bucket_refuse(b, item, reason, lacks);
	}
	if (b->ops.inner != NULL)
		return; /* the answer is larger than the object */
	if (r->length >= 0)
		item->size = (uint64_t)r->length;
	else if (!e->unsure)
		b->left = item->size; /* the list said it */
	if (r->modified > 0)
		item->mtime = r->modified;
}
