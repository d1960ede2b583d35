#ifndef MASTER_API_RESOURCES_H
#define MASTER_API_RESOURCES_H

#include "master/api/request.h"

/* The functions behind the table of router.c, one resource a file r_*.c. */
#define RESOURCES(X)                                                           \
	X(state_get)                                                           \
	X(setup_post)                                                          \
	X(session_get)                                                         \
	X(session_post)                                                        \
	X(session_delete)                                                      \
	X(overview_get)                                                        \
	X(findings_list)                                                       \
	X(findings_facets)                                                     \
	X(findings_export)                                                     \
	X(findings_bulk)                                                       \
	X(finding_get)                                                         \
	X(finding_patch)                                                       \
	X(finding_matches)                                                     \
	X(targets_list)                                                        \
	X(target_get)                                                          \
	X(scans_list)                                                          \
	X(scans_post)                                                          \
	X(scan_get)                                                            \
	X(scan_pause)                                                          \
	X(scan_resume)                                                         \
	X(scan_stop)                                                           \
	X(scan_coverage)                                                       \
	X(scan_coverage_export)                                                \
	X(limits_list)                                                         \
	X(agents_list)                                                         \
	X(agent_get)                                                           \
	X(agent_delete)                                                        \
	X(agent_verify)                                                        \
	X(agent_block)                                                         \
	X(agent_unblock)                                                       \
	X(remotes_list)                                                        \
	X(remotes_post)                                                        \
	X(remote_get)                                                          \
	X(remote_patch)                                                        \
	X(remote_delete)                                                       \
	X(remote_test)                                                         \
	X(remote_probe)                                                        \
	X(try_get)                                                             \
	X(kinds_list)                                                          \
	X(proxies_list)                                                        \
	X(proxies_post)                                                        \
	X(proxies_patch)                                                       \
	X(proxies_delete)                                                      \
	X(tokens_list)                                                         \
	X(tokens_post)                                                         \
	X(token_delete)                                                        \
	X(types_list)                                                          \
	X(events_get)                                                          \
	X(contract_get)                                                        \
	X(metrics_get)

#define RESOURCE_DECLARE(name)                                                 \
	void r_##name(struct request *rq, struct reply *rp);
RESOURCES(RESOURCE_DECLARE)
#undef RESOURCE_DECLARE

#endif
