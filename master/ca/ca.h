#ifndef MASTER_CA_CA_H
#define MASTER_CA_CA_H

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

struct child;

/*
 * ca: the process that holds the CA key and signs what core asks: one message
 * in, one out. No network, no database, no files after its start.
 */
struct ca_config {
	struct span key_pem; /* of the CA; wipe it in confine() */
	struct span ca_der;
	/* Called when the key is loaded, before the loop: drop, sandbox. */
	enum status (*confine)(void *arg);
	void *arg;
};

NODISCARD enum status ca_run(struct child *c, const struct ca_config *config);

#endif
