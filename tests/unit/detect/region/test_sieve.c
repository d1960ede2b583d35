#include "unit/detect/finds.h"

#include "detect/region/sieve.h"

static void
an_expression_is_taken_whose_matches_all_have_a_run(void **state)
{
	static const char *const expressions[] = {
	    "abc_[A-Za-z0-9]{12}",
	    "(?:abc|de)_[0-9a-f]{14}",
	    "(?:AKIA|ASIA)[A-Z2-7]{16}",
	    "eyJ[A-Za-z0-9_-]{13,180}\\.eyJ[A-Za-z0-9_-]{8}",
	    "key[\"' ]{0,3}[=:]x?[A-Za-z0-9+/]{40}",
	    "(?:[0-9]{4}-){4}\\b",
	    "hooks\\.example\\.com/\\w{16}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++)
		if (!sieve_takes(expressions[i]))
			fail_msg("%s", expressions[i]);
}

static void
an_expression_that_wants_too_little_is_not_taken(void **state)
{
	static const char *const expressions[] = {
	    "secret",
	    "abc_[A-Za-z0-9]{11}",
	    "[A-Za-z0-9]{4,40}",
	    "[A-Za-z0-9 ]{40}",
	    "[A-Za-z0-9+/]{31}",
	    "[^a-z]{40}",
	    "(?:[A-Za-z0-9]{40}|x)",
	    "(?:[A-Za-z0-9]{40})?abcd",
	    "[A-Za-z0-9]{15}\\.[A-Za-z0-9]{15}",
	    "[A-Za-z0-9]{8}.[A-Za-z0-9]{8}",
	    ".{40}",
	    "[,-9]{40}",
	    /* not understood */
	    "(?i)[a-z]{40}",
	    "[[:alpha:]]{40}",
	    "\\x41[A-Za-z]{40}",
	    "[\\x41-z]{40}",
	    "[a-z]{40",
	    "[a-z",
	    "[a-z]{40})",
	    "a{",
	    "\\",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++)
		if (sieve_takes(expressions[i]))
			fail_msg("%s", expressions[i]);
}

static void
the_bytes_that_each_match_has_are_counted(void **state)
{
	static const struct {
		const char *text;
		unsigned want;
	} cases[] = {
	    {"ghp_[a-z]{36}", 4},    {"(?:abc|de)x[0-9]", 3},
	    {"[0-9]{4}:AA[a-z]", 3}, {"(?:abcd)?[a-z]{40}", 0},
	    {"a\\.b\\$c", 5},        {"ab?c", 1},
	    {"(?:ab){3}", 6},        {"a{", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(sieve_literal(cases[i].text), cases[i].want);
}

static void
a_run_is_long_and_has_a_digit(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
	    {"abcdefghijklmno1", true},
	    {"1-bcdefg_ijklmno", true},
	    {" 1bcdefghijklmnop ", true},
	    {"abcdefghijklmnop", false},
	    {"abcdefghijklmn1", false},
	    {"abcdefgh.ijklmno1", false},
	    {"abcdefghijklmnop.1", false},
	    {"abcdefgh+ijklmnop/abcdefghijklm1", true},
	    {"abcdefgh+ijklmnop/abcdefghijklm", false},
	    {"abcdefgh+ijklmnop/bcdefghijklm1", false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (sieve_run(span_str(cases[i].text)) != cases[i].want)
			fail_msg("%s", cases[i].text);
}

#define MARGIN 100

struct regions {
	size_t len, count, from[64], to[64];
};

static bool
note(void *arg, size_t from, size_t to)
{
	struct regions *r = arg;

	assert_true(from < to && to <= r->len);
	/* in order, and never over one another */
	assert_true(r->count == 0 || from > r->to[r->count - 1]);
	assert_true(r->count < 64);
	r->from[r->count] = from;
	r->to[r->count++] = to;
	return true;
}

static bool
covers(const struct regions *r, size_t from, size_t to)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->from[i] <= from && r->to[i] >= to)
			return true;
	return false;
}

static void
each_run_lies_in_a_region_with_its_margin(void **state)
{
	static const struct {
		const char *byte;
		size_t n;
	} cases[] = {{"aZ09_-", SIEVE_NARROW}, {"a+/9Z_-b", SIEVE_WIDE}};
	enum tile_level best = tile_level_best();
	char text[1400];

	(void)state;
	for (unsigned l = TILE_AVX2; l <= (unsigned)best; l++)
		for (size_t i = 0; i < 2; i++)
			for (size_t at = 0; at + 40 < sizeof(text); at++) {
				struct regions r = {.len = sizeof(text)};
				size_t end = at + cases[i].n;

				memset(text, ' ', sizeof(text));
				for (size_t k = at; k < end; k++)
					text[k] =
					    cases[i]
						.byte[(k - at) %
						      strlen(cases[i].byte)];
				assert_true(
				    sieve_regions((enum tile_level)l,
						  span_of((const uint8_t *)text,
							  sizeof(text)),
						  MARGIN, note, &r));
				assert_int_equal(r.count, 1);
				assert_true(
				    covers(&r, at < MARGIN ? 0 : at - MARGIN,
					   end + MARGIN > sizeof(text)
					       ? sizeof(text)
					       : end + MARGIN));
				/* one byte less is no run */
				text[end - 1] = ' ';
				r.count = 0;
				assert_true(
				    sieve_regions((enum tile_level)l,
						  span_of((const uint8_t *)text,
							  sizeof(text)),
						  MARGIN, note, &r));
				assert_int_equal(r.count, 0);
			}
}

/* Texts of all kinds, against a look at each place by itself. */
static void
no_run_of_any_text_is_outside_the_regions(void **state)
{
	static const char set[] = "aaaaabcdeXYZ0123__--+/ .";
	enum tile_level best = tile_level_best();
	uint64_t rng = 20261122;
	uint8_t text[3000];

	(void)state;
	for (unsigned l = TILE_AVX2; l <= (unsigned)best; l++)
		for (unsigned round = 0; round < 40; round++) {
			struct regions r = {.len = sizeof(text)};

			for (size_t i = 0; i < sizeof(text); i++)
				text[i] = (uint8_t)
				    set[dice(&rng) % (sizeof(set) - 1)];
			assert_true(sieve_regions((enum tile_level)l,
						  span_of(text, sizeof(text)),
						  MARGIN, note, &r));
			for (size_t i = 0; i + SIEVE_WIDE < sizeof(text); i++)
				if (sieve_run(span_of(text + i, SIEVE_NARROW)))
					assert_true(
					    covers(&r, i, i + SIEVE_NARROW));
		}
}

/* Every eighth of SIEVE_WIDE bytes is c: without it there is no run. */
static void
each_byte_is_of_the_runs_that_it_should_be_of(void **state)
{
	enum tile_level best = tile_level_best();
	uint8_t text[SIEVE_WIDE];

	(void)state;
	for (unsigned l = TILE_AVX2; l <= (unsigned)best; l++)
		for (unsigned i = 0; i < 2 * 256; i++) {
			struct span all = span_of(text, sizeof(text));
			struct regions r = {.len = sizeof(text)};

			memset(text, 'a', sizeof(text));
			text[0] = i < 256 ? 'a' : '1';
			for (size_t at = 7; at < sizeof(text); at += 8)
				text[at] = (uint8_t)i;
			assert_true(sieve_regions((enum tile_level)l, all,
						  MARGIN, note, &r));
			assert_int_equal(r.count, sieve_run(all));
		}
}

static bool
stop(void *arg, size_t from, size_t to)
{
	(void)from;
	(void)to;
	++*(size_t *)arg;
	return false;
}

static void
it_stops_when_told_to_and_without_vectors_tells_all(void **state)
{
	static const char text[] = "a1a1a1a1a1a1a1a1a1";
	size_t told = 0;
	struct regions r = {.len = sizeof(text)};

	(void)state;
	assert_false(sieve_regions(tile_level_best(), span_str(text), MARGIN,
				   stop, &told));
	assert_int_equal(told, 1);
	assert_true(
	    sieve_regions(TILE_SCALAR, span_str("plain"), MARGIN, note, &r));
	assert_int_equal(r.count, 1);
	assert_int_equal(r.to[0], 5);
	assert_true(
	    sieve_regions(TILE_SCALAR, span_str(""), MARGIN, stop, &told));
	assert_int_equal(told, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_expression_is_taken_whose_matches_all_have_a_run),
	    cmocka_unit_test(an_expression_that_wants_too_little_is_not_taken),
	    cmocka_unit_test(the_bytes_that_each_match_has_are_counted),
	    cmocka_unit_test(a_run_is_long_and_has_a_digit),
	    cmocka_unit_test(each_run_lies_in_a_region_with_its_margin),
	    cmocka_unit_test(no_run_of_any_text_is_outside_the_regions),
	    cmocka_unit_test(each_byte_is_of_the_runs_that_it_should_be_of),
	    cmocka_unit_test(
		it_stops_when_told_to_and_without_vectors_tells_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
