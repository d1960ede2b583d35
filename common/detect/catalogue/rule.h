#ifndef DETECT_CATALOGUE_RULE_H
#define DETECT_CATALOGUE_RULE_H

#include "detect/catalogue/catalogue.h"
#include "detect/catalogue/type.h"
#include "detect/catalogue/yml.h"

/*
 * rule: one catalogue file into one data type.
 *
 * `file` is the path as people know it; lists that the type names (table,
 * words) are looked for beside it. Words are given ids in c->words; which of
 * them speak for and against the type is left in the lists below until the
 * number of all words is known.
 */
struct rule {
	struct data_type *type;
	const uint16_t *words_for, *words_against, *words_columns;
	const uint16_t *words_general; /* they are in words_for, too */
	size_t for_count, against_count, column_count, general_count;
};

NODISCARD enum status rule_read(struct catalogue *c, const char *file,
				struct span bytes, struct rule *out,
				struct buf *why);

/* What `category` and `risk` may be; NULL ends them. */
extern const char *const rule_categories[];
extern const char *const rule_risks[];

/* Two capital letters or "*". */
bool rule_is_country(struct span s);

/* The whole file, up to max bytes, into the arena; *why says what failed. */
NODISCARD enum status rule_file(struct arena *a, const char *path, size_t max,
				struct span *out, struct buf *why);

#endif
