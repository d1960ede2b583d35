#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/form.h"

typedef enum status fill_form(const char *form, const struct cloud_blanks *b,
			      struct buf *to);

static void
expect(fill_form *fill, const char *form, const char *want)
{
	const struct cloud_blanks b = {
	    .id = span_str("ann \"x\"/in&box/"),
	    .want = span_str("it's\n"),
	    .next = span_str("1+/="),
	};
	struct buf to;

	buf_init(&to, 1000);
	assert_int_equal(fill(form, &b, &to), ST_OK);
	assert_int_equal(buf_add_byte(&to, 0), ST_OK);
	assert_string_equal((const char *)to.data, want);
	buf_fini(&to);
}

static void
blanks_of_an_address_are_filled_in_escaped(void **state)
{
	static const struct {
		const char *form, *want;
	} rows[] = {
	    {"", ""},
	    {"/a?b=c", "/a?b=c"},
	    {"/{id}", "/ann%20%22x%22%2Fin%26box%2F"},
	    {"/u/{a}/m/{b}/x", "/u/ann%20%22x%22/m/in%26box%2F/x"},
	    {"?n={want}&t={next}", "?n=it%27s%0A&t=1%2B%2F%3D"},
	    {"{next}{next}", "1%2B%2F%3D1%2B%2F%3D"},
	    {"/{nothing}/", "//"},
	    {"/{id", "/{id"}, /* no blank without its end */
	    {"/<id>", "/<id>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(cloud_form_url, rows[i].form, rows[i].want);
}

static void
blanks_of_a_body_are_texts_of_json(void **state)
{
	static const struct {
		const char *form, *want;
	} rows[] = {
	    {"{\"path\":<a>}", "{\"path\":\"ann \\\"x\\\"\"}"},
	    {"{\"q\":<want>,\"more\":true}",
	     "{\"q\":\"it's\\n\",\"more\":true}"},
	    {"{\"x\":<nothing>}", "{\"x\":\"\"}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(cloud_form_json, rows[i].form, rows[i].want);
}

static void
what_does_not_fit_is_a_limit(void **state)
{
	const struct cloud_blanks b = {.id = span_str("0123456789")};
	struct buf to;

	(void)state;
	buf_init(&to, 8);
	assert_int_equal(cloud_form_url("/{id}", &b, &to), ST_LIMIT);
	buf_fini(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blanks_of_an_address_are_filled_in_escaped),
	    cmocka_unit_test(blanks_of_a_body_are_texts_of_json),
	    cmocka_unit_test(what_does_not_fit_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
