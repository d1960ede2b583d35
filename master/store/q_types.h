#ifndef STORE_Q_TYPES_H
#define STORE_Q_TYPES_H

#include <stdint.h>

#include "master/store/store.h"
#include "master/store/words.h"

/*
 * q_types: the data types that findings may have, as the catalogue said when
 * core started last, in its order; and those that old findings still name.
 */
struct type_row {
	uint32_t id;
	struct span name, title, category, countries, source;
	uint8_t risk;      /* enum risk */
	int32_t position;  /* in the catalogue; -1: not in it any more */
	uint64_t findings; /* open and confirmed */
};
typedef enum status type_fn(void *arg, const struct type_row *row);

NODISCARD enum status q_types_list(struct store *s, type_fn *fn, void *arg);

/* Writing, core only. id of `row` is not looked at. */
NODISCARD enum status q_types_put(struct store *s, const struct type_row *row);
NODISCARD enum status q_types_clear_positions(struct store *s);

#endif
