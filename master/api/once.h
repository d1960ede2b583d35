#ifndef MASTER_API_ONCE_H
#define MASTER_API_ONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "master/api/idem.h"
#include "master/api/request.h"

/*
 * once: what an Idempotency-Key means for one request. The key is of its user
 * and its path; another body under the same key is refused.
 */
struct once {
	uint8_t key[IDEM_KEY_LEN], body[IDEM_KEY_LEN];
	bool used;
};

/* True when the request is to be done now; else the reply is made. */
bool once_begin(struct request *rq, struct reply *rp, struct once *once);
void once_end(struct request *rq, const struct reply *rp,
	      const struct once *once);

#endif
