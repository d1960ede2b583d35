#include "detect/catalogue/field.h"

enum status
rule_pattern(struct field_loader *l, const struct yml_node *n)
{
	return field_text(l, n, "pattern", &l->type->pattern.text);
}

enum status
rule_caseless(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "caseless", &l->type->pattern.caseless);
}

enum status
rule_url(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "url", &l->type->pattern.url);
}

enum status
rule_assigned(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "assigned", &l->type->pattern.assigned);
}

enum status
rule_card(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "card", &l->type->pattern.card);
}

static enum status
read_class(struct field_loader *l, const struct yml_node *n, const char *field,
	   struct class_run *out)
{
	enum status st = field_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (!class_parse(span_of(n->text, n->len), out))
		return field_wrong(l, n, field,
				   "must be like \"[A-Za-z0-9_]{20,64}\"");
	return ST_OK;
}

enum status
rule_value(struct field_loader *l, const struct yml_node *n)
{
	l->type->pattern.has_value = true;
	return read_class(l, n, "value", &l->type->pattern.value);
}

enum status
rule_more(struct field_loader *l, const struct yml_node *n)
{
	l->type->pattern.has_more = true;
	return read_class(l, n, "more", &l->type->pattern.more);
}

enum status
rule_edge(struct field_loader *l, const struct yml_node *n)
{
	struct class_run run = {0};
	enum status st = read_class(l, n, "edge", &run);

	l->type->pattern.edge = run.set;
	return st;
}

enum status
rule_until(struct field_loader *l, const struct yml_node *n)
{
	enum status st = field_kind(l, n, "until", YML_LIST);

	if (st != ST_OK)
		return st;
	if (n->count != 2)
		return field_wrong(l, n, "until", "must be two texts");
	st = field_text(l, n->first, "until", &l->type->pattern.until);
	if (st != ST_OK)
		return st;
	return field_text(l, n->first->next, "until",
			  &l->type->pattern.through);
}
