#ifndef PROXY_AGENT_SESSION_INNER_H
#define PROXY_AGENT_SESSION_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * inner: an object that an answer holds as base64 in one text of it, decoded
 * while the answer comes: a message in XML (Exchange) or in JSON (Gmail). Both
 * alphabets are read, with padding or without; blanks and the escapes of a
 * slash in JSON are passed over.
 *
 * Behind `mark` the text stands between the first `open` and the next `close`.
 */
struct inner_form {
	const char *mark; /* "<t:MimeContent", "\"raw\"" */
	char open, close;
};

struct inner {
	const struct inner_form *form;
	size_t matched; /* bytes of the mark */
	enum { INNER_BEFORE, INNER_NEAR, INNER_WITHIN, INNER_BEHIND } state;
	uint32_t bits; /* of the group that has begun */
	unsigned have; /* digits of it */
};

void inner_init(struct inner *i, const struct inner_form *form);

/*
 * Decodes what is in `from` into `to`, which has room for as many bytes; *got
 * of them. ST_MALFORMED: that is no base64.
 */
NODISCARD enum status inner_feed(struct inner *i, struct span from, uint8_t *to,
				 size_t *got);

static inline bool
inner_begun(const struct inner *i)
{
	return i->state >= INNER_WITHIN;
}

static inline bool
inner_ended(const struct inner *i)
{
	return i->state == INNER_BEHIND;
}

#endif
