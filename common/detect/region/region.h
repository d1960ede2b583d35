#ifndef DETECT_REGION_REGION_H
#define DETECT_REGION_REGION_H

#include <stdbool.h>
#include <stddef.h>

/*
 * region: stretches of a text around what was found in it, told in order; those
 * that meet are told as one.
 */
/* False stops. */
typedef bool region_tell(void *arg, size_t from, size_t to);

struct region {
	size_t margin; /* bytes around what is found, as far as the text goes */
	size_t len;    /* of the text */
	region_tell *tell;
	void *arg;
	size_t from, to; /* not told yet; to: 0 when there is none */
};

/* [first, behind) was found, behind all that was taken before. */
static inline bool
region_take(struct region *r, size_t first, size_t behind)
{
	size_t from = first < r->margin ? 0 : first - r->margin;
	size_t to = r->len - behind < r->margin ? r->len : behind + r->margin;

	if (r->to > 0 && from > r->to) {
		if (!r->tell(r->arg, r->from, r->to))
			return false;
		r->to = 0;
	}
	if (r->to == 0)
		r->from = from;
	r->to = to;
	return true;
}

/* No more is found. */
static inline bool
region_end(const struct region *r)
{
	return r->to == 0 || r->tell(r->arg, r->from, r->to);
}

#endif
