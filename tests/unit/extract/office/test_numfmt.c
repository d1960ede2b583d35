#include "tests/unit/extract/collect.h"

#include "extract/office/numfmt.h"

static void
numbers_are_shown_with_their_digits(void **state)
{
	static const struct {
		const char *code, *number, *want;
	} cases[] = {
	    {NULL, "4.111111111111111E+15", "4111111111111111"},
	    {NULL, "4.1111111111111110E15", "4111111111111111"},
	    {NULL, "4.1111111111111109E+15", "4111111111111111"},
	    {NULL, "-4.2E+3", "-4200"},
	    {NULL, "4111111111111111", "4111111111111111"},
	    {NULL, "1.5", "1.5"},
	    {NULL, "1.5E-3", "1.5E-3"},
	    {NULL, "1E+999", "1E+999"},
	    {NULL, "", ""},
	    {"General", "31149", "31149"},
	    {"#,##0.00", "31149.5", "31149.5"},
	    {"0.00E+00", "4.1E+6", "4100000"},
	    {"000-00-0000", "78051120", "078-05-1120"},
	    {"000\\-00\\-0000", "78051120", "078-05-1120"},
	    {"00000", "501", "00501"},
	    {"0000\" \"0000\" \"0000\" \"0000", "4111111111111111",
	     "4111 1111 1111 1111"},
	    {"[<=9999999]###-0000;(###) ###-0000", "5551234", "555-1234"},
	    {"0000", "123456", "123456"},
	    {"0000", "1.5", "1.5"},
	    {"yyyy\\-mm\\-dd", "31149", "1985-04-12"},
	    {"[$-409]d/m/yyyy h:mm", "31149.5", "1985-04-12 12:00:00"},
	    {"m/d/yy", "1", "1900-01-01"},
	    {"m/d/yy", "59", "1900-02-28"},
	    {"m/d/yy", "61", "1900-03-01"},
	    {"[h]:mm:ss", "0.25", "06:00:00"},
	    {"yyyy", "99999999", "99999999"},
	    {"[Red]0", "7", "7"},
	    {"\"unclosed", "7", "7"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct numfmt f;
		char dst[NUMFMT_ROOM];
		size_t n;

		if (cases[i].code != NULL)
			f = numfmt_of(cases[i].code);
		n = numfmt_show(cases[i].code != NULL ? &f : NULL,
				span_str(cases[i].number), false, dst);
		assert_true(n < sizeof(dst));
		dst[n] = 0;
		assert_string_equal(dst, cases[i].want);
		if (numfmt_as_written(cases[i].code != NULL ? &f : NULL,
				      span_str(cases[i].number)))
			assert_string_equal(dst, cases[i].number);
	}
}

static void
formats_without_a_code_are_known_by_number(void **state)
{
	struct numfmt date = numfmt_builtin(14), plain = numfmt_builtin(1);
	char dst[NUMFMT_ROOM];
	size_t n;

	(void)state;
	n = numfmt_show(&date, span_str("29687"), true, dst);
	assert_int_equal(n, 10);
	assert_memory_equal(dst, "1985-04-12", 10);
	n = numfmt_show(&plain, span_str("31149"), false, dst);
	assert_int_equal(n, 5);
	assert_memory_equal(dst, "31149", 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_shown_with_their_digits),
	    cmocka_unit_test(formats_without_a_code_are_known_by_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
