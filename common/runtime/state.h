#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "crypto/x509.h"
#include "model/session.h"

/*
 * state: the agent's folder and what stands in it.
 *
 *   agent.pem        its key and its certificate, replaced together
 *   ca.pem           the one CA that it trusts
 *   agent.conf       settings; enrolment writes the master's address
 *   incarnation      16 random bytes, new with every new spool
 *   fingerprint.key  the installation's key for fingerprints
 *   enroll.pem       the key of an enrolment that is not finished
 *   status           what `status` shows, a few seconds old
 *   spool/ tasks/    results not yet acknowledged; orders
 *
 * The folder is 0700 and its files 0600. Each file is replaced as a whole.
 *
 * Owner: state_open() .. state_close(), which wipes keys and takes NULL.
 */
#define STATE_PATH_ROOM 4096

struct state {
	char dir[STATE_PATH_ROOM];
	char spool[STATE_PATH_ROOM], tasks[STATE_PATH_ROOM];
	struct buf key_pem;  /* empty while not enrolled */
	struct buf cert_der; /* same */
	struct buf ca_der;   /* same */
	struct cert_facts cert;
	bool enrolled;
};

/* Make the folder where it is missing; a file that is damaged is ST_MALFORMED
 * and *why names it. */
NODISCARD enum status state_open(const char *dir, struct state **out,
				 struct buf *why);
void state_close(struct state *s);

/* Path of a file in the folder. */
NODISCARD enum status state_path(const struct state *s, const char *name,
				 char path[STATE_PATH_ROOM]);

/* Key and certificate in one, then in force; the CA must be there. */
NODISCARD enum status state_identity(struct state *s, struct span key_pem,
				     struct span cert_der);
NODISCARD enum status state_ca(struct state *s, struct span ca_der);

/* ST_NOTFOUND when it was never written. */
NODISCARD enum status state_read(const struct state *s, const char *name,
				 struct buf *to);
NODISCARD enum status state_write(const struct state *s, const char *name,
				  struct span data);
/* The same as file_refresh(): what may be gone after a power cut. */
NODISCARD enum status state_refresh(const struct state *s, const char *name,
				    struct span data);
void state_remove(const struct state *s, const char *name);

/* The 16 bytes; made when there are none. */
NODISCARD enum status state_incarnation(struct state *s,
					uint8_t out[INCARNATION_LEN]);
NODISCARD enum status state_new_incarnation(struct state *s,
					    uint8_t out[INCARNATION_LEN]);

/* Forget who we are, with everything that waits to be sent. */
NODISCARD enum status state_reset(struct state *s);

#endif
