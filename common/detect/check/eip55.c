#include "detect/check/eip55.h"

#include "base/str.h"
#include "detect/check/keccak.h"
#include "model/match.h"

#define DIGITS 40

struct eip55 {
	bool plain; /* one case throughout, which says nothing, passes too */
};

static const struct check_param eip55_params[] = {
    {"plain", CHECK_FLAG, offsetof(struct eip55, plain), false, 0, 0, NULL},
    {.name = NULL},
};

static bool
eip55(struct span v, const struct check *c)
{
	const struct eip55 *p = c->params;
	uint8_t small[DIGITS], hash[KECCAK_256];
	bool any_small = false, any_large = false;

	if (str_starts(v, "0x"))
		v = span_skip(v, 2);
	if (v.len != DIGITS)
		return false;
	for (size_t i = 0; i < DIGITS; i++) {
		uint8_t b = v.ptr[i], low = b | 32;

		if ((b < '0' || b > '9') && (low < 'a' || low > 'f'))
			return false;
		small[i] = b <= '9' ? b : low;
		any_small |= b >= 'a';
		any_large |= b >= 'A' && b <= 'F';
	}
	if (!any_small || !any_large)
		return p->plain;
	keccak_256(span_of(small, DIGITS), hash);
	for (size_t i = 0; i < DIGITS; i++) {
		bool large = (hash[i / 2] >> (i % 2 == 0 ? 7 : 3) & 1) != 0;

		if (small[i] > '9' && large != (v.ptr[i] < 'a'))
			return false;
	}
	return true;
}

const struct check_op check_eip55_ops[] = {
    {"eip55", eip55, REASON(REASON_CHECKSUM), eip55_params,
     sizeof(struct eip55), NULL, NULL},
    {.name = NULL},
};
