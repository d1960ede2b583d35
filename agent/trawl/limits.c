#include "agent/trawl/limits.h"

#include <stdio.h>

#include "agent/trawl/out.h"
#include "model/budget.h"
#include "model/order.h"

void
limits_help(void)
{
	struct buf text;

	buf_init(&text, 1u << 16);
	out_need(budget_help(&text));
	printf("\nlimits:\n%.*s", (int)text.len, (const char *)text.data);
	buf_fini(&text);
}

static bool
complain(const char *command, struct span what)
{
	fprintf(stderr, "%s: %.*s; see %s --help\n", command, (int)what.len,
		(const char *)what.ptr, command);
	return false;
}

/* They travel as text; whether they hold is known here already. */
bool
limits_take(struct buf *to, const char *command, const char *value)
{
	struct budget tried;
	struct buf why;
	bool good;

	buf_init(&why, 256);
	budget_default(&tried);
	good = budget_set(&tried, span_str(value), &why) == ST_OK ||
	       complain(command, buf_span(&why));
	buf_fini(&why);
	if (!good)
		return false;
	if (to->cap == 0)
		buf_init(to, ORDER_LIMITS_MAX);
	if ((to->len > 0 && buf_add_byte(to, ',') != ST_OK) ||
	    buf_add_str(to, value) != ST_OK)
		return complain(command, span_str("too many limits"));
	return true;
}
