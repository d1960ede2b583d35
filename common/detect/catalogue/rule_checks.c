#include <string.h>

#include "base/str.h"
#include "detect/catalogue/field.h"
#include "detect/catalogue/rule.h"
#include "detect/check/check.h"

#define CODES_BYTES ((size_t)1024 * 1024)
#define CODES_MAX   65536

/* Parameters that every check takes, beside its own. */
#define COMMON_PARAMS "use bonus from to pick"

/* ---- one parameter ------------------------------------------------------- */

static enum status
read_numbers(struct field_loader *l, const struct yml_node *n,
	     const struct check_param *p, struct check_numbers *out)
{
	const struct yml_node *c = n->kind == YML_LIST ? n->first : n;
	size_t count = n->kind == YML_LIST ? n->count : 1;
	int32_t *v = arena_array(&l->cat->arena, count + 1, sizeof(*v));
	enum status st = ST_OK;

	if (v == NULL)
		return ST_NOMEM;
	for (size_t i = 0; st == ST_OK && i < count; i++, c = c->next) {
		int64_t one = 0;

		st = field_signed(l, c, p->name, p->low, p->high, &one);
		v[i] = (int32_t)one;
	}
	*out = (struct check_numbers){v, count};
	return st;
}

/* Values of letters: a list from A on, or {V: 4, E: 8}. */
static enum status
read_values(struct field_loader *l, const struct yml_node *n,
	    const struct check_param *p, int32_t *out)
{
	enum status st = ST_OK;
	unsigned i = 0;

	if (n->kind == YML_SCALAR || n->count > CHECK_LETTERS)
		return field_wrong(l, n, p->name,
				   "must be a list of up to 26 values from A "
				   "on, or a map {A: 1}");
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next, i++) {
		unsigned letter = i;
		int64_t v = 0;

		if (n->kind == YML_MAP) {
			letter = (unsigned)(uint8_t)c->key[0] - 'A';
			if (letter >= CHECK_LETTERS || c->key[1] != 0)
				return field_wrong(
				    l, c, p->name,
				    "must have capital letters as keys");
		}
		st = field_signed(l, c, p->name, p->low, p->high, &v);
		out[letter] = (int32_t)v;
	}
	return st;
}

static enum status
read_choices(struct field_loader *l, const struct yml_node *n,
	     const struct check_param *p, uint32_t *out)
{
	enum status st = field_kind(l, n, p->name, YML_LIST);

	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next) {
		size_t i = 0;

		st = field_choice(l, c, p->name, p->choices, &i);
		*out |= 1U << i;
	}
	return st;
}

/* The first column of each line that is no comment. */
static size_t
codes_of(struct span text, struct span *out, size_t room)
{
	struct span line, code;
	size_t n = 0;

	while (n < room && str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.len == 0 || line.ptr[0] == '#' ||
		    !str_next(&line, '\t', &code))
			continue;
		out[n++] = str_trim(code);
	}
	return n;
}

static enum status
read_codes(struct field_loader *l, const struct yml_node *n,
	   const struct check_param *p, struct check_texts *out)
{
	const char *name, *path = NULL;
	struct span text = {0}, *codes;
	enum status st = field_text(l, n, p->name, &name);
	size_t lines = 1;

	if (st == ST_OK)
		st = field_beside(l, n, p->name, name, &path);
	if (st == ST_OK)
		st =
		    rule_file(&l->cat->arena, path, CODES_BYTES, &text, l->why);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	if (lines > CODES_MAX)
		return field_wrong(l, n, p->name, "has too many lines");
	codes = arena_array(&l->cat->arena, lines, sizeof(*codes));
	if (codes == NULL)
		return ST_NOMEM;
	*out = (struct check_texts){codes, codes_of(text, codes, lines)};
	return ST_OK;
}

static enum status read_chain(struct field_loader *l, const struct yml_node *n,
			      bool inner, struct check_chain *out);

static enum status
read_chains(struct field_loader *l, const struct yml_node *n,
	    const struct check_param *p, struct check_chains *out)
{
	enum status st = field_kind(l, n, p->name, YML_LIST);
	struct check_chain *v;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	if (n->count == 0)
		return field_wrong(l, n, p->name, "must be a list of chains");
	v = arena_array(&l->cat->arena, n->count, sizeof(*v));
	if (v == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = read_chain(l, c, true, &v[i++]);
	*out = (struct check_chains){v, i};
	return st;
}

static enum status
read_text(struct field_loader *l, const struct yml_node *n,
	  const struct check_param *p, struct span *out)
{
	const char *text = NULL;
	enum status st = field_text(l, n, p->name, &text);

	if (st == ST_OK)
		*out = span_of(n->text, n->len);
	return st;
}

static enum status
read_number(struct field_loader *l, const struct yml_node *n,
	    const struct check_param *p, int32_t *out)
{
	int64_t v = 0;
	enum status st = field_signed(l, n, p->name, p->low, p->high, &v);

	*out = (int32_t)v;
	return st;
}

static enum status
read_choice(struct field_loader *l, const struct yml_node *n,
	    const struct check_param *p, int32_t *out)
{
	size_t i = 0;
	enum status st = field_choice(l, n, p->name, p->choices, &i);

	*out = (int32_t)i;
	return st;
}

static enum status
read_texts(struct field_loader *l, const struct yml_node *n,
	   const struct check_param *p, struct check_texts *out)
{
	return field_spans(l, n, p->name, &out->v, &out->n);
}

static enum status
read_param(struct field_loader *l, const struct yml_node *n,
	   const struct check_param *p, void *params)
{
	void *at = (uint8_t *)params + p->at;

	switch (p->kind) {
	case CHECK_NUMBER:
		return read_number(l, n, p, at);
	case CHECK_FLAG:
		return field_bool(l, n, p->name, at);
	case CHECK_TEXT:
		return read_text(l, n, p, at);
	case CHECK_NUMBERS:
		return read_numbers(l, n, p, at);
	case CHECK_TEXTS:
		return read_texts(l, n, p, at);
	case CHECK_VALUES:
		return read_values(l, n, p, at);
	case CHECK_CHOICE:
		return read_choice(l, n, p, at);
	case CHECK_CHOICES:
		return read_choices(l, n, p, at);
	case CHECK_FILE:
		return read_codes(l, n, p, at);
	case CHECK_CHAINS:
		return read_chains(l, n, p, at);
	default:
		return field_wrong(l, n, p->name, "is of no kind");
	}
}

/* ---- what every check takes ---------------------------------------------- */

/* A position: -63..64, as no value is longer where that matters. */
static enum status
read_position(struct field_loader *l, const struct yml_node *n, int32_t *out)
{
	int64_t v = 0;
	enum status st = field_signed(l, n, n->key, -64, 4096, &v);

	*out = (int32_t)v;
	return st;
}

/* "7:", "0:4", ":-1". */
static bool
slice_parse(struct span s, struct check_slice *out)
{
	struct span from = span_of(s.ptr, str_find(s, ':')), to;
	int64_t a = 0, b = CHECK_END;

	if (from.len == s.len)
		return false;
	to = span_skip(s, from.len + 1);
	if ((from.len > 0 && str_to_i64(from, -64, 4096, &a) != ST_OK) ||
	    (to.len > 0 && str_to_i64(to, -64, 4096, &b) != ST_OK))
		return false;
	*out = (struct check_slice){(int32_t)a, (int32_t)b};
	return true;
}

static enum status
read_picks(struct field_loader *l, const struct yml_node *n, struct check *c)
{
	const struct span *list = NULL;
	enum status st = field_spans(l, n, "pick", &list, &c->pick_count);

	if (st != ST_OK)
		return st;
	c->picks =
	    arena_array(&l->cat->arena, c->pick_count + 1, sizeof(*c->picks));
	if (c->picks == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < c->pick_count; i++)
		if (!slice_parse(list[i], &c->picks[i]))
			return field_wrong(l, n, "pick",
					   "must be slices like \"0:4\", "
					   "\"7:\" or \"-2:\"");
	return ST_OK;
}

static enum status
read_bonus(struct field_loader *l, const struct yml_node *n, bool inner,
	   struct check *c)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "bonus", 100, &v);

	if (st == ST_OK && inner)
		return field_wrong(l, n, "bonus",
				   "goes with checks of the outer chain only");
	c->bonus = (uint8_t)v;
	return st;
}

static enum status
unknown_param(struct field_loader *l, const struct yml_node *n,
	      const struct check_op *op)
{
	enum status st = buf_addf(l->why,
				  "%s:%u: field '%.40s' is no parameter of "
				  "check '%s'; allowed: " COMMON_PARAMS,
				  l->file, n->line, n->key, op->name);

	for (const struct check_param *p = op->params;
	     st == ST_OK && p != NULL && p->name != NULL; p++)
		st = buf_addf(l->why, " %s", p->name);
	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_key(struct field_loader *l, const struct yml_node *n, bool inner,
	 struct check *c, void *params)
{
	if (strcmp(n->key, "use") == 0)
		return ST_OK;
	if (strcmp(n->key, "bonus") == 0)
		return read_bonus(l, n, inner, c);
	if (strcmp(n->key, "pick") == 0)
		return read_picks(l, n, c);
	if (strcmp(n->key, "from") == 0 || strcmp(n->key, "to") == 0) {
		c->sliced = true;
		return read_position(
		    l, n, n->key[0] == 'f' ? &c->slice.from : &c->slice.to);
	}
	for (const struct check_param *p = c->op->params;
	     p != NULL && p->name != NULL; p++)
		if (strcmp(n->key, p->name) == 0)
			return read_param(l, n, p, params);
	return unknown_param(l, n, c->op);
}

/* ---- links and chains ---------------------------------------------------- */

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
missing_param(struct field_loader *l, const struct yml_node *n,
	      const struct check_op *op)
{
	for (const struct check_param *p = op->params;
	     p != NULL && p->name != NULL; p++)
		if (p->must &&
		    (n->kind != YML_MAP || yml_find(n, p->name) == NULL))
			return field_wrong(l, n, p->name,
					   "is missing from the check");
	return ST_OK;
}

/* The struct of the op's parameters with its defaults, one byte at least. */
static void *
fresh_params(struct arena *a, const struct check_op *op)
{
	void *params = arena_take(a, op->size + 1);

	if (params != NULL && op->fresh != NULL)
		memcpy(params, op->fresh, op->size);
	return params;
}

static enum status
prepare(struct field_loader *l, const struct yml_node *n, struct check *c,
	void *params)
{
	struct check_wrong why = {NULL, NULL};

	if (c->op->prepare == NULL ||
	    c->op->prepare(&l->cat->arena, c, params, &why))
		return ST_OK;
	return why.param == NULL ? ST_NOMEM
				 : field_wrong(l, n, why.param, why.what);
}

static enum status
read_check(struct field_loader *l, const struct yml_node *n, bool inner,
	   struct check *c)
{
	const struct yml_node *use =
	    n->kind == YML_MAP ? yml_find(n, "use") : n;
	enum status st = ST_OK;
	void *params;

	if (use == NULL || use->kind != YML_SCALAR)
		return field_wrong(l, n, "checks",
				   "must be names or {use: name}");
	c->op = check_find(span_of(use->text, use->len));
	if (c->op == NULL)
		return unknown_check(l, use);
	params = fresh_params(&l->cat->arena, c->op);
	if (params == NULL)
		return ST_NOMEM;
	c->run = c->op->run;
	c->reason = c->op->reason;
	c->params = params;
	c->slice.to = CHECK_END;
	if (n->kind == YML_MAP)
		for (const struct yml_node *p = n->first;
		     st == ST_OK && p != NULL; p = p->next)
			st = read_key(l, p, inner, c, params);
	if (st == ST_OK)
		st = missing_param(l, n, c->op);
	if (st == ST_OK)
		st = prepare(l, n, c, params);
	if (st == ST_OK)
		st = catalogue_link(l->cat, &c->op);
	return st == ST_OK ? catalogue_link(l->cat, &c->run) : st;
}

static enum status
read_chain(struct field_loader *l, const struct yml_node *n, bool inner,
	   struct check_chain *out)
{
	enum status st = field_kind(l, n, "checks", YML_LIST);
	struct check *chain;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	if (n->count > TYPE_CHECKS)
		return field_wrong(l, n, "checks", "has too many links");
	chain = catalogue_linked(l->cat, n->count + 1, sizeof(*chain));
	if (chain == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = read_check(l, c, inner, &chain[i++]);
	*out = (struct check_chain){chain, i};
	return st;
}

enum status
rule_chain(struct field_loader *l, const struct yml_node *n,
	   const struct check **out, size_t *count)
{
	struct check_chain chain = {0};
	enum status st = read_chain(l, n, false, &chain);

	if (st != ST_OK)
		return st;
	*out = chain.links;
	*count = chain.count;
	return ST_OK;
}

enum status
rule_checks(struct field_loader *l, const struct yml_node *n)
{
	return rule_chain(l, n, &l->type->checks, &l->type->check_count);
}
