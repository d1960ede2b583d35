#include <string.h>

#include "base/str.h"
#include "detect/catalogue/field.h"

static bool
prefix_parse(struct span s, struct prefix *p)
{
	struct span from = span_of(s.ptr, str_find(s, '-'));
	struct span to = from.len < s.len ? span_skip(s, from.len + 1) : from;
	uint64_t a, b;

	if (from.len == 0 || from.len > 9 || to.len != from.len ||
	    str_to_u64(from, 0, UINT32_MAX, &a) != ST_OK ||
	    str_to_u64(to, a, UINT32_MAX, &b) != ST_OK)
		return false;
	*p = (struct prefix){(uint32_t)a, (uint32_t)b, (uint8_t)from.len};
	return true;
}

static enum status
read_prefixes(struct field_loader *l, const struct yml_node *n, struct form *f)
{
	const struct span *list;
	struct prefix *out;
	enum status st = field_spans(l, n, "prefixes", &list, &f->prefix_count);

	if (st != ST_OK)
		return st;
	out = arena_array(&l->cat->arena, f->prefix_count + 1, sizeof(*out));
	if (out == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < f->prefix_count; i++)
		if (!prefix_parse(list[i], &out[i]))
			return field_wrong(
			    l, n, "prefixes",
			    "must be like \"4\" or \"2221-2720\"");
	f->prefixes = out;
	return ST_OK;
}

static enum status
read_shapes(struct field_loader *l, const struct yml_node *n, struct form *f)
{
	const struct span *list;
	const char *what = NULL;
	struct shape *out;
	enum status st = field_spans(l, n, "shapes", &list, &f->shape_count);

	if (st != ST_OK)
		return st;
	out = arena_array(&l->cat->arena, f->shape_count + 1, sizeof(*out));
	if (out == NULL)
		return ST_NOMEM;
	for (size_t i = 0; st == ST_OK && i < f->shape_count; i++) {
		st = shape_parse(list[i], &l->cat->arena, &out[i], &what);
		if (st == ST_MALFORMED)
			st = field_wrong(l, n, "shapes", what);
	}
	if (st != ST_OK)
		return st;
	f->shapes = out;
	return ST_OK;
}

static enum status
read_separators(struct field_loader *l, const struct yml_node *n,
		struct form *f)
{
	enum status st = field_kind(l, n, "separators", YML_SCALAR);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < n->len; i++) {
		unsigned sep = shape_sep((uint8_t)n->text[i]);

		if (sep == 0)
			return field_wrong(l, n, "separators",
					   "may hold space - . / : + only");
		f->seps |= (uint8_t)(1U << sep);
	}
	return ST_OK;
}

/* Lengths of several groups are nothing without what joins them. */
static enum status
joined(struct field_loader *l, const struct yml_node *map, const struct form *f)
{
	for (size_t i = 0; i < f->shape_count; i++)
		if (f->shapes[i].lengths && f->shapes[i].groups > 1 &&
		    f->seps == 0)
			return field_wrong(l, map, "separators",
					   "is missing: what joins the groups");
	return ST_OK;
}

static enum status
read_form(struct field_loader *l, const struct yml_node *map, struct form *f)
{
	enum status st = field_kind(l, map, "forms", YML_MAP);
	uint64_t score = 0;

	for (const struct yml_node *n = map->first; st == ST_OK && n != NULL;
	     n = n->next) {
		if (strcmp(n->key, "prefixes") == 0)
			st = read_prefixes(l, n, f);
		else if (strcmp(n->key, "shapes") == 0)
			st = read_shapes(l, n, f);
		else if (strcmp(n->key, "separators") == 0)
			st = read_separators(l, n, f);
		else if (strcmp(n->key, "checks") == 0)
			st = rule_chain(l, n, &f->checks, &f->check_count);
		else if (strcmp(n->key, "score") == 0)
			st = field_number(l, n, "score", 100, &score);
		else
			st = field_wrong(
			    l, n, n->key,
			    "is not known; allowed: prefixes shapes "
			    "separators checks score");
	}
	f->score = (uint8_t)score;
	if (st != ST_OK)
		return st;
	if (f->shape_count == 0)
		return field_wrong(l, map, "shapes", "is missing");
	if (score == 0)
		return field_wrong(l, map, "score", "is missing");
	return joined(l, map, f);
}

enum status
rule_forms(struct field_loader *l, const struct yml_node *n)
{
	enum status st = field_kind(l, n, "forms", YML_LIST);
	struct form *forms;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	forms = arena_array(&l->cat->arena, n->count + 1, sizeof(*forms));
	if (forms == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = read_form(l, c, &forms[i++]);
	l->type->forms = forms;
	l->type->form_count = i;
	return st;
}
