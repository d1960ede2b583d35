#ifndef MASTER_API_SSE_H
#define MASTER_API_SSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/span.h"
#include "base/status.h"

/*
 * sse: server-sent events. One ring of the last events; each client has its own
 * place in it. A client that fell behind the ring, or comes back with an id of
 * another life of this process, gets a `reset` event first.
 *
 * Threads: any; one lock inside. A client with nothing to read is put to sleep
 *          under the same lock that a publisher takes before it wakes the
 *          sleepers, so that no wake-up is lost.
 * Limits:  SSE_RING events of SSE_EVENT_MAX bytes, `cap` clients.
 */
#define SSE_RING      256
#define SSE_EVENT_MAX 16384
#define SSE_ID_MAX    32

struct sse;
struct sse_client;

struct sse_ops {
	/* The connection sleeps until wake(); called under the lock. */
	void (*sleep)(void *conn);
	void (*wake)(void *conn);
};

NODISCARD enum status sse_open(const struct sse_ops *ops, size_t cap,
			       struct sse **out);
void sse_close(struct sse *s); /* no client may be left; takes NULL */

/* Ends every stream and admits no new one. */
void sse_stop(struct sse *s);

/* type: one word. data: one line of JSON. Too large: it becomes a reset. */
void sse_publish(struct sse *s, struct span type, struct span data);

/* A comment to all, so that dead peers are noticed. */
void sse_ping(struct sse *s);

size_t sse_count(struct sse *s);

/*
 * A new stream. last_id: what the client sent, or NULL. ends: when its session
 * ends (ms since 1970). who: bytes that sse_drop() knows it by. ST_LIMIT when
 * there are too many, ST_CLOSED after sse_stop().
 */
struct sse_join {
	const char *last_id;
	int64_t ends;
	uint8_t who[32];
};
NODISCARD enum status sse_join(struct sse *s, const struct sse_join *join,
			       struct sse_client **out);

/* The connection that sleep() and wake() are given, before the first read. */
void sse_bind(struct sse_client *c, void *conn);
void sse_leave(struct sse_client *c); /* takes NULL */

/* Bytes put into dst; 0: asleep now; -1: the stream is over. */
ssize_t sse_read(struct sse_client *c, char *dst, size_t room);

/* End the streams of one session. */
void sse_drop(struct sse *s, const uint8_t who[32]);

/* End those whose session is over, by its end or by what `alive` says. */
typedef bool sse_alive_fn(void *arg, const uint8_t who[32]);
void sse_sweep(struct sse *s, int64_t now, sse_alive_fn *alive, void *arg);

#endif
