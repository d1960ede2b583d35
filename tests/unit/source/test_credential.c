#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/credential.h"
#include "source/pairs.h"

#define ROOM 256

static enum status
pick(const char *json, const char *target, uint8_t *to, struct pairs *w)
{
	const char *why;
	size_t len = 0;
	enum status st = credential_pick(span_str(json), span_str(target), to,
					 ROOM, &len, &why);

	*w = (struct pairs){span_of(to, len)};
	assert_true(st != ST_OK || pairs_check(w->bytes));
	assert_true(st != ST_MALFORMED || why[0] != 0);
	return st;
}

static void
one_object_is_for_every_target(void **state)
{
	uint8_t room[ROOM];
	struct pairs w;

	(void)state;
	assert_int_equal(pick(" {\"user\":\"ann\", \"password\" : \"a\\\"b"
			      "\\u00e9\\ud83d\\ude00\", \"port\":22,"
			      "\"agent\":true, \"token\":null}\n",
			      "sftp://h/", room, &w),
			 ST_OK);
	assert_true(span_eq(pairs_find(w, "user"), span_str("ann")));
	assert_true(span_eq(pairs_find(w, "password"),
			    span_str("a\"b\xc3\xa9\xf0\x9f\x98\x80")));
	assert_true(span_eq(pairs_find(w, "port"), span_str("22")));
	assert_true(span_eq(pairs_find(w, "agent"), span_str("true")));
	assert_null(pairs_find(w, "token").ptr);
}

static void
of_several_the_longest_that_fits_is_taken_and_no_other(void **state)
{
	static const char json[] =
	    "{\"sftp://h/\":{\"user\":\"short\",\"key\":\"of short\"},"
	    "\"sftp://h/a/\":{\"user\":\"long\"},"
	    "\"sftp://x/\":{\"user\":\"other\"}}";
	uint8_t room[ROOM];
	struct pairs w;

	(void)state;
	assert_int_equal(pick(json, "sftp://h/a/b", room, &w), ST_OK);
	assert_true(span_eq(pairs_find(w, "user"), span_str("long")));
	assert_null(pairs_find(w, "key").ptr);
	assert_int_equal(pick(json, "sftp://h/b", room, &w), ST_OK);
	assert_true(span_eq(pairs_find(w, "user"), span_str("short")));
	assert_true(span_eq(pairs_find(w, "key"), span_str("of short")));
	assert_int_equal(pick(json, "sftp://y/", room, &w), ST_NOTFOUND);
}

static void
what_is_not_a_credential_is_refused(void **state)
{
	static const struct {
		const char *json;
		enum status want;
	} cases[] = {
	    {"", ST_MALFORMED},
	    {"[]", ST_MALFORMED},
	    {"{", ST_MALFORMED},
	    {"{\"a\"}", ST_MALFORMED},
	    {"{\"a\":}", ST_MALFORMED},
	    {"{\"a\":[1]}", ST_MALFORMED},
	    {"{\"a\":\"x}", ST_MALFORMED},
	    {"{\"a\":\"\\x\"}", ST_MALFORMED},
	    {"{\"a\":\"\\ud800\"}", ST_MALFORMED},
	    {"{\"a\":1} x", ST_MALFORMED},
	    {"{\"\":1}", ST_MALFORMED},
	    {"{\"a\":1,}", ST_MALFORMED},
	    {"{\"a\":1,\"sftp://h/\":{}}", ST_MALFORMED},
	    {"{\"sftp://h/\":{\"a\":{}}}", ST_MALFORMED},
	    {"{}", ST_NOTFOUND},
	};
	uint8_t room[ROOM];
	struct pairs w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(pick(cases[i].json, "sftp://h/", room, &w),
				 cases[i].want);
}

static void
it_never_writes_behind_its_room(void **state)
{
	static const char json[] = "{\"user\":\"0123456789\",\"b\":12345}";
	uint8_t room[64];
	const char *why;

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		size_t len = 0;
		enum status st;

		memset(room, 0x5a, sizeof(room));
		st = credential_pick(span_str(json), span_str("x://"), room, n,
				     &len, &why);
		assert_true(st == ST_OK ? len <= n : st == ST_LIMIT);
		for (size_t i = n; i < sizeof(room); i++)
			assert_int_equal(room[i], 0x5a);
	}
}

/* ---- all of a file ---- */

struct seen {
	size_t count;
	char scopes[256];
};

static enum status
see(void *arg, struct span scope, struct pairs values)
{
	struct seen *s = arg;

	assert_true(pairs_check(values.bytes));
	assert_int_equal(pairs_find(values, "user").len, 3);
	memcpy(s->scopes + strlen(s->scopes), scope.ptr, scope.len);
	s->count++;
	return s->count == 3 ? ST_DENIED : ST_OK;
}

static void
each_scope_comes_with_its_values(void **state)
{
	static const struct {
		const char *json, *scopes;
		enum status want;
	} cases[] = {
	    {"{}", "", ST_OK},
	    {" { \"a\" : {\"user\":\"ann\"} , \"b\":{\"user\":\"bob\"}}", "ab",
	     ST_OK},
	    {"{\"a\":{\"user\":\"ann\"},\"b\":{\"user\":\"bob\"},"
	     "\"c\":{\"user\":\"eve\"},\"d\":{\"user\":\"joe\"}}",
	     "abc", ST_DENIED},
	    {"{\"user\":\"ann\"}", "", ST_MALFORMED},
	    {"{\"a\":{\"user\":\"ann\"},\"x\":1}", "a", ST_MALFORMED},
	    {"{\"a\":{\"user\":\"ann\"}", "a", ST_MALFORMED},
	    {"{\"a\":{\"b\":{}}}", "", ST_MALFORMED},
	    {"", "", ST_MALFORMED},
	};
	uint8_t room[ROOM];
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen s = {0};

		if (credential_each(span_str(cases[i].json), room, ROOM, see,
				    &s, &why) != cases[i].want)
			fail_msg("case %zu", i);
		assert_string_equal(s.scopes, cases[i].scopes);
		assert_int_equal(cases[i].want == ST_MALFORMED, why[0] != 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_object_is_for_every_target),
	    cmocka_unit_test(
		of_several_the_longest_that_fits_is_taken_and_no_other),
	    cmocka_unit_test(what_is_not_a_credential_is_refused),
	    cmocka_unit_test(it_never_writes_behind_its_room),
	    cmocka_unit_test(each_scope_comes_with_its_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
