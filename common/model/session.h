#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/order.h"
#include "model/pack.h"

/*
 * session: what agent and master say to each other, as plain structs. The wire
 * codecs (wire/codec_*.h) turn them into protobuf for the network; x_pack()
 * and x_unpack() are for the pipes between our own processes.
 *
 * Owner: spans borrow from the bytes that were decoded or unpacked.
 */
#define PROTOCOL_MIN          1
#define PROTOCOL_MAX          1
#define INCARNATION_LEN       16
#define FINGERPRINT_KEY_LEN   32
#define KEY_HASH_LEN          32 /* SHA-256 of a public key (SPKI, DER) */
#define PROOF_LEN             32
#define TOKEN_ID_LEN          8
#define RETURN_ID_LEN         144 /* PASS_ID_LEN of crypto/pass.h */
#define RETURN_KEY_LEN        32  /* PASS_KEY_LEN of crypto/pass.h */
#define HOST_ADDRESSES_MAX    32
#define HELLO_TASKS_MAX       256
#define HELLO_RESUME_MAX      8
#define HELLO_KINDS_MAX       64
#define HELLO_KIND_LEN        32 /* bytes of a scheme */
#define HELLO_CREDENTIALS_MAX 256
#define ANSWER_ENTRIES_MAX    256
#define ANSWER_WHY_MAX        2048 /* bytes */
#define NAME_MAX_LEN          255  /* bytes of a name, build, system */
#define CERT_MAX              8192 /* bytes of a certificate or request, DER */
#define BYE_TEXT_MAX          1024 /* bytes of why a connection ends */

struct host_facts {
	struct span name;
	struct span os, kernel, arch;
	uint32_t cpus;
	uint64_t memory; /* bytes */
	struct span addresses[HOST_ADDRESSES_MAX];
	size_t address_count;
};

struct task_held {
	uint64_t task;
	uint8_t state; /* enum task_state */
};

/* First frame of an agent with a certificate. */
struct agent_hello {
	uint32_t protocol_min, protocol_max;
	uint64_t features;
	struct span build;   /* "0.1.0" */
	struct span program; /* "trawl-agent" */
	int64_t clock;       /* microseconds since 1970 by its own clock */
	uint8_t incarnation[INCARNATION_LEN];
	struct host_facts host;
	struct task_held tasks[HELLO_TASKS_MAX]; /* those not yet finished */
	size_t task_count;
	struct span kinds[HELLO_KINDS_MAX]; /* schemes that a proxy can read */
	size_t kind_count;                  /* 0: a node agent */
	struct span credentials[HELLO_CREDENTIALS_MAX]; /* names in its store */
	size_t credential_count;
};

/* Highest seq of a stream that is committed; streams not named are at 0. */
struct stream_resume {
	uint32_t stream;
	uint64_t seq;
};

/*
 * Answer to agent_hello. It may come again on the same connection when the
 * master's core was started again: send from its resume points on.
 */
struct hello_reply {
	uint32_t protocol;
	struct span build;
	int64_t clock;
	uint64_t agent; /* id of the agent */
	uint8_t fingerprint_key[FINGERPRINT_KEY_LEN];
	struct stream_resume resume[HELLO_RESUME_MAX];
	size_t resume_count;
	uint32_t heartbeat_seconds;
	uint64_t credit;  /* bytes that may be under way unacknowledged */
	uint8_t verified; /* 0: wait; key and resume are empty then */

	/* To come back with; only between gate and agent. */
	uint8_t has_pass;
	uint8_t pass_id[RETURN_ID_LEN], pass_key[RETURN_KEY_LEN];
};

struct heartbeat {
	int64_t clock;
	uint32_t load_permille;
	uint64_t free_disk, spool_bytes; /* bytes */
	uint32_t running_tasks;
};

/* All up to seq is committed; so much may be under way from now on. */
struct stream_ack {
	uint32_t stream;
	uint64_t seq;
	uint64_t credit; /* bytes */
};

/* A gap: go back and send from expected on. */
struct stream_nack {
	uint32_t stream;
	uint64_t expected;
};

/* Why a connection ends; the numbers travel, never change one. */
#define BYE_TABLE(X)                                                           \
	X(BYE_PROTOCOL, 1, "the other side broke the protocol")                \
	X(BYE_VERSION, 2, "no version of the protocol is known to both")       \
	X(BYE_LIMIT, 3, "a limit was reached")                                 \
	X(BYE_TIMEOUT, 4, "it took too long")                                  \
	X(BYE_BUSY, 5, "too busy, come back later")                            \
	X(BYE_BLOCKED, 6, "this agent is blocked")                             \
	X(BYE_REMOVED, 7, "this agent is not known")                           \
	X(BYE_TOKEN, 8, "the token is wrong, used up or out of date")          \
	X(BYE_REFUSED, 9, "the request was refused")                           \
	X(BYE_REPLACED, 10, "the same agent has connected again")              \
	X(BYE_RESTART, 11, "the master restarts")

enum bye_code {
#define BYE_ENUM(code, number, text) code = (number),
	BYE_TABLE(BYE_ENUM)
#undef BYE_ENUM
};

/* The words of a code; never NULL. */
const char *bye_text(unsigned code);

struct session_bye {
	uint32_t code;        /* enum bye_code */
	struct span text;     /* for people */
	uint32_t retry_after; /* seconds, 0: as you like */
};

struct task_order {
	uint64_t task, scan, target;
	struct scan_order order; /* its cursor is empty on the wire */
};

struct task_control {
	uint64_t task;
	uint8_t action; /* enum task_action */
};

/* Not spooled; the last one wins. */
struct task_progress {
	uint64_t task;
	uint8_t state; /* enum task_state */
	struct scan_progress progress;
	uint64_t bytes_per_second; /* over the last 10 s */
};

/* A person chooses a target: does it answer, what stands in it? */
struct agent_ask {
	uint64_t id;
	struct span path, options, credential; /* as in struct scan_order */
	uint8_t probe; /* 1: list one level; 0: only try it */
};

/* The numbers travel, never change one. */
enum answer_status {
	ANSWER_GOOD = 1,
	ANSWER_DENIED = 2, /* sign-in, rights, a credential out of its scope */
	ANSWER_NOTFOUND = 3,
	ANSWER_TIMEOUT = 4,
	ANSWER_UNSUPPORTED = 5, /* a kind that this agent cannot read */
	ANSWER_TROUBLE = 6,
	ANSWER_BUSY = 7, /* too many questions at once */
};

struct answer_entry {
	struct span path; /* a target itself */
	uint64_t size;    /* bytes */
	uint8_t folder;   /* 1: it can be probed, too */
	uint8_t reason;   /* enum cover_reason; 0: readable */
};

struct agent_answer {
	uint64_t id;
	uint8_t status;  /* enum answer_status */
	struct span why; /* one sentence, for people */
	struct answer_entry entries[ANSWER_ENTRIES_MAX];
	size_t entry_count;
	uint8_t more; /* 1: the list was cut */
};

/* First frame of an agent that has no certificate yet. */
struct enroll_request {
	struct span csr; /* DER, P-256, signed by its own key */
	uint8_t incarnation[INCARNATION_LEN];
	struct host_facts host;
	struct span program, build;
	uint8_t has_token;              /* the next two are zero without one */
	uint8_t token_id[TOKEN_ID_LEN]; /* first bytes of SHA-256(secret) */
	/*
	 * HMAC-SHA-256(SHA-256(secret), exporter || SHA-256(csr)), the exporter
	 * being 32 bytes of this TLS session: a replay elsewhere is worthless.
	 */
	uint8_t proof[PROOF_LEN];
};

enum enroll_state {
	ENROLL_VERIFIED = 1, /* the certificate is in the reply */
	ENROLL_WAITS = 2,    /* until an admin compared the fingerprint; keep
				the connection, a second reply may follow */
};

struct enroll_reply {
	uint64_t agent;
	uint8_t state;           /* enum enroll_state */
	struct span certificate; /* DER, empty while it waits */
	struct span ca;          /* DER */
	struct span fingerprint; /* of the agent's key, as the console shows */
};

struct renew_request {
	struct span csr; /* DER, may be of a new key */
};

struct renew_reply {
	struct span certificate; /* DER */
};

#define SESSION_PACKED(X)                                                      \
	X(host_facts)                                                          \
	X(agent_hello)                                                         \
	X(hello_reply)                                                         \
	X(heartbeat)                                                           \
	X(stream_ack)                                                          \
	X(stream_nack)                                                         \
	X(session_bye)                                                         \
	X(task_order)                                                          \
	X(task_control)                                                        \
	X(task_progress)                                                       \
	X(agent_ask)                                                           \
	X(agent_answer)                                                        \
	X(enroll_request)                                                      \
	X(enroll_reply)                                                        \
	X(renew_request)                                                       \
	X(renew_reply)

/* agent_hello_pack(m, to), agent_hello_unpack(s, m), ... one pair a struct. */
SESSION_PACKED(PACK_DECLARE)

#endif
