#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "master/api/resources.h"
#include "master/api/router.h"

/* The table is tested without what stands behind it. */
#define RESOURCE_FAKE(name)                                                    \
	void r_##name(struct request *rq, struct reply *rp)                    \
	{                                                                      \
		(void)rq;                                                      \
		rp->status = 200;                                              \
	}
RESOURCES(RESOURCE_FAKE)
#undef RESOURCE_FAKE

struct answer {
	enum status st;
	const struct route *route;
	struct span param;
	const char *allow;
	struct arena arena;
};

static void
find(enum method m, const char *path, struct answer *a)
{
	arena_init(&a->arena, 8192);
	a->route = NULL;
	a->allow = NULL;
	a->st = router_find(m, span_str(path), &a->arena, &a->route, &a->param,
			    &a->allow);
}

static void
a_path_and_method_find_their_line(void **state)
{
	static const struct {
		enum method method;
		const char *path;
		route_fn *run;
		const char *param;
	} cases[] = {
	    {METHOD_GET, "/api/v1/state", r_state_get, ""},
	    {METHOD_GET, "/api/v1/findings", r_findings_list, ""},
	    {METHOD_GET, "/api/v1/findings/facets", r_findings_facets, ""},
	    {METHOD_GET, "/api/v1/findings/17", r_finding_get, "17"},
	    {METHOD_PATCH, "/api/v1/findings/17", r_finding_patch, "17"},
	    {METHOD_POST, "/api/v1/findings:bulk", r_findings_bulk, ""},
	    {METHOD_GET, "/api/v1/findings/1/matches", r_finding_matches, "1"},
	    {METHOD_GET, "/api/v1/targets/g:a%2Fb", r_target_get, "g:a/b"},
	    {METHOD_POST, "/api/v1/scans/9/stop", r_scan_stop, "9"},
	    {METHOD_DELETE, "/api/v1/agents/2", r_agent_delete, "2"},
	    {METHOD_GET, "/metrics", r_metrics_get, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct answer a;

		find(cases[i].method, cases[i].path, &a);
		assert_int_equal(a.st, ST_OK);
		assert_ptr_equal(a.route->run, cases[i].run);
		assert_true(str_is(a.param, cases[i].param));
		arena_fini(&a.arena);
	}
}

static void
what_is_not_in_the_table_is_told_apart(void **state)
{
	static const struct {
		enum method method;
		const char *path;
		enum status want;
		const char *allow;
	} cases[] = {
	    {METHOD_GET, "/api/v1", ST_NOTFOUND, NULL},
	    {METHOD_GET, "/api/v1/", ST_NOTFOUND, NULL},
	    {METHOD_GET, "/api/v1/nothing", ST_NOTFOUND, NULL},
	    {METHOD_GET, "/api/v1/findings/", ST_NOTFOUND, NULL},
	    {METHOD_GET, "/api/v1/findings/1/", ST_NOTFOUND, NULL},
	    {METHOD_GET, "/api/v1//findings", ST_NOTFOUND, NULL},
	    {METHOD_GET, "/api/v2/findings", ST_NOTFOUND, NULL},
	    {METHOD_GET, "", ST_NOTFOUND, NULL},
	    {METHOD_OTHER, "/api/v1/state", ST_UNSUPPORTED, "GET, HEAD"},
	    {METHOD_DELETE, "/api/v1/scans", ST_UNSUPPORTED, "GET, HEAD, POST"},
	    {METHOD_GET, "/api/v1/setup", ST_UNSUPPORTED, "POST"},
	    {METHOD_GET, "/api/v1/targets/%zz", ST_MALFORMED, NULL},
	    {METHOD_GET, "/api/v1/targets/a%00b", ST_MALFORMED, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct answer a;

		find(cases[i].method, cases[i].path, &a);
		assert_int_equal(a.st, cases[i].want);
		if (cases[i].allow != NULL)
			assert_string_equal(a.allow, cases[i].allow);
		arena_fini(&a.arena);
	}
}

static void
only_the_door_itself_is_open_to_everybody(void **state)
{
	static const char *const open[] = {"/api/v1/state", "/api/v1/setup",
					   "/api/v1/session",
					   "/api/v1/openapi.yaml"};
	const struct route *r;

	(void)state;
	for (size_t i = 0; (r = router_line(i)) != NULL; i++) {
		bool listed = false;

		if (r->permission != PERM_NONE)
			continue;
		for (size_t k = 0; k < sizeof(open) / sizeof(open[0]); k++)
			listed = listed || strcmp(open[k], r->path) == 0;
		assert_true(listed);
	}
}

static void
what_changes_something_needs_more_than_reading(void **state)
{
	const struct route *r;

	(void)state;
	for (size_t i = 0; (r = router_line(i)) != NULL; i++)
		if (r->method != METHOD_GET && r->permission != PERM_NONE &&
		    strcmp(r->path, "/api/v1/session") != 0)
			assert_true(r->permission > PERM_READ);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_and_method_find_their_line),
	    cmocka_unit_test(what_is_not_in_the_table_is_told_apart),
	    cmocka_unit_test(only_the_door_itself_is_open_to_everybody),
	    cmocka_unit_test(what_changes_something_needs_more_than_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
