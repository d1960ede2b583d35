/*
 * Answers of a Redis server, whatever they are and however few bytes come at a
 * time: the same words are met, a bulk has as many bytes as it says, and what
 * is passed over is passed over whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/data/redis_wire.h"

#define WORDS   4096
#define SAID    ((size_t)4 << 20)
#define TEXT_AT 64 /* bytes of a bulk that are looked at */

/* A server whose bytes are all there, of which `step` are given at a time. */
struct stream {
	const uint8_t *data;
	size_t size, at, step;
};

enum status
stream_read(struct stream *s, void *dst, size_t n, size_t *got)
{
	size_t left = s->size - s->at;

	if (n == 0)
		abort();
	n = n < left ? n : left;
	n = n < s->step ? n : s->step;
	if (n == 0)
		return ST_EOF;
	memcpy(dst, s->data + s->at, n);
	s->at += n;
	*got = n;
	return ST_OK;
}

enum status
stream_line(struct stream *s, struct span *line)
{
	const uint8_t *from = s->data + s->at;
	size_t left = s->size - s->at, n;
	const uint8_t *end = left == 0 ? NULL : memchr(from, '\n', left);

	if (end == NULL)
		return left > STREAM_LINE ? ST_LIMIT : ST_EOF;
	n = (size_t)(end - from);
	if (n > STREAM_LINE)
		return ST_LIMIT;
	s->at += n + 1;
	*line = span_of(from, n > 0 && from[n - 1] == '\r' ? n - 1 : n);
	return ST_OK;
}

enum status
stream_write(struct stream *s, struct span bytes)
{
	(void)s;
	(void)bytes;
	return ST_OK;
}

void
stream_asked(struct stream *s)
{
	(void)s;
}

void
stream_answered(struct stream *s)
{
	(void)s;
}

const char *
stream_trouble(struct stream *s, enum status st)
{
	(void)s;
	(void)st;
	return "it ended";
}

void
stream_close(struct stream *s)
{
	(void)s;
}

void
stream_signed_in(struct stream *s)
{
	(void)s;
}

void
stream_words(char *dst, size_t room, struct span text)
{
	snprintf(dst, room, "%zu", text.len);
}

/* A bulk to its end; every third is left where it is. */
static enum status
take_bulk(struct redis *r, const struct redis_word *w, struct buf *said)
{
	uint8_t some[TEXT_AT];
	size_t got = 1;
	int64_t all = 0;
	enum status st = ST_OK;

	if (w->n % 3 == 2)
		return ST_OK;
	while (st == ST_OK && got > 0) {
		st = redis_bytes(r, some, sizeof(some), &got);
		all += st == ST_OK ? (int64_t)got : 0;
		if (st == ST_OK && said->len < SAID / 2 &&
		    buf_add(said, some, got) != ST_OK)
			abort();
	}
	if (all > w->n || (st == ST_OK && all != w->n))
		abort();
	return st;
}

static enum status
hear(struct redis *r, struct buf *said)
{
	struct redis_word w;
	enum status st = ST_OK;

	for (unsigned i = 0; st == ST_OK && i < WORDS; i++) {
		st = i % 7 == 6 ? redis_pass(r) : redis_next(r, &w);
		if (st != ST_OK || i % 7 == 6)
			continue;
		if (w.kind > REDIS_NONE || (w.kind != REDIS_NUMBER && w.n < 0))
			abort();
		if (buf_addf(said, "%d %lld %zu;", (int)w.kind, (long long)w.n,
			     w.text.len) != ST_OK)
			abort();
		if (w.kind == REDIS_BULK)
			st = take_bulk(r, &w, said);
	}
	return st;
}

static enum status
listen_to(const uint8_t *data, size_t size, size_t step, struct buf *said)
{
	struct stream s = {.data = data, .size = size, .step = step};
	struct redis *r;
	enum status st;

	if (redis_open(&s, &r) != ST_OK)
		abort();
	st = hear(r, said);
	if (s.at > size || redis_trouble(r, st)[0] == 0)
		abort();
	redis_close(r);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one, two;
	enum status first, second;

	buf_init(&one, SAID);
	buf_init(&two, SAID);
	first = listen_to(data, size, SIZE_MAX, &one);
	second = listen_to(data, size, 1, &two);
	if (first != second || !span_eq(buf_span(&one), buf_span(&two)))
		abort();
	buf_fini(&one);
	buf_fini(&two);
	return 0;
}
