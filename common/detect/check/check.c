#include "detect/check/check.h"

#include <string.h>

#include "base/str.h"
#include "detect/check/any.h"
#include "detect/check/base58.h"
#include "detect/check/bban.h"
#include "detect/check/bech32.h"
#include "detect/check/bip39.h"
#include "detect/check/date.h"
#include "detect/check/digits.h"
#include "detect/check/eip55.h"
#include "detect/check/iso7064.h"
#include "detect/check/italy.h"
#include "detect/check/list.h"
#include "detect/check/mrz.h"
#include "detect/check/secret.h"
#include "detect/check/special.h"
#include "detect/check/sum.h"

/* Each group ends with a check that has no name. */
static const struct check_op *const groups[] = {
    check_digits_ops, check_iso7064_ops, check_sum_ops,    check_date_ops,
    check_list_ops,   check_any_ops,     check_base58_ops, check_bech32_ops,
    check_eip55_ops,  check_bip39_ops,   check_mrz_ops,    check_bban_ops,
    check_italy_ops,  check_special_ops, check_secret_ops,
};

const struct check_op *
check_at(size_t i)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct check_op *op = groups[g]; op->name != NULL;
		     op++)
			if (i-- == 0)
				return op;
	return NULL;
}

const struct check_op *
check_find(struct span name)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct check_op *op = groups[g]; op->name != NULL;
		     op++)
			if (name.len > 0 &&
			    (uint8_t)op->name[0] == name.ptr[0] &&
			    str_is(name, op->name))
				return op;
	return NULL;
}

bool
check_cut(struct span v, struct check_slice s, struct span *out)
{
	int64_t n = v.len > INT32_MAX ? INT32_MAX : (int64_t)v.len;
	int64_t from = s.from < 0 ? n + s.from : s.from;
	int64_t to = s.to == CHECK_END ? n : s.to < 0 ? n + s.to : s.to;

	if (from < 0 || to > n || from >= to)
		return false;
	*out = span_of(v.ptr + from, (size_t)(to - from));
	return true;
}

static bool
glue(struct span v, const struct check *c, uint8_t *out, size_t *len)
{
	struct span part;

	*len = 0;
	for (size_t i = 0; i < c->pick_count; i++) {
		if (!check_cut(v, c->picks[i], &part) ||
		    part.len > CHECK_PICKED - *len)
			return false;
		memcpy(out + *len, part.ptr, part.len);
		*len += part.len;
	}
	return true;
}

static bool
run_cut(struct span value, const struct check *c)
{
	if (c->sliced && !check_cut(value, c->slice, &value))
		return false;
	return c->run(value, c);
}

static bool
run_picked(struct span value, const struct check *c)
{
	uint8_t picked[CHECK_PICKED];
	size_t len;

	return glue(value, c, picked, &len) && run_cut(span_of(picked, len), c);
}

bool
check_run(struct span value, const struct check *c)
{
	return c->picks == NULL ? run_cut(value, c) : run_picked(value, c);
}

bool
check_chain_holds(struct span value, const struct check_chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		if (chain->links[i].bonus == 0 &&
		    !check_run(value, &chain->links[i]))
			return false;
	return true;
}

bool
check_is_luhn(const struct check *c)
{
	return c->run == check_luhn && c->bonus == 0 && !c->sliced &&
	       c->picks == NULL;
}

unsigned
check_value36(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)c - '0';
	return c >= 'A' && c <= 'Z' ? (unsigned)c - 'A' + 10 : 36;
}
