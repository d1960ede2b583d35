/*
 * Proxies as the files of it share them: `proxies_look` knows who is there and
 * what each is to a task, `proxies` gives out what waits, `handover` takes from
 * those that stay away.
 */
#ifndef CORE_PROXIES_IMPL_H
#define CORE_PROXIES_IMPL_H

#include "base/arena.h"
#include "master/core/proxies.h"
#include "master/sched/choice.h"

/* One proxy as it is now; its place is that of its row in the list. */
struct able {
	struct span kinds, credentials; /* one a line */
};

struct member {
	uint64_t group, agent;
};

/* Who has tried which task in vain. */
struct trial {
	uint64_t task, agent;
};

/* What becomes of a task that waits, or that is held by one that is away. */
struct decision {
	enum {
		DECIDE_WAIT, /* as it is, and why */
		DECIDE_GIVE, /* an agent has it */
		DECIDE_MOVE, /* an agent has it anew; 0: it ends here */
		DECIDE_HOLD, /* the one that has it keeps it, and why */
	} what;
	uint64_t task, scan, agent;
	uint64_t from; /* that is there, hangs and is told to stop; or 0 */
	struct span why;
};

struct giving {
	struct core *c;
	struct arena arena;
	struct choice_proxy *list;
	struct able *able;
	size_t proxies;
	struct member *members;
	size_t member_count;
	struct trial *trials; /* by task and agent */
	size_t trial_count;
	struct decision *made;
	size_t made_count;     /* at most DECISIONS_MAX */
	struct table *servers; /* of targets that are read, see servers.h */
};
#define DECISIONS_MAX (2 * WAITING_MAX)

/* c is set, the rest zero; proxies_leave() ends it, whatever this gave. */
NODISCARD enum status proxies_look(struct giving *g);
void proxies_leave(struct giving *g);
/* What each proxy is to that task. */
void proxies_weigh(struct giving *g, const struct waiting_row *r);
/* The one that has it and is away, or hangs. */
struct holder {
	struct span name;
	bool hangs;
};
/*
 * The sentence for what is lacking; holder NULL: nobody has it.
 * proxies_explain() keeps it as long as the rest.
 */
NODISCARD enum status proxies_lack(const struct waiting_row *r,
				   const struct holder *holder,
				   enum choice_lack lack, struct buf *why);
NODISCARD enum status proxies_explain(struct giving *g,
				      const struct waiting_row *r,
				      const struct holder *holder,
				      enum choice_lack lack, struct span *why);

/* Inside a transaction: another has the task from its beginning, 0: nobody. */
NODISCARD enum status proxies_move_task(struct core *c,
					const struct task_row *t, uint64_t to);

#endif
