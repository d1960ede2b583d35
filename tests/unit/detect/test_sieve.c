#include "unit/detect/finds.h"

#include "detect/sieve.h"

/* Whether the sieve of one expression lets text through, at each level. */
static bool
passes(const char *expression, const char *text)
{
	enum tile_level best = tile_level_best();
	bool some = true;

	for (unsigned l = TILE_AVX2; l <= (unsigned)best; l++) {
		struct sieve s;
		bool now;

		sieve_init(&s, (enum tile_level)l);
		sieve_add(&s, expression);
		now = sieve_passes(&s, span_str(text));
		if (l > TILE_AVX2)
			assert_int_equal(now, some);
		some = now;
	}
	return some;
}

#define PLAIN "only words and 2026-02-20 10:54:02,249 DEBUG [some-34] of them"

static void
text_without_what_an_expression_wants_is_held_back(void **state)
{
	static const char *const expressions[] = {
	    "abc_[A-Za-z0-9]{12}",
	    "(?:abc|de)[0-9a-f]{14}",
	    "(?:AKIA|ASIA)[A-Z2-7]{16}",
	    "eyJ[A-Za-z0-9_-]{10,180}\\.eyJ[A-Za-z0-9_-]{8}",
	    "https?://[^\\s:/@]{1,64}:[^\\s]{3,100}@[A-Za-z0-9]",
	    "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----",
	    "key[\"' ]{0,3}[=:]x?[A-Za-z0-9+/]{40}",
	    "(?:[0-9]{4}-){4}\\b",
	    "hooks\\.example\\.com/\\w{9}",
	};

	(void)state;
	if (tile_level_best() < TILE_AVX2)
		skip();
	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++)
		assert_false(passes(expressions[i], PLAIN));
}

static void
an_expression_that_wants_too_little_opens_it(void **state)
{
	static const char *const expressions[] = {
	    "secret",
	    "abc_[A-Za-z0-9]{11}",
	    "[A-Za-z0-9]{4,40}",
	    "[A-Za-z0-9 ]{40}",
	    "[^a-z]{40}",
	    "(?:[A-Za-z0-9]{40}|x)",
	    "(?:[A-Za-z0-9]{40})?abcd",
	    "[A-Za-z0-9]{15}\\.[A-Za-z0-9]{7}",
	    "[A-Za-z0-9]{8}.[A-Za-z0-9]{8}",
	    "(?:----){0,2}abcd",
	    ":/?abcd",
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
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++)
		assert_true(passes(expressions[i], PLAIN));
}

/* Spaces, a run, and nothing or spaces behind. */
static bool
passes_run(const struct sieve *s, size_t before, const char *byte, size_t n)
{
	char text[1400];

	memset(text, ' ', sizeof(text));
	for (size_t i = 0; i < n; i++)
		text[before + i] = byte[i % strlen(byte)];
	return sieve_passes(s, span_of((const uint8_t *)text, before + n)) &&
	       sieve_passes(s, span_of((const uint8_t *)text, sizeof(text)));
}

static void
a_run_is_seen_wherever_it_lies(void **state)
{
	static const struct {
		const char *byte;
		size_t n;
	} cases[] = {{"aZ09_+/-", SIEVE_WORD},
		     {"aZ09_+/.", SIEVE_DOTTED},
		     {"-", 4},
		     {":/", 2}};
	enum tile_level best = tile_level_best();

	(void)state;
	for (unsigned l = TILE_AVX2; l <= (unsigned)best; l++)
		for (size_t i = 0; i < 4; i++)
			for (size_t at = 0; at < 1100; at++) {
				struct sieve s;

				sieve_init(&s, (enum tile_level)l);
				sieve_add(&s, "[A-Za-z]{40}");
				assert_true(passes_run(&s, at, cases[i].byte,
						       cases[i].n));
				assert_false(passes_run(&s, at, cases[i].byte,
							cases[i].n - 1));
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		text_without_what_an_expression_wants_is_held_back),
	    cmocka_unit_test(an_expression_that_wants_too_little_opens_it),
	    cmocka_unit_test(a_run_is_seen_wherever_it_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
