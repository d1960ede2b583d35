#include "unit/detect/chain.h"

#define IBAN "[{use: iso7064_97_10, rotate: 4}, iban_bban]"

/* The examples of the registry of SWIFT and of those who use it outside. */
static void
examples_of_the_registry_hold(void **state)
{
	static const char *const cases[] = {
	    "AL47212110090000000235698741", "AO06004400006729503010102",
	    "BA391290079401028494",         "BE68539007547034",
	    "BF42BF0840101300463574000390", "BI4210000100010000332045181",
	    "BJ66BJ0610100100144390000769", "CF4220001000010120069700160",
	    "CG3930011000101013451300019",  "CI93CI0080111301134291200589",
	    "CM2110002000300277976315008",  "CV64000500000020108215144",
	    "CZ6508000000192000145399",     "DE89370400440532013000",
	    "DJ2100010000000154000100186",  "EE382200221020145685",
	    "ES9121000418450200051332",     "FI2112345600000785",
	    "FR1420041010050500013M02606",  "GA2140021010032001890020126",
	    "GB29NWBK60161331926819",       "GQ7050002001003715228190196",
	    "HR1210010051863000160",        "HU42117730161111101800000000",
	    "IS140159260076545510730339",   "IT60X0542811101000000123456",
	    "KM4600005000010010904400137",  "MA64011519000001205000534921",
	    "MC5811222000010123456789030",  "ME25505000012345678951",
	    "MG4600005030071289421016045",  "MK07250120000058984",
	    "ML13ML0160120102600100668497", "MR1300020001010000123456753",
	    "MZ59000301080016367102371",    "NE58NE0380100100130305000268",
	    "NL91ABNA0417164300",           "NO9386011117947",
	    "PL61109010140000071219812874", "PT50000201231234567890154",
	    "RS35260005601001611379",       "SE4550000000058398257466",
	    "SI56263300012039086",          "SK3112000000198742637541",
	    "SM86U0322509800000000270100",  "SN08SN0100152000048500003035",
	    "ST23000100010051845310146",    "TD8960002000010271091600153",
	    "TG53TG0090604310346500400070", "TL380080012345678910157",
	    "TN5910006035183598478831",     "TR330006100519786457841326",
	    "XK051212012345678906",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!chain_holds(IBAN, cases[i]))
			fail_msg("%s", cases[i]);
}

/* Puts check digits in front that make the whole right again. */
static void
renew(char *iban)
{
	char turned[64];
	unsigned rest = 0;

	iban[2] = iban[3] = '0';
	snprintf(turned, sizeof(turned), "%s%.4s", iban + 4, iban);
	for (const char *p = turned; *p != 0; p++)
		rest = *p <= '9'
			   ? (rest * 10 + (unsigned)(*p - '0')) % 97
			   : (rest * 100 + (unsigned)(*p - 'A') + 10) % 97;
	iban[2] = (char)('0' + (98 - rest) / 10);
	iban[3] = (char)('0' + (98 - rest) % 10);
}

static void
mod_97_alone_is_not_enough_where_a_country_has_more(void **state)
{
	static const struct {
		const char *iban;
		size_t at; /* a digit that those inside cover */
	} cases[] = {
	    {"AL47212110090000000235698741", 6},
	    {"BE68539007547034", 6},
	    {"CZ6508000000192000145399", 13},
	    {"CZ6508000000192000145399", 20},
	    {"EE382200221020145685", 12},
	    {"ES9121000418450200051332", 5},
	    {"ES9121000418450200051332", 20},
	    {"FI2112345600000785", 9},
	    {"FR1420041010050500013M02606", 9},
	    {"HR1210010051863000160", 6},
	    {"HR1210010051863000160", 15},
	    {"HU42117730161111101800000000", 6},
	    {"HU42117730161111101800000000", 20},
	    {"IS140159260076545510730339", 17},
	    {"IT60X0542811101000000123456", 20},
	    {"NL91ABNA0417164300", 12},
	    {"NO9386011117947", 8},
	    {"PL61109010140000071219812874", 6},
	    {"PT50000201231234567890154", 12},
	    {"SK3112000000198742637541", 20},
	    {"TN5910006035183598478831", 12},
	    {"TR330006100519786457841326", 9},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char v[40];

		snprintf(v, sizeof(v), "%s", cases[i].iban);
		v[cases[i].at] = (char)('0' + (v[cases[i].at] - '0' + 1) % 10);
		renew(v);
		assert_true(
		    chain_holds("[{use: iso7064_97_10, rotate: 4}]", v));
		if (chain_holds(IBAN, v))
			fail_msg("%s", v);
	}
}

static void
countries_and_banks_without_a_rule_pass(void **state)
{
	(void)state;
	assert_true(chain_holds("[iban_bban]", "DE00123456780123456789"));
	/* the former Postbank had no check digit */
	assert_true(chain_holds("[iban_bban]", "NL00INGB0001234567"));
	assert_true(chain_holds("[iban_bban]", "NL00ABNA0001234567"));
	/* too short for its rule */
	assert_false(chain_holds("[iban_bban]", "ES912100041845020"));
	assert_false(chain_holds("[iban_bban]", "BE6853900754703"));
	assert_false(chain_holds("[iban_bban]", "DE"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(examples_of_the_registry_hold),
	    cmocka_unit_test(
		mod_97_alone_is_not_enough_where_a_country_has_more),
	    cmocka_unit_test(countries_and_banks_without_a_rule_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
