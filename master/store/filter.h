#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * filter: the one predicate over findings. Rows, counts, facets, exports and
 * bulk changes are all made from it, so that they can never disagree.
 *
 * A filter is a list of terms. Terms of one key are alternatives, different
 * keys must all hold, and a key with "-" in front excludes.
 *
 *   q         text in the path (ASCII letters in any case), or the target name
 *   risk      critical high medium low
 *   state     open confirmed false_positive gone
 *   type      id or glob of a data type: card_visa, card_*
 *   category  category of the catalogue: card
 *   target agent scan folder object    id, a decimal number
 *   group     group of the target
 *
 * Owner: spans borrow from the caller, who keeps them while the filter is used.
 */
#define FILTER_TERMS_MAX 64
#define FILTER_TEXT_MAX  1024 /* bytes of one value */

struct filter_term {
	uint8_t field; /* row of the table in filter.c */
	bool exclude;
	struct span text;
	int64_t number; /* of a word or an id */
};

struct filter {
	struct filter_term terms[FILTER_TERMS_MAX];
	size_t count;
};

/*
 * ST_NOTFOUND: no such key (another parameter, perhaps); ST_MALFORMED: the
 * value is not one of the key; ST_LIMIT: too many terms or too long.
 */
NODISCARD enum status filter_add(struct filter *f, struct span key,
				 struct span value);

/* The keys without "-", NULL behind the last. */
const char *filter_key(size_t i);

/* Same for the same terms in the same order; part of cursors. */
uint32_t filter_hash(const struct filter *f);

#endif
