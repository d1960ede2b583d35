#include "detect/decide/explain.h"

#include "detect/decide/explain_work.h"

void
explain_to(struct detect_scratch *s, explain_fn *fn, void *arg)
{
	s->explain = fn;
	s->explain_arg = arg;
}

const char *
explain_text(enum explain_what what)
{
	static const char *const texts[] = {
	    [EXPLAIN_CLAIM] = "it may be one",
	    [EXPLAIN_TOUCHED] = "a letter, digit or _ touches it",
	    [EXPLAIN_FRACTION] = "it is part of a decimal number",
	    [EXPLAIN_PREFIX] = "its first digits are not those of the type",
	    [EXPLAIN_CHECK] = "a check fails",
	    [EXPLAIN_STRUCTURE] = "its structure is not that of the type",
	};

	return texts[what];
}

static struct explain
about(const struct detect_scratch *s, const struct candidate *at,
      enum explain_what what)
{
	return (struct explain){
	    .what = what,
	    .type =
		at->type == EXPLAIN_ANY ? NULL : s->d->cat->types[at->type]->id,
	    .start = at->start,
	    .end = at->end,
	};
}

void
explain_refuse(struct detect_scratch *s, const struct candidate *at,
	       enum explain_what what)
{
	struct explain e;

	if (!explains(s))
		return;
	e = about(s, at, what);
	s->explain(s->explain_arg, &e);
}

void
explain_claim(struct detect_scratch *s, const struct candidate *at,
	      const struct verdict *v)
{
	struct explain e;

	if (!explains(s))
		return;
	e = about(s, at, EXPLAIN_CLAIM);
	e.score = v->score;
	e.reasons = v->reasons;
	s->explain(s->explain_arg, &e);
}

static const struct check *
failing(const struct check *links, size_t n, struct span value)
{
	for (size_t i = 0; i < n; i++)
		if (links[i].bonus == 0 && !check_run(value, &links[i]))
			return &links[i];
	return NULL;
}

void
explain_checks(struct detect_scratch *s, const struct candidate *at,
	       struct span value, const struct form *form)
{
	const struct data_type *t;
	const struct check *c;
	struct explain e;

	if (!explains(s))
		return;
	t = s->d->cat->types[at->type];
	c = failing(t->checks, t->check_count, value);
	if (c == NULL && form != NULL)
		c = failing(form->checks, form->check_count, value);
	e = about(s, at, EXPLAIN_CHECK);
	e.check = c == NULL ? "" : c->op->name;
	s->explain(s->explain_arg, &e);
}
