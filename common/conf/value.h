#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "conf/schema.h"

/* value: one setting's text to its member, and what may stand there. */

/* Nothing is written unless it passes. ST_MALFORMED or ST_LIMIT. */
NODISCARD enum status value_read(const struct conf_setting *set,
				 struct span text, void *into);

/* "a number from 1 to 65535", "one of: info, debug"; best effort. */
void value_allowed(const struct conf_setting *set, struct buf *to);

/* "NUMBER", "HOST:PORT": what stands behind the flag in the help. */
const char *value_word(const struct conf_setting *set);

/* The key that a mistyped one was most likely meant to be, or NULL. */
const char *value_nearest(const struct conf_schema *s, struct span key);

#endif
