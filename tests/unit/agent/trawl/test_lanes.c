#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "agent/trawl/lanes.h"
#include "base/buf.h"

static struct scan_order
order_of(const char *const *paths)
{
	struct scan_order o = {.min_confidence = 70};

	while (paths[o.path_count] != NULL) {
		o.paths[o.path_count] = span_str(paths[o.path_count]);
		o.path_count++;
	}
	return o;
}

static void
each_target_is_a_part_and_this_host_another(void **state)
{
	static const struct {
		const char *paths[6];
		const char *want; /* parts, then their paths */
	} cases[] = {
	    {{"/a"}, "/a;"},
	    {{"/a", "/b"}, "/a /b;"},
	    {{"x://h/"}, "x://h/;"},
	    {{"x://h/", "x://g/"}, "x://h/;x://g/;"},
	    {{"x://h/", "/a", "y://g/", "b"}, "x://h/;/a b;y://g/;"},
	    {{"/a", "x://h/", "/b", "/c"}, "/a /b /c;x://h/;"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct scan_order o = order_of(cases[i].paths);
		struct scan_order part;
		struct buf got;

		buf_init(&got, 256);
		for (size_t p = 0; p < lanes_parts(&o); p++) {
			lanes_part(&o, p, &part);
			assert_int_equal(part.min_confidence, 70);
			for (size_t k = 0; k < part.path_count; k++)
				assert_int_equal(
				    buf_addf(&got, "%s%.*s", k > 0 ? " " : "",
					     (int)part.paths[k].len,
					     (const char *)part.paths[k].ptr),
				    ST_OK);
			assert_int_equal(buf_add_byte(&got, ';'), ST_OK);
		}
		assert_int_equal(buf_add_byte(&got, 0), ST_OK);
		assert_string_equal((const char *)got.data, cases[i].want);
		buf_fini(&got);
	}
}

static void
lanes_and_workers_follow_from_targets_and_jobs(void **state)
{
	static const struct {
		size_t targets;
		uint8_t jobs;
		size_t cores, lanes;
		uint8_t workers;
	} cases[] = {
	    {1, 0, 8, 1, 8},   {2, 0, 8, 2, 8},    {4, 0, 8, 4, 4},
	    {9, 0, 8, 4, 4},   {9, 0, 1, 4, 1},    {9, 0, 2, 4, 1},
	    {9, 1, 8, 1, 1},   {9, 3, 8, 3, 1},    {2, 8, 2, 2, 4},
	    {9, 64, 2, 4, 16}, {2, 0, 200, 2, 64},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan_order o = {.jobs = cases[i].jobs,
				       .path_count = cases[i].targets};

		for (size_t k = 0; k < o.path_count; k++)
			o.paths[k] = span_str("x://h/");
		assert_int_equal(lanes_at_once(&o), cases[i].lanes);
		assert_int_equal(lanes_workers(&o, cases[i].cores),
				 cases[i].workers);
	}
}

static void
of_one_server_two_targets_are_read_at_a_time(void **state)
{
	static const struct {
		const char *paths[6];
		uint64_t begun;
		size_t running[4], n, want;
	} cases[] = {
	    {{"smb://h/a", "smb://h/b", "smb://h/c"}, 1, {0}, 1, 1},
	    {{"smb://h/a", "smb://h/b", "smb://h/c"}, 3, {0, 1}, 2, 3},
	    {{"smb://h/a", "smb://h/b", "smb://h/c"}, 3, {1}, 1, 2},
	    {{"smb://h/a", "smb://H:445/b", "smb://h/c"}, 3, {0, 1}, 2, 3},
	    {{"smb://h/a", "smb://h/b", "smb://h/c", "smb://g/"},
	     3,
	     {0, 1},
	     2,
	     3},
	    {{"smb://h/a", "smb://h:139/b", "smb://h/c"}, 3, {0, 1}, 2, 2},
	    {{"smb://h/a", "smb://h/b", "sftp://h/c"}, 3, {0, 1}, 2, 2},
	    {{"smb://h/a", "smb://h/b", "/c", "/d"}, 3, {0, 1}, 2, 2},
	    {{"smb://h/a", "/b"}, 3, {0, 1}, 2, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct scan_order o = order_of(cases[i].paths);

		assert_int_equal(lanes_next(&o, cases[i].begun,
					    cases[i].running, cases[i].n),
				 cases[i].want);
	}
}

/* However many: each is begun once, never a third beside two. */
static void
many_targets_of_one_server_are_all_read(void **state)
{
	struct scan_order o = {.path_count = ORDER_PATHS_MAX};
	size_t running[2] = {0};
	uint64_t begun = 1;

	(void)state;
	for (size_t i = 0; i < ORDER_PATHS_MAX; i++)
		o.paths[i] = span_str("nfs://h/export");
	for (size_t i = 1; i < ORDER_PATHS_MAX; i++) {
		assert_int_equal(lanes_next(&o, begun, running, 1), i);
		running[1] = i;
		begun |= UINT64_C(1) << i;
		assert_int_equal(lanes_next(&o, begun, running, 2),
				 ORDER_PATHS_MAX);
		running[0] = i;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_target_is_a_part_and_this_host_another),
	    cmocka_unit_test(lanes_and_workers_follow_from_targets_and_jobs),
	    cmocka_unit_test(of_one_server_two_targets_are_read_at_a_time),
	    cmocka_unit_test(many_targets_of_one_server_are_all_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
