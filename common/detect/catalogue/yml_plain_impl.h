#ifndef DETECT_CATALOGUE_YML_PLAIN_IMPL_H
#define DETECT_CATALOGUE_YML_PLAIN_IMPL_H

#include "detect/catalogue/yml_plain.h"

/* yml_plain: what its readers of texts and of what holds them share. */
struct plain {
	const uint8_t *at, *end;
	unsigned line;   /* of at, from 1 */
	unsigned column; /* of at, where a line was begun */
	unsigned lines;  /* that next_line() went down */
	size_t nodes;
	struct arena *arena;
	/* Room for all texts: each is shorter than what it stands in. */
	char *text, *text_end;
};

/* What a byte may be in a text without quotes. */
enum {
	NAME = 1, /* of a key */
	FIRST = 2,
	INNER = 4 /* within [] and {} */
};

extern const uint8_t yml_bytes[256];

static inline bool
is(const struct plain *r, uint8_t c)
{
	return r->at < r->end && *r->at == c;
}

static inline bool
is_kind(const uint8_t *p, const struct plain *r, unsigned kind)
{
	return p < r->end && (yml_bytes[*p] & kind) != 0;
}

static inline size_t
skip_blanks(struct plain *r)
{
	const uint8_t *from = r->at;

	while (is(r, ' '))
		r->at++;
	return (size_t)(r->at - from);
}

/* NULL: there are too many, or no memory. */
struct yml_node *yml_node_new(struct plain *r, enum yml_kind kind);
/*
 * Over the rest of this line, which may be blank or a comment, and over lines
 * that are; false: something else stands there.
 */
bool yml_next_line(struct plain *r, bool fresh);

/* ---- texts; false: it is none that is plain ------------------------------ */

bool yml_quoted(struct plain *r, struct yml_node **out);
/* Without quotes; lines of more indent than `column` go on with it. */
bool yml_bare(struct plain *r, unsigned column, struct yml_node **out);
/* Within [] and {}: on one line, of few bytes. */
bool yml_bare_inside(struct plain *r, struct yml_node **out);

#endif
