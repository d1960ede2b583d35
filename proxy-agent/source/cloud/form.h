#ifndef PROXY_AGENT_SOURCE_CLOUD_FORM_H
#define PROXY_AGENT_SOURCE_CLOUD_FORM_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * cloud_form: addresses and bodies of requests as the table of a service has
 * them, with blanks: {id} of the container, {a} and {b} of it around its first
 * slash, {want} the name that is looked for, {next} what the last page gave.
 * What is filled in is escaped for a URL; a body has <id> instead, which
 * becomes a text of JSON with its quotes. A blank of another name is empty.
 */
struct cloud_blanks {
	struct span id, want, next;
};

NODISCARD enum status
cloud_form_url(const char *form, const struct cloud_blanks *b, struct buf *to);
NODISCARD enum status
cloud_form_json(const char *form, const struct cloud_blanks *b, struct buf *to);

#endif
