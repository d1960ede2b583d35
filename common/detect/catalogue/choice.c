#include "detect/catalogue/choice.h"

#include "base/glob.h"
#include "base/str.h"
#include "detect/catalogue/profile_folder.h"
#include "model/order.h"

static enum status
nothing(struct span glob, struct buf *why)
{
	enum status st = buf_addf(
	    why, "no data type is called '%.*s'; see trawl types",
	    (int)(glob.len > 80 ? 80 : glob.len), (const char *)glob.ptr);

	return st == ST_OK ? ST_NOTFOUND : st;
}

static enum status
choose_glob(struct catalogue *c, struct span glob, struct buf *why)
{
	bool any = false;

	for (size_t i = 0; i < c->count; i++) {
		if (!glob_id(glob, span_str(c->types[i]->id)))
			continue;
		c->types[i]->wanted = any = true;
	}
	return any ? ST_OK : nothing(glob, why);
}

static void
choose_own(struct catalogue *c)
{
	for (size_t i = 0; i < c->count; i++)
		c->types[i]->wanted |= c->types[i]->own;
}

static enum status
choose_profile(struct catalogue *c, struct span name, struct buf *why)
{
	struct profile *p = NULL;
	enum status st = profile_find(c, name, &p, why);

	for (size_t i = 0; st == ST_OK && i < c->count; i++)
		c->types[i]->wanted |= profile_has(p, c->types[i]);
	choose_own(c);
	return st;
}

static enum status
choose_default(struct catalogue *c, struct buf *why)
{
	struct span name = span_str("default");

	if (profile_is_there(c, name))
		return choose_profile(c, name, why);
	for (size_t i = 0; i < c->count; i++)
		c->types[i]->wanted = c->types[i]->by_default;
	choose_own(c);
	return ST_OK;
}

enum status
choice_make(struct catalogue *c, const struct detect_options *o,
	    struct buf *why)
{
	static const char head[] = ORDER_PROFILE;
	enum status st = ST_OK;

	if (o->type_count == 0)
		return choose_default(c, why);
	for (size_t i = 0; st == ST_OK && i < o->type_count; i++)
		st = str_starts(o->types[i], head)
			 ? choose_profile(
			       c, span_skip(o->types[i], sizeof(head) - 1), why)
			 : choose_glob(c, o->types[i], why);
	return st;
}
