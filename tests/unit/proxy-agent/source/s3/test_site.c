#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/source_world.h"
#include "proxy-agent/source/s3/s3.h"
#include "proxy-agent/source/s3/site.h"

#define HERE "&endpoint=http://127.0.0.1:PORT/"

static const struct fake_page none[] = {{.path = NULL}};

struct place {
	struct source_world w;
	struct s3_site site;
	struct buf text, region;
};

static enum status
begin(struct place *p, const struct fake_page *pages, const char *target)
{
	struct url u;

	memset(p, 0, sizeof(*p));
	source_world_begin(&p->w, &s3_source, pages, target);
	source_world_access(&p->w, "user", "AKIDMADEUP");
	source_world_access(&p->w, "password", "made up");
	buf_init(&p->text, 1000);
	buf_init(&p->region, 100);
	assert_int_equal(url_parse(p->w.target.path, &u), ST_OK);
	return s3_site_open(&p->site, &p->w.target, &u);
}

static void
end(struct place *p)
{
	s3_site_close(&p->site);
	source_world_end(&p->w);
	buf_fini(&p->text);
	buf_fini(&p->region);
}

static void
where_a_bucket_stands_follows_from_its_options(void **state)
{
	static const struct {
		const char *target, *url;
	} rows[] = {
	    {"s3://bu/", "https://bu.s3.us-east-1.amazonaws.com"},
	    {"s3://bu/?region=eu-x-2", "https://bu.s3.eu-x-2.amazonaws.com"},
	    {"s3://b.u/", "https://s3.us-east-1.amazonaws.com/b.u"},
	    {"s3://bu/?style=path", "https://s3.us-east-1.amazonaws.com/bu"},
	    {"s3://bu/?endpoint=https://h:9/x/", "https://h:9/bu"},
	    {"s3://bu/?endpoint=https://h&style=host", "https://bu.h"},
	    {"s3://b'%25/?endpoint=https://h", "https://h/b%27%2525"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		assert_int_equal(begin(&p, none, rows[i].target), ST_OK);
		assert_int_equal(s3_site_add(&p.site, &p.text), ST_OK);
		assert_int_equal(buf_add_byte(&p.text, 0), ST_OK);
		assert_string_equal((char *)p.text.data, rows[i].url);
		end(&p);
	}
}

static void
an_endpoint_that_is_none_is_refused(void **state)
{
	static const char *const targets[] = {"s3://bu/?endpoint=h",
					      "s3://bu/?endpoint=ftp://h",
					      "s3://bu/?endpoint=https://"};

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct place p;

		assert_int_equal(begin(&p, none, targets[i]), ST_USAGE);
		assert_non_null(strstr(source_world_why(&p.w), "endpoint"));
		end(&p);
	}
}

/* The host of Amazon is made of it: it must not name another one. */
static void
only_what_is_a_region_moves_the_site(void **state)
{
	static const struct {
		unsigned code;
		const char *region;
		bool moves;
	} rows[] = {
	    {301, "eu-west-3", true},  {400, "eu-west-3", true},
	    {403, "eu-west-3", true},  {404, "eu-west-3", false},
	    {200, "eu-west-3", false}, {301, "", false},
	    {301, "us-east-1", false}, {301, "x.evil.example/", false},
	    {301, "x@evil", false},    {301, "EU", false},
	    {301, "x evil", false},    {301, "a/b", false},
	    {301, "a%2Fb", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		assert_int_equal(begin(&p, none, "s3://bu/"), ST_OK);
		assert_int_equal(s3_site_move(&p.site, rows[i].code,
					      span_str(rows[i].region)),
				 rows[i].moves);
		assert_int_equal(s3_site_add(&p.site, &p.text), ST_OK);
		assert_int_equal(
		    str_is(buf_span(&p.text),
			   "https://bu.s3.eu-west-3.amazonaws.com"),
		    rows[i].moves);
		end(&p);
	}
}

static void
another_store_keeps_its_address_whatever_region_it_names(void **state)
{
	struct place p;

	(void)state;
	assert_int_equal(begin(&p, none, "s3://bu/?endpoint=https://h"), ST_OK);
	assert_true(s3_site_move(&p.site, 301, span_str("eu-west-3")));
	assert_int_equal(s3_site_add(&p.site, &p.text), ST_OK);
	assert_true(str_is(buf_span(&p.text), "https://h/bu"));
	end(&p);
}

static void
an_answer_is_fetched_signed_and_within_its_room(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = "/bu",
	     .answer = "HTTP/1.1 301 To\r\nx-amz-bucket-region: eu-x-2\r\n\r\n"
		       "<Error/>"},
	    {.path = "/large", .answer = FAKE_OK, .filler = 1001},
	    {.path = "/cut",
	     .answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"},
	    {.path = NULL}};
	static const struct {
		const char *path;
		enum status st;
		unsigned code;
	} rows[] = {{"bu", ST_OK, 301},
		    {"large", ST_LIMIT, 200},
		    {"cut", ST_IO, 200},
		    {"none", ST_OK, 404}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char url[80];
		unsigned code = 0;
		struct place p;

		assert_int_equal(begin(&p, pages, "s3://bu/?x" HERE), ST_OK);
		snprintf(url, sizeof(url), "http://127.0.0.1:%u/%s",
			 p.w.server.port, rows[i].path);
		assert_int_equal(s3_site_fetch(&p.site, span_str(url), &p.text,
					       &p.region, &code),
				 rows[i].st);
		assert_int_equal(code, rows[i].code);
		assert_int_equal(str_is(buf_span(&p.region), "eu-x-2"), i == 0);
		assert_non_null(
		    strstr(p.w.server.seen->last, "Credential=AKIDMADEUP/"));
		assert_null(strstr(p.w.server.seen->last, "made up"));
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(where_a_bucket_stands_follows_from_its_options),
	    cmocka_unit_test(an_endpoint_that_is_none_is_refused),
	    cmocka_unit_test(only_what_is_a_region_moves_the_site),
	    cmocka_unit_test(
		another_store_keeps_its_address_whatever_region_it_names),
	    cmocka_unit_test(an_answer_is_fetched_signed_and_within_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
