#include "unit/detect/mixture.h"

#include "detect/region/row.h"

static void
an_expression_is_taken_whose_matches_all_have_a_row(void **state)
{
	static const struct {
		const char *text;
		bool taken;
	} cases[] = {
	    {"[A-Z<]{30}", true},
	    {"[PV][A-Z<][A-Z]{3}[A-Z<]{25}\\r?\\n[0-9]", true},
	    {"(?:[A-Z]{30}|[0-9]{31})", true},
	    {"[A-Z<]{29}", false},
	    {"[A-Z<]{20}\\n[A-Z<]{20}", false},
	    {"(?:[A-Z]{30}|abc)", false},
	    {"(?:[A-Z]{30})?abc", false},
	    {"[A-Za-z]{40}", false},
	    {"[A-Z<]{30}^", false},
	};
	struct expr e;

	(void)state;
	assert_int_equal(expr_init(&e), ST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((expr_read(&e, cases[i].text, false) && row_takes(&e)) !=
		    cases[i].taken)
			fail_msg("%s", cases[i].text);
	expr_fini(&e);
}

struct seen {
	uint8_t in[3000]; /* told of this byte */
	size_t last;
};

static bool
take(void *arg, size_t from, size_t to)
{
	struct seen *s = arg;

	assert_true(from < to && to <= sizeof(s->in));
	assert_true(s->last == 0 || from > s->last);
	memset(s->in + from, 1, to - from);
	s->last = to;
	return true;
}

static void
each_row_is_told_with_its_margin_and_nothing_else(void **state)
{
	static struct seen told, wanted;
	static char text[sizeof(told.in)];
	uint64_t rng = 3;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		size_t n = 1 + dice(&rng) % sizeof(text), run = 0;
		size_t one_in = 2 + dice(&rng) % 46, margin = dice(&rng) % 60;
		enum tile_level level =
		    (enum tile_level)(dice(&rng) % (tile_level_best() + 1));

		memset(&told, 0, sizeof(told));
		memset(&wanted, 0, sizeof(wanted));
		for (size_t i = 0; i < n; i++)
			text[i] = "aAZ09<"[dice(&rng) % one_in == 0
					       ? 0
					       : 1 + dice(&rng) % 5];
		/* and long stretches without any */
		for (size_t i = dice(&rng) % n; i < n; i += 700)
			memset(text + i, 'a', n - i < 300 ? n - i : 300);
		assert_true(
		    row_regions(level, span_of(text, n), margin, take, &told));
		for (size_t i = 0; i <= n; i++) {
			if (i < n && text[i] != 'a') {
				run++;
				continue;
			}
			for (size_t k = i - run; run >= ROW_MIN && k < i; k++)
				for (size_t m = k < margin ? 0 : k - margin;
				     m < n && m <= k + margin; m++)
					wanted.in[m] = 1;
			run = 0;
		}
		assert_memory_equal(told.in, wanted.in, sizeof(told.in));
	}
}

static bool
refuse(void *arg, size_t from, size_t to)
{
	(void)from;
	(void)to;
	++*(unsigned *)arg;
	return false;
}

static void
telling_stops_when_it_is_refused(void **state)
{
	char text[200];
	unsigned calls = 0;

	(void)state;
	memset(text, 'A', sizeof(text));
	text[50] = text[120] = ' ';
	assert_false(row_regions(tile_level_best(), span_of(text, sizeof(text)),
				 2, refuse, &calls));
	assert_int_equal(calls, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_expression_is_taken_whose_matches_all_have_a_row),
	    cmocka_unit_test(each_row_is_told_with_its_margin_and_nothing_else),
	    cmocka_unit_test(telling_stops_when_it_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
