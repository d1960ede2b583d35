#ifndef UNIT_DETECT_WINDOWS_H
#define UNIT_DETECT_WINDOWS_H

#include "unit/detect/finds.h"

/*
 * windows: a text cut at random, as a caller of a detector may cut it, and that
 * what is found is the same.
 */
static inline void
assert_same(const struct finds *a, const struct finds *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct find *x = &a->list[i], *y = &b->list[i];

		if (x->offset != y->offset || x->length != y->length ||
		    strcmp(x->type, y->type) != 0)
			fail_msg("%zu %s and %zu %s", x->offset, x->type,
				 y->offset, y->type);
		assert_int_equal(x->confidence, y->confidence);
		assert_int_equal(x->level, y->level);
		assert_int_equal(x->reasons, y->reasons);
		assert_string_equal(x->value, y->value);
		assert_string_equal(x->masked, y->masked);
		assert_string_equal(x->context, y->context);
	}
	assert_int_equal(a->count, b->count);
}

static inline void
shifted(void *arg, const struct match *m)
{
	struct finds *f = arg;
	struct match moved = *m;

	/* list[0].offset of a spare slot carries where the window begins */
	moved.offset += f->list[4095].offset;
	finds_sink(f, &moved);
}

/* The whole text in windows of any size, each in memory of its own. */
static inline void
look_in_windows(struct eye *e, const char *text, size_t n, uint64_t *rng,
		struct finds *out)
{
	size_t from = 0;

	out->count = 0;
	out->scratch = e->s;
	while (from < n) {
		size_t step =
		    1 + dice(rng) % (dice(rng) % 4 == 0 ? 300 : 20000);
		size_t to = n - from < step ? n : from + step;
		size_t lo = from < DETECT_LEAD ? 0 : from - DETECT_LEAD;
		size_t hi = n - to < DETECT_TAIL ? n : to + DETECT_TAIL;
		uint8_t *copy = malloc(hi - lo);

		assert_non_null(copy);
		memcpy(copy, text + lo, hi - lo);
		out->list[4095].offset = lo;
		detect_text(e->d, e->s, span_of(copy, hi - lo), from - lo,
			    to - lo, shifted, out);
		free(copy);
		from = to;
	}
}

#endif
