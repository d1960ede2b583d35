#include "unit/detect/chain.h"

/* The specimens of ICAO Doc 9303, parts 4 to 7. */
static const struct specimen {
	const char *layout;
	size_t size; /* without line ends */
	const char *zone;
} specimens[] = {
    {"td1", 90,
     "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
     "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"},
    {"td2", 72,
     "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\r\n"
     "D231458907UTO7408122F1204159<<<<<<<6"},
    {"td3", 88,
     "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
     "L898902C36UTO7408122F1204159ZE184226B<<<<<10"},
    {"mrva", 88,
     "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
     "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"},
    {"mrvb", 72,
     "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
     "L8988901C4XXX4009078F9612109<<<<<<<<"},
};

#define COUNT (sizeof(specimens) / sizeof(specimens[0]))

static bool
holds(const char *layout, const char *zone)
{
	char chain[64];

	snprintf(chain, sizeof(chain), "[{use: mrz, layout: %s}]", layout);
	return chain_holds(chain, zone);
}

static void
specimens_hold_in_their_own_layout_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(holds(specimens[i].layout, specimens[i].zone));
		for (size_t k = 0; k < COUNT; k++)
			if (specimens[k].size != specimens[i].size)
				assert_false(holds(specimens[k].layout,
						   specimens[i].zone));
	}
}

/* Number, dates and their digits; the names have no check digit. */
static void
each_digit_that_is_checked_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		const char *zone = specimens[i].zone;

		for (size_t k = 0; zone[k] != 0; k++) {
			char near[100];

			if (zone[k] < '0' || zone[k] > '9')
				continue;
			snprintf(near, sizeof(near), "%s", zone);
			near[k] = (char)('0' + (zone[k] - '0' + 1) % 10);
			/* what is optional in a visa has none */
			if (specimens[i].layout[0] == 'm' && k > 72)
				continue;
			if (holds(specimens[i].layout, near))
				fail_msg("%s", near);
		}
	}
}

static void
long_numbers_and_unknown_days_are_allowed(void **state)
{
	(void)state;
	/* Doc 9303 part 5: the number goes on in the optional data */
	assert_true(holds("td1", "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122"
				 "UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<"
				 "<"));
	assert_false(holds("td3", ""));
	assert_false(holds("td3", "P<UTO"));
	/* sex, and a month that none is */
	assert_false(holds("td1",
			   "I<UTOD231458907<<<<<<<<<<<<<<<7408122Q1204159"
			   "UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<"
			   "<"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(specimens_hold_in_their_own_layout_only),
	    cmocka_unit_test(each_digit_that_is_checked_counts),
	    cmocka_unit_test(long_numbers_and_unknown_days_are_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
