#include "unit/detect/finds.h"

/* Numbers are made up: a brand's prefix, digits by chance, Luhn's digit. */
static void
a_number_written_apart_is_a_card_behind_a_word_for_one(void **state)
{
	static const struct {
		const char *text, *type, *raw;
	} cases[] = {
	    {"card: 4556  8245  9151  0220 12/27", "card_visa",
	     "4556  8245  9151  0220"},
	    {"card 4556 8245\r\n9151 0220\r\n17.50", "card_visa",
	     "4556 8245\r\n9151 0220"},
	    {"PAN4556824591510220EXP0527", "card_visa", "4556824591510220"},
	    {"amex 3709 - 878453 - 57003", "card_amex",
	     "3709 - 878453 - 57003"},
	    {"pan: 4 5 5 6 8 2 4 5 9 1 5 1 0 2 2 0.", "card_visa",
	     "4 5 5 6 8 2 4 5 9 1 5 1 0 2 2 0"},
	    /* a wrong digit, no word, two signs, no groups of cards */
	    {"card: 4556  8245  9151  0221", NULL, NULL},
	    {"4556  8245  9151  0220", NULL, NULL},
	    {"card: 4556 - 8245 / 9151 - 0220", NULL, NULL},
	    {"card: 45568  245915  10220", NULL, NULL},
	    /* what stands in the next line is none of it */
	    {"1. card: 2200 7195 4061 3589\n2. none", NULL, NULL},
	    /* it goes on: dumps, fractions, hashes */
	    {"cards 4556  8245  9151  0220  1841", NULL, NULL},
	    {"card 4556  8245  9151  0220.5", NULL, NULL},
	    {"card 4556824591510220ab", NULL, NULL},
	    {"card x4556824591510220", NULL, NULL},
	};
	struct eye *e = eye_open("card_*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		const struct finds *f = eye_look_str(e, text);

		if (f->count != (cases[i].type != NULL))
			fail_msg("%s has %zu", text, f->count);
		if (cases[i].type == NULL)
			continue;
		assert_string_equal(f->list[0].type, cases[i].type);
		assert_int_equal(f->list[0].offset,
				 strstr(text, cases[i].raw) - text);
		assert_int_equal(f->list[0].length, strlen(cases[i].raw));
		assert_true(finds_also(&f->list[0], "card_apart"));
	}
	eye_close(e);
}

/* The digest of a finding is of its digits, however they are written. */
static void
its_value_is_its_digits(void **state)
{
	struct eye *e = eye_open("card_visa", 0);
	const struct finds *f =
	    eye_look_str(e, "card 4556 - 8245 - 9151 - 0220");

	(void)state;
	assert_int_equal(f->count, 1);
	assert_string_equal(f->list[0].value, "4556824591510220");
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_number_written_apart_is_a_card_behind_a_word_for_one),
	    cmocka_unit_test(its_value_is_its_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
