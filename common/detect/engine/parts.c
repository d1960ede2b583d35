#include "detect/engine/parts.h"

#include <stdlib.h>
#include <string.h>

#include "detect/engine/expr.h"
#include "detect/region/high.h"
#include "detect/region/row.h"
#include "detect/region/sieve.h"

/* Behind the first of the choices of an expression; *more: there are others. */
static const char *
choice_end(const char *p)
{
	unsigned depth = 0;
	bool set = false;

	for (; *p != 0; p++) {
		if (*p == '\\' && p[1] != 0)
			p++;
		else if (set)
			set = *p != ']';
		else if (*p == '[')
			set = true;
		else if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		else if (*p == '|' && depth == 0)
			break;
	}
	return p;
}

/* Adds a choice to what there is of the rule. */
static void
add_choice(char *to, const char *choice, size_t n)
{
	size_t len = strlen(to);

	if (len > 0)
		to[len++] = '|';
	memcpy(to + len, choice, n);
	to[len + n] = 0;
}

static bool
has_leads(struct expr *e, const struct engine_rule *r, const char *choice,
	  struct lead_list *leads)
{
	return expr_read(e, choice, r->caseless) &&
	       lead_find(e, e->root, r->edged, leads);
}

/* Cuts the expression into its choices; work: room for one. */
static void
split(struct expr *e, const struct engine_rule *r, struct engine_parts *p,
      char *work, size_t i)
{
	const char *at = r->text, *end;

	p->text[PART_ALL_TEXT][i][0] = p->text[PART_LEADS][i][0] = 0;
	for (;; at = end + 1) {
		bool led;

		end = choice_end(at);
		memcpy(work, at, (size_t)(end - at));
		work[end - at] = 0;
		led = has_leads(e, r, work, p->leads);
		add_choice(p->text[led ? PART_LEADS : PART_ALL_TEXT][i], at,
			   (size_t)(end - at));
		if (*end == 0)
			break;
	}
}

static void
drop_empty(char **text)
{
	if (**text == 0) {
		free(*text);
		*text = NULL;
	}
}

static enum status
whole(const struct engine_rule *r, char **out)
{
	*out = strdup(r->text);
	return *out == NULL ? ST_NOMEM : ST_OK;
}

static enum status
make_one(struct expr *e, const struct engine_rule *r, struct engine_parts *p,
	 size_t i)
{
	size_t n = strlen(r->text) + 2;
	char *work;

	if (r->digits && sieve_takes(r->text))
		return whole(r, &p->text[PART_RUNS][i]);
	if (expr_read(e, r->text, r->caseless)) {
		if (row_takes(e))
			return whole(r, &p->text[PART_ROWS][i]);
		if (high_takes(e))
			return whole(r, &p->text[PART_HIGH][i]);
	}
	work = malloc(n);
	p->text[PART_ALL_TEXT][i] = malloc(n);
	p->text[PART_LEADS][i] = malloc(n);
	if (work == NULL || p->text[PART_ALL_TEXT][i] == NULL ||
	    p->text[PART_LEADS][i] == NULL) {
		free(work);
		return ST_NOMEM;
	}
	split(e, r, p, work, i);
	free(work);
	if (p->text[PART_LEADS][i][0] != 0)
		drop_empty(&p->text[PART_ALL_TEXT][i]);
	drop_empty(&p->text[PART_LEADS][i]);
	return ST_OK;
}

enum status
engine_parts_make(const struct engine_rule *rules, size_t count,
		  struct engine_parts *out)
{
	struct expr e;
	enum status st = expr_init(&e);

	*out = (struct engine_parts){.count = count};
	out->leads = malloc(sizeof(*out->leads));
	if (out->leads == NULL)
		st = ST_NOMEM;
	else
		out->leads->count = 0;
	for (unsigned p = 0; p < PARTS; p++) {
		out->text[p] = calloc(count + 1, sizeof(*out->text[p]));
		if (out->text[p] == NULL)
			st = ST_NOMEM;
	}
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = make_one(&e, &rules[i], out, i);
	expr_fini(&e);
	if (st != ST_OK)
		engine_parts_free(out);
	return st;
}

void
engine_parts_free(struct engine_parts *p)
{
	for (unsigned part = 0; part < PARTS; part++) {
		for (size_t i = 0; p->text[part] != NULL && i < p->count; i++)
			free(p->text[part][i]);
		free(p->text[part]);
	}
	free(p->leads);
	*p = (struct engine_parts){0};
}
