#ifndef FUZZ_EXTRACT_FUZZ_H
#define FUZZ_EXTRACT_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "extract/extract.h"

/*
 * What must hold for any bytes: windows keep their promise about what they
 * show again, offsets never go back and stay inside the object where it is not
 * packed, an object ends as full, partial or unread, and only with a reason
 * when it is not full. Budgets are small, so that a run is short.
 */
struct fuzz {
	const uint8_t *data;
	size_t size, at;
	uint64_t last, output;
	uint64_t sum; /* of the text, wherever it was cut */
	unsigned notes;
};

static enum status
fuzz_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct fuzz *f = arg;

	if (n > f->size - f->at)
		n = f->size - f->at;
	if (n > 0)
		memcpy(dst, f->data + f->at, n);
	f->at += n;
	*got = n;
	return ST_OK;
}

static enum status
fuzz_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	struct fuzz *f = arg;

	f->at = off < f->size ? (size_t)off : f->size;
	return fuzz_read(arg, dst, n, got);
}

/* One object: 0 in memory, 1 by pread, 2 as a stream without a size, 3 with. */
static void
fuzz_object(const struct extract_options *options, struct fuzz *f, int way,
	    const struct extract_sink *sink, struct extract_result *r)
{
	struct extract_input in = {.arg = f, .size = f->size};
	struct extractor *x;

	if (way == 0)
		in.bytes = span_of(f->data, f->size);
	else if (way == 1)
		in.pread = fuzz_pread;
	else
		in.read = fuzz_read;
	if (way == 2)
		in.size = UINT64_MAX;
	if (extractor_alone(options, &x) != ST_OK ||
	    extract_object(x, &in, sink, r) != ST_OK)
		abort();
	extractor_close(x);
}

/* Each decoded byte has original ones, none before those of the last. */
static void
fuzz_again(const struct fuzz *f, const struct extract_window *w)
{
	uint64_t last = 0;

	if (w->from >= w->to || w->to > w->text.len)
		abort();
	for (size_t i = 0; i < w->text.len; i++) {
		uint64_t from = extract_origin(w, i);
		uint64_t to = extract_end(w, i + 1);

		if (from < last || to <= from)
			abort();
		if (w->place.len == 0 && !w->made && to > f->size + 4)
			abort();
		last = from;
	}
}

/* What a parser makes has a place for every byte, with an offset in it. */
static void
fuzz_places(const struct extract_window *w)
{
	size_t step = w->text.len / 64 + 1;
	char dst[EXTRACT_PLACE_MAX];

	for (size_t i = w->from; i < w->to; i += step) {
		uint64_t offset;
		struct span s = extract_place(w, i, dst, &offset);

		if (s.len < w->place.len || s.len > EXTRACT_PLACE_MAX ||
		    offset > extract_origin(w, i))
			abort();
	}
}

static void
fuzz_sum(struct fuzz *f, const struct extract_window *w)
{
	for (size_t i = w->from; i < w->to; i++)
		f->sum = (f->sum ^ w->text.ptr[i]) * UINT64_C(0x100000001b3);
}

static enum status
fuzz_window(void *arg, const struct extract_window *w)
{
	struct fuzz *f = arg;
	uint64_t from = extract_origin(w, w->from);
	uint64_t to = extract_origin(w, w->to);

	if (w->again) {
		fuzz_again(f, w);
		return ST_OK;
	}
	if (w->from > w->to || w->to > w->text.len || from > to)
		abort();
	if ((w->from > 0 && w->from < EXTRACT_LEAD) ||
	    (w->to < w->text.len && w->text.len - w->to < EXTRACT_TAIL))
		abort();
	if (w->place.len == 0 && !w->made && to > f->size + 4)
		abort();
	if (w->made)
		fuzz_places(w);
	f->output += w->to - w->from;
	fuzz_sum(f, w);
	return ST_OK;
}

static void
fuzz_note(void *arg, const struct extract_note *n)
{
	struct fuzz *f = arg;

	if (n->why == COVER_OK || n->why >= COVER__COUNT ||
	    n->place.len > EXTRACT_PLACE_MAX || n->parser == NULL)
		abort();
	f->notes++;
}

/* What came out by one way in. */
static inline struct fuzz
fuzz_told(const uint8_t *data, size_t size, int way)
{
	/* so that what is encrypted is opened, too */
	static const struct span passwords[] = {{(const uint8_t *)"wrong", 5},
						{(const uint8_t *)"secret", 6}};
	static const struct extract_options options = {
	    .passwords = passwords,
	    .password_count = 2,
	    .budget = {.depth = 4,
		       .members = 200,
		       .output = 32u << 20,
		       .ratio = 1000,
		       .seconds = 20,
		       .member_seconds = 20,
		       .memory = 8u << 20,
		       .image_pixels = 1000000,
		       .ocr_seconds = 1,
		       .ocr_memory = 64u << 20},
	};
	struct fuzz f = {.data = data, .size = size};
	const struct extract_sink sink = {&f, fuzz_window, fuzz_note, NULL};
	struct extract_result r;

	fuzz_object(&options, &f, way, &sink, &r);
	if ((r.coverage == COVERAGE_FULL) != (f.notes == 0) ||
	    (r.reason == COVER_OK) != (f.notes == 0) ||
	    r.members > options.budget.members)
		abort();
	return f;
}

/* The bytes of text that came out. *whole: no note. */
static inline uint64_t
fuzz_noted(const uint8_t *data, size_t size, int way, bool *whole)
{
	struct fuzz f = fuzz_told(data, size, way);

	*whole = f.notes == 0;
	return f.output;
}

static inline uint64_t
fuzz_way(const uint8_t *data, size_t size, int way)
{
	bool whole;

	return fuzz_noted(data, size, way, &whole);
}

#endif
