#include "detect/catalogue/selector.h"

#include "base/glob.h"
#include "base/str.h"

/* The loader of its fields; what is read goes to the one that is open. */
struct loader {
	struct field_loader l; /* first: the readers are handed this */
	struct selector *s;
};

static struct selector *
open_one(struct field_loader *l)
{
	return ((struct loader *)l)->s;
}

static bool
is_pattern(struct span s)
{
	return str_find(s, '*') < s.len || str_find(s, '?') < s.len ||
	       str_find(s, '[') < s.len;
}

static bool
is_known(const struct catalogue *c, struct span id)
{
	for (size_t i = 0; i < c->count; i++)
		if (str_is(id, c->types[i]->id))
			return true;
	return false;
}

/* One value of a list that is not allowed, and where to read what is. */
static enum status
wrong_value(struct field_loader *l, const struct yml_node *n, const char *field,
	    struct span value, const char *what)
{
	enum status st =
	    buf_addf(l->why, "%s:%u: field '%s' '%.*s' %s", l->file, n->line,
		     field, (int)(value.len > 80 ? 80 : value.len),
		     (const char *)value.ptr, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_types(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = open_one(l);
	enum status st = field_spans(l, n, "types", &s->types, &s->type_count);

	for (size_t i = 0; st == ST_OK && i < s->type_count; i++)
		if (!is_pattern(s->types[i]) && !is_known(l->cat, s->types[i]))
			st = wrong_value(l, n, "types", s->types[i],
					 "is no data type; see trawl types");
	return st;
}

/* A list of words that are all in a table. */
static enum status
read_known(struct field_loader *l, const struct yml_node *n,
	   const char *const *allowed, const struct span **out, size_t *count)
{
	enum status st = field_spans(l, n, n->key, out, count);

	for (size_t i = 0; st == ST_OK && i < *count; i++) {
		size_t k = 0;

		while (allowed[k] != NULL && !str_is((*out)[i], allowed[k]))
			k++;
		if (allowed[k] != NULL)
			continue;
		st = wrong_value(l, n, n->key, (*out)[i],
				 "is not known; allowed:");
		for (k = 0; st == ST_MALFORMED && allowed[k] != NULL; k++)
			if (buf_addf(l->why, " %s", allowed[k]) != ST_OK)
				st = ST_NOMEM;
	}
	return st;
}

static enum status
read_categories(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = open_one(l);

	return read_known(l, n, rule_categories, &s->categories,
			  &s->category_count);
}

static enum status
read_risks(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = open_one(l);

	return read_known(l, n, rule_risks, &s->risks, &s->risk_count);
}

static enum status
read_countries(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = open_one(l);
	enum status st =
	    field_spans(l, n, "countries", &s->countries, &s->country_count);

	for (size_t i = 0; st == ST_OK && i < s->country_count; i++)
		if (!rule_is_country(s->countries[i]))
			st =
			    wrong_value(l, n, "countries", s->countries[i],
					"must be two capital letters or \"*\"");
	return st;
}

static enum status
read_default(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "default", &open_one(l)->by_default);
}

static const struct field selector_fields[] = {
    {"types", read_types, false},
    {"categories", read_categories, false},
    {"countries", read_countries, false},
    {"risks", read_risks, false},
    {"default", read_default, false},
    {NULL, NULL, false},
};

enum status
selectors_read(struct field_loader *l, const struct yml_node *n,
	       const struct selector **out, size_t *count)
{
	struct loader one = {.l = *l};
	enum status st = field_kind(l, n, n->key, YML_LIST);
	struct selector *list;

	if (st != ST_OK)
		return st;
	if (n->count == 0 || n->count > SELECTORS_MAX)
		return field_wrong(l, n, n->key, "must be a list of 1 to 64");
	list = arena_array(&l->cat->arena, n->count, sizeof(*list));
	if (list == NULL)
		return ST_NOMEM;
	*out = list;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next) {
		one.s = &list[(*count)++];
		st = field_map(&one.l, c, n->key, selector_fields);
		if (st == ST_OK && c->count == 0)
			st = field_wrong(l, c, n->key,
					 "has a selector that says nothing");
	}
	return st;
}

/* ---- choosing ------------------------------------------------------------ */

static bool
says(const struct span *list, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(list[i], word))
			return true;
	return n == 0;
}

static bool
in_countries(const struct selector *s, const char *countries)
{
	struct span rest = span_str(countries), one;

	while (str_next(&rest, ',', &one))
		for (size_t i = 0; i < s->country_count; i++)
			if (span_eq(s->countries[i], one))
				return true;
	return s->country_count == 0;
}

static bool
takes(const struct selector *s, const struct data_type *t)
{
	bool named = s->type_count == 0;

	for (size_t i = 0; !named && i < s->type_count; i++)
		named = glob_id(s->types[i], span_str(t->id));
	return named && says(s->categories, s->category_count, t->category) &&
	       says(s->risks, s->risk_count, t->risk) &&
	       in_countries(s, t->countries) &&
	       (!s->by_default || t->by_default);
}

bool
selectors_take(const struct selector *s, size_t n, const struct data_type *t)
{
	for (size_t i = 0; i < n; i++)
		if (takes(&s[i], t))
			return true;
	return false;
}
