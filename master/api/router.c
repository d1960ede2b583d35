#include "master/api/router.h"

#include <string.h>

#include "base/str.h"
#include "master/api/query.h"
#include "master/api/resources.h"

#define V1 "/api/v1"

/* A path without {id} stands before those with one that it would fit. */
static const struct route routes[] = {
    {METHOD_GET, V1 "/state", PERM_NONE, LANE_QUICK, 0, "", r_state_get},
    {METHOD_POST, V1 "/setup", PERM_NONE, LANE_HASH, ROUTE_BODY, "",
     r_setup_post},
    {METHOD_GET, V1 "/session", PERM_READ, LANE_QUICK, 0, "", r_session_get},
    {METHOD_POST, V1 "/session", PERM_NONE, LANE_HASH, ROUTE_BODY, "",
     r_session_post},
    {METHOD_DELETE, V1 "/session", PERM_READ, LANE_QUICK, 0, "",
     r_session_delete},
    {METHOD_GET, V1 "/overview", PERM_READ, LANE_QUICK, 0, "", r_overview_get},
    {METHOD_GET, V1 "/findings", PERM_READ, LANE_QUICK,
     ROUTE_FILTER | ROUTE_PAGE, "sort at", r_findings_list},
    {METHOD_GET, V1 "/findings/facets", PERM_READ, LANE_QUICK, ROUTE_FILTER, "",
     r_findings_facets},
    {METHOD_GET, V1 "/findings/export", PERM_READ, LANE_QUICK,
     ROUTE_FILTER | ROUTE_LONG, "format", r_findings_export},
    {METHOD_POST, V1 "/findings:bulk", PERM_TRIAGE, LANE_QUICK,
     ROUTE_ONCE | ROUTE_BODY, "", r_findings_bulk},
    {METHOD_GET, V1 "/findings/{id}", PERM_READ, LANE_QUICK, 0, "",
     r_finding_get},
    {METHOD_PATCH, V1 "/findings/{id}", PERM_TRIAGE, LANE_QUICK, ROUTE_BODY, "",
     r_finding_patch},
    {METHOD_GET, V1 "/findings/{id}/matches", PERM_READ, LANE_QUICK, ROUTE_PAGE,
     "", r_finding_matches},
    {METHOD_GET, V1 "/targets", PERM_READ, LANE_QUICK, ROUTE_PAGE, "parent",
     r_targets_list},
    {METHOD_GET, V1 "/targets/{id}", PERM_READ, LANE_QUICK, 0, "",
     r_target_get},
    {METHOD_GET, V1 "/scans", PERM_READ, LANE_QUICK, ROUTE_PAGE, "state",
     r_scans_list},
    {METHOD_POST, V1 "/scans", PERM_SCAN, LANE_QUICK, ROUTE_ONCE | ROUTE_BODY,
     "", r_scans_post},
    {METHOD_GET, V1 "/scans/{id}", PERM_READ, LANE_QUICK, 0, "", r_scan_get},
    {METHOD_POST, V1 "/scans/{id}/pause", PERM_SCAN, LANE_QUICK, 0, "",
     r_scan_pause},
    {METHOD_POST, V1 "/scans/{id}/resume", PERM_SCAN, LANE_QUICK, 0, "",
     r_scan_resume},
    {METHOD_POST, V1 "/scans/{id}/stop", PERM_SCAN, LANE_QUICK, 0, "",
     r_scan_stop},
    {METHOD_GET, V1 "/scans/{id}/coverage", PERM_READ, LANE_QUICK, ROUTE_PAGE,
     "reason target", r_scan_coverage},
    {METHOD_GET, V1 "/scans/{id}/coverage/export", PERM_READ, LANE_QUICK,
     ROUTE_LONG, "format target", r_scan_coverage_export},
    {METHOD_GET, V1 "/limits", PERM_READ, LANE_QUICK, 0, "", r_limits_list},
    {METHOD_GET, V1 "/agents", PERM_READ, LANE_QUICK, ROUTE_PAGE, "state",
     r_agents_list},
    {METHOD_GET, V1 "/agents/{id}", PERM_READ, LANE_QUICK, 0, "", r_agent_get},
    {METHOD_DELETE, V1 "/agents/{id}", PERM_MANAGE, LANE_QUICK, 0, "",
     r_agent_delete},
    {METHOD_POST, V1 "/agents/{id}/verify", PERM_MANAGE, LANE_QUICK, 0, "",
     r_agent_verify},
    {METHOD_POST, V1 "/agents/{id}/block", PERM_MANAGE, LANE_QUICK, 0, "",
     r_agent_block},
    {METHOD_POST, V1 "/agents/{id}/unblock", PERM_MANAGE, LANE_QUICK, 0, "",
     r_agent_unblock},
    {METHOD_GET, V1 "/remote-targets", PERM_READ, LANE_QUICK, ROUTE_PAGE, "",
     r_remotes_list},
    {METHOD_POST, V1 "/remote-targets", PERM_MANAGE, LANE_QUICK,
     ROUTE_ONCE | ROUTE_BODY, "", r_remotes_post},
    {METHOD_GET, V1 "/remote-targets/{id}", PERM_READ, LANE_QUICK, 0, "",
     r_remote_get},
    {METHOD_PATCH, V1 "/remote-targets/{id}", PERM_MANAGE, LANE_QUICK,
     ROUTE_BODY, "", r_remote_patch},
    {METHOD_DELETE, V1 "/remote-targets/{id}", PERM_MANAGE, LANE_QUICK, 0, "",
     r_remote_delete},
    {METHOD_POST, V1 "/remote-targets/{id}/test", PERM_MANAGE, LANE_QUICK, 0,
     "", r_remote_test},
    {METHOD_POST, V1 "/remote-targets/{id}/probe", PERM_MANAGE, LANE_QUICK, 0,
     "", r_remote_probe},
    {METHOD_GET, V1 "/tries/{id}", PERM_MANAGE, LANE_QUICK, 0, "", r_try_get},
    {METHOD_GET, V1 "/kinds", PERM_READ, LANE_QUICK, 0, "", r_kinds_list},
    {METHOD_GET, V1 "/proxy-groups", PERM_READ, LANE_QUICK, 0, "",
     r_proxies_list},
    {METHOD_POST, V1 "/proxy-groups", PERM_MANAGE, LANE_QUICK,
     ROUTE_ONCE | ROUTE_BODY, "", r_proxies_post},
    {METHOD_PATCH, V1 "/proxy-groups/{id}", PERM_MANAGE, LANE_QUICK, ROUTE_BODY,
     "", r_proxies_patch},
    {METHOD_DELETE, V1 "/proxy-groups/{id}", PERM_MANAGE, LANE_QUICK, 0, "",
     r_proxies_delete},
    {METHOD_GET, V1 "/tokens", PERM_MANAGE, LANE_QUICK, 0, "", r_tokens_list},
    {METHOD_POST, V1 "/tokens", PERM_MANAGE, LANE_QUICK,
     ROUTE_ONCE | ROUTE_BODY, "", r_tokens_post},
    {METHOD_DELETE, V1 "/tokens/{id}", PERM_MANAGE, LANE_QUICK, 0, "",
     r_token_delete},
    {METHOD_GET, V1 "/types", PERM_READ, LANE_QUICK, 0, "", r_types_list},
    {METHOD_GET, V1 "/events", PERM_READ, LANE_QUICK, ROUTE_LONG, "",
     r_events_get},
    {METHOD_GET, V1 "/openapi.yaml", PERM_NONE, LANE_QUICK, 0, "",
     r_contract_get},
    {METHOD_GET, "/metrics", PERM_READ, LANE_QUICK, 0, "", r_metrics_get},
};

#define ROUTES (sizeof(routes) / sizeof(routes[0]))

const struct route *
router_line(size_t i)
{
	return i < ROUTES ? &routes[i] : NULL;
}

const char *
method_name(enum method m)
{
	static const char *const names[] = {"GET", "POST", "PATCH", "DELETE",
					    "other"};

	return names[m];
}

const char *
permission_name(enum permission p)
{
	switch (p) {
	case PERM_READ:
		return "read";
	case PERM_TRIAGE:
		return "triage";
	case PERM_SCAN:
		return "scan";
	case PERM_MANAGE:
		return "manage";
	case PERM_NONE:
		break;
	}
	return "none";
}

/* Segment by segment on the raw path, so that an id may hold a "%2F". */
static bool
path_fits(const char *template, struct span path, struct span *raw_id)
{
	struct span want = span_str(template), a, b;

	while (str_next(&want, '/', &a)) {
		if (!str_next(&path, '/', &b))
			return false;
		if (str_is(a, "{id}") && b.len > 0)
			*raw_id = b;
		else if (!span_eq(a, b))
			return false;
	}
	return !str_next(&path, '/', &b);
}

/* What a path that is there can be asked with, for the Allow header. */
static const char *
allowed(unsigned methods)
{
	static const char *const words[] = {
	    "",
	    "GET, HEAD",
	    "POST",
	    "GET, HEAD, POST",
	    "PATCH",
	    "GET, HEAD, PATCH",
	    "POST, PATCH",
	    "GET, HEAD, POST, PATCH",
	    "DELETE",
	    "GET, HEAD, DELETE",
	    "POST, DELETE",
	    "GET, HEAD, POST, DELETE",
	    "PATCH, DELETE",
	    "GET, HEAD, PATCH, DELETE",
	    "POST, PATCH, DELETE",
	    "GET, HEAD, POST, PATCH, DELETE",
	};

	return words[methods & 15];
}

enum status
router_find(enum method method, struct span path, struct arena *a,
	    const struct route **route, struct span *param, const char **allow)
{
	struct span raw = span_of(NULL, 0);
	unsigned methods = 0;
	bool literal = false;

	*route = NULL;
	for (size_t i = 0; i < ROUTES; i++) {
		struct span id = span_of(NULL, 0);

		if (!path_fits(routes[i].path, path, &id))
			continue;
		/* "facets" is a path of its own, not the id of a finding. */
		if (literal && id.len > 0)
			continue;
		literal = id.len == 0;
		methods |= 1U << routes[i].method;
		if (routes[i].method != method)
			continue;
		*route = &routes[i];
		raw = id;
	}
	*param = raw;
	*allow = allowed(methods);
	if (*route == NULL)
		return methods == 0 ? ST_NOTFOUND : ST_UNSUPPORTED;
	return raw.len == 0 ? ST_OK : query_decode(raw, false, a, param);
}
