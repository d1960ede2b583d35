#include "detect/region/high.h"

#include <string.h>

/* ---- in an expression ---------------------------------------------------- */

static bool
has_high(const struct expr *e, uint16_t n)
{
	const struct expr_node *node = &e->node[n];
	uint16_t c = node->child;

	switch (node->kind) {
	case EXPR_SET:
		return (node->set.bits[0] | node->set.bits[1]) == 0;
	case EXPR_REPEAT:
		return node->min > 0 && has_high(e, c);
	case EXPR_CHOICE:
		for (; c != 0; c = e->node[c].next)
			if (!has_high(e, c))
				return false;
		return node->child != 0;
	case EXPR_SEQUENCE:
		for (; c != 0; c = e->node[c].next)
			if (has_high(e, c))
				return true;
		return false;
	case EXPR_BOUNDARY:
	default:
		return false;
	}
}

bool
high_takes(const struct expr *e)
{
	return has_high(e, e->root);
}

/* ---- in a text ----------------------------------------------------------- */

#define BLOCK 64 /* told as one */
#define HIGH  UINT64_C(0x8080808080808080)

typedef uint64_t lane __attribute__((vector_size(16)));

static inline bool
block_has(const uint8_t *p)
{
	lane part[BLOCK / sizeof(lane)], all = {0};

	memcpy(part, p, sizeof(part));
	for (size_t i = 0; i < BLOCK / sizeof(lane); i++)
		all |= part[i];
	return ((all[0] | all[1]) & HIGH) != 0;
}

/* What is behind the last block, n bytes: of most texts none need be read. */
static bool
rest_has(struct span text, size_t n)
{
	const uint8_t *p = text.ptr + text.len - n;
	uint8_t all = 0;

	if (n == 0 ||
	    (text.len >= BLOCK && !block_has(text.ptr + text.len - BLOCK)))
		return false;
	for (size_t i = 0; i < n; i++)
		all |= p[i];
	return all >= 0x80;
}

bool
high_regions(struct span text, size_t margin, region_tell *tell, void *arg)
{
	struct region r = {
	    .margin = margin, .len = text.len, .tell = tell, .arg = arg};
	size_t at = 0;

	for (; text.len - at >= BLOCK; at += BLOCK)
		if (block_has(text.ptr + at) &&
		    !region_take(&r, at, at + BLOCK))
			return false;
	if (rest_has(text, text.len - at) && !region_take(&r, at, text.len))
		return false;
	return region_end(&r);
}
