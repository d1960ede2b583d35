#ifndef CORE_PROXIES_H
#define CORE_PROXIES_H

#include "base/span.h"
#include "master/core/state.h"
#include "master/store/q_agents.h"
#include "master/store/q_proxies.h"
#include "master/store/q_scans.h"

/*
 * proxies: who reads targets on other hosts. A task of such a target belongs to
 * nobody until a proxy is there that may read it and can; until then its
 * message says why it waits. sched/choice.h knows the rule.
 *
 * proxies_assign() is called whenever one may have become able: it came, a task
 * is over, a scan was ordered, a group or a target was changed. It makes its
 * own transaction and sends the orders.
 */
#define PROXIES_MAX 1000  /* that are looked at */
#define WAITING_MAX 10000 /* tasks that are given out at a time */
#define PROXIES_TEXT                                                           \
	65536 /* bytes of what one says that it reads and keeps                \
	       */

void proxies_assign(struct core *c);

/*
 * Who could read it at once, however busy: what is looked at is kind,
 * credential, proxy, proxies and who. ST_NOTFOUND: *why gets what is lacking.
 */
NODISCARD enum status proxies_choose(struct core *c,
				     const struct waiting_row *want,
				     uint64_t *agent, struct buf *why);

/* What a proxy says of itself as lines of its row; the text is the caller's. */
void proxies_say(const struct agent_hello *h, struct agent_row *row,
		 char text[PROXIES_TEXT]);

/* Inside a transaction: a task goes back to those that wait. */
NODISCARD enum status proxies_free_task(struct core *c,
					const struct task_row *t);
/* The same for all that an agent has, which is gone for good. */
NODISCARD enum status proxies_free(struct core *c, uint64_t agent);

#endif
