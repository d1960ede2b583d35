#include "detect/check/any.h"

/* Its reasons are those of its chains. */

struct any {
	struct check_chains of;
};

static const struct check_param any_params[] = {
    {"of", CHECK_CHAINS, offsetof(struct any, of), true, 0, 0, NULL},
    {.name = NULL},
};

static bool
any(struct span v, const struct check *c)
{
	const struct any *p = c->params;

	for (size_t i = 0; i < p->of.n; i++)
		if (check_chain_holds(v, &p->of.v[i]))
			return true;
	return false;
}

static bool
any_prepare(struct arena *a, struct check *c, void *params,
	    struct check_wrong *why)
{
	const struct any *p = params;

	(void)a;
	(void)why;
	for (size_t i = 0; i < p->of.n; i++)
		for (size_t k = 0; k < p->of.v[i].count; k++)
			c->reason |= p->of.v[i].links[k].reason;
	return true;
}

const struct check_op check_any_ops[] = {
    {.name = "any",
     .run = any,
     .params = any_params,
     .size = sizeof(struct any),
     .prepare = any_prepare},
    {.name = NULL},
};
