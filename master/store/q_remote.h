#ifndef STORE_Q_REMOTE_H
#define STORE_Q_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"

/*
 * q_remote: targets on other hosts, which proxies read. Whoever reads one, what
 * is found belongs to the target. The name of a credential is here, its value
 * never is.
 */
struct remote_row {
	uint64_t target;
	struct span name, group;
	struct span kind; /* scheme of its URL */
	struct span url;
	struct span options;     /* as source/pairs.h has them */
	struct span credential;  /* its name, or empty: what fits */
	uint64_t proxy, proxies; /* an agent; a group of them; both 0: any */
	struct span proxy_name, proxies_name;
	int64_t created, scanned;
	uint64_t findings, critical, matches;
	/* of its last task; task 0: there is none */
	uint64_t task, scan;
	uint8_t state; /* enum task_state */
	int64_t ended;
	struct span message; /* why it failed, or why it waits */
	uint64_t agent;      /* that has it, or 0 */
	struct span agent_name;
};
typedef enum status remote_fn(void *arg, const struct remote_row *row);

/* By name, those behind the first `skip` rows. */
NODISCARD enum status q_remotes_list(struct store *s, uint64_t skip,
				     uint32_t limit, remote_fn *fn, void *arg);
NODISCARD enum status q_remotes_count(struct store *s, uint64_t *out);
NODISCARD enum status q_remote_get(struct store *s, uint64_t target,
				   remote_fn *fn, void *arg);

/* Whether it has a task that is not over. */
NODISCARD enum status q_remote_busy(struct store *s, uint64_t target,
				    bool *busy);

/* Writing, core only ---------------------------------------------------- */

/*
 * ST_EXISTS: that URL is one already. One that was removed is taken again, with
 * what was found there; its name and group are the new ones.
 */
NODISCARD enum status q_remote_add(struct store *s, const struct remote_row *r,
				   uint64_t *target);
/* name, group, options, credential, proxy and proxies; ST_NOTFOUND. */
NODISCARD enum status q_remote_change(struct store *s,
				      const struct remote_row *r);
/* Nobody reads it any more; the target is seen as long as it has findings. */
NODISCARD enum status q_remote_remove(struct store *s, uint64_t target);

#endif
