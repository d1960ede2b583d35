/*
 * What tells one content of an address from another, and that links of a page
 * that is not read again are followed nevertheless: version.c, page.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake/source_world.h"
#include "model/object.h"
#include "proxy-agent/source/web/impl.h"
#include "proxy-agent/source/web/web.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HERE     "http://127.0.0.1:PORT"
#define STAMP    "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
#define HTML(lines)                                                            \
	"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" lines "\r\n"

static bool
has_all(const void *arg, struct span path, struct span version)
{
	(void)arg;
	(void)path;
	return version.len > 0;
}

static const struct source_known all = {.has = has_all};

static void
only_what_is_sure_tells_versions_apart(void **state)
{
	const int64_t now = clock_wall_s(clock_system()), old = 1700000000;
	const struct {
		const char *etag;
		int64_t modified, length;
		bool sure;
	} rows[] = {
	    {"\"a\"", 0, -1, true},     {"\"a\"", old, 7, true},
	    {"W/\"a\"", 0, -1, false},  {"W/\"a\"", 0, 7, true},
	    {"W/\"a\"", old, -1, true}, {"", old, 7, true},
	    {"", old, -1, false},       {"", 0, 7, false},
	    {"", 0, -1, false},         {"\"a\"", now, 7, false},
	    {"", now, 7, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct http_reply r = {.etag = span_str(rows[i].etag),
					     .modified = rows[i].modified,
					     .length = rows[i].length};
		struct source s = {.known = &all};

		buf_init(&s.version, 100);
		assert_int_equal(web_version(&s, &r).len > 0, rows[i].sure);
		s.known = NULL;
		assert_int_equal(web_version(&s, &r).len, 0);
		buf_fini(&s.version);
	}
}

/* "path version" of all, a line each; nothing of them is read. */
static const char *
walk(struct source_world *w)
{
	struct source_item item;

	assert_int_equal(source_world_open(w), ST_OK);
	while (http_source.next(w->source, &item) == ST_OK) {
		const uint8_t *at =
		    memchr(item.path.ptr + 8, '/', item.path.len - 8);
		size_t skip = (size_t)(at - item.path.ptr);

		assert_int_equal(
		    buf_addf(&w->got, "%.*s %s %s\n",
			     (int)(item.path.len - skip), (const char *)at,
			     item.version.len > 0 ? "known" : "new",
			     cover_name(item.reason)),
		    ST_OK);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
	return (const char *)w->got.data;
}

static void
links_of_a_page_that_did_not_change_are_followed(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/", .answer = HTML("ETag: \"1\"\r\n") "<a href=a>a</a>"},
	    {.path = "/a",
	     .answer = HTML("ETag: W/\"2\"\r\n" STAMP) "<a href=b>b</a>"},
	    {.path = "/b", .answer = HTML("") "<a href=c>c</a>"},
	    {.path = "/c", .answer = FAKE_OK "c"},
	    {0},
	};
	struct source_world w;

	(void)state;
	source_world_begin(&w, &http_source, pages, HERE "/");
	w.target.known = &all;
	assert_string_equal(walk(&w), "/ known ok\n/a known ok\n"
				      "/b new ok\n/c new ok\n");
	source_world_end(&w);
}

static void
links_that_could_not_be_heard_are_told(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/", .answer = HTML("ETag: \"1\"\r\n") "<a href=a>a</a>"},
	    {.path = "/a",
	     .answer = HTML(
		 "ETag: W/\"2\"\r\nContent-Length: 9000\r\n") "<a href=b>b</a>",
	     .filler = 10},
	    {.path = "/b", .answer = FAKE_OK "b"},
	    {0},
	};
	struct source_world w;

	(void)state;
	source_world_begin(&w, &http_source, pages, HERE "/");
	w.target.known = &all;
	assert_string_equal(walk(&w), "/ known ok\n/a new io\n/b new ok\n");
	source_world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_what_is_sure_tells_versions_apart),
	    cmocka_unit_test(links_of_a_page_that_did_not_change_are_followed),
	    cmocka_unit_test(links_that_could_not_be_heard_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
