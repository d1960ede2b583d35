#ifndef STORE_Q_PROXIES_H
#define STORE_Q_PROXIES_H

#include <stdint.h>

#include "master/store/store.h"
#include "master/store/words.h"

/*
 * q_proxies: who can read targets on other hosts, in which groups they are, and
 * which tasks wait for one of them.
 */
struct proxy_row {
	uint64_t agent;
	struct span name;
	struct span kinds, credentials; /* one a line */
	uint32_t tasks;                 /* of it that are not over */
};
typedef enum status proxy_fn(void *arg, const struct proxy_row *row);

/* Those that are verified and read anything at all. */
NODISCARD enum status q_proxies_list(struct store *s, proxy_fn *fn, void *arg);

struct proxy_group_row {
	uint64_t id;
	struct span name;
	int64_t created;
	uint64_t targets; /* that it reads */
};
typedef enum status proxy_group_fn(void *arg,
				   const struct proxy_group_row *row);
NODISCARD enum status q_proxy_groups_list(struct store *s, proxy_group_fn *fn,
					  void *arg);
NODISCARD enum status q_proxy_group_get(struct store *s, uint64_t id,
					proxy_group_fn *fn, void *arg);

struct proxy_member_row {
	uint64_t group, agent;
	struct span name; /* of the agent */
};
typedef enum status proxy_member_fn(void *arg,
				    const struct proxy_member_row *row);
/* Of one group, or of all with 0; removed agents are left out. */
NODISCARD enum status q_proxy_members(struct store *s, uint64_t group,
				      proxy_member_fn *fn, void *arg);

/* A task of a target on another host that nobody has yet, oldest scan first. */
struct waiting_row {
	uint64_t task, scan;
	struct span kind, credential, message, url;
	uint64_t proxy, proxies; /* as remote_row's */
	struct span who;         /* name of that proxy or group, or empty */
};
typedef enum status waiting_fn(void *arg, const struct waiting_row *row);
NODISCARD enum status q_tasks_waiting(struct store *s, waiting_fn *fn,
				      void *arg);

/* The same that a proxy has, whose last batch is not here. */
struct held_row {
	struct waiting_row asks;
	uint64_t agent;
	struct span holder; /* its name */
	uint8_t state;      /* enum task_state */
	uint8_t wanted;     /* enum task_action, or 0 */
};
typedef enum status held_fn(void *arg, const struct held_row *row);
NODISCARD enum status q_tasks_held(struct store *s, held_fn *fn, void *arg);

/* What is asked of a proxy for that task, whoever has it. */
NODISCARD enum status q_task_asks(struct store *s, uint64_t task,
				  waiting_fn *fn, void *arg);

/* Who had a task and could not read its target. */
struct tried_row {
	uint64_t task, agent;
	struct span name, why; /* of the agent; in its words */
};
typedef enum status tried_fn(void *arg, const struct tried_row *row);
/* Of one task; or with 0 of all that are not over, by task and agent. */
NODISCARD enum status q_tasks_tried(struct store *s, uint64_t task,
				    tried_fn *fn, void *arg);

/* Writing, core only ---------------------------------------------------- */

/* ST_EXISTS: another has that name. */
NODISCARD enum status q_proxy_group_add(struct store *s, struct span name,
					int64_t now, uint64_t *id);
NODISCARD enum status q_proxy_group_name(struct store *s, uint64_t id,
					 struct span name);
/* All of its members at once. */
NODISCARD enum status q_proxy_group_set(struct store *s, uint64_t id,
					const uint64_t *agents, size_t n);
/* ST_EXISTS: it still reads targets. */
NODISCARD enum status q_proxy_group_remove(struct store *s, uint64_t id);

/* A task of a target on another host, which nobody has yet. */
NODISCARD enum status q_task_add_remote(struct store *s, uint64_t scan,
					uint64_t target, uint64_t *id);
NODISCARD enum status q_task_assign(struct store *s, uint64_t id,
				    uint64_t agent);
/* It has tried in vain. */
NODISCARD enum status q_task_tried(struct store *s, uint64_t id, uint64_t agent,
				   struct span why);
/* Why it waits. */
NODISCARD enum status q_task_waits(struct store *s, uint64_t id,
				   struct span why);
/*
 * It begins again, with nobody: as a task of another id, which no batch or
 * order of the old one can be meant for. Its counts and its ledger are gone;
 * who has tried it is remembered; what was found stands and is met again.
 */
NODISCARD enum status q_task_renew(struct store *s, uint64_t id, uint8_t state,
				   uint64_t *fresh);

#endif
