#include "detect/catalogue/field.h"

#define SCORE 20 /* as a shape that other values have as well */

struct loader {
	struct field_loader l; /* first: the readers are handed this */
	struct cell *cell;
};

static struct cell *
open_one(struct field_loader *l)
{
	return ((struct loader *)l)->cell;
}

static enum status
read_heads(struct field_loader *l, const struct yml_node *n)
{
	struct cell *c = open_one(l);
	enum status st = field_spans(l, n, "heads", &c->heads, &c->head_count);

	for (size_t i = 0; st == ST_OK && i < c->head_count; i++)
		for (size_t k = 0; st == ST_OK && k < c->heads[i].len; k++)
			if (c->heads[i].ptr[k] == '_' ||
			    (c->heads[i].ptr[k] >= 'A' &&
			     c->heads[i].ptr[k] <= 'Z'))
				st = field_wrong(l, n, "heads",
						 "must be small letters, words "
						 "with one space between");
	return st;
}

static enum status
read_like(struct field_loader *l, const struct yml_node *n)
{
	struct class_run *out = &open_one(l)->like;
	enum status st = field_kind(l, n, "like", YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (!class_parse(span_of(n->text, n->len), out) ||
	    out->max > CELL_BYTES)
		return field_wrong(l, n, "like",
				   "must be like \"[A-Za-z -]{2,48}\", of 200 "
				   "bytes at most");
	return ST_OK;
}

static enum status
read_checks(struct field_loader *l, const struct yml_node *n)
{
	struct cell *c = open_one(l);

	return rule_chain(l, n, &c->checks, &c->check_count);
}

static enum status
read_score(struct field_loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "score", 100, &v);

	open_one(l)->score = (uint8_t)v;
	return st;
}

enum status
rule_cell(struct field_loader *l, const struct yml_node *n)
{
	static const struct field fields[] = {
	    {"heads", read_heads, true},
	    {"like", read_like, true},
	    {"checks", read_checks, false},
	    {"score", read_score, false},
	    {NULL, NULL, false},
	};
	struct loader one = {.l = *l};

	one.cell = arena_take(&l->cat->arena, sizeof(*one.cell));
	if (one.cell == NULL)
		return ST_NOMEM;
	one.cell->score = SCORE;
	l->type->cell = one.cell;
	return field_map(&one.l, n, "cell", fields);
}
