#include "proxy-agent/source/turns.h"

void
turns_init(struct turns *t)
{
	*t = (struct turns){0};
	buf_init(&t->mark, TURNS_NAME);
}

void
turns_fini(struct turns *t)
{
	buf_fini(&t->mark);
}

void
turns_begin(struct turns *t)
{
	buf_clear(&t->mark);
	t->since = t->power = 0;
	t->empty = 0;
}

enum status
turns_take(struct turns *t, size_t entries, struct span next)
{
	if (next.len == 0)
		return ST_OK;
	t->empty = entries > 0 ? 0 : t->empty + 1;
	if (t->empty > TURNS_EMPTY)
		return ST_MALFORMED;
	if (t->power > 0 && span_eq(next, buf_span(&t->mark)))
		return ST_MALFORMED;
	if (t->since++ < t->power)
		return ST_OK;
	t->power = t->power == 0 ? 1 : 2 * t->power;
	t->since = 0;
	buf_clear(&t->mark);
	return buf_add(&t->mark, next.ptr, next.len);
}
