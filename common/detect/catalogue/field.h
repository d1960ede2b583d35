#ifndef DETECT_CATALOGUE_FIELD_H
#define DETECT_CATALOGUE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "detect/catalogue/rule.h"
#include "detect/catalogue/yml.h"

/*
 * field: values of a catalogue file, read strictly. What is wrong is told as
 * "FILE:LINE: field 'NAME' ..." with what is allowed.
 */

/* What reading one file needs at hand. */
struct field_loader {
	struct catalogue *cat;
	const char *file;
	struct buf *why;
	struct rule *rule;
	struct data_type *type;
	const struct yml_node *root;
};

typedef enum status field_fn(struct field_loader *l, const struct yml_node *n);

/* A map whose keys are fields of a table; unknown ones are refused by name. */
struct field {
	const char *key; /* NULL ends the table */
	field_fn *read;
	bool must;
};

NODISCARD enum status field_map(struct field_loader *l,
				const struct yml_node *map, const char *name,
				const struct field *fields);

/* ST_MALFORMED once it is told. */
NODISCARD enum status field_wrong(struct field_loader *l,
				  const struct yml_node *n, const char *field,
				  const char *what);

NODISCARD enum status field_kind(struct field_loader *l,
				 const struct yml_node *n, const char *field,
				 enum yml_kind kind);
NODISCARD enum status field_text(struct field_loader *l,
				 const struct yml_node *n, const char *field,
				 const char **out);
NODISCARD enum status field_number(struct field_loader *l,
				   const struct yml_node *n, const char *field,
				   uint64_t high, uint64_t *out);
NODISCARD enum status field_signed(struct field_loader *l,
				   const struct yml_node *n, const char *field,
				   int64_t low, int64_t high, int64_t *out);
NODISCARD enum status field_bool(struct field_loader *l,
				 const struct yml_node *n, const char *field,
				 bool *out);
/* The place of a word in a table that ends with NULL. */
NODISCARD enum status field_choice(struct field_loader *l,
				   const struct yml_node *n, const char *field,
				   const char *const *allowed, size_t *out);
NODISCARD enum status field_spans(struct field_loader *l,
				  const struct yml_node *n, const char *field,
				  const struct span **out, size_t *count);
/* The same, where one that begins with "hex:" is bytes. */
NODISCARD enum status field_bytes(struct field_loader *l,
				  const struct yml_node *n, const char *field,
				  const struct span **out, size_t *count);

/* A path beside the file, or in another group when it has a slash. */
NODISCARD enum status field_beside(struct field_loader *l,
				   const struct yml_node *n, const char *field,
				   const char *name, const char **out);

/* ---- fields that have a file of their own ---------------------------------
 */

field_fn rule_forms; /* rule_forms.c */
/* rule_checks.c: the chain of the type; rule_chain() reads any other. */
field_fn rule_checks;
NODISCARD enum status rule_chain(struct field_loader *l,
				 const struct yml_node *n,
				 const struct check **out, size_t *count);
field_fn rule_words; /* rule_words.c */
field_fn rule_cell;  /* rule_cell.c */
/* rule_pattern.c */
field_fn rule_pattern, rule_caseless, rule_assigned, rule_card, rule_url,
    rule_value, rule_more, rule_edge, rule_until;

#endif
