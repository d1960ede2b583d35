#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/source_world.h"
#include "proxy-agent/source/azure/azure.h"
#include "proxy-agent/source/azure/site.h"

#define AT "azure://acc/c%2Fd/e?endpoint=http://127.0.0.1:PORT/r/"

struct place {
	struct source_world w;
	struct azure_site site;
	struct azure_answer got;
};

static enum status
begin(struct place *p, const struct fake_page *pages, const char *url,
      const char *name, const char *secret)
{
	memset(p, 0, sizeof(*p));
	source_world_begin(&p->w, &azure_source, pages, url);
	if (name != NULL)
		source_world_access(&p->w, name, secret);
	azure_answer_init(&p->got);
	return azure_site_open(&p->site, &p->w.target, "blob");
}

static void
end(struct place *p)
{
	azure_answer_fini(&p->got);
	azure_site_close(&p->site);
	source_world_end(&p->w);
}

static enum status
ask(struct place *p, const char *path)
{
	struct buf url;
	enum status st;

	buf_init(&url, 8192);
	assert_int_equal(buf_addf(&url, "%.*s%s", (int)p->site.endpoint.len,
				  (const char *)p->site.endpoint.data, path),
			 ST_OK);
	st = azure_site_sas(&p->site, &url);
	if (st == ST_OK)
		st = azure_site_ask(&p->site, buf_span(&url), &p->got);
	buf_fini(&url);
	return st;
}

static void
the_first_part_of_a_path_is_the_thing(void **state)
{
	static const struct fake_page none[] = {{.path = NULL}};
	struct span rest;
	struct place p;
	struct buf name;

	(void)state;
	buf_init(&name, 100);
	assert_int_equal(begin(&p, none, AT, NULL, NULL), ST_OK);
	assert_int_equal(azure_site_thing(&p.site, &name, &rest), ST_OK);
	assert_true(str_is(buf_span(&name), "c/d"));
	assert_true(str_is(rest, "e"));
	assert_true(str_is(buf_span(&p.site.root), "azure://acc/"));
	assert_true(str_ends(buf_span(&p.site.endpoint), "/r"));
	buf_fini(&name);
	end(&p);
}

static void
each_way_in_sends_its_own_secret_and_no_other(void **state)
{
	static const struct {
		const char *name, *secret, *has, *lacks;
	} rows[] = {
	    {NULL, NULL, "x-ms-version: 2020", "Authorization"},
	    {"password",
	     "bWFkZSB1cA==", "Authorization: SharedKey acc:", "bWFkZSB1cA"},
	    {"token", "?sv=1&sig=a%2Fb", "GET /r/x?sv=1&sig=a%2Fb HTTP",
	     "Authorization"},
	};
	static const struct fake_page pages[] = {
	    {.path = "/r/x", .answer = FAKE_OK "1"},
	    {.path = "/r/x?sv=1&sig=a%2Fb", .answer = FAKE_OK "1"},
	    {.path = NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		assert_int_equal(
		    begin(&p, pages, AT, rows[i].name, rows[i].secret), ST_OK);
		assert_int_equal(ask(&p, "/x"), ST_OK);
		assert_true(str_is(buf_span(&p.got.body), "1"));
		assert_non_null(strstr(p.w.server.seen->last, rows[i].has));
		assert_null(strstr(p.w.server.seen->last, rows[i].lacks));
		end(&p);
	}
}

static void
a_key_that_is_none_is_not_sent(void **state)
{
	static const struct fake_page pages[] = {{.path = NULL}};
	struct place p;

	(void)state;
	assert_int_equal(begin(&p, pages, AT, "password", "no base64!"), ST_OK);
	assert_int_not_equal(ask(&p, "/x"), ST_OK);
	assert_int_equal(p.w.server.seen->all, 0);
	end(&p);
}

/* 127.0.0.1 is this host, 192.0.2.1 (RFC 5737) is not. */
static void
a_sas_does_not_cross_a_network_in_clear(void **state)
{
	static const struct fake_page none[] = {{.path = NULL}};
	struct place p;

	(void)state;
	assert_int_equal(begin(&p, none,
			       "azure://acc/c?endpoint=http://192.0.2.1/r",
			       "token", "sv=1&sig=made-up"),
			 ST_USAGE);
	assert_non_null(strstr(source_world_why(&p.w), "the SAS"));
	assert_null(strstr((char *)p.w.why.data, "made-up"));
	end(&p);
}

static void
what_an_answer_means_is_said_with_its_code(void **state)
{
	static const struct {
		const char *answer;
		enum status st;
		const char *why;
	} rows[] = {
	    {"HTTP/1.1 403 No\r\nx-ms-error-code: AuthFailed\r\n\r\n",
	     ST_DENIED, "(AuthFailed)"},
	    {FAKE_NO("403 No"), ST_DENIED, "(it says no more)"},
	    {FAKE_NO("401 No"), ST_DENIED, "key or SAS"},
	    {FAKE_NO("400 No"), ST_IO, "did not understand"},
	    {FAKE_NO("404 No"), ST_NOTFOUND, "nothing of that name"},
	    {FAKE_NO("503 No"), ST_AGAIN, "503"},
	    {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", ST_IO, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/r/x", .answer = rows[i].answer}, {.path = NULL}};
		struct place p;

		assert_int_equal(begin(&p, pages, AT, NULL, NULL), ST_OK);
		assert_int_equal(ask(&p, "/x"), rows[i].st);
		azure_site_why(&p.site, &p.w.target, &p.got);
		assert_non_null(strstr(source_world_why(&p.w), rows[i].why));
		end(&p);
	}
}

/* A name of an error that is too long is cut, a header that lacks is empty. */
static void
headers_of_any_length_are_kept_within_their_limits(void **state)
{
	char answer[700] = "HTTP/1.1 403 No\r\nx-ms-error-code: ";
	const struct fake_page pages[] = {{.path = "/r/x", .answer = answer},
					  {.path = NULL}};
	struct buf value;
	const struct azure_want want = {"x-none", &value};
	struct place p;

	(void)state;
	for (size_t n = strlen(answer), i = 0; i < 500; i++)
		answer[n + i] = 'e';
	strncat(answer, "\r\n\r\n", 5);
	buf_init(&value, 10);
	assert_int_equal(buf_add_str(&value, "before"), ST_OK);
	assert_int_equal(begin(&p, pages, AT, NULL, NULL), ST_OK);
	p.got.want = &want;
	p.got.wants = 1;
	assert_int_equal(ask(&p, "/x"), ST_DENIED);
	assert_true(strlen(p.got.error) < sizeof(p.got.error));
	assert_int_equal(value.len, 0);
	buf_fini(&value);
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_first_part_of_a_path_is_the_thing),
	    cmocka_unit_test(each_way_in_sends_its_own_secret_and_no_other),
	    cmocka_unit_test(a_key_that_is_none_is_not_sent),
	    cmocka_unit_test(a_sas_does_not_cross_a_network_in_clear),
	    cmocka_unit_test(what_an_answer_means_is_said_with_its_code),
	    cmocka_unit_test(
		headers_of_any_length_are_kept_within_their_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
