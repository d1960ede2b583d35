#ifndef DETECT_ENGINE_PARTS_H
#define DETECT_ENGINE_PARTS_H

#include "detect/engine/engine.h"
#include "detect/region/lead_table.h"

/*
 * engine_parts: where each expression is looked for. One whose matches all have
 * a long run of key bytes stands behind the sieve, one with rows of capitals
 * behind these, one with a byte beyond ASCII behind such bytes; of the others,
 * those of its choices that have leads stand behind these, and what is left
 * looks at all text.
 */
enum engine_part {
	PART_ALL_TEXT,
	PART_RUNS,  /* sieve */
	PART_ROWS,  /* row */
	PART_LEADS, /* lead_table */
	PART_HIGH,  /* high */
	PARTS
};

struct engine_parts {
	char **text[PARTS]; /* of each rule, NULL when it is not there */
	size_t count;
	struct lead_list *leads;
};

NODISCARD enum status engine_parts_make(const struct engine_rule *rules,
					size_t count, struct engine_parts *out);
void engine_parts_free(struct engine_parts *p);

#endif
