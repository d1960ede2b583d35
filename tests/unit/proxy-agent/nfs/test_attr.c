#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "proxy-agent/nfs/attr.h"

/* A regular file: kind, size, fsid, handle "abc", mode, owners, time. */
static const uint8_t whole[] =
    "\0\0\0\1"                          /* type */
    "\0\0\0\0\0\0\1\0"                  /* size 256 */
    "\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0\10" /* fsid 7, 8 */
    "\0\0\0\0"                          /* no error */
    "\0\0\0\3abc\0"                     /* handle */
    "\0\0\1\200"                        /* mode 0600 */
    "\0\0\0\0044321"                    /* owner */
    "\0\0\0\11root@here\0\0\0"          /* group */
    "\0\0\0\0\0\0\0\144\0\0\0\5";       /* 100 s */
#define WHOLE (sizeof(whole) - 1)

static const uint32_t asked[] = {ATTR_WORD_0, ATTR_WORD_1};

static void
attributes_come_in_the_order_of_their_numbers(void **state)
{
	struct attr a;

	(void)state;
	assert_int_equal(attr_decode(asked, 2, span_of(whole, WHOLE), &a),
			 ST_OK);
	assert_int_equal(a.mode, S_IFREG | 0600);
	assert_int_equal(a.size, 256);
	assert_true(fsid_eq(a.fsid, (struct fsid){7, 8}));
	assert_int_equal(a.handle.len, 3);
	assert_memory_equal(a.handle.bytes, "abc", 3);
	assert_true(a.has_owner && a.uid == 4321);
	assert_true(a.has_group && a.gid == 0);
	assert_int_equal(a.mtime, 100);
	assert_int_equal(a.error, 0);
}

static void
what_is_cut_anywhere_is_refused_and_leaves_nothing(void **state)
{
	(void)state;
	for (size_t n = 0; n < WHOLE; n++) {
		struct attr a = {.size = 99};

		assert_int_equal(attr_decode(asked, 2, span_of(whole, n), &a),
				 ST_MALFORMED);
		assert_int_equal(a.size, 99);
	}
}

static void
a_number_that_nobody_asked_for_is_refused(void **state)
{
	static const uint32_t foreign[] = {1u << 1 | 1u << 2, 0, 1};
	struct attr a;

	(void)state;
	assert_int_equal(attr_decode(foreign, 1, span_of(whole, WHOLE), &a),
			 ST_MALFORMED);
	assert_int_equal(attr_decode(foreign + 1, 2, span_of(whole, WHOLE), &a),
			 ST_MALFORMED);
	assert_int_equal(attr_decode(foreign + 1, 1, span_of(NULL, 0), &a),
			 ST_OK);
	assert_int_equal(a.mode, 0);
}

static void
a_handle_longer_than_the_protocol_allows_is_refused(void **state)
{
	static const uint32_t only[] = {1u << 19};
	uint8_t bytes[4 + HANDLE_MAX + 4] = {0, 0, 0, HANDLE_MAX + 1};
	struct attr a;

	(void)state;
	assert_int_equal(
	    attr_decode(only, 1, span_of(bytes, sizeof(bytes)), &a),
	    ST_MALFORMED);
	bytes[3] = HANDLE_MAX;
	assert_int_equal(
	    attr_decode(only, 1, span_of(bytes, sizeof(bytes)), &a), ST_OK);
	assert_int_equal(a.handle.len, HANDLE_MAX);
	bytes[3] = 0;
	assert_int_equal(
	    attr_decode(only, 1, span_of(bytes, sizeof(bytes)), &a),
	    ST_MALFORMED);
}

static void
an_owner_by_name_is_nobody_that_we_could_ask_as(void **state)
{
	static const struct {
		const char *name;
		bool known;
		uint32_t uid;
	} cases[] = {
	    {"0", true, 0},
	    {"4294967295", true, UINT32_MAX},
	    {"4294967296", false, 0},
	    {"anna@example.com", false, 0},
	    {"root@example.com", true, 0},
	    {"", false, 0},
	    {"-1", false, 0},
	};
	static const uint32_t only[] = {0, 1u << 4};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[64] = {0};
		size_t n = strlen(cases[i].name);
		struct attr a;

		bytes[3] = (uint8_t)n;
		memcpy(bytes + 4, cases[i].name, n);
		assert_int_equal(
		    attr_decode(only, 2, span_of(bytes, sizeof(bytes)), &a),
		    ST_OK);
		assert_int_equal(a.has_owner, cases[i].known);
		if (cases[i].known)
			assert_int_equal(a.uid, cases[i].uid);
	}
}

static void
kinds_are_those_of_this_system(void **state)
{
	(void)state;
	assert_int_equal(attr_kind(1), S_IFREG);
	assert_int_equal(attr_kind(2), S_IFDIR);
	assert_int_equal(attr_kind(5), S_IFLNK);
	assert_int_equal(attr_kind(7), S_IFIFO);
	assert_int_equal(attr_kind(0), 0);
	assert_int_equal(attr_kind(8), 0); /* a folder of named attributes */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(attributes_come_in_the_order_of_their_numbers),
	    cmocka_unit_test(
		what_is_cut_anywhere_is_refused_and_leaves_nothing),
	    cmocka_unit_test(a_number_that_nobody_asked_for_is_refused),
	    cmocka_unit_test(
		a_handle_longer_than_the_protocol_allows_is_refused),
	    cmocka_unit_test(an_owner_by_name_is_nobody_that_we_could_ask_as),
	    cmocka_unit_test(kinds_are_those_of_this_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
