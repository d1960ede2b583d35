#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/fake_http.h"
#include "fake/source_world.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/web/sitemap.h"

#define HERE "http://127.0.0.1:PORT"

struct world {
	struct fake_http server;
	struct http *http;
	struct sitemap map;
	struct buf got;
	char site[40];
};

static void
on_page(void *arg, struct span url)
{
	struct world *w = arg;

	assert_int_equal(buf_add(&w->got, url.ptr, url.len), ST_OK);
	assert_int_equal(buf_add_byte(&w->got, ' '), ST_OK);
}

/* As the walk over a site has it: its own host alone, no /private. */
static bool
may(void *arg, struct span url)
{
	struct world *w = arg;

	return href_same_site(url, span_str(w->site)) &&
	       memmem(url.ptr, url.len, "/private", 8) == NULL;
}

static void
read_map(struct world *w, const struct fake_page *pages)
{
	struct http_options o = {.limits = http_limits_default};
	char url[60];

	memset(w, 0, sizeof(*w));
	buf_init(&w->got, 1u << 20);
	fake_http_start(&w->server, pages);
	snprintf(w->site, sizeof(w->site), "http://127.0.0.1:%u/",
		 w->server.port);
	snprintf(url, sizeof(url), "%smap", w->site);
	o.site = span_str(w->site);
	o.limits.tries = 1;
	assert_int_equal(http_open(&o, &w->http), ST_OK);
	w->map = (struct sitemap){
	    .http = w->http, .page = on_page, .may = may, .arg = w};
	sitemap_read(&w->map, span_str(url));
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
}

static void
end(struct world *w)
{
	http_close(w->http);
	fake_http_stop(&w->server);
	buf_fini(&w->got);
}

static void
whatever_form_it_has_its_pages_are_told(void **state)
{
	static const struct {
		const char *answer, *want;
	} rows[] = {
	    {FAKE_OK "<urlset><url><loc> /a&amp;b </loc></url><url><loc/>"
		     "</url><url><image><loc>/no</loc></image><loc>/c</loc>"
		     "</url></urlset>",
	     "/a&b /c "},
	    {FAKE_OK "http://h/1\r\nhttp://h/2\n\n\nhttp://h/3",
	     "http://h/1 http://h/2 http://h/3 "},
	    /* what is none, what is packed wrongly, what breaks off */
	    {FAKE_OK "<html><body><loc>/x</loc></body></html>", ""},
	    {FAKE_OK "\x1F\x8B\x08 not packed", ""},
	    {FAKE_OK "<urlset><url><loc>/a</loc></url><url><loc>/b", "/a "},
	    {FAKE_OK "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
		     "<urlset><url><loc>&e;</loc></url></urlset>",
	     ""},
	    {FAKE_OK "", ""},
	    {FAKE_NO("404 No"), ""},
	    {FAKE_NO("500 No"), ""},
	    {"HTTP/1.1 301 To\r\nLocation: http://169.254.169.254/\r\n\r\n",
	     ""},
	    {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
	     "<urlset><url><loc>/a</loc></url>",
	     "/a "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/map", .answer = rows[i].answer}, {.path = NULL}};
		struct world w;

		read_map(&w, pages);
		assert_string_equal((const char *)w.got.data, rows[i].want);
		end(&w);
	}
}

static void
a_line_longer_than_any_address_is_passed_over(void **state)
{
	static char answer[HREF_MAX + 200] = FAKE_OK "http://h/1\nhttp://h/";
	const struct fake_page pages[] = {{.path = "/map", .answer = answer},
					  {.path = NULL}};
	struct world w;
	size_t n = strlen(answer);

	(void)state;
	memset(answer + n, 'x', HREF_MAX);
	memcpy(answer + n + HREF_MAX, "\nhttp://h/2\n", 13);
	read_map(&w, pages);
	assert_string_equal((const char *)w.got.data, "http://h/1 http://h/2 ");
	end(&w);
}

#define INDEX(x) FAKE_OK "<sitemapindex>" x "</sitemapindex>"
#define FILE_(u) "<sitemap><loc>" u "</loc></sitemap>"

static void
each_file_of_an_index_is_read_once_and_only_where_it_may_be(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/map",
	     .answer = INDEX(
		 FILE_(HERE "/map") FILE_(HERE "/a") FILE_(HERE "/x/../a")
		     FILE_(HERE "/private/b") FILE_("http://169.254.169.254/c")
			 FILE_("/d") FILE_("file:///etc/passwd"))},
	    {.path = "/a",
	     .answer =
		 INDEX(FILE_(HERE "/map") FILE_(HERE "/e") FILE_(HERE "/a"))},
	    {.path = "/e",
	     .answer = FAKE_OK "<urlset><url><loc>/1</loc></url></urlset>"},
	    {.path = "/private/b", .answer = FAKE_OK "http://h/2"},
	    {.path = NULL}};
	struct world w;

	(void)state;
	read_map(&w, pages);
	assert_string_equal((const char *)w.got.data, "/1 ");
	assert_int_equal(w.server.seen->all, 3);
	end(&w);
}

static void
a_chain_of_files_without_end_is_left_at_the_limit(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/map", .answer = FAKE_OK "http://h/1"}, {.path = NULL}};
	struct world w;

	(void)state;
	read_map(&w, pages);
	w.map.files = SITEMAP_FILES;
	sitemap_read(&w.map, span_str(w.site));
	assert_int_equal(w.server.seen->all, 1);
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_form_it_has_its_pages_are_told),
	    cmocka_unit_test(a_line_longer_than_any_address_is_passed_over),
	    cmocka_unit_test(
		each_file_of_an_index_is_read_once_and_only_where_it_may_be),
	    cmocka_unit_test(a_chain_of_files_without_end_is_left_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
