#ifndef MASTER_API_IDEM_H
#define MASTER_API_IDEM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/span.h"
#include "base/status.h"

/*
 * idem: answers kept by Idempotency-Key, so that a POST that is sent again is
 * not done again. They live in memory: after a restart of the door a key is
 * new.
 *
 * Threads: any; one lock inside.
 * Limits:  IDEM_MAX keys, IDEM_BODY_MAX bytes of an answer (larger ones are not
 *          kept: the key then gives 409), 24 hours.
 */
#define IDEM_MAX      1024
#define IDEM_BODY_MAX (64 * 1024)
#define IDEM_KEY_LEN  32 /* SHA-256 of user, path and key */
#define IDEM_SECONDS  86400

struct idem;

NODISCARD enum status idem_open(const struct clock *clock, struct idem **out);
void idem_close(struct idem *i); /* takes NULL */

struct idem_answer {
	unsigned status;
	struct buf body; /* the caller has called buf_init() */
	char location[64];
};

/*
 * ST_NOTFOUND: new, do it and then call idem_put() or idem_forget().
 * ST_OK: it was done, *out is the answer.
 * ST_AGAIN: it is being done just now. ST_EXISTS: another body had this key.
 */
NODISCARD enum status idem_begin(struct idem *i,
				 const uint8_t key[IDEM_KEY_LEN],
				 const uint8_t body[IDEM_KEY_LEN],
				 struct idem_answer *out);
void idem_put(struct idem *i, const uint8_t key[IDEM_KEY_LEN],
	      const struct idem_answer *answer);
void idem_forget(struct idem *i, const uint8_t key[IDEM_KEY_LEN]);

#endif
