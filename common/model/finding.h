#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include <stdint.h>

#include "base/span.h"
#include "model/match.h"

/*
 * finding: what is kept of one match. No clear value is in it.
 *
 * Owner: spans borrow from whoever made or decoded it.
 */
#define FINDING_DIGEST_LEN  32
#define FINDING_PLACE_MAX   4096 /* bytes of place */
#define FINDING_MASKED_MAX  128  /* bytes of masked text */
#define FINDING_CONTEXT_MAX 256  /* bytes of masked context */

/* The part of a place that stands for what was read in points, not bytes. */
#define FINDING_IN_POINTS "text of the picture"

struct finding {
	struct span type; /* id of the catalogue: "card_visa" */
	struct span
	    also; /* other ids it is valid as, "pl_nip,ru_inn", or empty */
	struct span
	    place; /* parts inside the object joined by " → ", or empty */
	uint64_t offset;     /* in the original bytes of that place */
	uint32_t length;     /* original bytes */
	uint8_t confidence;  /* 0..100 */
	uint8_t level;       /* enum match_level */
	uint64_t reasons;    /* REASON() bits */
	struct span masked;  /* UTF-8 */
	struct span context; /* UTF-8, masked */
	/*
	 * SHA-256 of the normalised value. It leaves the scanner only towards
	 * the link process of the same host, which turns it into the
	 * fingerprint HMAC-SHA-256(installation key, digest), first 8 bytes.
	 */
	uint8_t digest[FINDING_DIGEST_LEN];
};

#endif
