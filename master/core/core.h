#ifndef CORE_CORE_H
#define CORE_CORE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"

struct child;

/*
 * core: the only process that writes to the database. It takes in what agents
 * report, decides who may enrol, gives orders, answers what api and the command
 * line ask, and tells api what changes.
 */
struct core_config {
	const char *database;    /* file */
	const char *catalogue;   /* folder of data types, NULL: installed */
	const char *public_host; /* what tokens tell agents to dial */
	uint16_t public_port;
	const char *ca_pin;        /* SHA-256 of the CA key, 64 hex digits */
	uint32_t heartbeat;        /* seconds */
	uint64_t proxy_away;       /* ms; then another has its targets */
	uint64_t proxy_hung;       /* the same without a sign of life */
	uint32_t server_targets;   /* at a time of one server; 0: any */
	uint32_t certificate_days; /* of agents */
	int64_t session_ms;        /* a sign-in ends after it; 0: the longest */
	uint8_t fingerprint_key[FINGERPRINT_KEY_LEN];
	/*
	 * Called in this order; each may be NULL. drop: the catalogue, which
	 * may lie where only root reads, is read, the database not yet opened,
	 * because its files are the other user's. confine: all is open, the
	 * loop comes next: close the sandbox.
	 */
	enum status (*drop)(void *arg);
	enum status (*confine)(void *arg);
	void *arg;
};

/* Runs until the parent says stop. A database it cannot use is ST_USAGE. */
NODISCARD enum status core_run(struct child *c,
			       const struct core_config *config);

/*
 * One operation without neighbours, for the command line while no core runs and
 * the caller holds the lock of the data folder. *answer gets JSON, and *why a
 * sentence when the database cannot be used.
 */
struct core_question {
	const struct core_config *config;
	struct span op, args;
};
NODISCARD enum status core_ask_offline(const struct core_question *q,
				       unsigned *http, struct buf *answer,
				       struct buf *why);

#endif
