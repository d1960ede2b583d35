#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/heading.h"

static void
names_are_told_from_values(void **state)
{
	static const struct {
		const char *cell;
		bool want;
	} cases[] = {
	    {"name", true},
	    {"address_line_2", true},
	    {"Straße", true},
	    {"Q1", true},
	    {"Revenue 2023", true},
	    {"2023 revenue", true},
	    {"sales_2024_eur", true},
	    {"rank_among_15000_most_downloaded", true},
	    {"rank_among_15000_downloaded", true},
	    {"", false},
	    {"2023", false},
	    {"12", false},
	    {"2023-01-31", false},
	    {"FY2024", false},
	    {"AB1950C", false},
	    {"A12345", false},
	    {"Invoice 2026-118", false},
	    {"Main Street 12345", false},
	    {"4111111111111111", false},
	    {"the_card_of_anna_is_411111", false},
	    {"Sales 2123", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (heading_is(span_str(cases[i].cell)) != cases[i].want)
			fail_msg("%s", cases[i].cell);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_told_from_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
