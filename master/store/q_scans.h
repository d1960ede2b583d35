#ifndef STORE_Q_SCANS_H
#define STORE_Q_SCANS_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"
#include "model/order.h"
#include "model/task.h"

/*
 * q_scans: a scan is one order of a person; a task is the part of it that one
 * agent does. Progress in the database is a few seconds old; what is newer
 * comes as EVENT scan.
 */
struct scan_row {
	uint64_t id;
	struct span name, types; /* types: ids and globs, one a line */
	struct span limits;      /* as budget_set() takes them */
	struct span ocr;     /* "eng,deu", see model/languages.h; or empty */
	bool skip_unchanged; /* see model/order.h */
	uint8_t state;       /* enum task_state, of all its tasks */
	uint8_t min_confidence, jobs;
	uint64_t bytes_per_second;
	int64_t created, started, finished; /* 0: not yet */
	struct span created_by;
	/* sums over its tasks */
	uint32_t tasks, tasks_over; /* over: done, stopped or failed */
	uint64_t done_objects, done_bytes, total_objects, total_bytes;
	bool total_exact;
	uint64_t matches, full, partial, unread, rate;
	int64_t moved; /* when any of them last made progress */
};
typedef enum status scan_fn(void *arg, const struct scan_row *row);

struct task_row {
	uint64_t id, scan, agent, target; /* agent 0: removed, or none yet */
	struct span url; /* of a target on another host, or empty */
	/* how that is read: as source/pairs.h has them, or x'00' when they
	 * were changed meanwhile; the credential's name */
	struct span options, credential;
	struct span agent_name, target_name;
	bool online;
	uint8_t state, wanted; /* enum task_state; enum task_action or 0 */
	uint8_t outcome;       /* enum scan_outcome, 0 while it goes on */
	bool swept;
	struct span message; /* why it failed, or why it waits */
	int64_t started, finished, moved;
	uint64_t objects, bytes, full, partial, unread, matches; /* committed */
	uint64_t done_objects, done_bytes, total_objects, total_bytes;
	bool total_exact;
	uint64_t rate;
	struct span current;
};
typedef enum status task_fn(void *arg, const struct task_row *row);
typedef enum status path_fn(void *arg, struct span path);

/* Newest first, those before id `before` (0: all); state 0: any. */
NODISCARD enum status q_scans_list(struct store *s, uint64_t before,
				   unsigned state, uint32_t limit, scan_fn *fn,
				   void *arg);
/* Those that are queued, running or paused, oldest first. */
NODISCARD enum status q_scans_live(struct store *s, scan_fn *fn, void *arg);
NODISCARD enum status q_scan_get(struct store *s, uint64_t id, scan_fn *fn,
				 void *arg);
NODISCARD enum status q_scan_paths(struct store *s, uint64_t scan, path_fn *fn,
				   void *arg);
NODISCARD enum status q_scan_tasks(struct store *s, uint64_t scan, task_fn *fn,
				   void *arg);
NODISCARD enum status q_task_get(struct store *s, uint64_t id, task_fn *fn,
				 void *arg);
/* What a scan has to do with a target. */
NODISCARD enum status q_task_of(struct store *s, uint64_t scan, uint64_t target,
				task_fn *fn, void *arg);
/* Tasks of an agent that are not over, oldest first. */
NODISCARD enum status q_agent_tasks(struct store *s, uint64_t agent,
				    task_fn *fn, void *arg);

/* The same of a target, whoever has them. */
NODISCARD enum status q_target_tasks(struct store *s, uint64_t target,
				     task_fn *fn, void *arg);

/* Writing, core only ---------------------------------------------------- */

NODISCARD enum status q_scan_add(struct store *s, const struct scan_row *row,
				 const struct span *paths, size_t path_count,
				 uint64_t *id);
NODISCARD enum status q_task_add(struct store *s, uint64_t scan, uint64_t agent,
				 uint64_t target, uint64_t *id);
NODISCARD enum status q_task_set_state(struct store *s, uint64_t id,
				       enum task_state state,
				       struct span message, int64_t now);
/* Nothing of it was read: there is nothing to sweep. */
NODISCARD enum status q_task_settle(struct store *s, uint64_t id);
NODISCARD enum status q_task_set_wanted(struct store *s, uint64_t id,
					unsigned wanted);
NODISCARD enum status q_task_set_progress(struct store *s, uint64_t id,
					  const struct scan_progress *p,
					  uint64_t rate, int64_t now);
/* Makes the state of a scan follow those of its tasks. */
NODISCARD enum status q_scan_follow(struct store *s, uint64_t scan,
				    int64_t now);
/* Tasks whose last batch is here and whose sweep is not done. */
NODISCARD enum status q_tasks_unswept(struct store *s, task_fn *fn, void *arg);

#endif
