#ifndef PROXY_AGENT_SESSION_WATCH_H
#define PROXY_AGENT_SESSION_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/*
 * watch: a timer of our own around calls into a driver, which may ignore every
 * time limit that it is given. When a call is late, `late` is called from
 * another thread, once, to have it given up; when that does not help for
 * grace_ms more, the process ends: it has this one target and is started
 * again where it was.
 *
 * Threads: all of them belong to the thread that makes the calls.
 */
struct watch;

NODISCARD enum status watch_open(void (*late)(void *arg), void *arg,
				 uint32_t grace_ms, struct watch **out);
void watch_close(struct watch *w); /* takes NULL */

void watch_begin(struct watch *w, uint32_t ms);
/* Who does not wait long for a server does not for a library: ten seconds at
 * most. */
uint32_t watch_grace(uint32_t answer_ms);

/* True: the call was late, and was told to give up. */
bool watch_end(struct watch *w);

#endif
