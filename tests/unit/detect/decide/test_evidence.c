#include "unit/detect/finds.h"

#include "detect/decide/evidence.h"

/* The stretch between braces, which are taken out. */
struct marked {
	char text[200];
	size_t start, end;
};

static struct marked
mark(const char *s)
{
	struct marked m = {.start = 0};
	size_t n = 0;

	for (; *s != 0; s++) {
		if (*s == '{')
			m.start = n;
		else if (*s == '}')
			m.end = n;
		else
			m.text[n++] = *s;
	}
	return m;
}

static void
a_stretch_is_free_whole_and_alone_as_its_neighbours_say(void **state)
{
	static const struct {
		const char *text;
		bool free, whole, alone;
	} cases[] = {
	    {"{1}", true, true, true},        {"a {1} b", true, true, false},
	    {"a{1}", false, true, false},     {"{1}_", false, true, false},
	    {"\\n{1}", true, true, false},    {"\\q{1}", false, true, false},
	    {"%B{1}^", true, true, false},    {"0.{1}", true, false, false},
	    {"a.{1}", true, true, false},     {"{1}.5", true, false, false},
	    {"{1}.", true, true, true},       {"x,{1},y", true, true, true},
	    {"{1}. A", true, true, true},     {"{1}.A", true, true, false},
	    {"{1}/12/27", true, true, true},  {"{1}/12", true, true, false},
	    {"x, {1} ;y", true, true, true},  {"\"{1}\"", true, true, true},
	    {"<a>{1}</a>", true, true, true}, {"a={1},", true, true, false},
	    {"({1})\n", true, true, true},    {"f({1})\n", true, true, false},
	    {"[{1}]", true, true, true},      {"a = [{1}]", true, true, false},
	    {"\n{1}\n", true, true, true},    {"- {1}\n", true, true, true},
	    {"a\n  * {1}", true, true, true}, {"a - {1}\n", true, true, false},
	    {"a\n-{1}\n", true, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct marked m = mark(cases[i].text);
		struct span t = span_str(m.text);

		if (evidence_free(t, m.start, m.end) != cases[i].free ||
		    evidence_whole(t, m.start, m.end) != cases[i].whole ||
		    evidence_alone(t, m.start, m.end) != cases[i].alone)
			fail_msg("%s", cases[i].text);
	}
}

static void
numbers_that_repeat_or_count_are_made_up(void **state)
{
	static const struct {
		const char *digits;
		bool made_up;
	} cases[] = {
	    {"1000000000000814", true},
	    {"6543210123456788", true},
	    {"91234567", true},
	    {"9876543", true},
	    {"5500000", false},
	    {"4556824591510220", false},
	    {"4000000000000002", true},
	    {"123456", false},
	    {"654321", false},
	    {"111112", false},
	    {"", false},
	    {"7", false},
	    {"1234556789", false},
	    {"AAAAAA1", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (evidence_made_up(span_str(cases[i].digits)) !=
		    cases[i].made_up)
			fail_msg("%s", cases[i].digits);
}

static void
edges_cost_points(void **state)
{
	static const struct {
		const char *text;
		uint8_t sep;
		int want;
	} cases[] = {
	    {"pay {4111 1111 1111 1111} now", ' ', 0},
	    {"1234 {4111 1111 1111 1111}", ' ', -POINTS_INSIDE},
	    {"{4111 1111 1111 1111} 1234", ' ', -POINTS_INSIDE},
	    {"12345 {4111 1111 1111 1111}", ' ', -POINTS_PATH},
	    {"2 {4111 1111 1111 1111}", ' ', 0},
	    {"54E8 {5546 5531 5617 5968}", ' ', -POINTS_INSIDE},
	    {"{5546 5531 5617 5968} 59BE", ' ', -POINTS_INSIDE},
	    {"cafe {5546 5531 5617 5968}", ' ', 0},
	    {"{4111 1111 1111 1111} 2026-05-14", ' ', 0},
	    {"1234-5678 {4111 1111 1111 1111}", ' ', 0},
	    {"a-{4111-1111-1111-1111}", '-', -POINTS_INSIDE},
	    {"{4111-1111-1111-1111}-a", '-', -POINTS_INSIDE},
	    {"a-{4111111111111111}", 0, -POINTS_PATH},
	    {"- {4111111111111111}", 0, 0},
	    {"/{4111111111111111}/", 0, -2 * POINTS_PATH},
	    {"${4111111111111111}", 0, -POINTS_PATH},
	    {"{4111111111111111}@", 0, -POINTS_PATH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct marked m = mark(cases[i].text);
		struct verdict v = {.score = 0};

		evidence_edges(span_str(m.text), m.start, m.end, cases[i].sep,
			       &v);
		if (v.score != cases[i].want)
			fail_msg("%s: %d", cases[i].text, v.score);
		assert_int_equal((v.reasons & REASON(REASON_INSIDE_ID)) != 0,
				 cases[i].want != 0);
	}
}

static void
low_digits_are_told_by_twelve_of_them(void **state)
{
	(void)state;
	assert_true(evidence_low_digits(span_str("123451234512")));
	assert_false(evidence_low_digits(span_str("12345123451")));
	assert_false(evidence_low_digits(span_str("123451234516")));
}

static void
words_for_and_against_move_the_score(void **state)
{
	static const struct {
		const char *text;
		unsigned want; /* 0: silent */
		uint64_t reason;
	} cases[] = {
	    {"x 4556824591510220 x", 60, 0},
	    {"card 4556824591510220 x", 90, REASON(REASON_WORD_NEAR)},
	    {"card: 4556824591510220 x", 95, REASON(REASON_COLUMN)},
	    {"order 4556824591510220 x", 0, 0},
	    {"card order 4556824591510220 x", 60, REASON(REASON_NEGATIVE)},
	    {"order\nx 4556824591510220 x", 60, 0},
	    /* what its key says counts, whatever is said behind it */
	    {"card = 4556824591510220 // of the order", 95,
	     REASON(REASON_COLUMN)},
	    /* nor does it behind a title right before */
	    {"card 4556824591510220 order", 90, REASON(REASON_WORD_NEAR)},
	    {"card was 4556824591510220 order", 60, REASON(REASON_NEGATIVE)},
	};
	struct eye *e = eye_open("card_*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		if (f->count != (cases[i].want != 0) ||
		    (f->count > 0 && f->list[0].confidence != cases[i].want))
			fail_msg("%s: %u", cases[i].text,
				 f->list[0].confidence);
		if (f->count > 0)
			assert_int_equal(f->list[0].reasons & cases[i].reason,
					 cases[i].reason);
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_stretch_is_free_whole_and_alone_as_its_neighbours_say),
	    cmocka_unit_test(numbers_that_repeat_or_count_are_made_up),
	    cmocka_unit_test(edges_cost_points),
	    cmocka_unit_test(low_digits_are_told_by_twelve_of_them),
	    cmocka_unit_test(words_for_and_against_move_the_score),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
