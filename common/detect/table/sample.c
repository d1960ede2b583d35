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
	uint8_t place[CATALOGUE_TYPES]; /* of a kind in types, from 1 */
	struct {
		struct span text;
		size_t nth;   /* of the different values, from 1 */
	} values[TABLE_ROWS]; /* that may be ids */
	size_t value_count;
	bool spoilt; /* the value at hand has another digit */
	size_t nth;  /* of the value at hand */
	size_t len;  /* its bytes, all of which must count */
};

/* A type that holds for the first time. */
static void
add_type(struct sampled *p, uint16_t type, uint8_t *place)
{
	if (p->type_count == SAMPLE_TYPES)
		return;
	p->types[p->type_count].type = type;
	*place = (uint8_t)++p->type_count;
}

void
sample_claim(struct detect_scratch *s, size_t start, size_t end, uint16_t type)
{
	struct sampled *p = s->sample;
	uint8_t *place = &p->place[s->d->kin[type]];

	if (start != 0 || end != p->len)
		return;
	if (*place == 0 && !p->spoilt)
		add_type(p, type, place);
	if (*place == 0)
		return;
	if (p->spoilt) {
		p->types[*place - 1].wrong++;
		return;
	}
	if (p->types[*place - 1].last != p->nth)
		p->types[*place - 1].held++;
	p->types[*place - 1].last = p->nth;
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
	if (p->nth <= SAMPLE_TRIES) {
		memset(s->hearing.types, 0xff, words * 8);
		return;
	}
	memset(s->hearing.types, 0, words * 8);
	for (size_t i = 0; i < p->type_count; i++)
		s->hearing.types[p->types[i].type / 64] |=
		    UINT64_C(1) << (p->types[i].type % 64);
}

static void
add_value(struct sampled *p, struct span cell)
{
	struct span v = table_bare(cell);
	size_t chars;

	if (v.len == 0 || !is_new(p, v))
		return;
	chars = chars_of(v);
	if (chars == 0)
		return;
	p->chars[chars]++;
	p->values[p->value_count].text = v;
	p->values[p->value_count++].nth = p->count;
}

static void
look(struct detect_scratch *s, struct sampled *p, struct span v, size_t nth)
{
	p->len = v.len;
	p->nth = nth;
	choose(s, p);
	s->text = v;
	look_value(s);
}

/* More than three in ten of the different values. */
static bool
are_many(const struct sampled *p, size_t n)
{
	return n * 10 > p->count * 3;
}

/* What the values are valid as, unless too few may be for any of it to count.
 */
static void
judge(struct detect_scratch *s, struct sampled *p)
{
	if (p->count < SAMPLE_LEAST || !are_many(p, p->value_count))
		return;
	for (size_t i = 0; i < p->value_count; i++)
		look(s, p, p->values[i].text, p->values[i].nth);
}

static bool
is_full(const struct sampled *p, size_t i)
{
	size_t held = p->types[i].held;

	return held >= SAMPLE_LEAST && held + p->count / 16 >= p->count;
}

/* Nearly all are valid as it, and few are with another digit. */
static bool
is_apart(const struct sampled *p, size_t i)
{
	return is_full(p, i) && p->types[i].wrong * 4 < p->types[i].held;
}

static bool
any_apart(const struct sampled *p)
{
	for (size_t i = 0; i < p->type_count; i++)
		if (is_apart(p, i))
			return true;
	return false;
}

/* One more in the last digit; false: it has none. */
static bool
change_digit(uint8_t *v, size_t n)
{
	while (n > 0 && (v[n - 1] < '0' || v[n - 1] > '9'))
		n--;
	if (n > 0)
		v[n - 1] = v[n - 1] == '9' ? '0' : v[n - 1] + 1;
	return n > 0;
}

/* The values with another last digit, as long as they can tell any more. */
static void
spoil(struct detect_scratch *s, struct sampled *p)
{
	uint8_t v[SHAPE_BYTES];

	p->spoilt = true;
	for (size_t i = 0; i < p->value_count && any_apart(p); i++) {
		size_t n = p->values[i].text.len;

		memcpy(v, p->values[i].text.ptr, n);
		if (change_digit(v, n))
			look(s, p, span_of(v, n), p->count);
	}
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

	c->chance[column] = 0;
	if (p->count < SAMPLE_LEAST)
		return;
	spoil(s, p);
	for (size_t i = 0; i < p->type_count; i++)
		if (is_apart(p, i) || are_many(p, p->types[i].held))
			add_like(c, column, p->types[i].type, is_apart(p, i));
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
				add_value(&p, cell);
			}
		judge(s, &p);
		conclude(s, column, &p);
	}
	s->sample = NULL;
	s->text = span_of(NULL, 0);
}
