#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/cloud/answer.h"
#include "proxy-agent/source/cloud/json.h"
#include "proxy-agent/source/web/web.h"

#define SLOW                                                                   \
	"HTTP/1.1 403 No\r\n\r\n{\"error\":{\"errors\":[{\"reason\":"          \
	"\"rateLimitExceeded\"}],\"message\":\"slow down\"}}"

struct place {
	struct source_world w;
	struct http *http;
	struct cloud_answer answer;
	char url[60];
};

static void
begin(struct place *p, const struct fake_page *pages)
{
	struct http_options o = {.limits = http_limits_default};

	memset(p, 0, sizeof(*p));
	source_world_begin(&p->w, &http_source, pages,
			   "http://127.0.0.1:PORT/");
	snprintf(p->url, sizeof(p->url), "http://127.0.0.1:%u/x",
		 p->w.server.port);
	o.site = p->w.target.path;
	o.limits.tries = 3;
	o.limits.pause_ms = o.limits.pause_max_ms = 1;
	assert_int_equal(http_open(&o, &p->http), ST_OK);
	p->answer = (struct cloud_answer){.http = p->http, .tries = 3};
}

static void
end(struct place *p)
{
	http_close(p->http);
	source_world_end(&p->w);
}

static enum status
ask(struct place *p, json_t **out)
{
	const struct http_request r = {.url = span_str(p->url),
				       .cap = CLOUD_PAGE};

	return cloud_answer_ask(&p->answer, &r, out);
}

static void
what_is_answered_is_json_or_trouble_that_is_told(void **state)
{
	static const struct {
		const char *answer;
		enum status st;
		const char *said;
	} rows[] = {
	    {FAKE_OK "{\"a\":1}", ST_OK, ""},
	    {FAKE_OK "[]", ST_OK, ""},
	    {FAKE_OK "{\"a\":", ST_MALFORMED, ""},
	    {FAKE_OK "", ST_MALFORMED, ""},
	    {FAKE_OK "7", ST_MALFORMED, ""},
	    {FAKE_OK "{\"a\":\"\xFF\"}", ST_MALFORMED, ""},
	    {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"a\":1}", ST_IO,
	     ""},
	    {"HTTP/1.1 404 No\r\n\r\n{\"error\":{\"message\":\"a\\u0007b\"}}",
	     ST_NOTFOUND, "answered 404: a"},
	    {"HTTP/1.1 403 No\r\n\r\n{\"error_summary\":\"%s%n\"}", ST_DENIED,
	     "answered 403: %s%n"},
	    {"HTTP/1.1 409 No\r\n\r\n{\"error_summary\":\"path/not_found/\"}",
	     ST_NOTFOUND, "path/not_found"},
	    {"HTTP/1.1 409 No\r\n\r\n{\"error_summary\":7}", ST_DENIED,
	     "answered 409"},
	    {"HTTP/1.1 400 No\r\n\r\n<html>", ST_DENIED, "answered 400"},
	    {FAKE_NO("401 No"), ST_DENIED, "answered 401"},
	    {FAKE_NO("429 No"), ST_AGAIN, "answered 429"},
	    {FAKE_NO("503 No"), ST_AGAIN, "answered 503"},
	    {SLOW, ST_DENIED, "answered 403: slow down"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/x", .answer = rows[i].answer}, {.path = NULL}};
		json_t *root = NULL;
		struct place p;

		begin(&p, pages);
		assert_int_equal(ask(&p, &root), rows[i].st);
		assert_int_equal(root != NULL, rows[i].st == ST_OK);
		assert_non_null(strstr(p.answer.said, rows[i].said));
		json_decref(root);
		end(&p);
	}
}

static void
a_wish_to_come_back_later_is_kept_so_often(void **state)
{
	static const struct {
		unsigned first;
		enum status st;
		unsigned asked;
	} rows[] = {{1, ST_OK, 2}, {2, ST_OK, 3}, {3, ST_DENIED, 3}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {{.path = "/x",
						   .first = rows[i].first,
						   .before = SLOW,
						   .answer = FAKE_OK "{}"},
						  {.path = NULL}};
		json_t *root = NULL;
		struct place p;

		begin(&p, pages);
		assert_int_equal(ask(&p, &root), rows[i].st);
		assert_int_equal(p.w.server.seen->all, rows[i].asked);
		json_decref(root);
		end(&p);
	}
}

/* Words of a service are for people: they are cut and hold no line. */
static void
words_of_any_length_are_cut(void **state)
{
	static char text[4000] = "HTTP/1.1 403 No\r\n\r\n{\"message\":\"a\\nb";
	const struct fake_page pages[] = {{.path = "/x", .answer = text},
					  {.path = NULL}};
	json_t *root = NULL;
	struct place p;
	size_t n = strlen(text);

	(void)state;
	memset(text + n, 'x', 3000);
	memcpy(text + n + 3000, "\"}", 3);
	begin(&p, pages);
	assert_int_equal(ask(&p, &root), ST_DENIED);
	assert_true(strlen(p.answer.said) < CLOUD_SAID);
	assert_null(strchr(p.answer.said, '\n'));
	end(&p);
}

static void
only_google_means_later_by_a_refusal(void **state)
{
	static const struct {
		unsigned code;
		const char *body;
		bool busy;
	} rows[] = {
	    {403,
	     "{\"error\":{\"errors\":[{\"reason\":"
	     "\"userRateLimitExceeded\"}]}}",
	     true},
	    {403, "{\"error\":{\"errors\":[{\"reason\":\"forbidden\"}]}}",
	     false},
	    {401,
	     "{\"error\":{\"errors\":[{\"reason\":"
	     "\"userRateLimitExceeded\"}]}}",
	     false},
	    {403, "{\"error\":{\"errors\":[]}}", false},
	    {403, "{\"error\":{\"errors\":{\"reason\":7}}}", false},
	    {403, "[]", false},
	    {403, "{\"error\":", false},
	    {403, "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(cloud_answer_busy(NULL, rows[i].code,
						   span_str(rows[i].body)),
				 rows[i].busy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_answered_is_json_or_trouble_that_is_told),
	    cmocka_unit_test(a_wish_to_come_back_later_is_kept_so_often),
	    cmocka_unit_test(words_of_any_length_are_cut),
	    cmocka_unit_test(only_google_means_later_by_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
