#include "detect/check/sum.h"

#include <string.h>

#include "model/match.h"

#define NO_VALUE INT16_MIN

/* Values of bytes: digits as they are, A-Z as 10..35. */
struct values {
	int16_t of[256];
};

/* What wsum and mod share: where the result must stand, and as what. */
struct result {
	struct span map; /* result -> check character; space: refuses */
	int32_t at;      /* of the check character or number */
	int32_t width;   /* of a check number; 0: a character */
	struct check_numbers equals; /* instead: what the result may be */
	/* prepared */
	struct check_slice slice;
	bool sliced; /* else all but the result at either end */
};

/* A place in the value as it is read: [from, to) counts, [at, at + width) not.
 */
struct stretch {
	size_t from, to, at, width;
};

/* ---- results ------------------------------------------------------------- */

/* False when the value is too short. */
static bool
place(struct span v, const struct result *r, struct stretch *s)
{
	size_t width = r->width > 0 ? (size_t)r->width : 1;
	int64_t at = r->at < 0 ? (int64_t)v.len + r->at : r->at;
	struct span cut;

	*s = (struct stretch){0, v.len, SIZE_MAX, 0};
	if (r->equals.n == 0) {
		if (at < 0 || (size_t)at + width > v.len)
			return false;
		s->at = (size_t)at;
		s->width = width;
		if (s->at == 0)
			s->from = width;
		else if (s->at + width == v.len)
			s->to = s->at;
	}
	if (r->sliced) {
		if (!check_cut(v, r->slice, &cut))
			return false;
		s->from = (size_t)(cut.ptr - v.ptr);
		s->to = s->from + cut.len;
	}
	return s->from < s->to;
}

/* The check character itself does not count, wherever it stands. */
static bool
counts(const struct stretch *s, size_t i)
{
	return i - s->at >= s->width;
}

/* The map has a character for it. */
static bool
has_character(const struct result *r, int64_t result)
{
	return (size_t)result < r->map.len && r->map.ptr[result] != ' ';
}

static bool
number_stands(struct span v, const struct stretch *s, int64_t result)
{
	for (size_t i = s->width; i > 0; i--) {
		if (v.ptr[s->at + i - 1] != (uint8_t)('0' + result % 10))
			return false;
		result /= 10;
	}
	return true;
}

static bool
stands(struct span v, const struct result *r, const struct stretch *s,
       int64_t result)
{
	if (r->width > 0)
		return number_stands(v, s, result);
	if (r->equals.n == 0)
		return has_character(r, result) &&
		       v.ptr[s->at] == r->map.ptr[result];
	for (size_t i = 0; i < r->equals.n; i++)
		if (r->equals.v[i] == result)
			return true;
	return false;
}

/* The slice is read here: it bounds what is summed up, not where at counts. */
static void
take_slice(struct check *c, struct result *r)
{
	r->slice = c->slice;
	r->sliced = c->sliced;
	c->sliced = false;
}

static bool
result_prepare(struct arena *a, struct check *c, struct result *r,
	       struct check_wrong *why)
{
	static const char decimals[] = "0123456789";

	take_slice(c, r);
	if (r->map.len == 0)
		r->map = span_of(arena_str(a, span_str(decimals)), 10);
	if (r->map.ptr == NULL)
		return false;
	if (r->at == CHECK_NONE)
		r->at = r->width > 0 ? -r->width : -1;
	if (r->width > 0 && r->equals.n > 0)
		*why = (struct check_wrong){"equals",
					    "goes without width, map and at"};
	else if (!r->sliced && r->equals.n == 0 && r->at > 0 && r->width > 1)
		*why = (struct check_wrong){
		    "from", "and to are needed with a check number inside"};
	else
		return true;
	return false;
}

/* ---- values of letters --------------------------------------------------- */

static struct values *
values_new(struct arena *a)
{
	struct values *t = arena_take(a, sizeof(*t));

	for (unsigned i = 0; t != NULL && i < 256; i++)
		t->of[i] = NO_VALUE;
	return t;
}

static void
values_digits(struct values *t)
{
	for (unsigned d = 0; d < 10; d++)
		t->of['0' + d] = (int16_t)d;
}

static void
values_letters(struct values *t, const int32_t *letters)
{
	for (unsigned i = 0; i < CHECK_LETTERS; i++)
		if (letters[i] != CHECK_NONE)
			t->of['A' + i] = (int16_t)letters[i];
}

static bool
any_letter(const int32_t *letters)
{
	for (unsigned i = 0; i < CHECK_LETTERS; i++)
		if (letters[i] != CHECK_NONE)
			return true;
	return false;
}

/* ---- wsum ---------------------------------------------------------------- */

enum { ALIGN_LEFT, ALIGN_RIGHT };
enum { DIGITS_PLAIN, DIGITS_SUM, DIGITS_MOD };

struct wsum {
	struct check_numbers weights, second;
	int32_t modulus, align, digits, add, zero;
	bool complement;
	struct span values;
	int32_t letters[CHECK_LETTERS];
	struct result result;
	const struct values *table; /* prepared */
};

#define NONE5  CHECK_NONE, CHECK_NONE, CHECK_NONE, CHECK_NONE, CHECK_NONE
#define NONE26 NONE5, NONE5, NONE5, NONE5, NONE5, CHECK_NONE
static const struct wsum wsum_fresh = {
    .zero = CHECK_NONE,
    .letters = {NONE26},
    .result = {.at = CHECK_NONE},
};

static const char *const align_words[] = {"left", "right", NULL};
static const char *const digits_words[] = {"plain", "sum", "mod", NULL};

#define AT(field) offsetof(struct wsum, field)
static const struct check_param wsum_params[] = {
    {"weights", CHECK_NUMBERS, AT(weights), true, -1000, 1000, NULL},
    {"modulus", CHECK_NUMBER, AT(modulus), true, 2, 1000, NULL},
    {"align", CHECK_CHOICE, AT(align), false, 0, 0, align_words},
    {"digits", CHECK_CHOICE, AT(digits), false, 0, 0, digits_words},
    {"values", CHECK_TEXT, AT(values), false, 0, 0, NULL},
    {"letters", CHECK_VALUES, AT(letters), false, -1000, 1000, NULL},
    {"add", CHECK_NUMBER, AT(add), false, -10000, 10000, NULL},
    {"complement", CHECK_FLAG, AT(complement), false, 0, 0, NULL},
    {"map", CHECK_TEXT, AT(result.map), false, 0, 0, NULL},
    {"at", CHECK_NUMBER, AT(result.at), false, -64, 63, NULL},
    {"width", CHECK_NUMBER, AT(result.width), false, 1, 4, NULL},
    {"equals", CHECK_NUMBERS, AT(result.equals), false, 0, 999, NULL},
    {"second", CHECK_NUMBERS, AT(second), false, -1000, 1000, NULL},
    {"zero", CHECK_NUMBER, AT(zero), false, 0, 999, NULL},
    {.name = NULL},
};
#undef AT

static int64_t
digit_sum(int64_t n)
{
	int64_t sum = 0;

	for (; n > 0; n /= 10)
		sum += n % 10;
	return sum;
}

/* Sum modulo the modulus; -1 when a character has no value. */
static int64_t
weigh(struct span v, const struct wsum *p, const struct stretch *s,
      struct check_numbers weights)
{
	bool right = p->align == ALIGN_RIGHT;
	size_t w = 0, i = right ? s->to - 1 : s->from;
	int64_t sum = p->add;

	for (size_t n = s->to - s->from; n > 0;
	     n--, i += right ? SIZE_MAX : 1) {
		int64_t product = p->table->of[v.ptr[i]];

		if (counts(s, i)) {
			if (product == NO_VALUE)
				return -1;
			product *= weights.v[w];
			if (p->digits == DIGITS_SUM)
				product = digit_sum(product);
			else if (p->digits == DIGITS_MOD)
				product %= p->modulus;
			sum += product;
		}
		w = w + 1 == weights.n ? 0 : w + 1;
	}
	sum %= p->modulus;
	if (sum < 0)
		sum += p->modulus;
	return p->complement && sum > 0 ? p->modulus - sum : sum;
}

static bool
wsum(struct span v, const struct check *c)
{
	const struct wsum *p = c->params;
	struct stretch s;
	int64_t r;

	if (!place(v, &p->result, &s))
		return false;
	r = weigh(v, p, &s, p->weights);
	if (r >= 0 && p->second.n > 0 && !has_character(&p->result, r))
		r = weigh(v, p, &s, p->second);
	if (r < 0)
		return false;
	if (p->zero != CHECK_NONE && !has_character(&p->result, r))
		r = p->zero;
	return stands(v, &p->result, &s, r);
}

static const struct values *
wsum_values(struct arena *a, const struct wsum *p)
{
	struct values *t = values_new(a);

	if (t == NULL)
		return NULL;
	if (p->values.len > 0) {
		for (size_t i = 0; i < p->values.len; i++)
			t->of[p->values.ptr[i]] = (int16_t)i;
		return t;
	}
	values_digits(t);
	if (any_letter(p->letters))
		values_letters(t, p->letters);
	else
		for (int16_t i = 0; i < CHECK_LETTERS; i++)
			t->of['A' + i] = (int16_t)(i + 10);
	return t;
}

static bool
wsum_prepare(struct arena *a, struct check *c, void *params,
	     struct check_wrong *why)
{
	struct wsum *p = params;

	if (p->weights.n == 0)
		*why = (struct check_wrong){"weights", "are none"};
	else if (p->values.len > 0 && any_letter(p->letters))
		*why = (struct check_wrong){"letters", "goes without values"};
	else if (p->second.n > 0 && p->second.n != p->weights.n)
		*why = (struct check_wrong){"second",
					    "must be as many as weights"};
	else if ((p->second.n > 0 || p->zero != CHECK_NONE) &&
		 (p->result.width > 0 || p->result.equals.n > 0))
		*why = (struct check_wrong){
		    "second", "and zero go without width and equals"};
	else if (result_prepare(a, c, &p->result, why)) {
		p->table = wsum_values(a, p);
		return p->table != NULL;
	}
	return false;
}

/* ---- mod ----------------------------------------------------------------- */

struct mod {
	int32_t modulus, zero;
	bool complement;
	struct span prepend, replace;
	int32_t letters[CHECK_LETTERS];
	struct result result;
	/* prepared */
	const struct values *table;
	int64_t start; /* what prepend is, modulo modulus */
};

static const struct mod mod_fresh = {
    .zero = CHECK_NONE,
    .letters = {NONE26},
    .result = {.at = CHECK_NONE},
};

#define AT(field) offsetof(struct mod, field)
static const struct check_param mod_params[] = {
    {"modulus", CHECK_NUMBER, AT(modulus), true, 2, 1000000, NULL},
    {"prepend", CHECK_TEXT, AT(prepend), false, 0, 0, NULL},
    {"replace", CHECK_TEXT, AT(replace), false, 0, 0, NULL},
    {"letters", CHECK_VALUES, AT(letters), false, -9, 99, NULL},
    {"complement", CHECK_FLAG, AT(complement), false, 0, 0, NULL},
    {"zero", CHECK_NUMBER, AT(zero), false, 0, 1000000, NULL},
    {"map", CHECK_TEXT, AT(result.map), false, 0, 0, NULL},
    {"at", CHECK_NUMBER, AT(result.at), false, -64, 63, NULL},
    {"width", CHECK_NUMBER, AT(result.width), false, 1, 6, NULL},
    {"equals", CHECK_NUMBERS, AT(result.equals), false, 0, 999999, NULL},
    {.name = NULL},
};
#undef AT

/* Above, a step is taken modulo: ten times it must stay in 64 bits. */
#define MOD_STEP (INT64_MAX / 100)

/* False when a character has no value. */
static bool
decimal(struct span v, const struct mod *p, const struct stretch *s,
	int64_t *rest)
{
	int64_t r = p->start;

	for (size_t i = s->from; i < s->to; i++) {
		int16_t d = p->table->of[v.ptr[i]];

		if (!counts(s, i))
			continue;
		if (d == NO_VALUE)
			return false;
		r = r * 10 + d;
		if (r > MOD_STEP || r < -MOD_STEP)
			r %= p->modulus;
	}
	r %= p->modulus;
	*rest = r < 0 ? r + p->modulus : r;
	return true;
}

static bool
mod(struct span v, const struct check *c)
{
	const struct mod *p = c->params;
	struct stretch s;
	int64_t r;

	if (!place(v, &p->result, &s) || !decimal(v, p, &s, &r))
		return false;
	if (r == 0 && p->zero != CHECK_NONE)
		r = p->zero;
	else if (p->complement)
		r = p->modulus - r;
	return stands(v, &p->result, &s, r);
}

/* "X0Y1": a digit for each letter. */
static bool
replace_letters(struct values *t, struct span pairs)
{
	for (size_t i = 0; i + 1 < pairs.len; i += 2) {
		uint8_t letter = pairs.ptr[i], d = pairs.ptr[i + 1];

		if (letter < 'A' || letter > 'Z' || d < '0' || d > '9')
			return false;
		t->of[letter] = (int16_t)(d - '0');
	}
	return pairs.len % 2 == 0;
}

static bool
mod_prepare(struct arena *a, struct check *c, void *params,
	    struct check_wrong *why)
{
	struct mod *p = params;
	struct values *t = values_new(a);

	if (t == NULL)
		return false;
	values_digits(t);
	values_letters(t, p->letters);
	for (size_t i = 0; i < p->prepend.len; i++) {
		if (p->prepend.ptr[i] < '0' || p->prepend.ptr[i] > '9') {
			*why =
			    (struct check_wrong){"prepend", "must be digits"};
			return false;
		}
		p->start =
		    (p->start * 10 + p->prepend.ptr[i] - '0') % p->modulus;
	}
	if (!replace_letters(t, p->replace)) {
		*why = (struct check_wrong){
		    "replace", "must be letters and digits in turn: X0Y1Z2"};
		return false;
	}
	p->table = t;
	return result_prepare(a, c, &p->result, why);
}

const struct check_op check_sum_ops[] = {
    {"wsum", wsum, REASON(REASON_CHECK_DIGIT), wsum_params, sizeof(struct wsum),
     &wsum_fresh, wsum_prepare},
    {"mod", mod, REASON(REASON_CHECK_DIGIT), mod_params, sizeof(struct mod),
     &mod_fresh, mod_prepare},
    {.name = NULL},
};
