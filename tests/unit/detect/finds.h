#ifndef UNIT_DETECT_FINDS_H
#define UNIT_DETECT_FINDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "detect/detect.h"

/*
 * finds: what a detector says of a text, kept for asserting.
 */
struct find {
	char type[72], also[MATCH_ALSO_MAX + 1];
	size_t offset, length;
	unsigned confidence, level;
	uint64_t reasons;
	char value[80], masked[260], context[520];
};

struct finds {
	struct find list[4096];
	size_t count;
	struct detect_scratch *scratch; /* that finds */
};

static inline void
finds_copy(char *dst, size_t room, struct span s)
{
	size_t n = s.len < room - 1 ? s.len : room - 1;

	if (n > 0)
		memcpy(dst, s.ptr, n);
	dst[n] = 0;
}

static inline void
finds_sink(void *arg, const struct match *m)
{
	struct finds *f = arg;
	struct find *x = &f->list[f->count];

	if (f->count == sizeof(f->list) / sizeof(f->list[0]))
		return;
	f->count++;
	*x = (struct find){.offset = (size_t)m->offset,
			   .length = m->length,
			   .confidence = m->confidence,
			   .level = m->level,
			   .reasons = m->reasons};
	finds_copy(x->type, sizeof(x->type), span_str(m->type));
	finds_copy(x->also, sizeof(x->also), m->also);
	finds_copy(x->value, sizeof(x->value), m->value);
	finds_copy(x->masked, sizeof(x->masked), m->masked);
	finds_copy(x->context, sizeof(x->context), detect_context(f->scratch));
}

struct eye {
	struct detector *d;
	struct detect_scratch *s;
	struct finds finds;
};

/* With the catalogue of this tree; types: a glob, or NULL for the default. */
static inline struct eye *
eye_open_cached(const char *types, unsigned min_confidence, const char *cache)
{
	struct span glob = span_str(types);
	struct detect_options o = {.types = &glob,
				   .type_count = types != NULL,
				   .cache = cache,
				   .min_confidence = min_confidence};
	struct eye *e = calloc(1, sizeof(*e));
	struct buf why;

	assert_non_null(e);
	buf_init(&why, 4096);
	if (detector_open(&o, &e->d, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	assert_int_equal(detect_scratch_open(e->d, &e->s), ST_OK);
	e->finds.scratch = e->s;
	return e;
}

static inline struct eye *
eye_open(const char *types, unsigned min_confidence)
{
	return eye_open_cached(types, min_confidence, NULL);
}

static inline void
eye_close(struct eye *e)
{
	detect_scratch_close(e->s);
	detector_close(e->d);
	free(e);
}

/* A heap copy of its exact size, so that a read behind it is seen. */
static inline const struct finds *
eye_look(struct eye *e, const void *text, size_t n)
{
	uint8_t *copy = malloc(n + (n == 0));

	assert_non_null(copy);
	memcpy(copy, text, n);
	e->finds.count = 0;
	detect_text(e->d, e->s, span_of(copy, n), 0, n, finds_sink, &e->finds);
	free(copy);
	return &e->finds;
}

static inline const struct finds *
eye_look_str(struct eye *e, const char *text)
{
	return eye_look(e, text, strlen(text));
}

static inline bool
finds_also(const struct find *f, const char *type)
{
	struct span ids = span_str(f->also), id;

	while (str_next(&ids, ',', &id))
		if (str_is(id, type))
			return true;
	return false;
}

/* As the one that it is or as one that it may be as well. */
static inline bool
finds_type(const struct finds *f, const char *type)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->list[i].type, type) == 0 ||
		    finds_also(&f->list[i], type))
			return true;
	return false;
}

/* xorshift: the same numbers on every machine. */
static inline uint64_t
dice(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
