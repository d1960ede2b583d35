#ifndef UNIT_EXTRACT_INSIDE_H
#define UNIT_EXTRACT_INSIDE_H

#include <stdio.h>

#include "extract/job.h"
#include "tests/unit/extract/collect.h"

/*
 * inside: an extractor in the middle of an object, for tests of what parsers
 * call. What goes out is kept as text, places of chosen words as lines.
 */
struct inside {
	struct extractor *x;
	struct extract_sink sink;
	struct extract_result result;
	struct buf text;   /* own bytes of all windows that are no view */
	struct buf places; /* "word: place+offset" for each word in it */
	enum holds holds;  /* what the place of the last one can hold */
	struct buf notes;  /* "place: reason detail" */
	struct buf first;  /* first lines of the last text that was made */
	const char *word;  /* whose places are asked */
	size_t windows;
};

static inline void
inside_add(struct buf *b, const char *line)
{
	assert_int_equal(buf_add_str(b, line), ST_OK);
}

static inline void
inside_places(struct inside *in, const struct extract_window *w)
{
	size_t len = in->word == NULL ? 0 : strlen(in->word);
	char dst[EXTRACT_PLACE_MAX], line[EXTRACT_PLACE_MAX + 64];

	for (size_t i = w->from; len > 0 && i < w->to; i++) {
		uint64_t offset;
		struct span s;

		if (len > w->text.len - i ||
		    memcmp(w->text.ptr + i, in->word, len) != 0)
			continue;
		s = extract_place(w, i, dst, &offset);
		in->holds = extract_holds(w, i);
		snprintf(line, sizeof(line), "%.*s+%llu\n", (int)s.len,
			 (const char *)s.ptr, (unsigned long long)offset);
		inside_add(&in->places, line);
	}
}

static inline enum status
inside_window(void *arg, const struct extract_window *w)
{
	struct inside *in = arg;

	inside_places(in, w);
	if (w->made) {
		buf_clear(&in->first);
		assert_int_equal(
		    buf_add(&in->first, w->first.ptr, w->first.len), ST_OK);
	}
	if (w->again)
		return ST_OK;
	in->windows++;
	assert_true(w->from <= w->to && w->to <= w->text.len);
	assert_true(w->from == 0 || w->from >= EXTRACT_LEAD);
	assert_true(w->to == w->text.len ||
		    w->text.len - w->to >= EXTRACT_TAIL);
	assert_int_equal(
	    buf_add(&in->text, w->text.ptr + w->from, w->to - w->from), ST_OK);
	return ST_OK;
}

static inline void
inside_note(void *arg, const struct extract_note *n)
{
	struct inside *in = arg;
	char line[EXTRACT_PLACE_MAX + 512];

	snprintf(line, sizeof(line), "%.*s: %s%s%.*s\n", (int)n->place.len,
		 (const char *)n->place.ptr, cover_name(n->why),
		 n->detail.len > 0 ? " " : "", (int)n->detail.len,
		 n->detail.len > 0 ? (const char *)n->detail.ptr : "");
	inside_add(&in->notes, line);
}

static inline void
inside_begin(struct inside *in, const struct extract_options *o)
{
	struct extract_options normal;

	extract_options_default(&normal);
	*in = (struct inside){0};
	in->sink = (struct extract_sink){in, inside_window, inside_note, NULL};
	buf_init(&in->text, 1u << 28);
	buf_init(&in->places, 1u << 24);
	buf_init(&in->notes, 1u << 24);
	buf_init(&in->first, 1u << 20);
	assert_int_equal(extractor_alone(o == NULL ? &normal : o, &in->x),
			 ST_OK);
	extract_begin(in->x, &in->sink, &in->result);
}

static inline void
inside_end(struct inside *in)
{
	extractor_close(in->x);
	buf_fini(&in->text);
	buf_fini(&in->places);
	buf_fini(&in->notes);
	buf_fini(&in->first);
}

static inline void
assert_lines(const struct buf *b, const char *want)
{
	if (b->len != strlen(want) ||
	    (b->len > 0 && memcmp(b->data, want, b->len) != 0))
		fail_msg("\"%.*s\" is not \"%s\"", (int)b->len,
			 b->len > 0 ? (const char *)b->data : "", want);
}

#endif
