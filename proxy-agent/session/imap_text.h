#ifndef PROXY_AGENT_SESSION_IMAP_TEXT_H
#define PROXY_AGENT_SESSION_IMAP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * imap_text: the words of IMAP responses and commands (RFC 9051 and 3501, 9).
 * Nothing is kept; spans point into what was given.
 */

/* The next word up to a blank or a bracket; a quoted one without its quotes
 * (its backslashes stay, see imap_plain()). False: nothing is left. */
bool imap_word(struct span *rest, struct span *word);

/* "{123}" at the end of a line: bytes that follow it. */
bool imap_literal(struct span line, uint64_t *len);

/* A response that is "* 12 FETCH (...". */
bool imap_numbered(struct span line, struct span verb, uint64_t *number,
		   struct span *rest);

/* The number behind a name in a FETCH list: "UID 7". */
bool imap_number_of(struct span list, const char *name, uint64_t *number);

/* Add s as a quoted string. ST_MALFORMED: it has a CR, LF or NUL. */
NODISCARD enum status imap_quote(struct buf *to, struct span s);

/* Add a quoted word without its backslashes. */
NODISCARD enum status imap_plain(struct buf *to, struct span word);

/*
 * A folder's name as people read it: modified UTF-7 (RFC 3501, 5.1.3) to UTF-8.
 * What is none stays as it stands.
 */
NODISCARD enum status imap_folder_name(struct buf *to, struct span name);

#endif
