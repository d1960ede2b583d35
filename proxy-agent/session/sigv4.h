#ifndef PROXY_AGENT_SESSION_SIGV4_H
#define PROXY_AGENT_SESSION_SIGV4_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "crypto/hash.h"

/*
 * sigv4: AWS Signature Version 4, by which S3 and its kin know who asks. The
 * secret key itself never leaves; what is sent holds for 15 minutes and for
 * this one request.
 */
struct sigv4_key {
	struct span id, secret;
	struct span token; /* of a temporary key; or empty */
	struct span region, service;
};

struct sigv4_request {
	const char *method;
	struct span url;  /* escaped as it is sent; the query in any order */
	struct span body; /* or empty */
	int64_t wall_s;
};

#define SIGV4_DATE 17 /* "20130524T000000Z" and its NUL */

struct sigv4 {
	char date[SIGV4_DATE];       /* x-amz-date */
	char body[2 * HASH_LEN + 1]; /* x-amz-content-sha256 */
	struct buf authorization;    /* without a NUL */
};

void sigv4_init(struct sigv4 *s);
void sigv4_fini(struct sigv4 *s);

/*
 * Signs host, x-amz-content-sha256, x-amz-date and the token. S3 wants the path
 * as it is sent; ST_MALFORMED when the URL has no host.
 */
NODISCARD enum status sigv4_sign(const struct sigv4_key *k,
				 const struct sigv4_request *r,
				 struct sigv4 *out);

#endif
