#include "source/covers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
a_scope_covers_its_own_targets_and_no_others(void **state)
{
	static const struct {
		const char *scope, *target;
		bool want;
	} cases[] = {
	    {"sftp://h.example/", "sftp://h.example/srv", true},
	    {"sftp://h.example", "sftp://h.example/", true},
	    {"sftp://h.example/", "sftp://ann@H.EXAMPLE:22/srv", true},
	    {"sftp://h.example/", "sftp://h.example.evil.example/", false},
	    {"sftp://h.example", "sftp://h.example.evil.example/", false},
	    {"sftp://h.example", "sftp://h.example@evil.example/", false},
	    {"sftp://h.example/", "sftp://h.example:2222/", false},
	    {"sftp://h.example:2222/", "sftp://h.example/", false},
	    {"sftp://h.example/", "ssh://h.example/", false},
	    {"sftp://ann@h.example/", "sftp://ann@h.example/", true},
	    {"sftp://ann@h.example/", "sftp://bob@h.example/", false},
	    {"sftp://ann@h.example/", "sftp://h.example/", false},
	    {"sftp://h.example/srv", "sftp://h.example/srv/a", true},
	    {"sftp://h.example/srv", "sftp://h.example/srv", true},
	    {"sftp://h.example/srv", "sftp://h.example/srvx", false},
	    {"sftp://h.example/srv/", "sftp://h.example/srv", false},
	    {"sftp://h.example/srv", "sftp://h.example/", false},
	    {"sftp://h.example/srv", "sftp://h.example/srv/../etc", false},
	    {"sftp://h.example/srv", "sftp://h.example/srv/%2e%2e/e", false},
	    {"sftp://h.example/a%20b", "sftp://h.example/a b/c", true},
	    {"sftp://", "sftp://h.example/", false},
	    {"gopher://h.example/", "gopher://h.example/", false},
	    {"", "sftp://h.example/", false},
	    {"sftp://h.example/", "sftp://x:y@h.example/", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (covers(span_str(cases[i].scope), span_str(cases[i].target),
			   (struct pairs){0}) != cases[i].want)
			fail_msg("%s of %s", cases[i].target, cases[i].scope);
}

/* With one option, or none. */
static bool
covers_with(const char *scope, const char *target, const char *name,
	    const char *value)
{
	uint8_t room[256];
	size_t len = 0;

	if (name != NULL)
		assert_int_equal(pairs_add(room, sizeof(room), &len,
					   span_str(name), span_str(value)),
				 ST_OK);
	return covers(span_str(scope), span_str(target),
		      (struct pairs){span_of(room, len)});
}

static void
what_leads_elsewhere_must_stand_in_the_scope(void **state)
{
	static const char own[] = "s3://b/?endpoint=https://s.example",
			  plain[] = "s3://b/";
	static const struct {
		const char *scope, *target, *name, *value;
		bool want;
	} cases[] = {
	    {plain, "s3://b/2026", NULL, NULL, true},
	    {plain, "s3://b/?endpoint=https://evil.example", NULL, NULL, false},
	    {plain, "s3://b/", "endpoint", "https://evil.example", false},
	    {plain, "s3://b/", "endpoint", "evil", false},
	    {plain, "s3://b/", "connect", "SERVER=evil", false},
	    {plain, "s3://b/", "driver", "evil", false},
	    {plain, "s3://b/", "tls", "no", false},
	    {plain, "s3://b/", "certificate", "any", false},
	    {plain, "s3://b/", "region", "eu-west-1", true},
	    {plain, "s3://b/", "region", "x.evil.example/", false},
	    {plain, "s3://b/", "unheard_of", "https://evil.example", false},
	    {plain, "s3://b/?x=https:%2f%2fevil.example", NULL, NULL, false},
	    {own, "s3://b/?endpoint=https://s.example", NULL, NULL, true},
	    {own, "s3://b/", "endpoint", "https://s.example", true},
	    {own, "s3://b/", NULL, NULL, false},
	    {own, "s3://b/?endpoint=https://s.example", "endpoint",
	     "https://evil.example", false},
	    {plain, "s3://b/", "sessions", "4", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (covers_with(cases[i].scope, cases[i].target, cases[i].name,
				cases[i].value) != cases[i].want)
			fail_msg("case %zu", i);
}

static void
values_are_compared_as_they_are_used(void **state)
{
	static const char spaced[] = "odbc://h/d?driver=A%20B",
			  bare[] = "odbc://h/d?driver=A B",
			  twice[] = "odbc://h/d?driver=A%2520B",
			  plain[] = "odbc://h/d";
	static const struct {
		const char *scope, *target, *name, *value;
		bool want;
	} cases[] = {
	    {spaced, "odbc://h/d", "driver", "A B", true},
	    {bare, "odbc://h/d", "driver", "A B", true},
	    {bare, spaced, NULL, NULL, true},
	    {spaced, bare, NULL, NULL, true},
	    {spaced, spaced, NULL, NULL, true},
	    {spaced, "odbc://h/d?driver=%41%20%42", NULL, NULL, true},
	    {twice, "odbc://h/d", "driver", "A%20B", true},
	    /* an option is not decoded, and nothing is twice */
	    {spaced, "odbc://h/d", "driver", "A%20B", false},
	    {twice, "odbc://h/d", "driver", "A B", false},
	    {spaced, twice, NULL, NULL, false},
	    {twice, spaced, NULL, NULL, false},
	    {spaced, "odbc://h/d", "driver", "A C", false},
	    {spaced, "odbc://h/d?driver=A%20B%00", NULL, NULL, false},
	    {spaced, spaced, "driver", "A C", false},
	    {spaced, "odbc://h/d", NULL, NULL, false},
	    /* what is escaped leads nowhere just because it is */
	    {plain, "odbc://h/d?include=A%20B", NULL, NULL, true},
	    {plain, "odbc://h/d?x=https:%2f%2fevil.example", NULL, NULL, false},
	    {plain, "odbc://h/d?x=a:/%2fevil.example", NULL, NULL, false},
	    {plain, "odbc://h/d?x=a:%252f%252fevil", NULL, NULL, false},
	    {plain, "odbc://h/d?driver=A%20B", NULL, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (covers_with(cases[i].scope, cases[i].target, cases[i].name,
				cases[i].value) != cases[i].want)
			fail_msg("case %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_scope_covers_its_own_targets_and_no_others),
	    cmocka_unit_test(what_leads_elsewhere_must_stand_in_the_scope),
	    cmocka_unit_test(values_are_compared_as_they_are_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
