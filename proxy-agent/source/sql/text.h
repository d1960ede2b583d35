#ifndef PROXY_AGENT_SOURCE_SQL_TEXT_H
#define PROXY_AGENT_SOURCE_SQL_TEXT_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * sql_text: statements made of patterns. All add to a buf; none ends it with a
 * NUL but sql_end().
 *
 * Errors: ST_MALFORMED when a NUL would end a statement in its middle.
 */
struct sql_word {
	const char *name; /* between braces in a pattern */
	struct span text;
	enum {
		SQL_AS_IS,
		SQL_QUOTED, /* ' becomes '' */
		SQL_HEX,    /* two digits a byte */
	} how;
};

/* `words` end with a name of NULL; other braces stay as they are. */
NODISCARD enum status sql_fill(struct buf *to, const char *pattern,
			       const struct sql_word *words);

/* A name between quotes, whatever it holds. */
NODISCARD enum status sql_name(struct buf *to, char open, char close,
			       const char *name);

/* A value in a pattern of {text}, {quoted} or {hex}; {text} only of what a
 * number consists of. */
NODISCARD enum status sql_literal(struct buf *to, const char *pattern,
				  struct span value);

NODISCARD enum status sql_end(struct buf *to);

#endif
