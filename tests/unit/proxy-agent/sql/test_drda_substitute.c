#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "proxy-agent/sql/drda_substitute.h"

/* Asked of the client of Apache Derby 10.14 with these seeds. */
static void
a_substitute_is_the_one_that_derby_makes(void **state)
{
	static const uint8_t ours[DRDA_SEED] = {1, 2, 3, 4, 5, 6, 7, 8},
			     theirs[DRDA_SEED] = {0xf1, 0xf2, 3, 4,
						  5,    6,    7, 0xf8};
	static const struct {
		const char *user, *password, *want;
	} cases[] = {
	    {"clerk", "a clerk's own",
	     "bcb3ddc6af4eeb6dff91c1b494ca4823e40959e3"},
	    {"x", "y", "a239c693ab8c51665106aeddfb5c68194b66737d"},
	    {"anna", "na\xC3\xAFve \xE2\x82\xAC\xF0\x9F\x98\x80",
	     "20e15bb27f9032957ad75e3f6287129763c099a6"},
	    {"Owner", "made up", "2ed25dffcbaf9106aec1a7df9ff788d22bb5d675"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t got[DRDA_SUBSTITUTE];
		char text[2 * DRDA_SUBSTITUTE + 1];

		assert_int_equal(drda_substitute(cases[i].user,
						 cases[i].password, ours,
						 theirs, got),
				 ST_OK);
		for (size_t k = 0; k < sizeof(got); k++)
			snprintf(text + 2 * k, 3, "%02x", got[k]);
		assert_string_equal(text, cases[i].want);
	}
}

static void
what_is_no_text_has_none(void **state)
{
	static const uint8_t seed[DRDA_SEED] = {0};
	uint8_t got[DRDA_SUBSTITUTE];

	(void)state;
	assert_int_equal(drda_substitute("anna", "\xFF", seed, seed, got),
			 ST_MALFORMED);
	assert_int_equal(drda_substitute("", "", seed, seed, got), ST_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_substitute_is_the_one_that_derby_makes),
	    cmocka_unit_test(what_is_no_text_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
