#include <string.h>

#include "detect/check.h"
#include "detect/field.h"

static enum status
read_param(struct field_loader *l, const struct yml_node *n, struct check *c)
{
	uint64_t v = 0;
	enum status st;

	if (strcmp(n->key, "use") == 0)
		return ST_OK;
	if (strcmp(n->key, "bonus") == 0) {
		st = field_number(l, n, "bonus", 100, &v);
		c->bonus = (uint8_t)v;
		return st;
	}
	for (unsigned p = 0; p < PARAM__COUNT; p++) {
		if (strcmp(n->key, check_param_name(p)) != 0)
			continue;
		if (((c->op->wants | c->op->may) >> p & 1) == 0)
			return field_wrong(l, n, n->key,
					   "means nothing to the check");
		if (p == PARAM_TEXT)
			return field_text(l, n, n->key, &c->args.text);
		st = field_number(l, n, n->key, 100000, &v);
		c->args.number[p] = (uint32_t)v;
		return st;
	}
	return field_wrong(l, n, n->key, "is no parameter of a check");
}

static enum status
unknown_check(struct field_loader *l, const struct yml_node *n)
{
	enum status st = buf_addf(
	    l->why, "%s:%u: field 'checks' names '%.40s'; allowed:", l->file,
	    n->line, n->text);

	for (size_t i = 0; st == ST_OK && check_at(i) != NULL; i++)
		st = buf_addf(l->why, " %s", check_at(i)->name);
	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_check(struct field_loader *l, const struct yml_node *n, struct check *c)
{
	const struct yml_node *use =
	    n->kind == YML_MAP ? yml_find(n, "use") : n;
	enum status st = ST_OK;

	if (use == NULL || use->kind != YML_SCALAR)
		return field_wrong(l, n, "checks",
				   "must be names or {use: name}");
	c->op = check_find(span_of(use->text, use->len));
	if (c->op == NULL)
		return unknown_check(l, use);
	if (n->kind == YML_MAP)
		for (const struct yml_node *p = n->first;
		     st == ST_OK && p != NULL; p = p->next)
			st = read_param(l, p, c);
	for (unsigned p = 0; st == ST_OK && p < PARAM__COUNT; p++)
		if ((c->op->wants >> p & 1) != 0 &&
		    (n->kind != YML_MAP ||
		     yml_find(n, check_param_name(p)) == NULL))
			return field_wrong(l, n, check_param_name(p),
					   "is missing from the check");
	return st;
}

enum status
rule_chain(struct field_loader *l, const struct yml_node *n,
	   const struct check **out, size_t *count)
{
	enum status st = field_kind(l, n, "checks", YML_LIST);
	struct check *chain;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	if (n->count > TYPE_CHECKS)
		return field_wrong(l, n, "checks", "has too many links");
	chain = arena_array(&l->cat->arena, n->count + 1, sizeof(*chain));
	if (chain == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = read_check(l, c, &chain[i++]);
	*out = chain;
	*count = i;
	return st;
}

enum status
rule_checks(struct field_loader *l, const struct yml_node *n)
{
	return rule_chain(l, n, &l->type->checks, &l->type->check_count);
}
