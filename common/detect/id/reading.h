#ifndef DETECT_ID_READING_H
#define DETECT_ID_READING_H

#include "detect/check/digits.h"
#include "detect/decide/evidence.h"
#include "detect/decide/explain_work.h"
#include "detect/work.h"

/*
 * id_reading: one way to read a text as groups, and what is told of it whatever
 * type it may be, once and when it is asked for.
 */
#define PREFIX_DIGITS 9

/* One way to read the text as groups: the stretch [start, start + len). */
struct reading {
	size_t start, len;
	uint8_t sep; /* between its first groups; 0 when there is one */
	bool near;   /* a word may be near what begins here */
	bool placed; /* it stands free and whole */
	bool spoken; /* s->hearing is of it */
	bool luhn, luhn_known;
	/* an exclusive category that has a type, which, and if words speak */
	const char *done;
	uint16_t done_type;
	uint8_t done_digits; /* of its prefix */
	bool done_spoken;
	const struct id_node *node; /* of its groups, all of them */
	bool around_known;
	struct verdict around; /* what stands at its ends, for all types */
	bool columned;         /* blanks on either side, which a card likes */
	bool expires;          /* a month and year follow, as of a card */
	int least; /* what a type must reach by itself to be a match there */
	struct id_view v;     /* of the 64 bytes from start */
	const uint8_t *value; /* NULL until it is asked for */
	size_t count;
	/* its first 0 to `leads` digits as numbers */
	uint32_t lead[PREFIX_DIGITS + 1];
	unsigned leads;
	uint8_t room[SHAPE_CHARS];
};

/* The value, once a stretch: digits of one group are it as they stand. */
void reading_value(const struct detect_scratch *s, struct reading *r);
/* What its ends are worth, once a stretch. */
void reading_ends(const struct detect_scratch *s, struct reading *r);
/* Whether the value has Luhn's check digit. */
bool reading_luhn(const struct detect_scratch *s, struct reading *r);
/* Which types the words near the stretch, or its column, speak for. */
void reading_listen(struct detect_scratch *s, struct reading *r);
/* Whether it stands by itself, and nothing of it is a fraction. */
bool reading_stands(struct detect_scratch *s, struct reading *r);

static inline bool
reading_has_prefix(const struct reading *r, const struct prefix *p)
{
	return p->digits <= r->leads && r->lead[p->digits] >= p->from &&
	       r->lead[p->digits] <= p->to;
}

static inline bool
reading_fits(const struct reading *r, const struct id_variant *v)
{
	uint64_t upper = v->caseless ? r->v.uppers | r->v.lowers : r->v.uppers;

	return ((v->digits & ~r->v.digits) | (v->uppers & ~upper) |
		(v->either & ~(r->v.digits | upper))) == 0;
}

/*
 * Whatever words and columns say, what reaches `most` by itself is no match
 * here: most numbers are told so before any check.
 */
static inline bool
reading_hopeless(const struct detect_scratch *s, struct reading *r,
		 unsigned most)
{
	if (s->sample != NULL || explains(s))
		return false;
	reading_ends(s, r);
	return (int)most < r->least;
}

#endif
