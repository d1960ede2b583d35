#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/url.h"

static void
same(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.ptr, want, got.len);
}

static void
a_target_falls_into_its_parts(void **state)
{
	static const struct {
		const char *target, *scheme, *user, *host;
		uint16_t port;
		const char *path, *query;
	} cases[] = {
	    {"sftp://ann@h:22/a/b", "sftp", "ann", "h", 22, "/a/b", ""},
	    {"sftp://h", "sftp", "", "h", 0, "", ""},
	    {"https://h?x=1", "https", "", "h", 0, "", "x=1"},
	    {"nfs://[fe80::1]:2049/e?version=4", "nfs", "", "fe80::1", 2049,
	     "/e", "version=4"},
	    {"sftp://a@b@h/", "sftp", "a@b", "h", 0, "/", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct url u;

		assert_int_equal(url_parse(span_str(cases[i].target), &u),
				 ST_OK);
		same(u.scheme, cases[i].scheme);
		same(u.user, cases[i].user);
		same(u.host, cases[i].host);
		assert_int_equal(u.port, cases[i].port);
		same(u.path, cases[i].path);
		same(u.query, cases[i].query);
	}
}

static void
what_is_no_target_is_refused(void **state)
{
	static const struct {
		const char *target;
		enum status want;
	} cases[] = {
	    {"/etc", ST_MALFORMED},
	    {"sftp:/h", ST_MALFORMED},
	    {"sftp://h:0/", ST_MALFORMED},
	    {"sftp://h:65536/", ST_MALFORMED},
	    {"sftp://h:x/", ST_MALFORMED},
	    {"sftp://[::1/", ST_MALFORMED},
	    {"sftp://[::1]x/", ST_MALFORMED},
	    {"sftp://ann:secret@h/", ST_DENIED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct url u;

		assert_int_equal(url_parse(span_str(cases[i].target), &u),
				 cases[i].want);
	}
}

static void
a_name_comes_back_from_the_path_it_was_put_into(void **state)
{
	static const char name[] = "100% of a?b#c\n\xe9\xff";
	struct buf there, back;

	(void)state;
	buf_init(&there, 256);
	buf_init(&back, 256);
	assert_int_equal(url_encode(span_str(name), &there), ST_OK);
	assert_null(memchr(there.data, '?', there.len));
	assert_int_equal(url_decode(buf_span(&there), &back), ST_OK);
	assert_true(span_eq(buf_span(&back), span_str(name)));
	buf_fini(&there);
	buf_fini(&back);
}

static void
the_query_gives_values_by_name(void **state)
{
	struct url u;

	(void)state;
	assert_int_equal(
	    url_parse(span_str("s3://b/p?endpoint=h%3A1&a=&b"), &u), ST_OK);
	same(url_query(&u, "endpoint"), "h%3A1");
	assert_non_null(url_query(&u, "a").ptr);
	assert_null(url_query(&u, "b").ptr);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_target_falls_into_its_parts),
	    cmocka_unit_test(what_is_no_target_is_refused),
	    cmocka_unit_test(a_name_comes_back_from_the_path_it_was_put_into),
	    cmocka_unit_test(the_query_gives_values_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
