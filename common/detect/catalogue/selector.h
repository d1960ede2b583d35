#ifndef DETECT_CATALOGUE_SELECTOR_H
#define DETECT_CATALOGUE_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "detect/catalogue/catalogue.h"
#include "detect/catalogue/field.h"

/*
 * selector: what a profile includes or excludes. It takes a type that agrees
 * with all that it says: one of its ids and globs, one of its categories, and
 * so on; what it does not mention does not matter.
 */
struct selector {
	const struct span *types; /* ids and globs */
	const struct span *categories, *countries, *risks;
	size_t type_count, category_count, country_count, risk_count;
	bool by_default; /* only types that are found unless told otherwise */
};

#define SELECTORS_MAX 64 /* of a list */

/*
 * The list at n into the arena of the catalogue; *count is 0 before. Values
 * that the catalogue does not have are refused with those that it has.
 */
NODISCARD enum status selectors_read(struct field_loader *l,
				     const struct yml_node *n,
				     const struct selector **out,
				     size_t *count);

/* One of them takes it. */
bool selectors_take(const struct selector *s, size_t n,
		    const struct data_type *t);

#endif
