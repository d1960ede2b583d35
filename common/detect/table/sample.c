#include <string.h>

#include "detect/decide/evidence.h"
#include "detect/table/table.h"
#include "detect/work.h"

/*
 * sample: which types the values of a column are valid as, by the rows at the
 * head of a table. Each different value is judged by itself, without words.
 * Types that are nothing without a word are tried on the first two only, and
 * then those that held: a column costs little more than its values. That all of
 * a column hold says nothing of a type that takes them with another last digit,
 * too.
 */
#define SAMPLE_LEAST 8 /* different values that say something */
#define SAMPLE_TRIES 2 /* values that all types are tried on */
#define SAMPLE_TYPES 96

struct sampled {
	uint32_t hash[TABLE_ROWS];
	size_t count;     /* different values */
	size_t chars[64]; /* of those, by length in letters and digits */
	struct {
		uint16_t type;
		unsigned held;  /* values */
		unsigned wrong; /* values that held with another digit */
		size_t last;    /* value that held last, from 1 */
	} types[SAMPLE_TYPES];
	size_t type_count;
	struct span values[TABLE_ROWS]; /* that may be ids */
	size_t value_count;
	bool spoilt; /* the value at hand has another digit */
	size_t len;  /* bytes of the value at hand, all of which must count */
};

void
sample_claim(struct detect_scratch *s, size_t start, size_t end, uint16_t type)
{
	const uint16_t *kin = s->d->kin;
	struct sampled *p = s->sample;
	size_t i = 0;

	if (start != 0 || end != p->len)
		return;
	while (i < p->type_count && kin[p->types[i].type] != kin[type])
		i++;
	if (i == SAMPLE_TYPES || (i == p->type_count && p->spoilt))
		return;
	if (p->spoilt) {
		p->types[i].wrong++;
		return;
	}
	if (i == p->type_count) {
		p->type_count++;
		p->types[i].type = type;
	}
	if (p->types[i].last != p->count)
		p->types[i].held++;
	p->types[i].last = p->count;
}

/* Letters and digits of a value that an id may be, 0 when it is none. */
static size_t
chars_of(struct span v)
{
	size_t n = 0, digits = 0;

	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.ptr[i];
		bool digit = c >= '0' && c <= '9';

		if (digit || (uint8_t)((c | 32) - 'a') < 26)
			n++;
		else if (shape_sep(c) == 0)
			return 0;
		digits += digit;
	}
	return v.len <= SHAPE_BYTES && digits >= 4 ? n : 0;
}

static bool
is_new(struct sampled *p, struct span v)
{
	uint32_t h = columns_hash(v);

	for (size_t i = 0; i < p->count; i++)
		if (p->hash[i] == h)
			return false;
	p->hash[p->count++] = h;
	return true;
}

/* The types that are tried without a word on the next value. */
static void
choose(struct detect_scratch *s, const struct sampled *p)
{
	size_t words = s->d->ids.type_words;

	s->hearing.any = words == 0 ? 0 : UINT64_MAX >> (64 - words);
	if (p->count <= SAMPLE_TRIES) {
		memset(s->hearing.types, 0xff, words * 8);
		return;
	}
	memset(s->hearing.types, 0, words * 8);
	for (size_t i = 0; i < p->type_count; i++)
		s->hearing.types[p->types[i].type / 64] |=
		    UINT64_C(1) << (p->types[i].type % 64);
}

static void
judge(struct detect_scratch *s, struct sampled *p, struct span cell)
{
	struct span v = table_bare(cell);
	size_t chars;

	if (v.len == 0 || !is_new(p, v))
		return;
	chars = chars_of(v);
	if (chars == 0)
		return;
	p->chars[chars]++;
	p->values[p->value_count++] = v;
	p->len = v.len;
	choose(s, p);
	s->text = v;
	look_ids(s, 0, v.len);
}

/* Each value with one more in its last digit. */
static void
spoil(struct detect_scratch *s, struct sampled *p)
{
	uint8_t v[SHAPE_BYTES];

	p->spoilt = true;
	choose(s, p);
	for (size_t i = 0; i < p->value_count; i++) {
		size_t n = p->values[i].len, k = n;

		memcpy(v, p->values[i].ptr, n);
		while (k > 0 && (v[k - 1] < '0' || v[k - 1] > '9'))
			k--;
		if (k == 0)
			continue;
		v[k - 1] = v[k - 1] == '9' ? '0' : v[k - 1] + 1;
		p->len = n;
		s->text = span_of(v, n);
		look_ids(s, 0, n);
	}
}

static bool
is_full(const struct sampled *p, size_t i)
{
	size_t held = p->types[i].held;

	return held >= SAMPLE_LEAST && held + p->count / 16 >= p->count;
}

static void
add_like(struct columns *c, uint16_t column, uint16_t type, bool full)
{
	c->wanted |= full;
	c->full |= full;
	if (c->like_count < COLUMNS_LIKES)
		c->likes[c->like_count++] = (struct column_type){
		    .column = column, .type = type, .full = full};
}

/*
 * A check digit holds for one in ten by chance: for all of eight different
 * values, never; for three in ten and more the column has such values among
 * others.
 */
static void
conclude(struct detect_scratch *s, uint16_t column, struct sampled *p)
{
	struct columns *c = &s->columns;
	bool any = false;

	c->chance[column] = 0;
	if (p->count < SAMPLE_LEAST)
		return;
	for (size_t i = 0; i < p->type_count; i++)
		any |= is_full(p, i);
	if (any)
		spoil(s, p);
	for (size_t i = 0; i < p->type_count; i++) {
		size_t held = p->types[i].held;
		bool full = is_full(p, i) && p->types[i].wrong * 4 < held;

		if (full || held * 10 > p->count * 3)
			add_like(c, column, p->types[i].type, full);
	}
	for (size_t n = 1; n < 64; n++)
		if (p->chars[n] >= SAMPLE_LEAST &&
		    p->chars[n] * 4 >= p->count * 3)
			c->chance[column] |= UINT64_C(1) << n;
	c->chances |= c->chance[column] != 0;
}

void
columns_sample(struct detect_scratch *s, const struct table *t)
{
	struct span rest[TABLE_ROWS], cell;
	bool more = t->count >= SAMPLE_LEAST;

	if (!more || !s->d->ids.all.any)
		return;
	memcpy(rest, t->rows, sizeof(rest));
	for (uint16_t column = 0; more && column < COLUMNS_MAX; column++) {
		struct sampled p = {.count = 0};

		more = false;
		s->sample = &p;
		for (size_t i = 0; i < t->count; i++)
			if (table_cell(&rest[i], t->delimiter, &cell)) {
				more = true;
				judge(s, &p, cell);
			}
		conclude(s, column, &p);
	}
	s->sample = NULL;
	s->text = span_of(NULL, 0);
}
