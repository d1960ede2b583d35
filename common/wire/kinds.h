#ifndef WIRE_KINDS_H
#define WIRE_KINDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * kinds: every message between agent and master. The numbers are the protocol:
 * never change one, only add. One kind carries one message of schema/wire.
 */
enum wire_stream {
	STREAM_CONTROL = 0,
	STREAM_FINDINGS = 1,
	STREAM_PROGRESS = 2,
	STREAM_BULK = 3,
	STREAM_REMEDY = 4,
	STREAM__COUNT
};

enum wire_from { FROM_AGENT = 1, FROM_MASTER = 2, FROM_BOTH = 3 };

/* When a peer may send it: bits. */
enum wire_when {
	WHEN_EARLY = 1, /* to or from an agent that has no certificate */
	WHEN_KNOWN = 2, /* to or from an agent that has one */
	WHEN_ANY = 3,
};

#define WIRE_K (1024)

/* kind, number, name, sender, when, stream, cap of the body in bytes */
#define WIRE_KIND_TABLE(X)                                                     \
	X(KIND_HELLO, 1, "hello", FROM_AGENT, WHEN_KNOWN, STREAM_CONTROL,      \
	  64 * WIRE_K)                                                         \
	X(KIND_HELLO_REPLY, 2, "hello_reply", FROM_MASTER, WHEN_KNOWN,         \
	  STREAM_CONTROL, 4 * WIRE_K)                                          \
	X(KIND_HEARTBEAT, 3, "heartbeat", FROM_BOTH, WHEN_KNOWN,               \
	  STREAM_CONTROL, 1 * WIRE_K)                                          \
	X(KIND_ACK, 4, "ack", FROM_MASTER, WHEN_KNOWN, STREAM_CONTROL,         \
	  1 * WIRE_K)                                                          \
	X(KIND_NACK, 5, "nack", FROM_MASTER, WHEN_KNOWN, STREAM_CONTROL,       \
	  1 * WIRE_K)                                                          \
	X(KIND_BYE, 6, "bye", FROM_BOTH, WHEN_ANY, STREAM_CONTROL, 4 * WIRE_K) \
	X(KIND_RENEW, 7, "renew", FROM_AGENT, WHEN_KNOWN, STREAM_CONTROL,      \
	  16 * WIRE_K)                                                         \
	X(KIND_RENEW_REPLY, 8, "renew_reply", FROM_MASTER, WHEN_KNOWN,         \
	  STREAM_CONTROL, 16 * WIRE_K)                                         \
	X(KIND_ENROLL, 16, "enroll", FROM_AGENT, WHEN_EARLY, STREAM_CONTROL,   \
	  64 * WIRE_K)                                                         \
	X(KIND_ENROLL_REPLY, 17, "enroll_reply", FROM_MASTER, WHEN_EARLY,      \
	  STREAM_CONTROL, 32 * WIRE_K)                                         \
	X(KIND_TASK_ORDER, 32, "task_order", FROM_MASTER, WHEN_KNOWN,          \
	  STREAM_CONTROL, 512 * WIRE_K)                                        \
	X(KIND_TASK_CONTROL, 33, "task_control", FROM_MASTER, WHEN_KNOWN,      \
	  STREAM_CONTROL, 1 * WIRE_K)                                          \
	X(KIND_TASK_PROGRESS, 34, "task_progress", FROM_AGENT, WHEN_KNOWN,     \
	  STREAM_PROGRESS, 16 * WIRE_K)                                        \
	X(KIND_ASK, 35, "ask", FROM_MASTER, WHEN_KNOWN, STREAM_CONTROL,        \
	  32 * WIRE_K)                                                         \
	X(KIND_ANSWER, 36, "answer", FROM_AGENT, WHEN_KNOWN, STREAM_CONTROL,   \
	  256 * WIRE_K)                                                        \
	X(KIND_BATCH, 48, "batch", FROM_AGENT, WHEN_KNOWN, STREAM_FINDINGS,    \
	  1024 * WIRE_K)

enum wire_kind {
#define WIRE_KIND_ENUM(kind, number, name, from, when, stream, cap)            \
	kind = (number),
	WIRE_KIND_TABLE(WIRE_KIND_ENUM)
#undef WIRE_KIND_ENUM
};

struct wire_kind_row {
	uint16_t kind;
	uint8_t from;    /* enum wire_from */
	uint8_t when;    /* enum wire_when */
	uint32_t stream; /* enum wire_stream */
	uint32_t cap;    /* bytes of body */
	const char *name;
};

/* The row of a kind, NULL for one that is not in the table. */
const struct wire_kind_row *kinds_find(uint16_t kind);

#endif
