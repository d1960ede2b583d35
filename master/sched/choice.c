#include "master/sched/choice.h"

static bool
passes(const struct choice_proxy *p, enum choice_lack step)
{
	switch (step) {
	case CHOICE_NOBODY:
		return p->may;
	case CHOICE_KIND:
		return p->reads;
	case CHOICE_AWAY:
		return p->there;
	case CHOICE_CREDENTIAL:
		return p->keeps;
	case CHOICE_TRIED:
		return !p->tried;
	case CHOICE_BUSY:
		return p->tasks < CHOICE_TASKS_MAX;
	}
	return false;
}

/* The first step that it does not pass; CHOICE_BUSY + 1 when it passes all. */
static unsigned
falls_at(const struct choice_proxy *p)
{
	unsigned step = CHOICE_NOBODY;

	while (step <= CHOICE_BUSY && passes(p, (enum choice_lack)step))
		step++;
	return step;
}

enum status
choice_find(const struct choice_proxy *list, size_t n, size_t *which,
	    enum choice_lack *lack)
{
	unsigned furthest = CHOICE_NOBODY;
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		unsigned step = falls_at(&list[i]);

		if (step > furthest)
			furthest = step;
		if (step <= CHOICE_BUSY)
			continue;
		if (!any || list[i].tasks < list[*which].tasks)
			*which = i;
		any = true;
	}
	if (any)
		return ST_OK;
	*lack = (enum choice_lack)furthest;
	return ST_NOTFOUND;
}

static enum status
say_of(const struct choice_order *o, const char *none, const char *one,
       struct buf *to)
{
	const int n = (int)o->who.len;
	const char *who = (const char *)o->who.ptr;
	const char *other = o->holder.len > 0 ? "other " : "";

	if (o->who.len == 0)
		return buf_addf(to, "no %sproxy %s", other, none);
	if (o->group)
		return buf_addf(to, "no %sproxy of group %.*s %s", other, n,
				who, none);
	return buf_addf(to, "the proxy %.*s %s", n, who, one);
}

static enum status
say_holder(const struct choice_order *o, bool more, struct buf *to)
{
	return buf_addf(to, "the proxy %.*s %s%s", (int)o->holder.len,
			(const char *)o->holder.ptr,
			o->hangs ? "does not get on" : "is away",
			more ? "; " : "");
}

static enum status
say_lack(const struct choice_order *o, enum choice_lack lack, struct buf *to)
{
	static const struct {
		const char *none, *one;
	} words[] = {
	    [CHOICE_NOBODY] = {"is verified", "is not verified"},
	    [CHOICE_KIND] = {"reads ", "does not read "},
	    [CHOICE_AWAY] = {"that reads ", "is away"},
	    [CHOICE_CREDENTIAL] = {"has the credential ",
				   "does not have the credential "},
	    [CHOICE_TRIED] = {"is left that has not tried it", "has tried it"},
	    [CHOICE_BUSY] = {"has room for more yet", "has enough to do yet"},
	};
	const bool one = o->who.len > 0 && !o->group;
	enum status st = say_of(o, words[lack].none, words[lack].one, to);

	if (st != ST_OK)
		return st;
	if (lack == CHOICE_KIND || (lack == CHOICE_AWAY && !one))
		st = buf_addf(to, "%.*s://", (int)o->kind.len,
			      (const char *)o->kind.ptr);
	if (st == ST_OK && lack == CHOICE_AWAY && !one)
		st = buf_add_str(to, " is there");
	if (st == ST_OK && lack == CHOICE_CREDENTIAL)
		st = buf_addf(to, "%.*s", (int)o->credential.len,
			      (const char *)o->credential.ptr);
	return st;
}

enum status
choice_words(const struct choice_order *o, enum choice_lack lack,
	     struct buf *to)
{
	const bool one = o->who.len > 0 && !o->group;
	enum status st = ST_OK;

	if (o->holder.len > 0)
		st = say_holder(o, !one, to);
	if (st == ST_OK && (o->holder.len == 0 || !one))
		st = say_lack(o, lack, to);
	return st;
}
