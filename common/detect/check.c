#include "detect/check.h"

#include <string.h>

#include "base/str.h"
#include "detect/check_digits.h"
#include "detect/check_secret.h"
#include "model/match.h"

#define P(param) (1U << (param))

static const struct check_op ops[] = {
    {"luhn", check_luhn, REASON(REASON_CHECK_DIGIT), 0, 0},
    {"iso7064_97_10", check_iso7064_97_10, REASON(REASON_CHECK_DIGIT), 0, 0},
    {"us_ssn", check_us_ssn, REASON(REASON_RANGE), 0, 0},
    {"not_all_same", check_not_all_same, 0, 0, 0},
    {"entropy", check_entropy, REASON(REASON_ENTROPY), P(PARAM_CENTIBITS),
     P(PARAM_SKIP)},
    {"crc32_base62", check_crc32_base62, REASON(REASON_CHECKSUM), P(PARAM_SKIP),
     0},
    {"base64_size", check_base64_size, REASON(REASON_STRUCTURE),
     P(PARAM_MIN) | P(PARAM_MAX), 0},
    {"base64_json", check_base64_json, REASON(REASON_STRUCTURE),
     P(PARAM_PART) | P(PARAM_TEXT), 0},
    {"parts", check_parts, REASON(REASON_STRUCTURE), P(PARAM_MIN), 0},
    {"digit_and_letter", check_digit_and_letter, 0, 0, P(PARAM_SKIP)},
    {"not_placeholder", check_not_placeholder, 0, 0, 0},
    {"url_password", check_url_password, 0, 0, 0},
    {"pem_body", check_pem_body, REASON(REASON_STRUCTURE), P(PARAM_MIN), 0},
};

const struct check_op *
check_at(size_t i)
{
	return i < sizeof(ops) / sizeof(ops[0]) ? &ops[i] : NULL;
}

const struct check_op *
check_find(struct span name)
{
	for (size_t i = 0; check_at(i) != NULL; i++)
		if (str_is(name, ops[i].name))
			return &ops[i];
	return NULL;
}

const char *
check_param_name(enum check_param p)
{
	static const char *const names[] = {
#define CHECK_PARAM_NAME(code, name) name,
	    CHECK_PARAM_TABLE(CHECK_PARAM_NAME)
#undef CHECK_PARAM_NAME
	};

	return names[p];
}
