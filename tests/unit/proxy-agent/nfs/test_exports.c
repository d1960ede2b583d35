#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/nfs/exports.h"
#include "proxy-agent/nfs/share.h"

static const char *const names[] = {"/", "/a", "/a/b", "/ab", "/c d%"};

static void
fill(struct exports *e, size_t from)
{
	exports_init(e);
	for (size_t i = from; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(
		    buf_add(&e->names, names[i], strlen(names[i]) + 1), ST_OK);
		e->count++;
	}
}

static void
a_path_is_exported_as_a_whole_or_not(void **state)
{
	static const struct {
		const char *path;
		bool has;
	} rows[] = {{"/a", true},    {"/a/b", true}, {"/ab", true},
		    {"/c d%", true}, {"/a/", false}, {"/b", false},
		    {"/c", false},   {"", false}};
	struct exports e;

	(void)state;
	fill(&e, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(exports_has(&e, span_str(rows[i].path)),
				 rows[i].has);
	exports_fini(&e);
}

/* "/ab" does not lie below "/a". */
static void
an_export_holds_what_lies_below_it(void **state)
{
	static const struct {
		const char *path;
		bool above;
	} rows[] = {{"/a", false},    {"/a/b", true},   {"/a/c", true},
		    {"/ab", false},   {"/ab/x", true},  {"/abc", false},
		    {"/c d%/", true}, {"/x/a/b", false}};
	struct exports e;

	(void)state;
	fill(&e, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(exports_above(&e, span_str(rows[i].path)),
				 rows[i].above);
	exports_fini(&e);
}

static void
the_root_holds_all_others_and_not_itself(void **state)
{
	struct exports e;

	(void)state;
	fill(&e, 0);
	assert_false(exports_above(&e, span_str("/")));
	assert_true(exports_above(&e, span_str("/a")));
	assert_true(exports_above(&e, span_str("/z")));
	exports_fini(&e);
}

static void
a_server_that_exports_nothing_has_nothing(void **state)
{
	struct exports e;

	(void)state;
	exports_init(&e);
	assert_false(exports_has(&e, span_str("/")));
	assert_false(exports_above(&e, span_str("/a")));
	exports_fini(&e);
}

static void
a_name_fits_a_call_or_is_refused(void **state)
{
	static char large[SHARE_NAME + 1];
	struct share_name name;

	(void)state;
	memset(large, 'n', SHARE_NAME);
	assert_true(share_name(span_str("a'\"%s"), &name));
	assert_string_equal(name.text, "a'\"%s");
	assert_int_equal(name.len, 5);
	assert_false(share_name(span_of(large, SHARE_NAME), &name));
	assert_true(share_name(span_of(large, SHARE_NAME - 1), &name));
	assert_int_equal(name.len, SHARE_NAME - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_is_exported_as_a_whole_or_not),
	    cmocka_unit_test(an_export_holds_what_lies_below_it),
	    cmocka_unit_test(the_root_holds_all_others_and_not_itself),
	    cmocka_unit_test(a_server_that_exports_nothing_has_nothing),
	    cmocka_unit_test(a_name_fits_a_call_or_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
