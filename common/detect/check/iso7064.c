#include "detect/check/iso7064.h"

#include "model/match.h"

struct iso7064_97_10 {
	int32_t rotate; /* leading characters that go to the end */
};

static const struct check_param rotate_params[] = {
    {"rotate", CHECK_NUMBER, offsetof(struct iso7064_97_10, rotate), false, 0,
     32, NULL},
    {.name = NULL},
};

/* Letters are two digits. The remainder stays below 97, so 32 bits do. */
static bool
mod_97_10(struct span v, const struct check *c)
{
	const struct iso7064_97_10 *p = c->params;
	size_t at = (size_t)p->rotate;
	unsigned rest = 0;

	if (v.len < at + 3)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = check_value36(v.ptr[at]);

		if (d > 35)
			return false;
		rest = (rest * (d > 9 ? 100 : 10) + d) % 97;
		at = at + 1 == v.len ? 0 : at + 1;
	}
	return rest == 1;
}

/*
 * Hybrid systems: modulus m + 1 and m. The last character closes the ring to 1.
 */
static bool
hybrid(struct span v, unsigned m)
{
	unsigned p = m;

	if (v.len < 2)
		return false;
	for (size_t i = 0; i + 1 < v.len; i++) {
		unsigned d = check_value36(v.ptr[i]);

		if (d >= m)
			return false;
		p = (p + d) % m;
		p = (p == 0 ? m : p) * 2 % (m + 1);
	}
	return check_value36(v.ptr[v.len - 1]) < m &&
	       (p + check_value36(v.ptr[v.len - 1])) % m == 1;
}

/*
 * Pure systems of radix 2: the last character may be one more than the others
 * have, X or *.
 */
static bool
pure(struct span v, unsigned m, uint8_t top)
{
	unsigned sum = 0, last;

	if (v.len < 2)
		return false;
	for (size_t i = 0; i + 1 < v.len; i++) {
		unsigned d = check_value36(v.ptr[i]);

		if (d >= m - 1)
			return false;
		sum = (sum + d) * 2 % m;
	}
	last =
	    v.ptr[v.len - 1] == top ? m - 1 : check_value36(v.ptr[v.len - 1]);
	return (last < m - 1 || v.ptr[v.len - 1] == top) &&
	       (sum + last) % m == 1;
}

bool
check_iso7064_11_10(struct span v, const struct check *c)
{
	(void)c;
	return hybrid(v, 10);
}

static bool
mod_37_36(struct span v, const struct check *c)
{
	(void)c;
	return hybrid(v, 36);
}

static bool
mod_11_2(struct span v, const struct check *c)
{
	(void)c;
	return pure(v, 11, 'X');
}

static bool
mod_37_2(struct span v, const struct check *c)
{
	(void)c;
	return pure(v, 37, '*');
}

const struct check_op check_iso7064_ops[] = {
    {.name = "iso7064_97_10",
     .run = mod_97_10,
     .reason = REASON(REASON_CHECK_DIGIT),
     .params = rotate_params,
     .size = sizeof(struct iso7064_97_10)},
    {.name = "iso7064_11_10",
     .run = check_iso7064_11_10,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "iso7064_11_2",
     .run = mod_11_2,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "iso7064_37_36",
     .run = mod_37_36,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "iso7064_37_2",
     .run = mod_37_2,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = NULL},
};
