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
	    {"+1-202-555-0123x45", "+12025550123"},
	    {"(202)555-0123x12345.", "+12025550123"},
	    {"(202)555-0123x1", NULL},
	    {"(202)555-0123x12b", NULL},
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

/* Behind much that is none: words are then read near what is left alone. */
static const struct finds *
look_in_prose(struct eye *e, const char *text)
{
	static char all[8192];
	size_t n = 0;

	while (n < 4096)
		n += (size_t)snprintf(all + n, sizeof(all) - n,
				      "see strtol(3) of 2024-05-06 (1), 1.2.3;"
				      " and what is said of it there\n");
	snprintf(all + n, sizeof(all) - n, "%s", text);
	return eye_look_str(e, all);
}

static void
expect(const struct finds *f, const char *text, const char *want)
{
	if (f->count != (want != NULL))
		fail_msg("%s has %zu", text, f->count);
	if (want != NULL)
		assert_string_equal(f->list[0].value, want);
}

static void
a_national_number_wants_a_word_or_a_form_of_its_own(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"phone 030 1234567", "0301234567"},
	    {"phone: 0301234567", "0301234567"},
	    {"phone 5550123", "5550123"},
	    {"phone (5550123)", "5550123"},
	    {"mobile 07700 900 123.", "07700900123"},
	    {"tel. (030) 123 45 67", "0301234567"},
	    {"phone 0049 30 1234567", "0049301234567"},
	    {"\"202-555-0123\"", "2025550123"},
	    {"\"1-202-555-0123\"", "12025550123"},
	    {"\"01 23 45 67 89\"", "0123456789"},
	    /* no word, no form */
	    {"\"030 1234567\"", NULL},
	    {"at 202-555-0123 there", NULL},
	    {"\"102-555-0123\"", NULL},
	    {"\"202-155-0123\"", NULL},
	    /* other numbers beside a word */
	    {"phone 2024-05-06", NULL},
	    {"phone 06.05.2024", NULL},
	    {"phone 2016-2020", NULL},
	    {"phone: French, Middle (ca. 1400-1600)", NULL},
	    {"phone 1066 - 1485", NULL},
	    {"phone 1600-1400", "16001400"},
	    {"phone 2134-5678", "21345678"},
	    {"phone 20240506", NULL},
	    {"phone 20249999", "20249999"},
	    {"phone 002314-002315", NULL},
	    {"phone 123-45-6789", NULL},
	    {"phone 123456", NULL},
	    {"phone 12345678901234", NULL},
	    {"phone 1 2 3 4 5 6 7 8", NULL},
	    {"phone 4111 1111 1111 1111", NULL},
	    {"phone x5550123456", NULL},
	    {"phone 5550123456x", NULL},
	    {"phone 555.0123456.5", NULL},
	    {"phone order 030 1234567", NULL},
	};
	struct eye *e = eye_open("phone", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		expect(eye_look_str(e, cases[i].text), cases[i].text,
		       cases[i].want);
		expect(look_in_prose(e, cases[i].text), cases[i].text,
		       cases[i].want);
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_wants_a_registered_code_and_its_length),
	    cmocka_unit_test(
		a_national_number_wants_a_word_or_a_form_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
