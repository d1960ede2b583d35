#include "detect/decide/holds.h"

#include <string.h>

#include "detect/work.h"

/* What may stand there all the same: HOLDS_ANY is any of them. */
static const struct {
	enum holds holds;
	const char *category;
} may[] = {
    {HOLDS_ANY, "person"}, /* days of birth, numbers of employees */
    {HOLDS_UUID, "device"},
};

static bool
may_hold(enum holds here, const struct data_type *t)
{
	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++)
		if ((may[i].holds == HOLDS_ANY || may[i].holds == here) &&
		    strcmp(may[i].category, t->category) == 0)
			return true;
	return here == HOLDS_ANY;
}

/*
 * What is known by its digits and letters alone is none in such a place: ids,
 * cards, accounts, phones, addresses of networks, hashes. Expressions know more
 * than that: a UUID may be a secret by what stands before it.
 */
bool
holds_refuses(const struct detect_scratch *s, const struct data_type *t,
	      size_t at)
{
	return s->holds != NULL && t->token != TOKEN_PATTERN &&
	       !may_hold(s->holds(s->holds_arg, at), t);
}

void
detect_holds(struct detect_scratch *s, detect_holds_fn *fn, void *arg)
{
	s->holds = fn;
	s->holds_arg = arg;
}
