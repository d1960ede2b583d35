#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "master/api/guard.h"

static void
a_change_must_come_from_our_own_pages(void **state)
{
	static const struct {
		const char *site, *origin, *host;
		bool good;
	} cases[] = {
	    {"same-origin", NULL, "scan.example", true},
	    {"same-origin", "https://evil.example", "scan.example", true},
	    {"same-site", "https://scan.example", "scan.example", false},
	    {"cross-site", "https://scan.example", "scan.example", false},
	    {"none", NULL, "scan.example", false},
	    {"", "https://scan.example", "scan.example", false},
	    {NULL, "https://scan.example", "scan.example", true},
	    {NULL, "https://SCAN.example", "scan.example", true},
	    {NULL, "https://scan.example:8443", "scan.example:8443", true},
	    {NULL, "https://scan.example:8443", "scan.example", false},
	    {NULL, "http://scan.example", "scan.example", false},
	    {NULL, "https://scan.example.evil", "scan.example", false},
	    {NULL, "null", "scan.example", false},
	    {NULL, NULL, "scan.example", false},
	    {NULL, "https://", "", false},
	    {NULL, "https://", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request rq = {
		    .header = {[HEADER_FETCH_SITE] = cases[i].site,
			       [HEADER_ORIGIN] = cases[i].origin,
			       [HEADER_HOST] = cases[i].host},
		};

		assert_int_equal(guard_same_origin(&rq), cases[i].good);
	}
}

static void
a_body_must_say_that_it_is_json(void **state)
{
	static const struct {
		const char *type;
		bool good;
	} cases[] = {
	    {"application/json", true},
	    {"Application/JSON; charset=utf-8", true},
	    {"application/json ;x=y", true},
	    {"text/plain", false},
	    {"application/jsonx", false},
	    {"application/x-www-form-urlencoded", false},
	    {"multipart/form-data; boundary=application/json", false},
	    {"", false},
	    {NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(guard_is_json(cases[i].type), cases[i].good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_change_must_come_from_our_own_pages),
	    cmocka_unit_test(a_body_must_say_that_it_is_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
