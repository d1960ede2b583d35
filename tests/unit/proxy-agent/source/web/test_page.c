/*
 * Where pages, redirects, bases and sitemaps lead, and what is said of where
 * they must not: page.c, follow.c, open.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/web/web.h"

#define HERE  "http://127.0.0.1:PORT"
#define HTML  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define TO(u) "HTTP/1.1 302 To\r\nLocation: " u "\r\n\r\n"
#define HOME(x)                                                                \
	{                                                                      \
		.path = "/", .answer = HTML x                                  \
	}

static void
hold(const struct source_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct source_world w;

		source_world_begin(&w, &http_source, rows[i].pages,
				   rows[i].url);
		assert_string_equal(source_world_walk(&w, SIZE_MAX),
				    rows[i].want);
		source_world_end(&w);
	}
}

static void
links_lead_where_browsers_would_go(void **state)
{
	static const struct source_row rows[] = {
	    {HERE "/",
	     {HOME("<base href='/b/'><a href=1>x</a>"),
	      {.path = "/b/1", .answer = FAKE_OK "1"}},
	     HERE "/=<base href='/b/'><a href=1>x</a>\n" HERE "/b/1=1\n"},
	    /* a base that is none, one elsewhere */
	    {HERE "/",
	     {HOME("<base href='http://'><a href=1>x</a>"),
	      {.path = "/1", .answer = FAKE_OK "1"}},
	     HERE "/=<base href='http://'><a href=1>x</a>\n" HERE "/1=1\n"},
	    {HERE "/",
	     {HOME("<base href='http://192.0.2.1/'><a href=1>x</a>"),
	      {.path = "/1", .answer = FAKE_OK "1"}},
	     HERE "/=<base href='http://192.0.2.1/'><a href=1>x</a>\n"},
	    /* what is no page has no links */
	    {HERE "/",
	     {{.path = "/",
	       .answer = "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; "
			 "charset=x\r\n\r\n<a href=1>"}},
	     HERE "/=<a href=1>\n"},
	    /* odd names, and schemes that are not followed */
	    {HERE "/",
	     {HOME("<a href='%zz%41?q=%'><a href='mailto:a'><a "
		   "href='file:///x'><a href=''>"),
	      {.path = "/%25zzA?q=%25", .answer = FAKE_OK "1"}},
	     HERE "/=<a href='%zz%41?q=%'><a href='mailto:a'><a "
		  "href='file:///x'><a href=''>\n" HERE "/%25zzA?q=%25=1\n"},
	};

	(void)state;
	hold(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
redirects_are_followed_within_the_target_alone(void **state)
{
	static const struct source_row rows[] = {
	    {HERE "/",
	     {{.path = "/", .answer = TO("http://192.0.2.1/x%s")}},
	     HERE "/:link leads to http://192.0.2.1/x%25s, which is outside of "
		  "the target\n"},
	    {HERE "/",
	     {{.path = "/", .answer = TO("/")}},
	     HERE "/:loop its redirects lead in a circle\n"},
	    {HERE "/",
	     {{.path = "/", .answer = TO("http://")}},
	     HERE "/:malformed it leads to something that is no address\n"},
	    {HERE "/",
	     {{.path = "/", .answer = TO("a")},
	      {.path = "/a", .answer = TO("b")},
	      {.path = "/b", .answer = FAKE_OK "1"}},
	     HERE "/b=1\n"},
	};

	(void)state;
	hold(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
each_answer_has_its_reason(void **state)
{
	static const struct source_row rows[] = {
	    {HERE "/",
	     {HOME("<a href=1><a href=2><a href=3><a href=4><a href=5>"),
	      {.path = "/1", .answer = FAKE_NO("403 No")},
	      {.path = "/2", .answer = FAKE_NO("410 No")},
	      {.path = "/3", .answer = FAKE_NO("500 No")},
	      {.path = "/4", .answer = FAKE_NO("304 No")},
	      {.path = "/5",
	       .answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}},
	     HERE "/=<a href=1><a href=2><a href=3><a href=4><a href=5>\n" HERE
		  "/1:denied the server lets only others read it\n" HERE
		  "/3:io the server answered 500\n" HERE
		  "/4:io the server answered 304\n" HERE "/5=half!\n"},
	};

	(void)state;
	hold(rows, 1);
}

static void
sitemaps_name_pages_of_the_target_alone(void **state)
{
	static const struct source_row rows[] = {
	    {HERE "/",
	     {HOME(""),
	      {.path = "/sitemap.xml",
	       .answer = FAKE_OK "<urlset><url><loc>" HERE "/1</loc></url>"
				 "<url><loc>http://192.0.2.1/</loc></url>"
				 "<url><loc>nowhere</loc></url></urlset>"},
	      {.path = "/1", .answer = FAKE_OK "1"}},
	     HERE "/=\n" HERE "/1=1\n"},
	    /* a map of another host is not asked for */
	    {HERE "/",
	     {{.path = "/robots.txt",
	       .answer = FAKE_OK "Sitemap: http://192.0.2.1/map\n"
				 "Sitemap: http://\nSitemap: m\n"},
	      HOME(""),
	      {.path = "/m", .answer = FAKE_OK HERE "/2\n"},
	      {.path = "/2", .answer = FAKE_OK "2"}},
	     HERE "/=\n" HERE "/2=2\n"},
	};

	(void)state;
	hold(rows, 2);
}

static void
a_target_or_position_that_is_none_is_refused(void **state)
{
	static const struct {
		const char *url, *cursor, *option, *value;
		enum status st;
	} rows[] = {
	    {"http://", NULL, NULL, NULL, ST_USAGE},
	    {"http://h:99999/", NULL, NULL, NULL, ST_USAGE},
	    {"http://u:p@127.0.0.1:PORT/", NULL, NULL, NULL, ST_USAGE},
	    {HERE "/", "x http://h/", NULL, NULL, ST_MALFORMED},
	    {HERE "/", "0 http://h/", NULL, NULL, ST_MALFORMED},
	    {HERE "/", "99999999999 http://h/", NULL, NULL, ST_MALFORMED},
	    {HERE "/", NULL, "depth", "-1", ST_USAGE},
	    {HERE "/", NULL, "pages", "many", ST_USAGE},
	    {HERE "/", NULL, "auth", "none", ST_USAGE},
	    {HERE "/", NULL, "rate", "x", ST_USAGE},
	};
	static const struct fake_page pages[] = {HOME(""), {.path = NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source_world w;

		source_world_begin(&w, &http_source, pages, rows[i].url);
		if (rows[i].cursor != NULL)
			w.target.cursor = span_str(rows[i].cursor);
		if (rows[i].option != NULL)
			source_world_option(&w, rows[i].option, rows[i].value);
		assert_int_equal(source_world_open(&w), rows[i].st);
		assert_int_equal(w.server.seen->all, 0);
		source_world_end(&w);
	}
}

static void
who_has_to_sign_in_is_told_so(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/",
	     .answer = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic "
		       "realm=\"x\"\r\nContent-Length: 0\r\n\r\n"},
	    {.path = NULL}};
	static const struct {
		const char *user, *why;
	} rows[] = {{NULL, "give a credential"}, {"ann", "refused this user"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source_world w;

		source_world_begin(&w, &http_source, pages, HERE "/");
		if (rows[i].user != NULL) {
			source_world_access(&w, "user", rows[i].user);
			source_world_access(&w, "password", "made up");
		}
		assert_int_equal(source_world_open(&w), ST_DENIED);
		assert_non_null(strstr(source_world_why(&w), rows[i].why));
		assert_null(strstr((char *)w.why.data, "made up"));
		source_world_end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(links_lead_where_browsers_would_go),
	    cmocka_unit_test(redirects_are_followed_within_the_target_alone),
	    cmocka_unit_test(each_answer_has_its_reason),
	    cmocka_unit_test(sitemaps_name_pages_of_the_target_alone),
	    cmocka_unit_test(a_target_or_position_that_is_none_is_refused),
	    cmocka_unit_test(who_has_to_sign_in_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
