#include "unit/detect/chain.h"

struct chain_case {
	const char *chain, *value;
	bool want;
};

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof((cases)[0]))

static void
check_all(const struct chain_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (chain_holds(cases[i].chain, cases[i].value) !=
		    cases[i].want)
			fail_msg("%s of %s is%s to hold", cases[i].chain,
				 cases[i].value, cases[i].want ? "" : " not");
}

static void
checks_of_numbers_follow_their_standards(void **state)
{
	static const struct chain_case cases[] = {
	    {"[luhn]", "4111111111111111", true},
	    {"[luhn]", "4111111111111112", false},
	    {"[luhn]", "79927398713", true},
	    {"[luhn]", "0", false},
	    {"[luhn]", "", false},
	    {"[luhn]", "41111a1111111111", false},
	    /* the example of the NPI standard */
	    {"[{use: luhn, prefix: '80840'}]", "1234567893", true},
	    {"[{use: luhn, prefix: '80840'}]", "1234567894", false},
	    {"[luhn]", "1234567893", false},
	    /* MEID of 3GPP2 S.R0048, GSTIN of the tax department */
	    {"[{use: luhn, base: 16}]", "AF0123450ABCDEC", true},
	    {"[{use: luhn, base: 16}]", "AF0123450ABCDED", false},
	    {"[{use: luhn, base: 36}]", "27AAPFU0939F1ZV", true},
	    {"[{use: luhn, base: 36}]", "27AAPFU0939F1ZW", false},
	    {"[luhn_expand]", "US0378331005", true},
	    {"[luhn_expand]", "AU0000XVGZA3", true},
	    {"[luhn_expand]", "US0378331006", false},
	    {"[luhn_expand]", "US037833100a", false},
	    {"[verhoeff]", "2363", true},
	    {"[verhoeff]", "123451", true},
	    {"[verhoeff]", "84736430954837284567892", true},
	    {"[verhoeff]", "2364", false},
	    {"[verhoeff]", "3263", false},
	    {"[verhoeff]", "0", false},
	    {"[damm]", "5724", true},
	    {"[damm]", "5727", false},
	    {"[damm]", "7524", false},
	    {"[mod10_recursive]", "210000000003139471430009017", true},
	    {"[mod10_recursive]", "210000000003139471430009016", false},
	    {"[mod10_recursive]", "", false},
	    {"[us_ssn]", "536228725", true},
	    {"[us_ssn]", "000228725", false},
	    {"[us_ssn]", "666228725", false},
	    {"[us_ssn]", "900228725", false},
	    {"[us_ssn]", "899228725", true},
	    {"[us_ssn]", "536008725", false},
	    {"[us_ssn]", "536220000", false},
	    {"[us_ssn]", "53622872", false},
	    {"[not_all_same]", "1111", false},
	    {"[not_all_same]", "1112", true},
	    {"[not_all_same]", "", false},
	    {"[not_sequence]", "1234567890", false},
	    {"[not_sequence]", "98765432", false},
	    {"[not_sequence]", "1234567880", true},
	    {"[not_sequence]", "12A4", true},
	    {"[not_palindrome]", "123321", false},
	    {"[not_palindrome]", "12321", false},
	    {"[not_palindrome]", "123421", true},
	    {"[{use: lacks_words, values: [THE, LTD]}]", "The Public", false},
	    {"[{use: lacks_words, values: [THE, LTD]}]", "Acme (ltd.)", false},
	    {"[{use: lacks_words, values: [THE, LTD]}]", "Theo Altd", true},
	    {"[{use: lacks_words, values: [THE, LTD]}]", "Al was THE one",
	     true},
	    {"[{use: lacks_words, values: [THE, LTD]}]", "the one", false},
	    {"[{use: lacks_words, values: [THE, LTD]}]", "", true},
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
check_characters_follow_iso_7064(void **state)
{
	static const struct chain_case cases[] = {
	    {"[{use: iso7064_97_10, rotate: 4}]", "DE89370400440532013000",
	     true},
	    {"[{use: iso7064_97_10, rotate: 4}]", "GB29NWBK60161331926819",
	     true},
	    {"[{use: iso7064_97_10, rotate: 4}]", "DE88370400440532013000",
	     false},
	    {"[{use: iso7064_97_10, rotate: 4}]", "DE8937040044053201300 ",
	     false},
	    {"[{use: iso7064_97_10, rotate: 4}]", "DE89", false},
	    {"[{use: iso7064_97_10, rotate: 4}]", "RF18539007547034", true},
	    {"[iso7064_97_10]", "79444", true}, /* the standard's example */
	    {"[iso7064_97_10]", "79445", false},
	    {"[iso7064_97_10]", "213800KUD8LAJWSQ9D15", true},
	    {"[iso7064_97_10]", "213800KUD8LAJWSQ9D16", false},
	    {"[iso7064_11_10]", "07945", true},
	    {"[iso7064_11_10]", "07946", false},
	    {"[iso7064_11_10]", "94577403194", true}, /* Croatian OIB */
	    {"[iso7064_11_10]", "94577403195", false},
	    {"[iso7064_11_2]", "000000012150090X", true}, /* ISNI */
	    {"[iso7064_11_2]", "000000021694233X", true}, /* ORCID */
	    {"[iso7064_11_2]", "0000000218250091", false},
	    {"[iso7064_11_2]", "00000002182500X9", false},
	    {"[iso7064_37_2]", "A999914123456N", true}, /* blood donation */
	    {"[iso7064_37_2]", "G123498654321H", true},
	    {"[iso7064_37_2]", "G123498654321I", false},
	    {"[iso7064_37_36]", "A12425GABC1234002M", true}, /* GRid */
	    {"[iso7064_37_36]", "A12425GABC1234002N", false},
	    {"[iso7064_37_36]", "A1242 GABC1234002M", false},
	};

	(void)state;
	CHECK_ALL(cases);
}

static const struct chain_case sums[] = {
    /* plain, complement, map */
    {"[{use: wsum, weights: [10, 9, 8, 7, 6, 5, 4, 3, 2], modulus: 11, "
     "complement: true}]",
     "9434765919", true},
    {"[{use: wsum, weights: [10, 9, 8, 7, 6, 5, 4, 3, 2], modulus: 11, "
     "complement: true}]",
     "9434765918", false},
    {"[{use: wsum, weights: [10, 9, 8, 7, 6, 5, 4, 3, 2], modulus: 11, "
     "complement: true, map: 0123456789X}]",
     "080442957X", true},
    {"[{use: wsum, weights: [10, 9, 8, 7, 6, 5, 4, 3, 2], modulus: 11, "
     "complement: true}]",
     "080442957X", false},
    /* from the right, repeating */
    {"[{use: wsum, weights: [2, 3, 4, 5, 6, 7], align: right, modulus: "
     "11, complement: true, map: 0123456789K}]",
     "125319092", true},
    {"[{use: wsum, weights: [2, 3, 4, 5, 6, 7], align: right, modulus: "
     "11, complement: true, map: 0123456789K}]",
     "125319093", false},
    /* digits of products */
    {"[{use: wsum, weights: [1, 2], digits: sum, modulus: 10, "
     "complement: true}]",
     "037833100", true},
    {"[{use: wsum, weights: [1, 2], digits: sum, modulus: 10, "
     "complement: true}]",
     "38259P508", true},
    {"[{use: wsum, weights: [1, 2], digits: sum, modulus: 10, "
     "complement: true}]",
     "38259P509", false},
    {"[{use: wsum, weights: [3, 7, 1], digits: mod, modulus: 10, "
     "complement: true}]",
     "032180000118359719", true},
    /* what the whole comes to */
    {"[{use: wsum, weights: [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], "
     "add: -10, modulus: 89, equals: 0}]",
     "83914571673", true},
    {"[{use: wsum, weights: [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], "
     "add: -10, modulus: 89, equals: 0}]",
     "83914571674", false},
    {"[{use: wsum, from: 2, weights: [8, 7, 6, 5, 4, 3, 2, 10, 1], "
     "modulus: 97, equals: [0, 42]}]",
     "GB980780684", true},
    {"[{use: wsum, from: 2, weights: [8, 7, 6, 5, 4, 3, 2, 10, 1], "
     "modulus: 97, equals: 0}]",
     "GB802311781", false},
    /* in two stages */
    {"[{use: wsum, weights: [1, 2, 3, 4, 5, 6, 7, 8, 9, 1], second: "
     "[3, 4, 5, 6, 7, 8, 9, 1, 2, 3], modulus: 11, zero: 0}]",
     "36805280109", true},
    {"[{use: wsum, weights: [1, 2, 3, 4, 5, 6, 7, 8, 9, 1], second: "
     "[3, 4, 5, 6, 7, 8, 9, 1, 2, 3], modulus: 11, zero: 0}]",
     "36805280108", false},
    /* a number of two digits, of which 100 is 00 */
    {"[{use: wsum, to: 9, weights: [9, 8, 7, 6, 5, 4, 3, 2, 1], "
     "modulus: 101, width: 2}]",
     "11223344595", true},
    {"[{use: wsum, to: 9, weights: [9, 8, 7, 6, 5, 4, 3, 2, 1], "
     "modulus: 101, width: 2}]",
     "11223344596", false},
    /* in the midst, with a table of letters; from the right */
    {"[{use: wsum, at: 8, weights: [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, "
     "7, 6, 5, 4, 3, 2], modulus: 11, map: 0123456789X, letters: {A: "
     "1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, "
     "M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: "
     "8, Z: 9}}]",
     "1M8GDM9AXKP042788", true},
    {"[{use: wsum, at: 8, weights: [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, "
     "7, 6, 5, 4, 3, 2], modulus: 11, map: 0123456789X, letters: {A: "
     "1, D: 4, G: 7, K: 2, M: 4, P: 7}}]",
     "1M8GDM9AXKQ042788", false},
    {"[{use: wsum, from: 1, at: 0, align: right, weights: [1, 2], "
     "modulus: 9, complement: true, map: '912345678'}]",
     "5835678256246", true},
    {"[{use: wsum, from: 1, at: 0, align: right, weights: [1, 2], "
     "modulus: 9, complement: true, map: '912345678'}]",
     "2835678256246", false},
    /* letters that stand in a string */
    {"[{use: wsum, values: 0123456789ABCDEFGHJKLMNPQRTUWXY, weights: "
     "[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, "
     "28], modulus: 31, complement: true, map: "
     "0123456789ABCDEFGHJKLMNPQRTUWXY}]",
     "91110000600037341L", true},
    {"[{use: wsum, values: 0123456789ABCDEFGHJKLMNPQRTUWXY, weights: "
     "[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, "
     "28], modulus: 31, complement: true, map: "
     "0123456789ABCDEFGHJKLMNPQRTUWXY}]",
     "9111000060003734I1", false},
    /* too short for its slice */
    {"[{use: wsum, from: 4, weights: [1], modulus: 10, equals: 0}]", "1234",
     false},
    {"[{use: wsum, weights: [1], modulus: 10}]", "", false},
};

static void
weighted_sums_find_the_check_character_of_each_scheme(void **state)
{
	(void)state;
	CHECK_ALL(sums);
}

static void
whole_numbers_are_taken_modulo(void **state)
{
	static const struct chain_case cases[] = {
	    {"[{use: mod, to: 8, modulus: 23, map: TRWAGMYFPDXBNJZSQVHLCKE}]",
	     "54362315K", true},
	    {"[{use: mod, to: 8, modulus: 23, map: TRWAGMYFPDXBNJZSQVHLCKE}]",
	     "54362315Z", false},
	    {"[{use: mod, to: 8, replace: X0Y1Z2, modulus: 23, map: "
	     "TRWAGMYFPDXBNJZSQVHLCKE}]",
	     "X2482300W", true},
	    {"[{use: mod, to: 9, modulus: 97, complement: true, width: 2}]",
	     "85073003328", true},
	    {"[{use: mod, to: 9, modulus: 97, complement: true, width: 2}]",
	     "17073003384", false},
	    {"[{use: mod, to: 9, prepend: '2', modulus: 97, complement: true, "
	     "width: 2}]",
	     "17073003384", true},
	    /* Corsica: 2A counts as 19, 2B as 18 */
	    {"[{use: mod, to: 13, letters: {A: -1, B: -2}, modulus: 97, "
	     "complement: true, width: 2}]",
	     "295109912611193", true},
	    {"[{use: mod, to: 13, letters: {A: -1, B: -2}, modulus: 97, "
	     "complement: true, width: 2}]",
	     "253072B07300470", true},
	    {"[{use: mod, to: 13, letters: {A: -1, B: -2}, modulus: 97, "
	     "complement: true, width: 2}]",
	     "253072A07300470", false},
	    {"[{use: mod, modulus: 97, equals: 0}]", "001561191000066", true},
	    {"[{use: mod, modulus: 97, equals: 0}]", "001561191000067", false},
	    {"[{use: mod, to: 10, modulus: 97, zero: 97, width: 2}]",
	     "000000019797", false},
	    {"[{use: mod, to: 10, modulus: 97, zero: 97, width: 2}]",
	     "000000009797", true},
	    {"[{use: mod, to: 10, modulus: 97, width: 2}]", "000000009700",
	     true},
	    /* more digits than 64 bits hold */
	    {"[{use: mod, modulus: 97, equals: 1}]",
	     "3214282912345698765432161182", true},
	    {"[{use: mod, modulus: 97, equals: 1}]", "12X", false},
	};

	(void)state;
	CHECK_ALL(cases);
}

static const struct chain_case dates[] = {
    {"[{use: date, layout: YYYYMMDD}]", "20240229", true},
    {"[{use: date, layout: YYYYMMDD}]", "20230229", false},
    {"[{use: date, layout: YYYYMMDD}]", "19000229", false},
    {"[{use: date, layout: YYYYMMDD}]", "20000229", true},
    {"[{use: date, layout: YYYYMMDD}]", "20241301", false},
    {"[{use: date, layout: YYYYMMDD}]", "20240100", false},
    {"[{use: date, layout: YYYYMMDD}]", "20240431", false},
    {"[{use: date, layout: YYYYMMDD}]", "20360101", false},
    {"[{use: date, layout: YYYYMMDD, min_year: 1900}]", "18991231", false},
    {"[{use: date, layout: YYYYMMDD, max_year: 1953}]", "19540101", false},
    {"[{use: date, layout: YYYYMMDD}]", "2024022", false},
    {"[{use: date, layout: YYYYMMDD}]", "2024A229", false},
    /* of two digits the century is not known: 2000 was a leap year */
    {"[{use: date, layout: YYMMDD}]", "000229", true},
    {"[{use: date, layout: YYMMDD, century: '19'}]", "000229", false},
    {"[{use: date, layout: YYMMDD, century: '20'}]", "360101", false},
    {"[{use: date, layout: YYMMDD}]", "990101", true},
    {"[{use: date, from: 2, to: -1, layout: DDMMYY}]", "AB311299X", true},
    {"[{use: date, layout: CYYMMDD, century: '1=18 3=19 5=20'}]", "3000229",
     false},
    {"[{use: date, layout: CYYMMDD, century: '1=18 3=19 5=20'}]", "5000229",
     true},
    {"[{use: date, layout: CYYMMDD, century: '1=18 3=19 5=20'}]", "2000228",
     false},
    {"[{use: date, to: 6, layout: DDMMYY, century_at: 6, century: "
     "'A=20 Y=19'}]",
     "131052Y308T", true},
    {"[{use: date, to: 6, layout: DDMMYY, century_at: 6, century: "
     "'A=20 Y=19'}]",
     "131052A308T", false},
    {"[{use: date, to: 6, layout: DDMMYY, century_at: -1, century: "
     "'9=19'}]",
     "1310529", true},
    {"[{use: date, layout: YYMMDD, month_add: [0, 20, 40]}]", "855215", true},
    {"[{use: date, layout: YYMMDD, month_add: [0, 20, 40]}]", "853315", false},
    {"[{use: date, layout: YYMMDD, month_add: [0, 20], month_century: "
     "[19, 20]}]",
     "002229", true},
    {"[{use: date, layout: YYMMDD, month_add: [0, 20], month_century: "
     "[19, 20]}]",
     "000229", false},
    {"[{use: date, layout: DDMMYY, day_add: [0, 40]}]", "710199", true},
    {"[{use: date, layout: DDMMYY, day_add: [0, 40]}]", "720299", false},
    {"[{use: date, layout: YYDDD, day_add: [0, 500]}]", "85866", false},
    {"[{use: date, layout: YYDDD, day_add: [0, 500]}]", "84866", true},
    {"[{use: date, layout: YYDDD}]", "85000", false},
    {"[{use: date, layout: DDMMYYY}]", "2902988", true},
    {"[{use: date, layout: DDMMYYY}]", "2902987", false},
    {"[{use: date, layout: DDMMYYY}]", "0101020", true},
    {"[{use: date, layout: DDMMYYY}]", "0101036", false},
    /* gathered from where they stand */
    {"[{use: date, layout: YMMDDY, month_add: [0, 50]}]", "752297", false},
    {"[{use: date, layout: YMMDDY, month_add: [0, 50]}]", "752296", true},
    {"[{use: date, layout: YYMM}]", "8513", false},
    {"[{use: date, layout: YYMM}]", "8512", true},
    {"[{use: date, layout: CYY, century: '2=19'}]", "299", true},
    {"[{use: date, layout: YYMMDD, unknown: true}]", "850000", true},
    {"[{use: date, layout: YYMMDD}]", "850000", false},
};

static void
dates_are_days_of_the_calendar(void **state)
{
	(void)state;
	CHECK_ALL(dates);
}

static void
lists_and_ranges_take_a_slice(void **state)
{
	static const struct chain_case cases[] = {
	    {"[{use: range, min: 2, max: 6, to: 1}]", "2999", true},
	    {"[{use: range, min: 2, max: 6, to: 1}]", "1999", false},
	    {"[{use: range, ranges: ['01-24', '30'], to: 2}]", "3099", true},
	    {"[{use: range, ranges: ['01-24', '30'], to: 2}]", "2599", false},
	    {"[{use: range, ranges: ['01-24', '30'], to: 2}]", "A599", false},
	    {"[{use: range, min: 0, max: 9}]", "1234567890123456789", false},
	    {"[{use: one_of, values: [AB, CDE], from: -3}]", "xxCDE", true},
	    {"[{use: one_of, values: [AB, CDE], from: -3}]", "xxxAB", false},
	    {"[{use: one_of, values: [AB, CDE], from: -3}]", "DE", false},
	    {"[{use: none_of, values: [AB, CD], to: 2}]", "ABX", false},
	    {"[{use: none_of, values: [AB, CD], to: 2}]", "ACX", true},
	    {"[{use: none_of, values: [AB, CD], to: 2}]", "A", false},
	    {"[{use: luhn, to: 9}]", "732829320X", true},
	    {"[{use: luhn, pick: ['1:', '0:1']}]", "0732829320", false},
	    {"[{use: one_of, values: [CDAB], pick: ['2:4', ':2']}]", "ABCDE",
	     true},
	    {"[{use: one_of, values: [AB], pick: ['0:2'], from: 1}]", "ABCD",
	     false},
	    {"[{use: one_of, values: [B], pick: ['0:2'], from: 1}]", "ABCD",
	     true},
	    {"[{use: any, of: [[{use: one_of, values: [A]}], [{use: one_of, "
	     "values: [B]}]]}]",
	     "B", true},
	    {"[{use: any, of: [[{use: one_of, values: [A]}], [{use: one_of, "
	     "values: [B]}]]}]",
	     "C", false},
	    {"[{use: any, of: [[luhn, not_all_same], [us_ssn, luhn]]}]",
	     "000000000", false},
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
checks_of_secrets_read_their_structure(void **state)
{
	static const struct chain_case cases[] = {
	    {"[{use: entropy, centibits: 300}]", "abcdefgh", true},
	    {"[{use: entropy, centibits: 301}]", "abcdefgh", false},
	    {"[{use: entropy, centibits: 1}]", "aaaaaaaa", false},
	    {"[{use: entropy, centibits: 100}]", "aabb", true},
	    {"[{use: entropy, centibits: 200, skip: 4}]", "ghp_abcd", true},
	    {"[{use: entropy, centibits: 0}]", "", false},
	    {"[{use: crc32_base62, skip: 2}]", "x_1234567893jZbIs", false},
	    {"[{use: crc32_base62, skip: 0}]", "short", false},
	    {"[{use: base64_size, min: 3, max: 3}]", "YWJj", true},
	    {"[{use: base64_size, min: 2, max: 2}]", "YWI=", true},
	    {"[{use: base64_size, min: 4, max: 9}]", "YWJj", false},
	    {"[{use: base64_size, min: 0, max: 9}]", "YW*j", false},
	    {"[{use: base64_size, min: 0, max: 9}]", "YWJjY", false},
	    {"[{use: base64_json, part: 1, text: alg}]",
	     "eyJhbGciOiJIUzI1NiJ9.e30.x", true},
	    {"[{use: base64_json, part: 1, text: al}]",
	     "eyJhbGciOiJIUzI1NiJ9.e30.x", false},
	    {"[{use: base64_json, part: 2, text: alg}]",
	     "eyJhbGciOiJIUzI1NiJ9.e30.x", false},
	    {"[{use: base64_json, part: 4, text: alg}]",
	     "eyJhbGciOiJIUzI1NiJ9.e30.x", false},
	    {"[{use: parts, min: 3}]", "a.b.c", true},
	    {"[{use: parts, min: 2}]", "a..c", false},
	    {"[{use: parts, min: 3}]", "a.b", false},
	    {"[digit_and_letter]", "abc1", true},
	    {"[{use: digit_and_letter, skip: 3}]", "abc1", false},
	    {"[digit_and_letter]", "abcd", false},
	    {"[not_placeholder]", "Zk83hd72", true},
	    {"[not_placeholder]", "CHANGEME", false},
	    {"[not_placeholder]", "${TOKEN}", false},
	    {"[not_placeholder]", "aaaa", false},
	    {"[url_password]", "h://u:h7Gk2pQz@h", true},
	    {"[url_password]", "h://u:Password@h", false},
	    {"[url_password]", "h://u:$PASS@h", false},
	    {"[url_password]", "h://u:ab@h", false},
	    {"[likely_token]", "Zq83hd72QmRt5vLw9pKx", true},
	    {"[likely_token]", "userPreferencesV2Storage1", false},
	    {"[likely_token]", "h7Gk2pQz!x", false},
	    {"[likely_secret]", "Zq83hd72QmRt5vLw9pKx", true},
	    {"[likely_secret]", "h7Gk2pQz!x", true},
	    {"[likely_secret]", "h7Gk2pQzxy", false},
	    {"[likely_password]", "h7Gk2pQzxy", true},
	    {"[likely_password]", "password123", false},
	    {"[not_stop_words]", "public", false},
	    {"[not_stop_words]", "your-password", false},
	    {"[not_stop_words]", "acme-ops", true},
	    /* joe:h7Gk2pQz, user:password, joe:, joe */
	    {"[base64_pair]", "am9lOmg3R2sycFF6", true},
	    {"[base64_pair]", "dXNlcjpwYXNzd29yZA==", false},
	    {"[base64_pair]", "am9lOg==", false},
	    {"[base64_pair]", "am9l", false},
	    {"[base64_pair]", "/////w==", false},
	    /* 1043175689234567891, NotADiscordTokenAt */
	    {"[discord_id]", "MTA0MzE3NTY4OTIzNDU2Nzg5MQ.G8k2Lm.x", true},
	    {"[discord_id]", "Tm90QURpc2NvcmRUb2tlbkF0.G8k2Lm.x", false},
	    {"[crypt_hash]", "$1$k2LmQ9xR$q83hd72QmRt5vLw9pKxZ1f", true},
	    {"[crypt_hash]", "$1$k2LmQ9xR$q83hd72QmRt5vLw9pKxZ1", false},
	    {"[crypt_hash]", "$9$k2LmQ9xR$q83hd72QmRt5vLw9pKxZ1f", false},
	    {"[crypt_hash]", "$1", false},
	    {"[{use: pem_body, min: 20}]",
	     "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END", true},
	    {"[{use: pem_body, min: 20}]", "-----BEGIN KEY-----\n...\n-----END",
	     false},
	};

	(void)state;
	CHECK_ALL(cases);
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
	static const char chain[] = "[{use: crc32_base62, skip: 4}]";
	char value[64], tail[7];

	(void)state;
	crc_text("zQWBuTSOoRi4A9spHcVYncnsDkxtLm", tail);
	snprintf(value, sizeof(value), "ghp_zQWBuTSOoRi4A9spHcVYncnsDkxtLm%s",
		 tail);
	assert_true(chain_holds(chain, value));
	value[10] ^= 1;
	assert_false(chain_holds(chain, value));
}

static void
what_is_wrong_names_file_line_field_and_what_is_allowed(void **state)
{
	static const struct {
		const char *chain, *want;
	} cases[] = {
	    {"[nothing]", "group/test.yaml:1: field 'checks' names 'nothing'; "
			  "allowed: luhn luhn_expand verhoeff"},
	    {"[{use: luhn, weight: 1}]",
	     "group/test.yaml:1: field 'weight' is no parameter of check "
	     "'luhn'; allowed: use bonus from to pick base prefix"},
	    {"[{use: luhn, base: 11}]", "field 'base' must be 10, 16 or 36"},
	    {"[{use: luhn, base: 99}]",
	     "field 'base' must be a whole number from 10 to 36"},
	    {"[luhn, {use: wsum, modulus: 11}]",
	     "field 'weights' is missing from the check"},
	    {"[{use: wsum,\n weights: [1, x],\n modulus: 11}]",
	     "group/test.yaml:2: field 'weights' must be a whole number from "
	     "-1000 to 1000"},
	    {"[{use: wsum, weights: [1], modulus: 11, align: middle}]",
	     "field 'align' is 'middle'; allowed: left right"},
	    {"[{use: wsum, weights: [], modulus: 11}]",
	     "field 'weights' are none"},
	    {"[{use: wsum, weights: [1], modulus: 1}]",
	     "field 'modulus' must be a whole number from 2 to 1000"},
	    {"[{use: wsum, weights: [1], modulus: 11, letters: {a: 1}}]",
	     "field 'letters' must have capital letters as keys"},
	    {"[{use: wsum, weights: [1], modulus: 11, second: [1, 2]}]",
	     "field 'second' must be as many as weights"},
	    {"[{use: mod, modulus: 97, width: 2, equals: 1}]",
	     "field 'equals' goes without width, map and at"},
	    {"[{use: mod, modulus: 97, replace: X}]",
	     "field 'replace' must be letters and digits in turn: X0Y1Z2"},
	    {"[{use: date, layout: YYXX}]", "field 'layout' must be of Y"},
	    {"[{use: date, layout: CYYMMDD}]",
	     "field 'century' must say what each sign means"},
	    {"[{use: date, layout: YYMMDD, century: nineteen}]",
	     "field 'century' must be like \"19\" or"},
	    {"[{use: range, min: 3, max: 2}]",
	     "field 'min' and max, or ranges"},
	    {"[{use: range, ranges: [x]}]", "field 'ranges' must be like"},
	    {"[{use: one_of}]", "field 'values' or list must name some"},
	    {"[{use: one_of, list: ../x}]",
	     "field 'list' must name a file of the catalogue"},
	    {"[{use: luhn, pick: ['1']}]", "field 'pick' must be slices"},
	    {"[{use: any, of: [[{use: luhn, bonus: 3}]]}]",
	     "field 'bonus' goes with checks of the outer chain only"},
	    {"[{use: any, of: [luhn]}]", "field 'checks' must be a list"},
	    {"{}", "field 'checks' must be a list"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chain c;

		chain_read(&c, "group/test.yaml", cases[i].chain);
		assert_int_equal(c.st, ST_MALFORMED);
		if (memmem(c.why.data, c.why.len, cases[i].want,
			   strlen(cases[i].want)) == NULL)
			fail_msg("%s: %.*s", cases[i].chain, (int)c.why.len,
				 (const char *)c.why.data);
		chain_free(&c);
	}
}

static void
every_check_has_its_own_name_and_a_table_that_ends(void **state)
{
	(void)state;
	for (size_t i = 0; check_at(i) != NULL; i++) {
		const struct check_op *op = check_at(i);

		assert_ptr_equal(check_find(span_str(op->name)), op);
		assert_non_null(op->run);
		for (const struct check_param *p = op->params;
		     p != NULL && p->name != NULL; p++)
			assert_true(p->at < op->size);
	}
	assert_null(check_find(span_str("no_such_check")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(checks_of_numbers_follow_their_standards),
	    cmocka_unit_test(check_characters_follow_iso_7064),
	    cmocka_unit_test(
		weighted_sums_find_the_check_character_of_each_scheme),
	    cmocka_unit_test(whole_numbers_are_taken_modulo),
	    cmocka_unit_test(dates_are_days_of_the_calendar),
	    cmocka_unit_test(lists_and_ranges_take_a_slice),
	    cmocka_unit_test(checks_of_secrets_read_their_structure),
	    cmocka_unit_test(a_checksum_in_base62_is_valid_for_its_body_only),
	    cmocka_unit_test(
		what_is_wrong_names_file_line_field_and_what_is_allowed),
	    cmocka_unit_test(
		every_check_has_its_own_name_and_a_table_that_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
