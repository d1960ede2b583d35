#ifndef DETECT_DECIDE_HOLDS_H
#define DETECT_DECIDE_HOLDS_H

#include <stdbool.h>
#include <stddef.h>

struct data_type;
struct detect_scratch;

/* Whether the place at text[at] can hold no such value (model/holds.h). */
bool holds_refuses(const struct detect_scratch *s, const struct data_type *t,
		   size_t at);

#endif
