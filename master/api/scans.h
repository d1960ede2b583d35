#ifndef MASTER_API_SCANS_H
#define MASTER_API_SCANS_H

#include "base/json.h"
#include "master/api/request.h"
#include "master/store/q_scans.h"

/* scans: a scan as JSON, for every resource that shows one. */
struct scans_out {
	struct request *rq;
	struct json *j;
};

/* One whole object; its members only; the same as a scan_fn. */
enum status scans_put(struct scans_out *o, const struct scan_row *r);
enum status scans_put_members(struct scans_out *o, const struct scan_row *r);
enum status scans_row(void *arg, const struct scan_row *r);

/* What a task looks at: its host, or its target on another one. */
struct span scans_host(const struct task_row *r);

#endif
