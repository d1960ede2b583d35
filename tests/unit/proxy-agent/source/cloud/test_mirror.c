#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/mirror.h"

#define CAP 100000

/* A word each: KEY<PARENT, its text is its key; -KEY is gone, KEY<PARENT* and
 * -KEY* clear what is in it. */
static enum status
add(struct mirror *m, const char *words)
{
	struct span all = span_str(words), w;
	enum status st = ST_OK;

	while (st == ST_OK && str_next(&all, ' ', &w)) {
		struct mirror_change c = {.clears = str_ends(w, "*"),
					  .gone = w.ptr[0] == '-'};
		size_t n;

		w.len -= c.clears;
		w = c.gone ? span_skip(w, 1) : w;
		n = str_find(w, '<');
		c.key = c.text = span_of(w.ptr, n);
		c.parent = span_skip(w, n + 1);
		st = mirror_add(m, &c);
	}
	return st;
}

static void
put(const struct mirror *m, struct span in, char *to, size_t room)
{
	struct span text;

	for (size_t i = 0; mirror_child(m, in, i, &text); i++) {
		size_t n = strlen(to);

		snprintf(to + n, room - n, " %.*s(", (int)text.len,
			 (const char *)text.ptr);
		put(m, text, to, room);
		n = strlen(to);
		snprintf(to + n, room - n, ")");
	}
}

static struct mirror *
of(const char *words)
{
	struct mirror *m;

	assert_int_equal(mirror_open(CAP, &m), ST_OK);
	assert_int_equal(add(m, words), ST_OK);
	return m;
}

static void
what_was_said_last_is_what_stands_there(void **state)
{
	static const struct {
		const char *words, *want; /* NULL: it is not sound */
	} cases[] = {
	    {"r a<r b<r c<a", " a( c()) b()"},
	    {"c<a a<r r", " a( c())"}, /* in any order */
	    {"r a<r b<r b<a", " a( b())"},
	    {"r a<r b<a -b", " a()"},
	    {"r a<r b<a -b b<r", " a() b()"},
	    {"r a<r b<a -a b<r", " b()"}, /* moved, and where it was went */
	    {"r a<r b<a -b -a", ""},
	    {"r -x", ""},
	    /* by paths: what was in it went with it */
	    {"r a<r b<a c<b d<r -a*", " d()"},
	    {"r a<r b<a c<b -a* a<r", " a()"},
	    {"r a<r b<a c<b -a* a<r b<a", " a( b())"},
	    {"r a<r b<a a<r*", " a()"}, /* a file where a folder was */
	    {"r a<r b<a a<r", " a( b())"},
	    /* not sound */
	    {"", NULL},
	    {"a<b b<a r", NULL},
	    {"r a<a", NULL},
	    {"r a<x", NULL},
	    {"a<r", NULL},
	    {"r s", NULL},
	    {"r a<r b<a -a", NULL},
	    {"r a<r -a* b<a", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mirror *m = of(cases[i].words);
		char got[200] = "";

		assert_int_equal(mirror_settle(m),
				 cases[i].want == NULL ? ST_MALFORMED : ST_OK);
		if (cases[i].want != NULL) {
			put(m, span_of(NULL, 0), got, sizeof(got));
			assert_string_equal(got, cases[i].want);
		}
		mirror_close(m);
	}
}

static void
it_goes_on_from_what_was_written(void **state)
{
	struct mirror *m = of("r a<r b<a c<r"), *n;
	char got[200] = "";
	struct buf b;

	(void)state;
	buf_init(&b, CAP);
	assert_int_equal(mirror_settle(m), ST_OK);
	assert_int_equal(mirror_write(m, &b), ST_OK);
	mirror_close(m);
	assert_int_equal(mirror_open(CAP, &n), ST_OK);
	assert_int_equal(mirror_read(n, buf_span(&b)), ST_OK);
	assert_int_equal(add(n, "-c d<b"), ST_OK);
	assert_int_equal(mirror_settle(n), ST_OK);
	put(n, span_of(NULL, 0), got, sizeof(got));
	assert_string_equal(got, " a( b( d()))");
	assert_int_equal(mirror_read(n, span_of(b.data, b.len - 1)),
			 ST_MALFORMED);
	mirror_close(n);
	buf_fini(&b);
}

static void
more_than_there_is_room_for_is_said(void **state)
{
	struct mirror *m;
	enum status st = ST_OK;
	char word[32];

	(void)state;
	assert_int_equal(mirror_open(CAP, &m), ST_OK);
	for (unsigned i = 0; st == ST_OK && i < CAP; i++) {
		snprintf(word, sizeof(word), "%u<r", i);
		st = add(m, word);
	}
	assert_int_equal(st, ST_LIMIT);
	mirror_close(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_said_last_is_what_stands_there),
	    cmocka_unit_test(it_goes_on_from_what_was_written),
	    cmocka_unit_test(more_than_there_is_room_for_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
