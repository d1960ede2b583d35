#include "detect/check/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/match.h"

/* ---- range --------------------------------------------------------------- */

#define RANGE_DIGITS 18

struct pair {
	uint64_t from, to;
};

struct range {
	int32_t min, max;
	struct check_texts ranges;
	/* prepared */
	const struct pair *pairs;
	size_t count;
};

static const struct range range_fresh = {.min = CHECK_NONE, .max = CHECK_NONE};

static const struct check_param range_params[] = {
    {"min", CHECK_NUMBER, offsetof(struct range, min), false, 0, INT32_MAX,
     NULL},
    {"max", CHECK_NUMBER, offsetof(struct range, max), false, 0, INT32_MAX,
     NULL},
    {"ranges", CHECK_TEXTS, offsetof(struct range, ranges), false, 0, 0, NULL},
    {.name = NULL},
};

static bool
range(struct span v, const struct check *c)
{
	const struct range *p = c->params;
	uint64_t n = 0;

	if (v.len == 0 || v.len > RANGE_DIGITS)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		if (v.ptr[i] < '0' || v.ptr[i] > '9')
			return false;
		n = n * 10 + v.ptr[i] - '0';
	}
	for (size_t i = 0; i < p->count; i++)
		if (n >= p->pairs[i].from && n <= p->pairs[i].to)
			return true;
	return false;
}

/* "01-24" or "30". */
static bool
pair_parse(struct span s, struct pair *out)
{
	struct span from = span_of(s.ptr, str_find(s, '-'));
	struct span to = from.len < s.len ? span_skip(s, from.len + 1) : from;
	uint64_t most = UINT64_C(999999999999999999);

	return str_to_u64(from, 0, most, &out->from) == ST_OK &&
	       str_to_u64(to, out->from, most, &out->to) == ST_OK;
}

static bool
range_prepare(struct arena *a, struct check *c, void *params,
	      struct check_wrong *why)
{
	struct range *p = params;
	struct pair *pairs = arena_array(a, p->ranges.n + 1, sizeof(*pairs));

	(void)c;
	if (pairs == NULL)
		return false;
	p->pairs = pairs;
	for (; p->count < p->ranges.n; p->count++)
		if (!pair_parse(p->ranges.v[p->count], &pairs[p->count])) {
			*why = (struct check_wrong){
			    "ranges", "must be like \"01-24\" or \"30\""};
			return false;
		}
	if (p->min == CHECK_NONE && p->max == CHECK_NONE && p->count > 0)
		return true;
	if (p->count > 0 || p->min == CHECK_NONE || p->max == CHECK_NONE ||
	    p->max < p->min) {
		*why = (struct check_wrong){
		    "min", "and max, or ranges alone, must be given"};
		return false;
	}
	pairs[p->count++] = (struct pair){(uint64_t)p->min, (uint64_t)p->max};
	return true;
}

/* ---- one_of, none_of, lacks_words ---------------------------------------- */

struct codes {
	struct check_texts values, list;
	/* prepared */
	const struct span *sorted;
	size_t count;
};

static const struct check_param codes_params[] = {
    {"values", CHECK_TEXTS, offsetof(struct codes, values), false, 0, 0, NULL},
    {"list", CHECK_FILE, offsetof(struct codes, list), false, 0, 0, NULL},
    {.name = NULL},
};

/* By length, then by bytes. */
static int
order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(x->ptr, y->ptr, x->len);
}

static bool
one_of(struct span v, const struct check *c)
{
	const struct codes *p = c->params;
	size_t low = 0, high = p->count;

	if (v.len == 0)
		return false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int side = order(&v, &p->sorted[mid]);

		if (side == 0)
			return true;
		if (side < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

static bool
none_of(struct span v, const struct check *c)
{
	return !one_of(v, c);
}

#define LISTED_WORD 32 /* longer ones are on no list */

static bool
word_byte(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

/* Whether the list has the word, in capitals. */
static bool
listed(struct span word, const struct check *c)
{
	uint8_t upper[LISTED_WORD];

	if (word.len > sizeof(upper))
		return false;
	for (size_t i = 0; i < word.len; i++)
		upper[i] = word.ptr[i] >= 'a' && word.ptr[i] <= 'z'
			       ? (uint8_t)(word.ptr[i] - 32)
			       : word.ptr[i];
	return one_of(span_of(upper, word.len), c);
}

/* Behind a word in small letters a sentence goes on. */
static bool
lacks_words(struct span v, const struct check *c)
{
	size_t from = 0;

	for (size_t i = 0; i <= v.len; i++) {
		if (i < v.len && word_byte(v.ptr[i]))
			continue;
		if (listed(span_of(v.ptr + from, i - from), c))
			return false;
		if (i > from && (uint8_t)(v.ptr[from] - 'a') < 26)
			break;
		from = i + 1;
	}
	return true;
}

static bool
codes_prepare(struct arena *a, struct check *c, void *params,
	      struct check_wrong *why)
{
	struct codes *p = params;
	struct span *all =
	    arena_array(a, p->values.n + p->list.n + 1, sizeof(*all));

	(void)c;
	if (all == NULL)
		return false;
	if (p->values.n + p->list.n == 0) {
		*why = (struct check_wrong){"values", "or list must name some"};
		return false;
	}
	for (size_t i = 0; i < p->values.n; i++)
		all[p->count++] = p->values.v[i];
	for (size_t i = 0; i < p->list.n; i++)
		all[p->count++] = p->list.v[i];
	qsort(all, p->count, sizeof(*all), order);
	p->sorted = all;
	return true;
}

const struct check_op check_list_ops[] = {
    {"range", range, REASON(REASON_RANGE), range_params, sizeof(struct range),
     &range_fresh, range_prepare},
    {"one_of", one_of, REASON(REASON_RANGE), codes_params, sizeof(struct codes),
     NULL, codes_prepare},
    {"none_of", none_of, 0, codes_params, sizeof(struct codes), NULL,
     codes_prepare},
    {"lacks_words", lacks_words, 0, codes_params, sizeof(struct codes), NULL,
     codes_prepare},
    {.name = NULL},
};
