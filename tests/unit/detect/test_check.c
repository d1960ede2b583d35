#include "unit/detect/finds.h"

#include "detect/check.h"

static bool
holds(const char *name, const char *value, const struct check_args *a)
{
	const struct check_op *op = check_find(span_str(name));

	assert_non_null(op);
	return op->run(span_str(value), a);
}

static void
checks_of_numbers_follow_their_standards(void **state)
{
	static const struct {
		const char *check, *value;
		bool want;
	} cases[] = {
	    {"luhn", "4111111111111111", true},
	    {"luhn", "4111111111111112", false},
	    {"luhn", "79927398713", true},
	    {"luhn", "0", false},
	    {"luhn", "", false},
	    {"luhn", "41111a1111111111", false},
	    {"iso7064_97_10", "DE89370400440532013000", true},
	    {"iso7064_97_10", "GB29NWBK60161331926819", true},
	    {"iso7064_97_10", "DE88370400440532013000", false},
	    {"iso7064_97_10", "DE8937040044053201300 ", false},
	    {"iso7064_97_10", "DE89", false},
	    {"us_ssn", "536228725", true},
	    {"us_ssn", "000228725", false},
	    {"us_ssn", "666228725", false},
	    {"us_ssn", "900228725", false},
	    {"us_ssn", "899228725", true},
	    {"us_ssn", "536008725", false},
	    {"us_ssn", "536220000", false},
	    {"us_ssn", "53622872", false},
	    {"not_all_same", "1111", false},
	    {"not_all_same", "1112", true},
	    {"not_all_same", "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (holds(cases[i].check, cases[i].value, NULL) !=
		    cases[i].want)
			fail_msg("%s of %s", cases[i].check, cases[i].value);
}

static void
checks_of_secrets_read_their_structure(void **state)
{
	static const struct {
		const char *check, *value;
		uint32_t skip, part, min, max, centibits;
		const char *text;
		bool want;
	} cases[] = {
	    {"entropy", "abcdefgh", 0, 0, 0, 0, 300, NULL, true},
	    {"entropy", "abcdefgh", 0, 0, 0, 0, 301, NULL, false},
	    {"entropy", "aaaaaaaa", 0, 0, 0, 0, 1, NULL, false},
	    {"entropy", "aabb", 0, 0, 0, 0, 100, NULL, true},
	    {"entropy", "ghp_abcd", 4, 0, 0, 0, 200, NULL, true},
	    {"entropy", "", 0, 0, 0, 0, 0, NULL, false},
	    /* CRC-32 of "123456789" is cbf43926 */
	    {"crc32_base62", "x_1234567893jZbIs", 2, 0, 0, 0, 0, NULL, false},
	    {"crc32_base62", "short", 0, 0, 0, 0, 0, NULL, false},
	    {"base64_size", "YWJj", 0, 0, 3, 3, 0, NULL, true},
	    {"base64_size", "YWI=", 0, 0, 2, 2, 0, NULL, true},
	    {"base64_size", "YWJj", 0, 0, 4, 9, 0, NULL, false},
	    {"base64_size", "YW*j", 0, 0, 0, 9, 0, NULL, false},
	    {"base64_size", "YWJjY", 0, 0, 0, 9, 0, NULL, false},
	    {"base64_json", "eyJhbGciOiJIUzI1NiJ9.e30.x", 0, 1, 0, 0, 0, "alg",
	     true},
	    {"base64_json", "eyJhbGciOiJIUzI1NiJ9.e30.x", 0, 1, 0, 0, 0, "al",
	     false},
	    {"base64_json", "eyJhbGciOiJIUzI1NiJ9.e30.x", 0, 2, 0, 0, 0, "alg",
	     false},
	    {"base64_json", "eyJhbGciOiJIUzI1NiJ9.e30.x", 0, 4, 0, 0, 0, "alg",
	     false},
	    {"parts", "a.b.c", 0, 0, 3, 0, 0, NULL, true},
	    {"parts", "a..c", 0, 0, 2, 0, 0, NULL, false},
	    {"parts", "a.b", 0, 0, 3, 0, 0, NULL, false},
	    {"digit_and_letter", "abc1", 0, 0, 0, 0, 0, NULL, true},
	    {"digit_and_letter", "abc1", 3, 0, 0, 0, 0, NULL, false},
	    {"digit_and_letter", "abcd", 0, 0, 0, 0, 0, NULL, false},
	    {"not_placeholder", "Zk83hd72", 0, 0, 0, 0, 0, NULL, true},
	    {"not_placeholder", "CHANGEME", 0, 0, 0, 0, 0, NULL, false},
	    {"not_placeholder", "${TOKEN}", 0, 0, 0, 0, 0, NULL, false},
	    {"not_placeholder", "aaaa", 0, 0, 0, 0, 0, NULL, false},
	    {"url_password", "h://u:h7Gk2pQz@h", 0, 0, 0, 0, 0, NULL, true},
	    {"url_password", "h://u:Password@h", 0, 0, 0, 0, 0, NULL, false},
	    {"url_password", "h://u:$PASS@h", 0, 0, 0, 0, 0, NULL, false},
	    {"url_password", "h://u:ab@h", 0, 0, 0, 0, 0, NULL, false},
	    {"pem_body", "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END",
	     0, 0, 20, 0, 0, NULL, true},
	    {"pem_body", "-----BEGIN KEY-----\n...\n-----END", 0, 0, 20, 0, 0,
	     NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct check_args a = {.text = cases[i].text};

		a.number[PARAM_SKIP] = cases[i].skip;
		a.number[PARAM_PART] = cases[i].part;
		a.number[PARAM_MIN] = cases[i].min;
		a.number[PARAM_MAX] = cases[i].max;
		a.number[PARAM_CENTIBITS] = cases[i].centibits;
		if (holds(cases[i].check, cases[i].value, &a) != cases[i].want)
			fail_msg("%s of %s", cases[i].check, cases[i].value);
	}
}

/* The reverse of the check: the six characters for a body. */
static void
crc_text(const char *body, char out[7])
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz";
	uint32_t crc = UINT32_MAX;

	for (; *body != 0; body++) {
		crc ^= (uint8_t)*body;
		for (unsigned k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
	}
	crc = ~crc;
	out[6] = 0;
	for (int i = 5; i >= 0; i--) {
		out[i] = set[crc % 62];
		crc /= 62;
	}
}

static void
a_checksum_in_base62_is_valid_for_its_body_only(void **state)
{
	struct check_args a = {.text = NULL};
	char value[64], tail[7];

	(void)state;
	a.number[PARAM_SKIP] = 4;
	crc_text("zQWBuTSOoRi4A9spHcVYncnsDkxtLm", tail);
	snprintf(value, sizeof(value), "ghp_zQWBuTSOoRi4A9spHcVYncnsDkxtLm%s",
		 tail);
	assert_true(holds("crc32_base62", value, &a));
	value[10] ^= 1;
	assert_false(holds("crc32_base62", value, &a));
}

static void
every_check_has_its_own_name_and_takes_any_bytes(void **state)
{
	uint64_t rng = 3;

	(void)state;
	for (size_t i = 0; check_at(i) != NULL; i++) {
		struct check_args a = {.text = "x", .number = {1, 1, 1, 1, 1}};

		assert_ptr_equal(check_find(span_str(check_at(i)->name)),
				 check_at(i));
		for (unsigned round = 0; round < 2000; round++) {
			size_t n = dice(&rng) % 90;
			uint8_t *v = malloc(n + (n == 0));

			assert_non_null(v);
			for (size_t k = 0; k < n; k++)
				v[k] = (uint8_t)dice(&rng);
			(void)check_at(i)->run(span_of(v, n), &a);
			free(v);
		}
	}
	assert_null(check_find(span_str("no_such_check")));
	assert_string_equal(check_param_name(PARAM_SKIP), "skip");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(checks_of_numbers_follow_their_standards),
	    cmocka_unit_test(checks_of_secrets_read_their_structure),
	    cmocka_unit_test(a_checksum_in_base62_is_valid_for_its_body_only),
	    cmocka_unit_test(every_check_has_its_own_name_and_takes_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
