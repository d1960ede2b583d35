#include "detect/id/shape.h"

#include <string.h>

#include "base/str.h"

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

const uint8_t shape_seps[256] = {
    [' '] = 1, ['-'] = 2, ['.'] = 3, ['/'] = 4, [':'] = 5, ['+'] = 6,
};

/* ---- lengths ------------------------------------------------------------- */

static bool
is_lengths(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!digit(s.ptr[i]) && s.ptr[i] != '-')
			return false;
	return s.len > 0;
}

static const char *
parse_lengths(struct span s, struct shape *out)
{
	struct span part;
	unsigned chars = 0;

	out->lengths = true;
	while (str_next(&s, '-', &part)) {
		uint64_t v;

		if (out->groups == SHAPE_GROUPS)
			return "has more than 8 groups";
		if (str_to_u64(part, 1, SHAPE_CHARS, &v) != ST_OK)
			return "must have lengths of groups like \"4-6-5\"";
		out->group[out->groups++] = (uint8_t)v;
		chars += (unsigned)v;
		if (chars > SHAPE_CHARS)
			return "has more than 40 letters and digits";
	}
	out->chars = (uint8_t)chars;
	shape_join(out, 0, out);
	return NULL;
}

void
shape_join(const struct shape *lengths, unsigned sep, struct shape *out)
{
	unsigned at = 0;

	*out = *lengths;
	out->digits = 0;
	for (unsigned g = 0; g < out->groups; g++) {
		at += g > 0;
		out->sep[g] = g > 0 ? (uint8_t)sep : 0;
		out->digits |= ((UINT64_C(1) << out->group[g]) - 1) << at;
		at += out->group[g];
	}
	out->either = out->digits;
	out->bytes = (uint8_t)at;
}

/* ---- templates ----------------------------------------------------------- */

/* Bytes 0x30 to 0x39 are in the first word of a set, 0x41 to 0x5a in the next.
 */
#define DIGITS (UINT64_C(0x3ff) << ('0' & 63))
#define UPPERS (UINT64_C(0x3ffffff) << ('A' & 63))

/* A template while it is read. */
struct reading {
	struct span rest;
	struct shape *out;
	struct shape_place places[SHAPE_CHARS];
	size_t count;
};

/* What the next element takes; false when it is none. */
static bool
element(struct reading *r, struct class_set *set)
{
	uint8_t c = r->rest.ptr[0];

	*set = (struct class_set){{0}};
	if (c == '[') {
		struct class_run run = {.set = *set};
		size_t n = str_find(r->rest, ']') + 1;

		if (n > r->rest.len ||
		    !class_parse(span_of(r->rest.ptr, n), &run))
			return false;
		*set = run.set;
		r->rest = span_skip(r->rest, n);
		return true;
	}
	r->rest = span_skip(r->rest, 1);
	if (c == '#' || c == '*')
		set->bits[0] = DIGITS;
	if (c == '@' || c == '*')
		set->bits[1] = UPPERS;
	if (digit(c) || upper(c))
		class_add(set, c);
	return c == '#' || c == '@' || c == '*' || digit(c) || upper(c);
}

/* {n} behind an element. */
static bool
repeats(struct reading *r, uint64_t *n)
{
	size_t close;

	*n = 1;
	if (r->rest.len == 0 || r->rest.ptr[0] != '{')
		return true;
	close = str_find(r->rest, '}');
	if (close == r->rest.len ||
	    str_to_u64(span_of(r->rest.ptr + 1, close - 1), 1, SHAPE_CHARS,
		       n) != ST_OK)
		return false;
	r->rest = span_skip(r->rest, close + 1);
	return true;
}

/* One byte of the stretch more, of this set. */
static bool
place(struct reading *r, const struct class_set *set)
{
	struct shape *o = r->out;
	uint64_t digits = set->bits[0], uppers = set->bits[1];
	uint64_t bit = UINT64_C(1) << o->bytes;

	if (o->chars == SHAPE_CHARS || o->bytes == SHAPE_BYTES)
		return false;
	if ((digits | uppers) == 0 || (digits & ~DIGITS) != 0 ||
	    (uppers & ~UPPERS) != 0 || (set->bits[2] | set->bits[3]) != 0)
		return false;
	o->either |= bit;
	o->digits |= uppers == 0 ? bit : 0;
	o->uppers |= digits == 0 ? bit : 0;
	if ((uppers != 0 && uppers != UPPERS) ||
	    (digits != 0 && digits != DIGITS))
		r->places[r->count++] = (struct shape_place){o->bytes, *set};
	o->bytes++;
	o->chars++;
	o->group[o->groups - 1]++;
	return true;
}

static const char *
parse_element(struct reading *r)
{
	struct class_set set;
	uint64_t n;

	if (!element(r, &set) || !repeats(r, &n))
		return "may have # @ * [...] {n}, capitals, digits and the "
		       "separators space - . / : +";
	while (n-- > 0)
		if (!place(r, &set))
			return "has more than 40 letters and digits, or a set "
			       "of others";
	return NULL;
}

static const char *
parse_template(struct reading *r)
{
	struct shape *o = r->out;
	const char *what = NULL;
	unsigned sep = 0;

	o->groups = 1;
	while (what == NULL && r->rest.len > 0) {
		sep = shape_sep(r->rest.ptr[0]);
		if (sep == 0) {
			what = parse_element(r);
			continue;
		}
		if (o->group[o->groups - 1] == 0)
			return "has a separator that no letter or digit is "
			       "before";
		if (o->groups == SHAPE_GROUPS || o->bytes == SHAPE_BYTES)
			return "has more than 8 groups";
		o->sep[o->groups++] = (uint8_t)sep;
		o->bytes++;
		r->rest = span_skip(r->rest, 1);
	}
	if (what == NULL && (sep != 0 || o->chars == 0))
		what = "must end with a letter or digit";
	return what;
}

/* A digit is what is looked for first. */
static const char *
judge(const struct shape *s)
{
	uint64_t lead = (UINT64_C(1) << SHAPE_LEAD) - 1;

	if (s->chars < 6)
		return "is shorter than 6 letters and digits; use a pattern "
		       "with its word";
	if ((s->either & ~s->uppers & lead) == 0)
		return "must have a digit within its first 8 bytes";
	return NULL;
}

enum status
shape_parse(struct span text, struct arena *a, struct shape *out,
	    const char **what)
{
	struct shape_place *places;
	struct reading r; /* large: places beyond count are never read */

	r.rest = text;
	r.out = out;
	r.count = 0;
	*out = (struct shape){0};
	*what =
	    is_lengths(text) ? parse_lengths(text, out) : parse_template(&r);
	if (*what == NULL)
		*what = judge(out);
	if (*what != NULL)
		return ST_MALFORMED;
	if (r.count == 0)
		return ST_OK;
	places = arena_array(a, r.count, sizeof(*places));
	if (places == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < r.count; i++) {
		/* by field: what lies between them stays zero, for images */
		places[i].at = r.places[i].at;
		places[i].set = r.places[i].set;
	}
	out->places = places;
	out->place_count = r.count;
	return ST_OK;
}
