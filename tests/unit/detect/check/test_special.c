#include "unit/detect/chain.h"

struct sample {
	const char *chain, *value; /* published, or made by another program */
};

/* One digit or letter aside of what must hold, which then does not. */
static void
neighbours_fail(const char *chain, const char *value)
{
	char near[128];
	unsigned held = 0, tried = 0;

	assert_true(strlen(value) < sizeof(near));
	for (size_t i = 0; value[i] != 0; i++) {
		char first = value[i] <= '9' ? '0' : 'A';
		char last = value[i] <= '9' ? '9' : 'Z';

		if (value[i] < '0' || value[i] > 'Z')
			continue;
		memcpy(near, value, strlen(value) + 1);
		for (char c = first; c <= last; c++) {
			if (c == value[i])
				continue;
			near[i] = c;
			tried++;
			held += chain_holds(chain, near);
		}
	}
	/* what stands in for a bank or a suffix is not always covered */
	if (held * 5 > tried)
		fail_msg("%s: %u of %u neighbours of %s hold", chain, held,
			 tried, value);
}

static void
rules_of_one_country_hold_for_its_sample_numbers(void **state)
{
	static const struct sample cases[] = {
	    {"[br_cnh]", "02650306461"},
	    {"[by_unp]", "200988541"},
	    {"[by_unp]", "MA1953684"},
	    {"[cy_vat]", "10259033P"},
	    {"[es_cif]", "A13585625"},
	    {"[es_cif]", "B64717838"},
	    {"[es_cif]", "J99216582"},
	    {"[es_cif]", "Q2818002D"},
	    {"[es_cups]", "ES1234123456789012JY"},
	    {"[es_cups]", "ES1234123456789012JY1F"},
	    {"[fr_vat_key, {use: luhn, from: 2}]", "40303265045"},
	    {"[fr_vat_key, {use: luhn, from: 2}]", "23334175221"},
	    {"[fr_vat_key, {use: luhn, from: 2}]", "K7399859412"},
	    {"[fr_vat_key]", "4Z123456782"},
	    {"[it_codicefiscale]", "RCCMNL83S18D969H"},
	    {"[it_codicefiscale]", "BNZVCN32S10E573Z"},
	    {"[kr_brn]", "2208162517"},
	    {"[nz_bankaccount]", "010902006838900"},
	    {"[pt_cc]", "000000000ZZ4"},
	    {"[tr_tckn]", "10000000146"},
	    {"[tr_tckn]", "17291716060"},
	    {"[tr_vkn]", "4540536920"},
	    {"[tw_ui]", "A800000014"},
	    {"[tw_ui]", "AC01234567"},
	    {"[iso7064_11_10, de_idnr_digits]", "36574261809"},
	    {"[iso7064_11_10, de_idnr_digits]", "65929970489"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!chain_holds(cases[i].chain, cases[i].value))
			fail_msg("%s of %s", cases[i].chain, cases[i].value);
		neighbours_fail(cases[i].chain, cases[i].value);
	}
}

static void
what_no_authority_gives_out_fails(void **state)
{
	static const struct sample cases[] = {
	    {"[tr_tckn]", "00000000000"},
	    {"[us_ssn]", "12345678X"},
	    {"[by_unp]", "800988541"}, /* region */
	    {"[es_cif]", "Q28180024"}, /* a letter is due, D is 4 */
	    {"[es_cif]", "A1358562E"}, /* a digit is due, E is 5 */
	    {"[es_cups]", "ES1234123456789012JY1A"},
	    {"[it_codicefiscale]", "RCCMNL83S99D969H"}, /* day */
	    {"[it_codicefiscale]", "RCAMNL83S18D969C"}, /* name */
	    {"[nz_bankaccount]", "390902006838900"},    /* bank */
	    {"[de_idnr_digits]", "12345678901"},        /* none stands twice */
	    {"[de_idnr_digits]", "11134567890"},        /* three in a row */
	    {"[de_idnr_digits]", "11223456789"},        /* two stand twice */
	    {"[tw_ui]", "AE01234567"},
	    {"[pt_cc]", "000000000ZZ"},
	    {"[kr_brn]", "220816251A"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (chain_holds(cases[i].chain, cases[i].value))
			fail_msg("%s of %s", cases[i].chain, cases[i].value);
}

/* Of all characters in the last place the scheme leaves so many. */
static void
a_body_has_as_many_check_characters_as_its_scheme_says(void **state)
{
	static const struct {
		const char *chain;
		size_t length;
		unsigned base, least, most;
	} cases[] = {
	    {"[luhn]", 16, 10, 1, 1},
	    {"[{use: luhn, base: 16}]", 15, 16, 1, 1},
	    {"[{use: luhn, base: 36}]", 15, 36, 1, 1},
	    {"[luhn_expand]", 12, 10, 1, 1},
	    {"[verhoeff]", 12, 10, 1, 1},
	    {"[damm]", 9, 10, 1, 1},
	    {"[mod10_recursive]", 27, 10, 1, 1},
	    {"[iso7064_11_10]", 11, 10, 1, 1},
	    {"[iso7064_11_2]", 16, 10, 1, 1}, /* X among them */
	    {"[iso7064_37_36]", 18, 36, 1, 1},
	    {"[{use: wsum, weights: [3, 7, 1], modulus: 10}]", 9, 10, 1, 1},
	    {"[{use: wsum, weights: [3, 7, 1], modulus: 10, equals: 0}]", 9, 10,
	     1, 10},
	    {"[{use: wsum, weights: [5, 4, 3, 2], modulus: 11}]", 10, 10, 0, 1},
	    {"[{use: mod, modulus: 23, map: TRWAGMYFPDXBNJZSQVHLCKE}]", 9, 10,
	     1, 1},
	    {"[{use: wsum, weights: [1, 2, 3], second: [3, 4, 5], modulus: "
	     "11, zero: 0}]",
	     9, 10, 1, 1},
	    {"[pt_cc]", 12, 10, 1, 1},
	    {"[tr_vkn]", 10, 10, 1, 1},
	    {"[kr_brn]", 10, 10, 1, 1},
	};
	uint64_t rng = 11;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned round = 0; round < 30; round++) {
			char v[32] = {0};
			unsigned n = 0;

			for (size_t k = 0; k < cases[i].length; k++)
				v[k] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    [dice(&rng) % cases[i].base];
			for (unsigned c = '*'; c <= 'Z'; c++) {
				v[cases[i].length - 1] = (char)c;
				n += chain_holds(cases[i].chain, v);
			}
			if (n < cases[i].least || n > cases[i].most)
				fail_msg("%s: %u of %s", cases[i].chain, n, v);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rules_of_one_country_hold_for_its_sample_numbers),
	    cmocka_unit_test(what_no_authority_gives_out_fails),
	    cmocka_unit_test(
		a_body_has_as_many_check_characters_as_its_scheme_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
