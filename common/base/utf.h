#ifndef BASE_UTF_H
#define BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/* utf: UTF-8, strict (no surrogates, no overlong forms, up to U+10FFFF). */

bool utf_valid(struct span s);

/* Bytes of the first code point, 0 when it is not well formed or s is empty. */
size_t utf_decode(struct span s, uint32_t *cp);

/* Bytes written to dst (1..4), 0 when cp is no scalar value. */
size_t utf_encode(uint32_t cp, uint8_t dst[4]);

/* Length of the longest valid beginning. */
size_t utf_valid_prefix(struct span s);

/*
 * The one way in which bytes that may not be UTF-8 (paths, places) become text
 * for people and for JSON: a byte that is not part of a valid sequence becomes
 * the four characters \xHH, everything else stays as it is.
 */
NODISCARD enum status utf_from_bytes(struct buf *to, struct span bytes);

#endif
