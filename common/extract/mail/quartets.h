#ifndef EXTRACT_MAIL_QUARTETS_H
#define EXTRACT_MAIL_QUARTETS_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * quartets: four digits of base64 are three bytes; by the widest vectors that
 * the machine has. Digits are those of both alphabets of RFC 4648.
 */
#define QUARTETS_NONE 64

uint8_t quartets_digit(uint8_t c); /* QUARTETS_NONE: it is no digit */
/*
 * Decodes whole quartets at the begin of s up to one with another character;
 * bytes of s that were used. dst has room for s.len + 2 bytes.
 */
size_t quartets_decode(struct span s, uint8_t *dst);

#endif
