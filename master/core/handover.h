#ifndef CORE_HANDOVER_H
#define CORE_HANDOVER_H

#include "master/core/proxies_impl.h"

/*
 * handover: a proxy has begun to read a target and is not heard of any more.
 * For config.proxy_away its task stays with it, because it goes on where it
 * was. Then another one that may and can has the task anew, and the first is
 * told to stop when it comes back. While there is none the task is queued with
 * the reason, and still the first one's.
 *
 * The same when its link is there and its reader, or who directs that, has
 * hung for config.proxy_hung: no object, no byte and no sign of life
 * (scan/slot.h). A target that is slow, or given rest, is none that hangs: each
 * piece that it sends is a sign, and a wait for it ends by its own time.
 *
 * A task that a person wants paused stays where it is.
 */

/* Core is new: whoever held something is away until it is back. */
void handover_start(struct core *c);
/* An agent has come that was not there, or has gone. */
void handover_came(struct core *c);
void handover_left(struct core *c, struct live *a);
/* Every few seconds while any task moves: who hangs. */
void handover_look(struct core *c);
/* Someone has been away for long enough. */
void handover_timer(void *core);

/* Adds to what is decided; sets the timer for those that are not due yet. */
NODISCARD enum status handover_decide(struct giving *g);
/* Inside a transaction: DECIDE_MOVE, DECIDE_HOLD. */
NODISCARD enum status handover_move(struct core *c, const struct decision *d);
NODISCARD enum status handover_hold(struct core *c, const struct decision *d);

#endif
