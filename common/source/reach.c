#include "source/reach.h"

#include "base/str.h"

enum part {
	PART_ROAD,    /* which way, not what */
	PART_OBJECTS, /* which objects */
	PART_CONTENT, /* what of an object */
	PART_MOVING,  /* which objects, by what changes while they stay */
};

/* What is not named here says which objects. */
static const struct word {
	const char *name;
	enum part part;
} words[] = {
    {"accept_host_key", PART_ROAD},
    {"bandwidth", PART_ROAD},
    {"ca_file", PART_ROAD},
    {"certificate", PART_ROAD},
    {"encrypt", PART_ROAD},
    {"host_key", PART_ROAD},
    {"lock_timeout", PART_ROAD},
    {"page", PART_ROAD},
    {"proxy", PART_ROAD},
    {"proxy_auth", PART_ROAD},
    {"rate", PART_ROAD},
    {"sessions", PART_ROAD},
    {"sha1", PART_ROAD},
    {"signing", PART_ROAD},
    {"statement_timeout", PART_ROAD},
    {"tls", PART_ROAD},
    {"attributes", PART_CONTENT},
    {"operational", PART_CONTENT},
    {"depth", PART_MOVING},
    {"max_size", PART_MOVING},
    {"newer", PART_MOVING},
    {"older", PART_MOVING},
    {"pages", PART_MOVING},
};

static enum part
part_of(struct span name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is(name, words[i].name))
			return words[i].part;
	return PART_OBJECTS;
}

/* The value of the first with that name; false: there is none. */
static bool
find(struct pairs all, struct span name, struct span *value)
{
	struct span one;

	while (pairs_next(&all, &one, value))
		if (span_eq(one, name))
			return true;
	return false;
}

/* Each option of a that says this part stands in b with its value. */
static bool
stands_in(struct pairs a, struct pairs b, enum part part)
{
	struct span name, value, other;

	while (pairs_next(&a, &name, &value))
		if (part_of(name) == part &&
		    !(find(b, name, &other) && span_eq(value, other)))
			return false;
	return true;
}

static bool
agree(const struct reach *a, const struct reach *b, enum part part)
{
	return stands_in(a->options, b->options, part) &&
	       stands_in(b->options, a->options, part);
}

/* What is not written as options are cannot be told. */
static bool
is_told(const struct reach *r)
{
	return pairs_check(r->options.bytes);
}

static bool
moves(struct pairs options)
{
	struct span name, value;

	while (pairs_next(&options, &name, &value))
		if (part_of(name) == PART_MOVING)
			return true;
	return false;
}

bool
reach_objects(const struct reach *now, const struct reach *then)
{
	return is_told(now) && is_told(then) && !moves(now->options) &&
	       span_eq(now->credential, then->credential) &&
	       agree(now, then, PART_OBJECTS);
}

bool
reach_content(const struct reach *now, const struct reach *then)
{
	return is_told(now) && is_told(then) && agree(now, then, PART_CONTENT);
}
