#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"

struct row {
	const char *pattern, *text;
	bool want;
};

static void
ids_match_across_dots(void **state)
{
	static const struct row cases[] = {
	    {"card_visa", "card_visa", true},
	    {"card_visa", "card_visa2", false},
	    {"card_*", "card_visa", true},
	    {"card_*", "us_ssn", false},
	    {"secret.*", "secret.aws_access_key", true},
	    {"*", "anything.at.all", true},
	    {"*", "", true},
	    {"", "", true},
	    {"", "a", false},
	    {"us_ss?", "us_ssn", true},
	    {"us_ss?", "us_ss", false},
	    {"*a*b*c", "xxaxxbxxc", true},
	    {"*a*b*c", "xxaxxcxxb", false},
	    {"[a-c]x", "bx", true},
	    {"[!a-c]x", "bx", false},
	    {"[!a-c]x", "dx", true},
	    {"[]]", "]", true},
	    {"[a-]", "-", true},
	    {"[abc", "a", false}, /* never closes */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (glob_id(span_str(cases[i].pattern),
			    span_str(cases[i].text)) != cases[i].want)
			fail_msg("%s on %s", cases[i].pattern, cases[i].text);
}

static void
paths_match_part_by_part(void **state)
{
	static const struct row cases[] = {
	    {"/srv/*.log", "/srv/a.log", true},
	    {"/srv/*.log", "/srv/x/a.log", false},
	    {"/srv/**", "/srv/x/a.log", true},
	    {"/srv/**", "/srv", true},
	    {"/srv/**", "/srvx", false},
	    {"/srv/**/b", "/srv/b", true},
	    {"/srv/**/b", "/srv/x/y/b", true},
	    {"/srv/**/b", "/srv/xb", false},
	    {"**/cache/*", "/home/x/cache/y", true},
	    {"**/cache/*", "cache/y", true},
	    {"**/cache/*", "/home/x/xcache/y", false},
	    {"/a**z", "/a/b/c/z", true},
	    {"*.log", "/var/log/a.log", true},
	    {"*.log", "a.log", true},
	    {"*.log", "/var/a.log/x", false},
	    {"/a?b", "/a/b", false},
	    {"/a[/]b", "/a/b", false},
	    {"/**/x/*/y", "/1/2/x/3/y", true},
	    {"/**/x/*/y", "/x/a/b/x/3/y", true},
	    {"/**/x/*/y", "/1/2/x/3/4/y", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (glob_path(span_str(cases[i].pattern),
			      span_str(cases[i].text)) != cases[i].want)
			fail_msg("%s on %s", cases[i].pattern, cases[i].text);
}

static void
a_hostile_pattern_ends_in_time(void **state)
{
	char *text = malloc(2000), pattern[200];

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 2000);
	for (size_t i = 0; i < sizeof(pattern) - 1; i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[sizeof(pattern) - 2] = 'b';
	pattern[sizeof(pattern) - 1] = '\0';
	/* With one branch a star this would take longer than the universe. */
	assert_false(glob_id(span_str(pattern), span_of(text, 2000)));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_match_across_dots),
	    cmocka_unit_test(paths_match_part_by_part),
	    cmocka_unit_test(a_hostile_pattern_ends_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
