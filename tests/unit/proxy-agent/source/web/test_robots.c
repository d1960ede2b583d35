#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/web/robots.h"

static bool
allows(const char *text, const char *path)
{
	struct robots r;
	bool is;

	robots_init(&r);
	assert_int_equal(robots_parse(&r, span_str(text), "trawl"), ST_OK);
	is = robots_allows(&r, span_str(path));
	robots_fini(&r);
	return is;
}

static void
the_longest_rule_wins(void **state)
{
	static const struct {
		const char *rules, *path;
		bool allowed;
	} cases[] = {
	    {"", "/a", true},
	    {"Disallow:", "/a", true},
	    {"Disallow: /", "/a", false},
	    {"Disallow: /", "/robots.txt", true},
	    {"Disallow: /a", "/ab", false},
	    {"Disallow: /a/", "/a", true},
	    {"Disallow: /a\nAllow: /a/b", "/a/b/c", true},
	    {"Allow: /a/b\nDisallow: /a", "/a/c", false},
	    {"Allow: /a\nDisallow: /a", "/a", true},
	    {"Disallow: /a\nAllow: /a", "/a", true},
	    {"Disallow: /*.pdf$", "/x/y.pdf", false},
	    {"Disallow: /*.pdf$", "/x/y.pdf?z", true},
	    {"Disallow: *.gif", "/x.gif", false},
	    {"Disallow: /a*b*c", "/aXbYcZ", false},
	    {"Disallow: /a*b*c", "/aXbY", true},
	    {"Disallow: /$", "/", false},
	    {"Disallow: /$", "/a", true},
	    {"disallow : /A", "/a", true},
	    {"DISALLOW: /a # why", "/a", false},
	    {"Disallow: /a%7eb", "/a~b", false},
	    {"Disallow: /caf\xC3\xA9", "/caf%C3%A9", false},
	    {"Disallow: /?q=", "/?q=1", false},
	    {"Disallow: /a\rAllow: /a/b", "/a/b", true},
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "User-agent: *\n%s\n",
			 cases[i].rules);
		if (allows(text, cases[i].path) != cases[i].allowed)
			fail_msg("%s for %s", cases[i].rules, cases[i].path);
	}
}

static void
groups_of_our_name_count_together_and_alone(void **state)
{
	static const char text[] = "User-agent: other\nDisallow: /other\n"
				   "User-agent: *\nDisallow: /all\n"
				   "User-agent: Trawl\nUser-agent: x\n"
				   "Sitemap: http://h/s.xml\n"
				   "Disallow: /one\n\n"
				   "User-agent: trawl/2.0\nDisallow: /two\n";

	(void)state;
	assert_true(allows(text, "/other"));
	assert_true(allows(text, "/all"));
	assert_false(allows(text, "/one"));
	assert_false(allows(text, "/two"));
	assert_false(allows("User-agent: trawler\nDisallow:\n"
			    "User-agent: *\nDisallow: /",
			    "/x"));
	assert_false(allows("\xEF\xBB\xBFUser-agent: *\nDisallow: /x", "/x"));
}

static void
sitemaps_and_pauses_are_read(void **state)
{
	struct robots r;

	(void)state;
	robots_init(&r);
	assert_int_equal(robots_parse(&r,
				      span_str("Sitemap: http://h/a.xml\n"
					       "User-agent: *\nCrawl-delay: 2\n"
					       "sitemap: /b.xml.gz"),
				      "trawl"),
			 ST_OK);
	assert_int_equal(r.sitemap_count, 2);
	assert_true(span_eq(r.sitemaps[0], span_str("http://h/a.xml")));
	assert_true(span_eq(r.sitemaps[1], span_str("/b.xml.gz")));
	assert_int_equal(r.delay_ms, 2000);
	robots_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_longest_rule_wins),
	    cmocka_unit_test(groups_of_our_name_count_together_and_alone),
	    cmocka_unit_test(sitemaps_and_pauses_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
