#include "unit/detect/finds.h"

static void
a_number_wants_a_registered_code_and_its_length(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"+49 30 1234567", "+49301234567"},
	    {"+1-202-555-0123", "+12025550123"},
	    {"+1 (202) 555-0123", "+12025550123"},
	    {"+12025550123", "+12025550123"},
	    {"+44 (0)20 7946 0958", "+442079460958"},
	    {"+44 (0) 20 7946 0958", "+442079460958"},
	    {"(202) 555-0123", "+12025550123"},
	    {"(202)555.0123", "+12025550123"},
	    {"+49 30 1234567, +49", "+49301234567"},
	    /* what follows is not swallowed */
	    {"+1-202-555-0123 2 items", "+12025550123"},
	    {"+353 1 234 5678", "+35312345678"},
	    {"+999 1234567", NULL},
	    {"+0 1234567", NULL},
	    {"+49 30", NULL},
	    {"+1-911-555-0123", NULL},
	    {"+1-202-155-0123", NULL},
	    {"+4930123456789012345", NULL},
	    {"+49301234567x", NULL},
	    {"a+49301234567", NULL},
	    {"1+49301234567", NULL},
	    {"(102) 555-0123", NULL},
	    {"(20) 555-0123", NULL},
	    {"(202 555-0123", NULL},
	    {"(202) 555-0123.5", NULL},
	    {"f(202) 555-0123", NULL},
	};
	struct eye *e = eye_open("phone", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		if (f->count != (cases[i].want != NULL))
			fail_msg("%s has %zu", cases[i].text, f->count);
		if (cases[i].want != NULL)
			assert_string_equal(f->list[0].value, cases[i].want);
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_wants_a_registered_code_and_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
