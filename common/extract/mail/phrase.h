#ifndef EXTRACT_MAIL_PHRASE_H
#define EXTRACT_MAIL_PHRASE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "extract/mail/chars.h"

/*
 * phrase: what is said in a field of a header: encoded words (RFC 2047), also
 * where they may not stand, and parameters in all their forms (RFC 2231).
 */

/* A field's text as a reader sees it, behind what `to` holds. */
NODISCARD enum status phrase_add(struct chars *c, struct span field,
				 struct buf *to);

/*
 * A parameter's value behind what `to` holds: `name=v`, `name*=utf-8''v`, or
 * `name*0=` and its like in any order. Nothing is added when it is not there.
 */
NODISCARD enum status phrase_param(struct chars *c, struct span field,
				   const char *name, struct buf *to);

/* What stands before the first ';', without blanks around it. */
struct span phrase_first(struct span field);
struct span phrase_trim(struct span s);

#endif
