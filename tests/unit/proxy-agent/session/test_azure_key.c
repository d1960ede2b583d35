#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/session/azure_key.h"

#define DATE    "Sun, 22 Nov 2026 10:11:12 GMT"
#define HEADERS "x-ms-date:" DATE "\nx-ms-version:2020-10-02\n"
#define LIST    "https://h/c?restype=container&comp=list&prefix=a%2Fb%20c"

static struct azure_request
request(const char *url)
{
	return (struct azure_request){.url = span_str(url),
				      .date = span_str(DATE),
				      .version = span_str("2020-10-02")};
}

static void
what_is_signed_is_what_the_reference_says(void **state)
{
	static const struct {
		const char *url, *want;
		bool table, lite, range;
	} cases[] = {
	    /* parameters by name, each on its line, not escaped */
	    {LIST,
	     "GET\n\n\n\n\n\n\n\n\n\n\n\n" HEADERS
	     "/acc/c\ncomp:list\nprefix:a/b c\nrestype:container",
	     false, false, false},
	    /* a range is signed, and the version it is asked of */
	    {"https://h/c/x",
	     "GET\n\n\n\n\n\n\n\n\"0x1\"\n\n\nbytes=5-\n" HEADERS "/acc/c/x",
	     false, false, true},
	    /* what has no path has one; an emulator's begins with the name */
	    {"https://h?comp=list",
	     "GET\n\n\n\n\n\n\n\n\n\n\n\n" HEADERS "/acc/\ncomp:list", false,
	     false, false},
	    {"http://127.0.0.1:1/acc/c/%C3%A9",
	     "GET\n\n\n\n\n\n\n\n\n\n\n\n" HEADERS "/acc/acc/c/%C3%A9", false,
	     false, false},
	    {LIST, "GET\n\n\n\n" HEADERS "/acc/c?comp=list", false, true,
	     false},
	    {"https://h/T()?$top=3", "GET\n\n\n" DATE "\n/acc/T()", true, false,
	     false},
	    {"https://h/T()?$top=3", DATE "\n/acc/T()", true, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct azure_key k = {.account = span_str("acc"),
					    .table = cases[i].table,
					    .lite = cases[i].lite};
		struct azure_request r = request(cases[i].url);
		struct buf to;

		if (cases[i].range) {
			r.range = span_str("bytes=5-");
			r.if_match = span_str("\"0x1\"");
		}
		buf_init(&to, 4096);
		assert_int_equal(azure_key_text(&k, &r, &to), ST_OK);
		assert_int_equal(buf_add_byte(&to, 0), ST_OK);
		assert_string_equal((const char *)to.data, cases[i].want);
		buf_fini(&to);
	}
}

/* HMAC-SHA256 of the text with the key "made up", by another program. */
static void
a_signature_is_the_one_that_others_make(void **state)
{
	const struct azure_key k = {.account = span_str("acc"),
				    .key = span_str("bWFkZSB1cA=="),
				    .table = true,
				    .lite = true};
	struct azure_request r = request("https://h/T()");
	struct buf to;

	(void)state;
	buf_init(&to, 4096);
	assert_int_equal(azure_key_sign(&k, &r, &to), ST_OK);
	assert_int_equal(buf_add_byte(&to, 0), ST_OK);
	assert_string_equal(
	    (const char *)to.data,
	    "SharedKeyLite acc:5Q/gf4253LT0mTSc0KH7OkmIpk8dxMtyovPvLnK2uXk=");
	buf_fini(&to);
}

static void
what_is_no_key_signs_nothing(void **state)
{
	static const struct {
		const char *key, *url;
	} cases[] = {
	    {"no base64!", "https://h/T()"},
	    {"bWFkZSB1cA==", "nowhere"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct azure_key k = {.account = span_str("acc"),
					    .key = span_str(cases[i].key)};
		struct azure_request r = request(cases[i].url);
		struct buf to;

		buf_init(&to, 4096);
		assert_int_equal(azure_key_sign(&k, &r, &to), ST_MALFORMED);
		assert_int_equal(to.len, 0);
		buf_fini(&to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_signed_is_what_the_reference_says),
	    cmocka_unit_test(a_signature_is_the_one_that_others_make),
	    cmocka_unit_test(what_is_no_key_signs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
