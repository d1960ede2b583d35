#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

#include "base/span.h"

/*
 * glob: patterns with *, ? and [a-z] [!a-z]. No pattern costs more than
 * pattern length times text length squared; both are the caller's to bound.
 */

/* For ids of data types: * matches anything, dots too ("secret.*"). */
bool glob_id(struct span pattern, struct span id);

/*
 * For paths: *, ? and [] stay within one part, two stars cross slashes and may
 * also stand for no part at all, slash included. A pattern without a slash is
 * tried on the last part alone: "*.log".
 */
bool glob_path(struct span pattern, struct span path);

#endif
