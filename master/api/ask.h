#ifndef MASTER_API_ASK_H
#define MASTER_API_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * ask: questions to core, which is the only one that writes. Workers wait for
 * the answer; the loop's thread moves the messages.
 *
 * Threads: ask_call() and ask_tell() from workers; ask_flush(),
 *          ask_answered() and ask_down() from the loop's thread.
 * Limits:  ASK_MAX questions under way, ASK_SECONDS each.
 */
#define ASK_MAX        256
#define ASK_SECONDS    15
#define ASK_ANSWER_MAX (1024 * 1024)

struct ask;

/* A question is queued: have ask_flush() called in the loop's thread. */
typedef void ask_wake_fn(void *arg);

NODISCARD enum status ask_open(ask_wake_fn *wake, void *arg, struct ask **out);
void ask_close(struct ask *a); /* nobody may wait; takes NULL */

struct ask_question {
	uint64_t user;
	const char *address;
	const char *op;
	struct span args; /* JSON */
};

/*
 * The answer of core: HTTP status and JSON body, *body was initialised by the
 * caller. ST_CLOSED when core went away before it answered (it may have done
 * what was asked), ST_TIMEOUT, ST_LIMIT, ST_NOMEM.
 */
NODISCARD enum status ask_call(struct ask *a, const struct ask_question *q,
			       unsigned *http, struct buf *body);

/* Without waiting; whether it was done is not known. */
void ask_tell(struct ask *a, const struct ask_question *q);

/*
 * Send what is queued: send() gets packed peer_ask bodies; when it does not say
 * ST_OK the rest stays queued.
 */
typedef enum status ask_send_fn(void *arg, struct span body);
void ask_flush(struct ask *a, ask_send_fn *send, void *arg);

/* A packed peer_answer came. */
void ask_answered(struct ask *a, struct span body);

/* Core is gone: what was sent has no answer any more. */
void ask_down(struct ask *a);

/* Nobody waits any more, now and later: the process ends. */
void ask_stop(struct ask *a);

#endif
