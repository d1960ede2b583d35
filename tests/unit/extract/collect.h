#ifndef UNIT_EXTRACT_COLLECT_H
#define UNIT_EXTRACT_COLLECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "extract/extract.h"

/*
 * collect: runs an object through the extractor and keeps what came out: the
 * text of each place (windows put together again), notes, and the result. It
 * checks the promise about windows on the way.
 */
#define PLACES 64
#define NOTES  64

struct place {
	char name[512];
	struct buf text;
	uint64_t origin; /* of the last window's first own byte */
};

struct collect {
	struct place places[PLACES];
	size_t place_count;
	struct {
		char place[512];
		enum cover_reason why;
	} notes[NOTES];
	size_t note_count;
	size_t windows;
	struct extract_result result;
	/* how the input is given */
	struct span bytes;
	size_t at, step; /* at most this many bytes a read */
	struct extract_window *last;
};

enum way { IN_MEMORY, BY_PREAD, AS_STREAM };

static inline struct place *
collect_place(struct collect *c, const char *name, size_t len)
{
	for (size_t i = 0; i < c->place_count; i++)
		if (strlen(c->places[i].name) == len &&
		    memcmp(c->places[i].name, name, len) == 0)
			return &c->places[i];
	assert_true(c->place_count < PLACES && len < 512);
	memcpy(c->places[c->place_count].name, name, len);
	buf_init(&c->places[c->place_count].text, 1u << 28);
	return &c->places[c->place_count++];
}

static inline enum status
collect_window(void *arg, const struct extract_window *w)
{
	struct collect *c = arg;
	const void *name = w->place.ptr;
	struct place *p =
	    collect_place(c, name == NULL ? "" : name, w->place.len);

	if (w->again)
		return ST_OK;
	c->windows++;
	assert_true(w->from <= w->to && w->to <= w->text.len);
	if (w->from > 0)
		assert_true(w->from >= EXTRACT_LEAD);
	if (w->to < w->text.len)
		assert_true(w->text.len - w->to >= EXTRACT_TAIL);
	p->origin = extract_origin(w, w->from);
	assert_int_equal(
	    buf_add(&p->text, w->text.ptr + w->from, w->to - w->from), ST_OK);
	return ST_OK;
}

static inline void
collect_note(void *arg, const struct extract_note *n)
{
	struct collect *c = arg;
	struct span place = n->place;

	if (c->note_count == NOTES)
		return;
	assert_true(place.len < 512);
	if (place.len > 0)
		memcpy(c->notes[c->note_count].place, place.ptr, place.len);
	c->notes[c->note_count++].why = n->why;
}

static inline enum status
collect_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct collect *c = arg;

	if (n > c->bytes.len - c->at)
		n = c->bytes.len - c->at;
	if (n > c->step)
		n = c->step;
	if (n > 0)
		memcpy(dst, c->bytes.ptr + c->at, n);
	c->at += n;
	*got = n;
	return ST_OK;
}

static inline enum status
collect_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	struct collect *c = arg;

	c->at = off < c->bytes.len ? (size_t)off : c->bytes.len;
	return collect_read(arg, dst, n, got);
}

static inline struct collect *
collect_run(struct span bytes, enum way way, const struct extract_options *b)
{
	struct collect *c = calloc(1, sizeof(*c));
	const struct extract_sink sink = {c, collect_window, collect_note,
					  NULL};
	struct extract_input in = {.arg = c, .size = bytes.len};
	struct extract_options options;
	struct extractor *x;

	assert_non_null(c);
	extract_options_default(&options);
	c->bytes = bytes;
	c->step = 100003;
	if (way == IN_MEMORY)
		in.bytes = bytes;
	else if (way == BY_PREAD)
		in.pread = collect_pread;
	else
		in.read = collect_read;
	if (way == AS_STREAM)
		in.size = UINT64_MAX;
	assert_int_equal(extractor_alone(b == NULL ? &options : b, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &c->result), ST_OK);
	extractor_close(x);
	return c;
}

static inline void
collect_free(struct collect *c)
{
	for (size_t i = 0; i < c->place_count; i++)
		buf_fini(&c->places[i].text);
	free(c);
}

/* The text of a place; NULL pointer when there is none. */
static inline struct span
collect_text(const struct collect *c, const char *place)
{
	for (size_t i = 0; i < c->place_count; i++)
		if (strcmp(c->places[i].name, place) == 0)
			return buf_span(&c->places[i].text);
	return span_of(NULL, 0);
}

static inline void
assert_text(const struct collect *c, const char *place, struct span want)
{
	struct span got = collect_text(c, place);

	if (got.ptr == NULL && want.len > 0)
		fail_msg("no text at \"%s\"", place);
	assert_int_equal(got.len, want.len);
	if (want.len > 0)
		assert_memory_equal(got.ptr, want.ptr, want.len);
}

static inline bool
has_note(const struct collect *c, const char *place, enum cover_reason why)
{
	for (size_t i = 0; i < c->note_count; i++)
		if (strcmp(c->notes[i].place, place) == 0 &&
		    c->notes[i].why == why)
			return true;
	return false;
}

/* n bytes of text that compresses as text does, the same each time. */
static inline struct span
some_text(size_t n, uint32_t seed)
{
	static const char *const words[] = {"invoice", "customer", "total",
					    "paid",    "12.50",    "due\n",
					    "number",  "2026"};
	uint8_t *p = malloc(n + 1);
	size_t at = 0;

	assert_non_null(p);
	while (at < n) {
		const char *w;

		seed = seed * 1664525u + 1013904223u;
		w = words[seed >> 29];
		for (; *w != 0 && at < n; w++)
			p[at++] = (uint8_t)*w;
		if (at < n)
			p[at++] = ' ';
	}
	return span_of(p, n);
}

static inline void
free_span(struct span s)
{
	void *p;

	memcpy(&p, &s.ptr, sizeof(p));
	free(p);
}

#endif
