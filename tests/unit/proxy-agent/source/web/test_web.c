#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake/fake_http.h"
#include "proxy-agent/source/web/web.h"

#define HTML       "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define TEXT       "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
#define TO(where)  "HTTP/1.1 302 Found\r\nLocation: " where "\r\n\r\n"
#define NO(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"

static const struct fake_page pages[] = {
    {.path = "/robots.txt",
     .answer = TEXT "User-agent: *\nDisallow: /private\n"
		    "Sitemap: /map.xml\n"},
    {.path = "/map.xml",
     .answer =
	 TEXT "<urlset><url><loc>/relative-is-wrong</loc></url></urlset>"},
    {.path = "/",
     .answer = HTML "<a href=b>b</a><a href='/a?y=2&amp;x=1'>a</a>"
		    "<a href='/a?x=1&amp;y=2&amp;utm_source=m'>the same</a>"
		    "<a href=/private/x>no</a><a href=//other.example/>far</a>"
		    "<a href=loop1>loop</a><a href=moved>moved</a>"
		    "<a href=gone>gone</a><a href=closed>closed</a>"
		    "<a href=leaves>leaves</a><a href=trap/x>trap</a>"},
    {.path = "/b", .answer = HTML "<a href=c>c</a><a href=/>up</a>"},
    {.path = "/a?y=2&x=1", .answer = TEXT "<a href=not-a-page>"},
    {.path = "/c", .answer = HTML "deep"},
    {.path = "/loop1", .answer = TO("/loop2")},
    {.path = "/loop2", .answer = TO("/loop1")},
    {.path = "/moved", .answer = TO("/target")},
    {.path = "/target", .answer = TEXT "found"},
    {.path = "/gone", .answer = NO("404 Not Found")},
    {.path = "/closed", .answer = NO("403 Forbidden")},
    {.path = "/leaves", .answer = TO("http://other.example/")},
    {.path = "/trap/x", .answer = HTML "<a href=x/x>deeper</a>"},
    {.path = "/trap/x/x", .answer = HTML "<a href=x/x/x>deeper</a>"},
    {.path = "/worn/",
     .answer = HTML "<a href=1>1</a><a href=2>2</a><a href=3>3</a>"
		    "<a href=4>4</a><a href=5>5</a>"},
    {.path = "/worn/1", .answer = TEXT "it holds"},
    {.path = "/worn/*", .answer = NO("401 Over")},
    {.path = NULL},
};

struct world {
	struct fake_http server;
	char url[100];
	uint8_t options[500];
	struct source_target target;
	struct source *source;
	struct buf why;
};

static void
option(struct world *w, const char *name, const char *value)
{
	size_t n = w->target.options.bytes.len;

	assert_int_equal(pairs_add(w->options, sizeof(w->options), &n,
				   span_str(name), span_str(value)),
			 ST_OK);
	w->target.options.bytes = span_of(w->options, n);
}

static void
begin(struct world *w, const char *path)
{
	memset(w, 0, sizeof(*w));
	fake_http_start(&w->server, pages);
	snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%u%s",
		 w->server.port, path);
	buf_init(&w->why, 1000);
	w->target.path = span_str(w->url);
	w->target.why = &w->why;
	option(w, "pause", "1ms");
}

static void
end(struct world *w)
{
	http_source.close(w->source);
	fake_http_stop(&w->server);
	buf_fini(&w->why);
}

/* "path reason" of all that is left, a line each, without the site. */
static void
walk(struct world *w, struct buf *to)
{
	struct source_item item;
	char piece[64];
	size_t got;

	while (http_source.next(w->source, &item) == ST_OK) {
		size_t skip =
		    strlen(w->url) - (strchr(w->url + 8, '/') == NULL
					  ? 0
					  : strlen(strchr(w->url + 8, '/')));

		assert_true(item.path.len >= skip);
		assert_int_equal(buf_addf(to, "%.*s %s\n",
					  (int)(item.path.len - skip),
					  (const char *)item.path.ptr + skip,
					  cover_name(item.reason)),
				 ST_OK);
		for (got = item.reason == COVER_OK; got > 0;)
			assert_int_equal(http_source.read(w->source, piece,
							  sizeof(piece), &got),
					 ST_OK);
	}
	assert_int_equal(buf_add_byte(to, 0), ST_OK);
}

static const char all[] = "/ ok\n"
			  "/a?y=2&x=1 ok\n"
			  "/b ok\n"
			  "/closed denied\n"
			  "/leaves link\n"
			  "/loop2 loop\n"
			  "/target ok\n"
			  "/private/x denied\n"
			  "/trap/x ok\n"
			  "/c ok\n"
			  "/trap/x/x ok\n"
			  "/trap/x/x/x/x loop\n";

static void
a_site_is_walked_level_by_level(void **state)
{
	struct world w;
	struct buf got;

	(void)state;
	begin(&w, "/");
	buf_init(&got, 10000);
	assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
	walk(&w, &got);
	assert_string_equal((const char *)got.data, all);
	/* what robots.txt forbids was not even asked for */
	assert_int_equal(w.server.seen->all, 15);
	buf_fini(&got);
	end(&w);
}

/* Stopped behind each object in turn, and gone on with: all, each once. */
static void
a_walk_goes_on_where_it_stopped(void **state)
{
	struct world w;
	struct buf got, cursor;
	struct source_item item;
	size_t count = 1;

	(void)state;
	buf_init(&got, 10000);
	buf_init(&cursor, 10000);
	for (const char *p = all; (p = strchr(p, '\n')) != NULL && p[1] != 0 &&
				  strstr(p, "/x/x/x") != p + 6;
	     count++) {
		if (count > 10)
			break;
		p++;
		begin(&w, "/");
		assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(http_source.next(w.source, &item),
					 ST_OK);
		buf_clear(&cursor);
		assert_int_equal(http_source.cursor(w.source, &cursor), ST_OK);
		http_source.close(w.source);
		w.source = NULL;
		w.target.cursor = buf_span(&cursor);
		/* the port is in it: the same server goes on */
		assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
		buf_clear(&got);
		walk(&w, &got);
		assert_string_equal((const char *)got.data, p);
		end(&w);
	}
	assert_true(count > 8);
	buf_fini(&got);
	buf_fini(&cursor);
}

static void
options_say_how_far_and_where(void **state)
{
	static const struct {
		const char *name, *value, *want;
	} cases[] = {
	    {"depth", "0", "/ ok\n"},
	    {"include", "/b*", "/ ok\n/b ok\n"},
	    {"exclude", "/?*", "/ ok\n"},
	    {"pages", "1", "/ ok\n/ members\n"},
	};
	struct world w;
	struct buf got;

	(void)state;
	buf_init(&got, 10000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, "/");
		option(&w, cases[i].name, cases[i].value);
		assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
		buf_clear(&got);
		walk(&w, &got);
		assert_string_equal((const char *)got.data, cases[i].want);
		end(&w);
	}
	buf_fini(&got);
}

static void
a_folder_is_not_left(void **state)
{
	struct world w;
	struct buf got;

	(void)state;
	begin(&w, "/trap/x");
	buf_init(&got, 10000);
	assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
	walk(&w, &got);
	assert_string_equal((const char *)got.data,
			    "/trap/x ok\n/trap/x/x ok\n/trap/x/x/x/x loop\n");
	buf_fini(&got);
	end(&w);
}

static void
trouble_with_the_target_is_said(void **state)
{
	static const struct {
		const char *path;
		enum status st;
		const char *why;
	} cases[] = {
	    {"/gone", ST_NOTFOUND, "knows no such page"},
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, cases[i].path);
		assert_int_equal(http_source.open(&w.target, &w.source),
				 cases[i].st);
		assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
		assert_non_null(strstr((const char *)w.why.data, cases[i].why));
		end(&w);
	}
}

static void
a_server_that_is_not_there_is_said(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "/");
	w.target.path = span_str("http://127.0.0.1:1/");
	option(&w, "tries", "1");
	assert_int_equal(http_source.open(&w.target, &w.source), ST_CLOSED);
	assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
	assert_non_null(
	    strstr((const char *)w.why.data, "127.0.0.1:1 cannot be reached"));
	end(&w);
}

static void
a_token_that_ends_is_said_and_sent_three_times_more(void **state)
{
	uint8_t access[100];
	size_t len = 0, denied = 0;
	struct source_item item;
	struct world w;

	(void)state;
	begin(&w, "/worn/");
	option(&w, "sessions", "1");
	assert_int_equal(pairs_add(access, sizeof(access), &len,
				   span_str("token"), span_str("made up")),
			 ST_OK);
	w.target.access.bytes = span_of(access, len);
	assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
	while (http_source.next(w.source, &item) == ST_OK)
		denied += item.reason == COVER_DENIED;
	assert_int_equal(denied, 4);
	assert_non_null(strstr(w.server.seen->last, "/worn/5"));
	assert_null(strstr(w.server.seen->last, "Bearer"));
	end(&w);
}

static void
one_level_is_listed_for_who_chooses(void **state)
{
	struct source_item item;
	struct world w;
	size_t n = 0;

	(void)state;
	begin(&w, "/");
	w.target.browse = true;
	assert_int_equal(http_source.open(&w.target, &w.source), ST_OK);
	while (http_source.next(w.source, &item) == ST_OK)
		n++;
	assert_int_equal(n, 9);
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_site_is_walked_level_by_level),
	    cmocka_unit_test(a_walk_goes_on_where_it_stopped),
	    cmocka_unit_test(options_say_how_far_and_where),
	    cmocka_unit_test(a_folder_is_not_left),
	    cmocka_unit_test(trouble_with_the_target_is_said),
	    cmocka_unit_test(a_server_that_is_not_there_is_said),
	    cmocka_unit_test(
		a_token_that_ends_is_said_and_sent_three_times_more),
	    cmocka_unit_test(one_level_is_listed_for_who_chooses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
