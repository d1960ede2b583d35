#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "master/core/address.h"

static void
an_address_is_taken_when_its_kind_is_known_and_no_secret_is_in_it(void **state)
{
	static const struct {
		const char *url;
		enum status want;
	} cases[] = {
	    {"sftp://svc@files.example/srv", ST_OK},
	    {"sftp://svc@[2001:db8::7]:2222/srv/a b", ST_OK},
	    {"s3://bucket/prefix?endpoint=https://s3.example&region=eu", ST_OK},
	    {"https://www.example/", ST_OK},
	    {"sftp://svc:hunter2@files.example/srv", ST_DENIED},
	    {"s3://bucket/x?secret=hunter2", ST_DENIED},
	    {"s3://bucket/x?region=eu&Access_Key=hunter2", ST_DENIED},
	    {"https://www.example/?a=1;TOKEN=hunter2", ST_DENIED},
	    {"s3://bucket/x?endpoint=https://a:hunter2@s3.example", ST_DENIED},
	    {"gopher://files.example/", ST_UNSUPPORTED},
	    {"files.example", ST_MALFORMED},
	    {"sftp:///srv", ST_MALFORMED},
	    {"sftp://files.example/\n", ST_MALFORMED},
	    {"sftp://files.example/\xff", ST_MALFORMED},
	    {"", ST_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct kind *kind = NULL;
		struct buf why;
		enum status st;

		buf_init(&why, 1000);
		st = address_check(span_str(cases[i].url), &kind, &why);
		if (st != cases[i].want)
			fail_msg("%s: %s", cases[i].url, status_name(st));
		assert_int_equal(why.len == 0, st == ST_OK);
		assert_int_equal(kind != NULL && st == ST_OK, st == ST_OK);
		if (why.len > 0)
			assert_null(memmem(why.data, why.len, "hunter2", 7));
		buf_fini(&why);
	}
}

static void
an_option_is_one_of_its_kind_and_holds_no_secret(void **state)
{
	static const struct {
		const char *name, *value;
		enum status want;
	} cases[] = {
	    {"exclude", "*.iso,*.img", ST_OK},
	    {"host_key", "SHA256:AAAA", ST_OK},
	    {"exclude", "", ST_OK},
	    {"accept_host_key", "yes", ST_DENIED},
	    {"colour", "red", ST_UNSUPPORTED},
	    {"", "red", ST_UNSUPPORTED},
	    {"password", "hunter2", ST_DENIED},
	    {"Client_Secret", "hunter2", ST_DENIED},
	    {"agent", "hunter2", ST_DENIED}, /* part of its credential */
	    {"exclude", "x -----BEGIN hunter2", ST_DENIED},
	    {"exclude", "https://a:hunter2@b.example/", ST_DENIED},
	    {"exclude", "two\nlines", ST_MALFORMED},
	};
	const struct kind *sftp = kind_find(span_str("sftp"));

	(void)state;
	assert_non_null(sftp);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf why;
		enum status st;

		buf_init(&why, 1000);
		st = address_option(sftp, span_str(cases[i].name),
				    span_str(cases[i].value), &why);
		if (st != cases[i].want)
			fail_msg("%s=%s: %s", cases[i].name, cases[i].value,
				 status_name(st));
		if (why.len > 0)
			assert_null(memmem(why.data, why.len, "hunter2", 7));
		buf_fini(&why);
	}
}

static void
its_name_is_the_address_without_scheme_user_and_query(void **state)
{
	static const struct {
		const char *url, *want;
	} cases[] = {
	    {"sftp://svc@files.example/srv/", "files.example/srv"},
	    {"sftp://files.example", "files.example"},
	    {"s3://bucket/a@b?region=eu", "bucket/a@b"},
	    {"imaps://a@b@mail.example/", "b@mail.example"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(str_is(address_name(span_str(cases[i].url)),
				   cases[i].want));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_address_is_taken_when_its_kind_is_known_and_no_secret_is_in_it),
	    cmocka_unit_test(an_option_is_one_of_its_kind_and_holds_no_secret),
	    cmocka_unit_test(
		its_name_is_the_address_without_scheme_user_and_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
