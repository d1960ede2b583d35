#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake/fake_http.h"
#include "proxy-agent/source/dav/dav.h"

#define MULTI_HEAD                                                             \
	"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n"
#define MULTI_BODY "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\">"
#define MULTI      MULTI_HEAD "\r\n" MULTI_BODY
#define FOLDER(href)                                                           \
	"<d:response><d:href>" href "</d:href><d:propstat><d:prop>"            \
	"<d:resourcetype><d:collection/></d:resourcetype></d:prop>"            \
	"</d:propstat></d:response>"
#define FILE_(href, size)                                                      \
	"<d:response><d:href>" href "</d:href><d:propstat><d:prop>"            \
	"<d:resourcetype/><d:getcontentlength>" size "</d:getcontentlength>"   \
	"</d:prop></d:propstat></d:response>"
#define TAGGED(href, etag)                                                     \
	"<d:response><d:href>" href "</d:href><d:propstat><d:prop>"            \
	"<d:resourcetype/><d:getcontentlength>1</d:getcontentlength>"          \
	"<d:getetag>" etag "</d:getetag></d:prop></d:propstat></d:response>"
#define END   "</d:multistatus>"
#define BYTES "HTTP/1.1 200 OK\r\n\r\n"
#define OVER                                                                   \
	"HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer "                         \
	"error=\"invalid_token\"\r\n\r\n"

static const struct fake_page pages[] = {
    {.path = "/t/",
     .needs = "Depth: 1\r\n",
     .refuses = "HTTP/1.1 400 No\r\n\r\n",
     .answer = MULTI FOLDER("/t/sub") FILE_("/t/b%20%c3%a9.txt", "1") FOLDER(
	 "/t/") FILE_("http://other.example/t/a", "1") FILE_("/t/empty", "0")
	 FOLDER("/t/a.d/") FILE_("/t/sub/deeper", "1") FILE_("/outside", "1")
	     FOLDER("/t/shut/") END},
    {.path = "/t/a.d/", .answer = MULTI FOLDER("/t/a.d/") END},
    {.path = "/t/sub/",
     .answer = MULTI FOLDER("/t/sub/") FILE_("/t/sub/y", "1")
	 FILE_("/t/sub/x", "1") END},
    {.path = "/t/shut/", .answer = "HTTP/1.1 403 No\r\n\r\n"},
    {.path = "/t/sub",
     .answer = "HTTP/1.1 301 There\r\nLocation: /t/sub/\r\n\r\n"},
    {.path = "/t/a", .answer = MULTI FILE_("/t/a", "1") END},
    {.path = "/t/b%20%C3%A9.txt", .answer = BYTES "B"},
    {.path = "/t/sub/x", .answer = BYTES "X"},
    {.path = "/t/sub/y", .answer = BYTES "Y"},
    {.path = "/worn/",
     .answer = MULTI FOLDER("/worn/") FILE_("/worn/a", "1")
	 FILE_("/worn/b", "1") FILE_("/worn/c", "1") FILE_("/worn/d", "1")
	     FILE_("/worn/e", "1") FILE_("/worn/f", "1") FILE_("/worn/g", "1")
		 FOLDER("/worn/sub/") END},
    {.path = "/worn/a", .answer = BYTES "A"},
    {.path = "/worn/d",
     .needs = "Authorization: Bearer",
     .refuses = OVER,
     .answer = BYTES "D"},
    {.path = "/worn/*", .answer = OVER},
    {.path = "/html/", .answer = BYTES "<html>hello</html>"},
    {.path = "/torn/", .answer = MULTI FOLDER("/torn/")},
    {.path = "/cut/",
     .first = 1,
     .before = MULTI_HEAD "Content-Length: 5000\r\n\r\n" MULTI_BODY FOLDER(
	 "/cut/") FILE_("/cut/x", "1") FILE_("/cut/y", "1"),
     .answer = MULTI FOLDER("/cut/") FILE_("/cut/x", "1") END},
    {.path = "/cut/x", .answer = BYTES "X"},
    {.path = "/tags/",
     .answer = MULTI FOLDER("/tags/") TAGGED("/tags/s", "\"s1\"")
	 TAGGED("/tags/w", "W/\"w1\"") END},
    {.path = "/tags/s", .answer = BYTES "X"},
    {.path = "/tags/w", .answer = BYTES "X"},
    {.path = "/bomb/",
     .answer = "HTTP/1.1 207 OK\r\n\r\n<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"},
    {.path = NULL},
};

struct world {
	struct fake_http server;
	char url[200], root[60];
	uint8_t access[200], options[200];
	struct source_target target;
	struct source *source;
	struct buf why, got;
};

static void
pair(uint8_t *to, struct pairs *p, const char *name, const char *value)
{
	size_t n = p->bytes.len;

	assert_int_equal(
	    pairs_add(to, 200, &n, span_str(name), span_str(value)), ST_OK);
	p->bytes = span_of(to, n);
}

static void
begin(struct world *w, const char *path)
{
	memset(w, 0, sizeof(*w));
	fake_http_start(&w->server, pages);
	snprintf(w->root, sizeof(w->root), "dav://127.0.0.1:%u",
		 w->server.port);
	snprintf(w->url, sizeof(w->url), "%s%s", w->root, path);
	buf_init(&w->why, 1000);
	buf_init(&w->got, 10000);
	w->target.path = span_str(w->url);
	w->target.why = &w->why;
	pair(w->options, &w->target.options, "pause", "1ms");
}

static void
end(struct world *w)
{
	dav_source.close(w->source);
	fake_http_stop(&w->server);
	buf_fini(&w->why);
	buf_fini(&w->got);
}

/* "path=content" or "path:reason" of each, a line each. */
static void
walk(struct world *w, struct buf *last)
{
	struct source_item item;
	char piece[64];
	size_t got;

	assert_int_equal(dav_source.open(&w->target, &w->source), ST_OK);
	while (dav_source.next(w->source, &item) == ST_OK) {
		struct span p = span_skip(item.path, strlen(w->root));

		assert_int_equal(buf_add(&w->got, p.ptr, p.len), ST_OK);
		if (last != NULL) {
			buf_clear(last);
			assert_int_equal(dav_source.cursor(w->source, last),
					 ST_OK);
		}
		if (item.reason != COVER_OK) {
			assert_int_equal(
			    buf_addf(&w->got, ":%s\n", cover_name(item.reason)),
			    ST_OK);
			continue;
		}
		got = 0;
		if (!w->target.browse)
			assert_int_equal(dav_source.read(w->source, piece,
							 sizeof(piece), &got),
					 ST_OK);
		assert_int_equal(buf_addf(&w->got, "=%.*s\n", (int)got, piece),
				 ST_OK);
	}
	assert_int_equal(buf_add_byte(&w->got, 0), ST_OK);
}

static void
files_come_before_folders_and_each_is_read_once(void **state)
{
	struct world w;
	char *answer;

	(void)state;
	begin(&w, "/t/");
	walk(&w, NULL);
	/* the fake has one page for an address, whatever is asked of it */
	answer = strstr((char *)w.got.data, "<?xml");
	assert_non_null(answer);
	assert_non_null(strstr(answer, "\n/t/b \xC3\xA9.txt=B\n/t/empty=\n"
				       "/t/shut/:denied\n/t/sub/x=X\n"
				       "/t/sub/y=Y\n"));
	end(&w);
}

static void
what_a_target_names_is_all_that_is_read(void **state)
{
	static const struct {
		const char *path, *cursor, *want;
		bool browse;
	} cases[] = {
	    {"/t/sub/", "", "/t/sub/x=X\n/t/sub/y=Y\n", false},
	    {"/t/sub", "", "/t/sub/x=X\n/t/sub/y=Y\n", false},
	    {"/cut/", "", "/cut/x=X\n", false},
	    {"/t/", "/t/empty", "/t/shut/:denied\n/t/sub/x=X\n/t/sub/y=Y\n",
	     false},
	    {"/t/", "/t/shut/\n", "/t/sub/x=X\n/t/sub/y=Y\n", false},
	    {"/t/", "/t/sub/x", "/t/sub/y=Y\n", false},
	    {"/t/", "/t/sub/y", "", false},
	    {"/t/", "/t/gone/x", "/t/shut/:denied\n/t/sub/x=X\n/t/sub/y=Y\n",
	     false},
	    {"/t/", "",
	     "/t/a=\n/t/b \xC3\xA9.txt=\n/t/empty=\n/t/a.d/=\n/t/shut/=\n"
	     "/t/sub/=\n",
	     true},
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, cases[i].path);
		w.target.browse = cases[i].browse;
		w.target.cursor = span_str(cases[i].cursor);
		walk(&w, NULL);
		assert_string_equal((const char *)w.got.data, cases[i].want);
		end(&w);
	}
}

static bool
has_none(const void *arg, struct span path, struct span version)
{
	(void)arg;
	(void)path;
	(void)version;
	return false;
}

/* Neither has a time: only a strong ETag tells. */
static void
a_strong_etag_is_a_version_and_a_weak_one_is_none(void **state)
{
	const struct source_known known = {.has = has_none};
	struct source_item item;
	struct world w;

	(void)state;
	begin(&w, "/tags/");
	w.target.known = &known;
	assert_int_equal(dav_source.open(&w.target, &w.source), ST_OK);
	assert_int_equal(dav_source.next(w.source, &item), ST_OK);
	assert_non_null(
	    memmem(item.version.ptr, item.version.len, "\"s1\"", 4));
	assert_int_equal(dav_source.next(w.source, &item), ST_OK);
	assert_int_equal(item.version.len, 0);
	end(&w);
}

static void
one_file_is_a_target_too(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "/t/a");
	w.target.browse = true;
	walk(&w, NULL);
	assert_string_equal((const char *)w.got.data, "/t/a=\n");
	end(&w);
}

static void
any_position_goes_on_behind_it(void **state)
{
	struct world w, v;
	struct buf last;

	(void)state;
	buf_init(&last, 1000);
	begin(&w, "/t/");
	walk(&w, &last);
	begin(&v, "/t/");
	v.target.cursor = buf_span(&last);
	walk(&v, NULL);
	assert_string_equal((const char *)v.got.data, "");
	end(&v);
	end(&w);
	buf_fini(&last);
}

/* Three times in a row, whatever else is refused. */
static void
a_token_that_ends_goes_out_three_times_more(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "/worn/");
	pair(w.options, &w.target.options, "sessions", "1");
	pair(w.access, &w.target.access, "token", "made up");
	walk(&w, NULL);
	assert_string_equal((const char *)w.got.data,
			    "/worn/a=A\n/worn/b:denied\n/worn/c:denied\n"
			    "/worn/d=D\n/worn/e:denied\n/worn/f:denied\n"
			    "/worn/g:denied\n/worn/sub/:denied\n");
	assert_int_equal(w.server.seen->all, 9);
	assert_non_null(strstr(w.server.seen->last, "/worn/sub/"));
	assert_null(strstr(w.server.seen->last, "Bearer"));
	end(&w);
}

static void
what_does_not_speak_it_is_said(void **state)
{
	static const struct {
		const char *path, *why;
	} cases[] = {
	    {"/html/", "does not speak WebDAV"},
	    {"/torn/", "does not speak WebDAV"},
	    {"/bomb/", "does not speak WebDAV"},
	    {"/t/shut/", "does not let this user"},
	    {"/nothing/", "no such folder"},
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&w, cases[i].path);
		assert_int_not_equal(dav_source.open(&w.target, &w.source),
				     ST_OK);
		assert_int_equal(buf_add_byte(&w.why, 0), ST_OK);
		assert_non_null(strstr((const char *)w.why.data, cases[i].why));
		end(&w);
	}
}

static void
a_password_goes_in_clear_to_this_host_alone(void **state)
{
	static const char *const paths[] = {"dav://dav.example/",
					    "dav://127.0.0.1.example/",
					    "dav://10.1.2.3/"};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		begin(&w, "/t/");
		pair(w.access, &w.target.access, "user", "ann");
		pair(w.access, &w.target.access, "password", "made up");
		w.target.path = span_str(paths[i]);
		assert_int_equal(dav_source.open(&w.target, &w.source),
				 ST_USAGE);
		assert_true(w.why.len > 0);
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_come_before_folders_and_each_is_read_once),
	    cmocka_unit_test(what_a_target_names_is_all_that_is_read),
	    cmocka_unit_test(a_strong_etag_is_a_version_and_a_weak_one_is_none),
	    cmocka_unit_test(one_file_is_a_target_too),
	    cmocka_unit_test(any_position_goes_on_behind_it),
	    cmocka_unit_test(a_token_that_ends_goes_out_three_times_more),
	    cmocka_unit_test(what_does_not_speak_it_is_said),
	    cmocka_unit_test(a_password_goes_in_clear_to_this_host_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
