#ifndef PROXY_AGENT_ODBC_WIDE_H
#define PROXY_AGENT_ODBC_WIDE_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * wide: text as ODBC's wide functions have it: UTF-16 in the byte order of this
 * machine, whatever the locale. Buffers wipe what they held.
 */

/* UTF-8 to UTF-16 with a NUL behind it. ST_MALFORMED: it is not UTF-8. */
NODISCARD enum status wide_of(struct buf *to, struct span utf8);

/* And back; a half of a pair without the other becomes U+FFFD. */
NODISCARD enum status wide_text(struct buf *to, const uint16_t *units,
				size_t count);

#endif
