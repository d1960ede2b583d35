#include "unit/detect/finds.h"

/* What every place of the text can hold. */
static enum holds
holds_all(void *arg, size_t off)
{
	(void)off;
	return *(const enum holds *)arg;
}

/* A first line can hold anything, the next a fraction. */
static enum holds
holds_below(void *arg, size_t off)
{
	return off < *(const size_t *)arg ? HOLDS_ANY : HOLDS_FRACTION;
}

static bool
finds(const struct finds *f, const char *type)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->list[i].type, type) == 0)
			return true;
	return false;
}

static void
what_a_type_cannot_hold_is_not_found_there(void **state)
{
	static const struct {
		const char *text, *type;
		enum holds refuses[5]; /* 0 ends them: all others find it */
	} cases[] = {
	    {"card number: 4556 8245 9151 0220",
	     "card_visa",
	     {HOLDS_FRACTION, HOLDS_TIME, HOLDS_TRUTH, HOLDS_UUID,
	      HOLDS_COUNTER}},
	    {"IBAN: DE89370400440532013000",
	     "iban",
	     {HOLDS_FRACTION, HOLDS_TIME, HOLDS_TRUTH, HOLDS_UUID,
	      HOLDS_COUNTER}},
	    {"phone: +49 30 12345678",
	     "phone",
	     {HOLDS_FRACTION, HOLDS_TIME, HOLDS_TRUTH, HOLDS_UUID,
	      HOLDS_COUNTER}},
	    {"uuid 86255401-7cdf-483f-ad98-9e60f2104023",
	     "uuid",
	     {HOLDS_FRACTION, HOLDS_TIME, HOLDS_TRUTH, HOLDS_COUNTER}},
	    {"date of birth: 1984-02-29", "date_of_birth", {HOLDS_ANY}},
	    {"heroku api key: 01234567-89ab-4def-8123-456789abcdef",
	     "secret.heroku_uuid_key",
	     {HOLDS_ANY}},
	};
	struct eye *e = eye_open("*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned h = 0; h < HOLDS__COUNT; h++) {
			enum holds here = (enum holds)h;
			bool refuses = false;

			for (size_t k = 0; k < 5; k++)
				refuses |= cases[i].refuses[k] != HOLDS_ANY &&
					   cases[i].refuses[k] == here;
			detect_holds(e->s, holds_all, &here);
			if (finds(eye_look_str(e, cases[i].text),
				  cases[i].type) == refuses)
				fail_msg("case %zu, %u", i, h);
		}
	eye_close(e);
}

static void
each_place_is_asked_for_and_nobody_without_it(void **state)
{
	static const char text[] = "card 4556824591510220\n"
				   "card 4556824591510220\n";
	size_t line = sizeof(text) / 2;
	struct eye *e = eye_open("card_visa", 0);

	(void)state;
	assert_int_equal(eye_look_str(e, text)->count, 2);
	detect_holds(e->s, holds_below, &line);
	assert_int_equal(eye_look_str(e, text)->count, 1);
	assert_int_equal(e->finds.list[0].offset, 5);
	detect_holds(e->s, NULL, NULL);
	assert_int_equal(eye_look_str(e, text)->count, 2);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_type_cannot_hold_is_not_found_there),
	    cmocka_unit_test(each_place_is_asked_for_and_nobody_without_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
