#ifndef MASTER_GATE_GATE_H
#define MASTER_GATE_GATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

struct child;

/*
 * gate: the process that agents talk to. TLS, frames, limits and decoding; it
 * hands plain structs to core and sends what core says. It knows no database.
 */
struct gate_config {
	struct span key_pem;  /* gate's own, read before rights are dropped */
	struct span cert_der; /* gate's certificate */
	struct span ca_der;
	uint32_t connections_max; /* all, 0: 4,096 */
	uint32_t waiting_max;     /* without a certificate, 0: 256 */
	uint32_t handshakes;      /* a second, 0: 200 */
	uint32_t hello_ms;        /* from TLS up to HELLO or ENROLL, 0: 10 s */
	uint32_t handshake_ms;    /* 0: 10 s */
	uint32_t idle_ms;         /* without a byte, 0: 200 s */
	/* Called when all is open and before the loop: drop rights, sandbox. */
	enum status (*confine)(void *arg);
	void *arg;
};

/* Runs until the parent says stop; the sockets of DOOR_AGENTS are its doors. */
NODISCARD enum status gate_run(struct child *c, const struct gate_config *g);

#endif
