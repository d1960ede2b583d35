#include "unit/detect/finds.h"

#include "detect/decide/payment.h"

static void
a_month_and_year_behind_a_number_are_its_expiry(void **state)
{
	static const struct {
		const char *behind;
		bool expiry;
	} cases[] = {
	    {" 10/31", true},        {"|09/2029|", true}, {"\t01/27 123", true},
	    {"\", \"12/28\"", true}, {" 13/31", false},   {" 00/31", false},
	    {" 10/17", false},       {" 10/50", false},   {" 10/1931", false},
	    {" 10/31/2024", false},  {" 10/311", false},  {" 10/31-7", false},
	    {"10/31", false},        {"\n10/31", false},  {" 10 31", false},
	    {" 1", false},           {"", false},         {"     10/31", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (payment_expiry(span_str(cases[i].behind), 0) !=
		    cases[i].expiry)
			fail_msg("%s", cases[i].behind);
}

static void
words_against_a_card_must_be_said_of_it(void **state)
{
	static const struct {
		const char *text;
		bool found;
	} cases[] = {
	    {"refund the order to 4556824591510220 please", true},
	    {"Order To 4556824591510220 please", true},
	    {"the invoice was settled with 4556824591510220 today", true},
	    {"a parcel that Ola paid, 4556824591510220 as ever", true},
	    {"use 4556824591510220 for order 7", true},
	    {"your order number is 4556824591510220 today", false},
	    {"the id of my order: 4556824591510220", false},
	    {"we got 4556824591510220, the tracking of May", false},
	    {"order 4556824591510220 on hold", false},
	};
	struct eye *e = eye_open("card_*", 50);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((eye_look_str(e, cases[i].text)->count > 0) !=
		    cases[i].found)
			fail_msg("%s", cases[i].text);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_month_and_year_behind_a_number_are_its_expiry),
	    cmocka_unit_test(words_against_a_card_must_be_said_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
