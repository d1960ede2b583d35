#ifndef MASTER_PROC_PEERS_H
#define MASTER_PROC_PEERS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/pack.h"
#include "model/session.h"

/*
 * peers: the words between the processes of the master. One message is a kind
 * and a body; bodies are packed structs (model/pack.h). They travel over edges
 * (proc/edge.h). Nobody outside can write on an edge, but the gate talks with
 * the world: what comes from it is unpacked with every bound checked.
 */

/* kind, number, from, to, body */
#define PEER_KIND_TABLE(X)                                                     \
	/* gate to core */                                                     \
	X(PEER_AGENT_UP, 1)   /* peer_up: an agent said HELLO */               \
	X(PEER_AGENT_DOWN, 2) /* peer_down */                                  \
	X(PEER_ENROLL, 3)     /* peer_enroll */                                \
	X(PEER_RENEW, 4)      /* peer_renew */                                 \
	X(PEER_HEARTBEAT, 5)  /* peer_said: body is a heartbeat */             \
	X(PEER_PROGRESS, 6)   /* peer_said: body is a task_progress */         \
	X(PEER_BATCH, 7)      /* peer_batch */                                 \
	X(PEER_TRIED, 8)      /* peer_said: body is an agent_answer */         \
	/* core to gate; a conn that is gone is ignored */                     \
	X(PEER_WELCOME, 32)  /* peer_said: hello_reply, answers UP */          \
	X(PEER_ENROLLED, 33) /* peer_said: enroll_reply */                     \
	X(PEER_RENEWED, 34)  /* peer_said: renew_reply */                      \
	X(PEER_ORDER, 35)    /* peer_said: task_order */                       \
	X(PEER_CONTROL, 36)  /* peer_said: task_control */                     \
	X(PEER_ACK, 37)      /* peer_said: stream_ack */                       \
	X(PEER_NACK, 38)     /* peer_said: stream_nack */                      \
	X(PEER_CLOSE, 39)    /* peer_said: session_bye; cut at once */         \
	X(PEER_TRY, 40)      /* peer_said: agent_ask */                        \
	/* core and ca */                                                      \
	X(PEER_SIGN, 64)   /* peer_sign */                                     \
	X(PEER_SIGNED, 65) /* peer_signed */                                   \
	/* api and core */                                                     \
	X(PEER_ASK, 96)    /* peer_ask */                                      \
	X(PEER_ANSWER, 97) /* peer_answer */                                   \
	X(PEER_EVENT, 98)  /* peer_event, core to api */

enum peer_kind {
#define PEER_ENUM(kind, number) kind = (number),
	PEER_KIND_TABLE(PEER_ENUM)
#undef PEER_ENUM
};

const char *peer_kind_name(unsigned kind); /* "PEER_ASK"; "unknown" */

/*
 * conn: number of one connection, never used twice by one gate. When core is
 * new the gate sends AGENT_UP again for each agent and ENROLL for each that
 * waits; when the gate is new core forgets every conn of the gate before
 * (the edge was closed).
 */
struct peer_up {
	uint64_t conn;
	uint64_t agent;             /* by its certificate */
	uint8_t key[KEY_HASH_LEN];  /* SHA-256 of its public key */
	uint8_t cert[KEY_HASH_LEN]; /* SHA-256 of its certificate */
	int64_t cert_ends;          /* seconds since 1970 */
	uint8_t again;              /* 1: announced to a new core; the agent
				       has had its welcome already, answer
				       WELCOME all the same */
	struct span address;        /* "192.0.2.7:40112" */
	struct agent_hello hello;
};

struct peer_down {
	uint64_t conn;
	uint64_t agent;  /* 0: it was enrolling */
	struct span why; /* for people */
};

/* The request's own signature was checked by the gate. */
struct peer_enroll {
	uint64_t conn;
	struct span address;
	uint8_t key[KEY_HASH_LEN];   /* SHA-256 of the public key in the csr */
	struct span print;           /* the same for people: "4F2A 91C0 ..." */
	uint8_t exporter[PROOF_LEN]; /* of its TLS session, for the proof */
	struct enroll_request request;
};

struct peer_renew {
	uint64_t conn, agent;
	uint8_t key[KEY_HASH_LEN]; /* of the csr, which the gate has checked */
	struct span csr;           /* DER */
};

/* A struct of model/session.h, packed by its own x_pack(). */
struct peer_said {
	uint64_t conn;
	uint64_t agent; /* gate to core: by its certificate; else 0 */
	struct span body;
};

/* Every bound of the batch was checked by the gate. */
struct peer_batch {
	uint64_t conn, agent;
	uint32_t stream;
	uint64_t seq;
	uint32_t size;     /* bytes it took on the wire, for the credit */
	struct span batch; /* batch_pack() of model/batch.h */
};

struct peer_sign {
	uint64_t tag; /* comes back in peer_signed */
	uint64_t agent;
	uint32_t days;
	struct span csr; /* DER */
};

struct peer_signed {
	uint64_t tag;
	uint8_t status;             /* enum status; the rest only when ST_OK */
	uint8_t key[KEY_HASH_LEN];  /* SHA-256 of the public key */
	uint8_t cert[KEY_HASH_LEN]; /* SHA-256 of the certificate */
	int64_t not_before, not_after;
	struct span certificate; /* DER */
	struct span ca;          /* DER */
};

struct peer_ask {
	uint64_t tag;        /* comes back in peer_answer */
	uint64_t user;       /* 0: nobody signed in; UINT64_MAX: the operator at
				run/admin.sock */
	uint64_t session;    /* row of the session, 0 without one */
	struct span address; /* of the person, text */
	struct span op;      /* "scan.create" */
	struct span args;    /* JSON */
};

#define PEER_USER_OPERATOR UINT64_MAX

struct peer_answer {
	uint64_t tag;
	uint16_t http;    /* 200, 201, 404 ... */
	struct span body; /* JSON; problem+json from 400 on */
};

struct peer_event {
	struct span type; /* "finding", "scan", "agent", "reset" */
	struct span body; /* JSON */
};

#define PEER_PACKED(X)                                                         \
	X(peer_up)                                                             \
	X(peer_down)                                                           \
	X(peer_enroll)                                                         \
	X(peer_renew)                                                          \
	X(peer_said)                                                           \
	X(peer_batch)                                                          \
	X(peer_sign)                                                           \
	X(peer_signed)                                                         \
	X(peer_ask)                                                            \
	X(peer_answer)                                                         \
	X(peer_event)

PEER_PACKED(PACK_DECLARE)

#endif
