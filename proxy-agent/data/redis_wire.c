#include "proxy-agent/data/redis_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define OUT_CAP   ((size_t)64 << 20) /* commands that wait to go out */
#define BULK_MOST ((int64_t)1 << 40)
#define LIST_MOST ((int64_t)1 << 32)
#define DEEPEST   ((uint64_t)1 << 40) /* words of one answer */

struct redis {
	struct stream *stream;
	struct buf out;
	uint64_t left; /* bytes of the bulk at hand */
	bool in_bulk;  /* its end, CR LF, is still to come */
	bool asked;    /* commands went out, and nothing came since */
	char trouble[240];
};

enum status
redis_open(struct stream *stream, struct redis **out)
{
	struct redis *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return ST_NOMEM;
	r->stream = stream;
	buf_init(&r->out, OUT_CAP);
	*out = r;
	return ST_OK;
}

void
redis_signed_in(struct redis *r)
{
	stream_signed_in(r->stream);
}

void
redis_close(struct redis *r)
{
	if (r == NULL)
		return;
	stream_close(r->stream);
	buf_fini(&r->out);
	free(r);
}

const char *
redis_trouble(struct redis *r, enum status st)
{
	if (st == ST_DENIED && r->trouble[0] != 0)
		return r->trouble;
	if (st == ST_MALFORMED)
		return "it answers, but not as Redis does";
	return stream_trouble(r->stream, st);
}

/* ---- commands ---- */

enum status
redis_say(struct redis *r, const struct span *words, size_t count)
{
	enum status st = buf_addf(&r->out, "*%zu\r\n", count);

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		st = buf_addf(&r->out, "$%zu\r\n", words[i].len);
		if (st == ST_OK)
			st = buf_add(&r->out, words[i].ptr, words[i].len);
		if (st == ST_OK)
			st = buf_add(&r->out, "\r\n", 2);
	}
	return st;
}

static enum status
flush(struct redis *r)
{
	enum status st = ST_OK;

	if (r->out.len > 0) {
		st = stream_write(r->stream, buf_span(&r->out));
		if (!r->asked)
			stream_asked(r->stream);
		r->asked = true;
	}
	buf_clear(&r->out); /* it may hold a password */
	return st;
}

/* ---- answers ---- */

static enum status
number(struct span s, int64_t low, int64_t high, int64_t *n)
{
	return str_to_i64(s, low, high, n) == ST_OK ? ST_OK : ST_MALFORMED;
}

enum status
redis_parse(struct span line, struct redis_word *w)
{
	struct span rest = span_skip(line, 1);
	struct redis_word got = {.text = rest};
	enum status st = ST_OK;

	switch (line.len == 0 ? 0 : line.ptr[0]) {
	case '+':
		got.kind = REDIS_LINE;
		break;
	case '-':
		got.kind = REDIS_ERROR;
		break;
	case ':':
		got.kind = REDIS_NUMBER;
		st = number(rest, INT64_MIN, INT64_MAX, &got.n);
		break;
	case '$':
		got.kind = REDIS_BULK;
		st = number(rest, -1, BULK_MOST, &got.n);
		break;
	case '*':
		got.kind = REDIS_LIST;
		st = number(rest, -1, LIST_MOST, &got.n);
		break;
	default:
		st = ST_MALFORMED;
	}
	if (st != ST_OK)
		return st;
	if (got.kind != REDIS_NUMBER && got.n < 0)
		got = (struct redis_word){.kind = REDIS_NONE};
	*w = got;
	return ST_OK;
}

static enum status
line(struct redis *r, struct span *s)
{
	enum status st = stream_line(r->stream, s);

	return st == ST_EOF ? ST_CLOSED : st == ST_LIMIT ? ST_MALFORMED : st;
}

enum status
redis_bytes(struct redis *r, void *dst, size_t n, size_t *got)
{
	enum status st;

	*got = 0;
	if (r->left == 0)
		return ST_OK;
	st =
	    stream_read(r->stream, dst, n < r->left ? n : (size_t)r->left, got);
	if (st == ST_OK)
		r->left -= *got;
	return st == ST_EOF ? ST_CLOSED : st;
}

/* To the end of the bulk at hand, and over it. */
static enum status
leave_bulk(struct redis *r)
{
	uint8_t rest[4096];
	enum status st = ST_OK;
	struct span end;
	size_t got;

	while (st == ST_OK && r->left > 0)
		st = redis_bytes(r, rest, sizeof(rest), &got);
	if (st != ST_OK || !r->in_bulk)
		return st;
	r->in_bulk = false;
	st = line(r, &end);
	return st == ST_OK && end.len > 0 ? ST_MALFORMED : st;
}

enum status
redis_next(struct redis *r, struct redis_word *w)
{
	struct span s = span_of(NULL, 0);
	enum status st = flush(r);

	if (st == ST_OK)
		st = leave_bulk(r);
	if (st == ST_OK)
		st = line(r, &s);
	if (r->asked)
		stream_answered(r->stream);
	r->asked = false;
	if (st == ST_OK)
		st = redis_parse(s, w);
	if (st != ST_OK)
		return st;
	r->in_bulk = w->kind == REDIS_BULK;
	r->left = r->in_bulk ? (uint64_t)w->n : 0;
	if (w->kind == REDIS_ERROR)
		stream_words(r->trouble, sizeof(r->trouble), w->text);
	return ST_OK;
}

enum status
redis_all(struct redis *r, struct buf *to)
{
	enum status st = r->left > to->cap - to->len
			     ? ST_LIMIT
			     : buf_reserve(to, (size_t)r->left);
	size_t got;

	while (st == ST_OK && r->left > 0) {
		st = redis_bytes(r, to->data + to->len, (size_t)r->left, &got);
		if (st == ST_OK)
			to->len += got;
	}
	return st;
}

enum status
redis_pass_words(struct redis *r, uint64_t words)
{
	struct redis_word w;
	enum status st = ST_OK;

	while (st == ST_OK && words > 0) {
		st = redis_next(r, &w);
		words--;
		if (st == ST_OK && w.kind == REDIS_LIST)
			words += (uint64_t)w.n;
		if (words > DEEPEST)
			st = ST_MALFORMED;
	}
	return st == ST_OK ? leave_bulk(r) : st;
}

enum status
redis_pass(struct redis *r)
{
	return redis_pass_words(r, 1);
}

enum status
redis_ask(struct redis *r, const struct span *words, size_t count,
	  struct redis_word *w)
{
	enum status st = redis_say(r, words, count);

	if (st == ST_OK)
		st = redis_next(r, w);
	if (st == ST_OK && w->kind == REDIS_ERROR)
		return ST_DENIED;
	return st;
}
