#ifndef PROXY_AGENT_SQL_DRDA_TEXT_H
#define PROXY_AGENT_SQL_DRDA_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * drda_text: the code pages of DRDA, by their numbers at IBM (CCSID).
 */
#define DRDA_UTF8  1208
#define DRDA_UTF16 1200

/* A printable letter of ASCII in EBCDIC (CCSID 500); false: it is none. */
bool drda_text_ebcdic(uint8_t ascii, uint8_t *out);

/* EBCDIC (CCSID 500) or UTF-8 as printable ASCII; others become '?'. A C
 * string, cut where there is no room. */
void drda_text_plain(char *dst, size_t room, struct span text, bool utf8);

/* Whether text of that code page can be read. */
bool drda_text_known(uint16_t ccsid);

/*
 * Adds it as UTF-8; half a letter becomes U+FFFD, UTF-8 is taken as it is.
 * ST_UNSUPPORTED: the code page is not known.
 */
NODISCARD enum status drda_text_add(struct buf *to, uint16_t ccsid,
				    struct span text);

#endif
