#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "model/task.h"
#include "runtime/node_impl.h"
#include "runtime/report.h"

#define TASKS_TOLD 8 /* in the status file */

static void
tell_tasks(const struct node *n, struct report *r)
{
	struct task_held held[TASKS_TOLD];
	size_t count = jobs_list(n->jobs, held, TASKS_TOLD);
	size_t at = 0;

	for (size_t i = 0; i < count && at < sizeof(r->tasks); i++) {
		int more =
		    snprintf(r->tasks + at, sizeof(r->tasks) - at,
			     "%s%" PRIu64 " %s", i > 0 ? ", " : "",
			     held[i].task, task_state_name(held[i].state));

		at += more > 0 ? (size_t)more : 0;
	}
}

static void
write_report(struct node *n)
{
	struct report r = {
	    .pid = (uint64_t)getppid(),
	    .written = (uint64_t)clock_wall_s(clock_system()),
	    .spool_bytes = spool_bytes(n->spool),
	    .spool_batches = spool_next(n->spool) - 1 - spool_acked(n->spool),
	    .spool_quota = n->config->spool_quota,
	};
	struct session_facts f;

	session_facts(n->session, &f);
	snprintf(r.connection, sizeof(r.connection), "%s",
		 session_phase_name(f.phase));
	snprintf(r.master, sizeof(r.master), "%s", n->config->master);
	snprintf(r.trouble, sizeof(r.trouble), "%s", f.trouble);
	snprintf(r.spool_trouble, sizeof(r.spool_trouble), "%s",
		 n->spool_trouble);
	if (f.last_contact > 0)
		r.last_contact = (uint64_t)(f.last_contact / 1000000);
	r.next_try_ms = f.next_try_ms;
	if (f.skew_us > 5000000 || f.skew_us < -5000000)
		snprintf(r.skew, sizeof(r.skew), "%" PRId64,
			 f.skew_us / 1000000);
	tell_tasks(n, &r);
	if (report_write(n->state, &r) != ST_OK)
		log_debug("the status file cannot be written");
}

void
node_report(void *arg)
{
	struct node *n = arg;

	write_report(n);
	if (loop_timer_set(n->report, REPORT_EVERY_MS) != ST_OK)
		log_warn("status is not written any more: no timer");
}
