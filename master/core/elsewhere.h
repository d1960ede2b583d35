#ifndef CORE_ELSEWHERE_H
#define CORE_ELSEWHERE_H

#include "master/core/state.h"
#include "master/store/q_scans.h"

/*
 * elsewhere: a proxy could not reach a target: no connection to it came about
 * from there (SCAN_UNREACHED, nothing else: a password that is refused is not
 * tried by others, so that no account is locked). Before its task is called
 * failed another proxy that may and can tries it, each at most once and
 * ELSEWHERE_TRIES in all; what each said stands in its message at the end.
 */
#define ELSEWHERE_TRIES 3

/*
 * The last batch of that task has come. True: another has it, or soon will, as
 * a task of another id.
 */
bool elsewhere_try(struct core *c, uint64_t task);

/*
 * For the end of a task: what those said that had it before, then its own
 * message. Nothing is added when nobody had.
 */
NODISCARD enum status elsewhere_words(struct core *c, const struct task_row *t,
				      struct buf *to);

#endif
