#ifndef PROXY_AGENT_SOURCE_CLOUD_ANSWER_H
#define PROXY_AGENT_SOURCE_CLOUD_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"

/*
 * cloud_answer: one answer of a service, its refusals, and its wish that one
 * comes back later: 429 and Retry-After, and what Google says in a 403.
 *
 * Limits: CLOUD_PAGE bytes of one answer.
 */
#define CLOUD_PAGE (8u << 20)
#define CLOUD_SAID 240

struct cloud_answer {
	struct http *http; /* borrowed */
	uint32_t tries;
	char said[CLOUD_SAID]; /* by the service, of the last failure */
};

/* *out is the caller's; NULL but for ST_OK, which is 200 and JSON. */
NODISCARD enum status cloud_answer_ask(struct cloud_answer *a,
				       const struct http_request *r,
				       json_t **out);

/* As struct bucket_ops has it, of content; arg is not looked at. */
bool cloud_answer_busy(void *arg, unsigned code, struct span body);

#endif
