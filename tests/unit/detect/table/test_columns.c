#include "unit/detect/finds.h"
#include "unit/detect/windows.h"

#include "detect/work.h"

#define TEXT 40000

static const struct finds *
look_table(struct eye *e, const char *text)
{
	detect_table(e->s, span_str(text));
	return eye_look_str(e, text);
}

/* The last of nine digits, so that they pass as Luhn has it, or do not. */
static uint64_t
nine(uint64_t eight, bool valid)
{
	unsigned sum = 0;
	uint64_t v = eight;

	for (unsigned i = 0; i < 8; i++, v /= 10) {
		unsigned d = (unsigned)(v % 10) * (i % 2 == 0 ? 2 : 1);

		sum += d > 9 ? d - 9 : d;
	}
	return eight * 10 + (10 - sum % 10 + !valid) % 10;
}

static void
each_block_of_a_dump_has_its_heads(void **state)
{
	static const char head[] = "--\n-- PostgreSQL database dump\n--\n\n",
			  one[] = "COPY public.person (id, \"SSN\", note) FROM "
				  "stdin;\n",
			  two[] = "COPY public.item (id, serial, note) FROM "
				  "stdin;\n";
	static struct finds pieces;
	static char text[TEXT];
	struct eye *e = eye_open("us_ssn", 0);
	const struct finds *f;
	uint64_t rng = 11;
	size_t n = 0;

	(void)state;
	n += (size_t)snprintf(text + n, TEXT - n, "%s%s", head, one);
	for (unsigned i = 0; i < 100; i++)
		n += (size_t)snprintf(text + n, TEXT - n,
				      "%u\t2%02u37%04u\tx\n", i, i, i + 17);
	n += (size_t)snprintf(text + n, TEXT - n, "\\.\n\n%s", two);
	for (unsigned i = 0; i < 100; i++)
		n += (size_t)snprintf(text + n, TEXT - n,
				      "%u\t2%02u37%04u\tx\n", i, i, i + 17);
	n += (size_t)snprintf(text + n, TEXT - n, "\\.\n\n7\t219099999\n");
	f = look_table(e, text);
	assert_int_equal(f->count, 100);
	assert_true(f->list[99].offset < n / 2);
	for (int i = 0; i < 20; i++) {
		detect_table(e->s, span_of((const uint8_t *)text, n));
		look_in_windows(e, text, n, &rng, &pieces);
		assert_same(f, &pieces);
	}
	eye_close(e);
}

enum writing { LIST, CSV, TSV, JSON, DASHED };

/* Rows of which `good` in ten hold a number that is valid. */
static size_t
rows_of(enum writing form, unsigned good, size_t count, char *out, size_t room)
{
	uint64_t rng = 7 + good;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t v =
		    nine(20000000 + dice(&rng) % 50000000, i % 10 < good);
		unsigned a = (unsigned)(v / 1000000),
			 b = (unsigned)(v / 1000 % 1000),
			 c = (unsigned)(v % 1000);
		size_t left = room - n;

		if (form == LIST)
			n += (size_t)snprintf(out + n, left, "%09lu\n",
					      (unsigned long)v);
		else if (form == CSV)
			n += (size_t)snprintf(out + n, left, "%zu,%09lu,x\n", i,
					      (unsigned long)v);
		else if (form == TSV)
			n += (size_t)snprintf(out + n, left,
					      "x\ty\t\"%09lu\"\r\n",
					      (unsigned long)v);
		else if (form == JSON)
			n += (size_t)snprintf(out + n, left,
					      "{\"a\": %zu, \"b\": %09lu}\n", i,
					      (unsigned long)v);
		else
			n += (size_t)snprintf(out + n, left,
					      "%zu,%03u-%03u-%03u,x\n", i, a, b,
					      c);
	}
	return n;
}

static void
different_valid_values_of_a_column_raise_each_other(void **state)
{
	static const enum writing forms[] = {LIST, CSV, TSV, JSON};
	struct eye *e = eye_open("ca_sin", 0);
	const struct finds *f;
	char text[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		rows_of(forms[i], 10, 30, text, sizeof(text));
		detect_table(e->s, span_of(NULL, 0));
		assert_int_equal(eye_look_str(e, text)->count, 0);
		f = look_table(e, text);
		if (f->count != 30)
			fail_msg("%zu of %s", f->count, text);
		assert_true((f->list[29].reasons & REASON(REASON_LIKE)) != 0);
	}
	eye_close(e);
}

static void
few_rows_equal_rows_and_rows_of_which_some_fail_do_not(void **state)
{
	struct eye *e = eye_open("ca_sin", 0);
	char text[2048];

	(void)state;
	rows_of(CSV, 10, 7, text, sizeof(text));
	assert_int_equal(look_table(e, text)->count, 0);
	rows_of(CSV, 8, 30, text, sizeof(text));
	assert_int_equal(look_table(e, text)->count, 0);
	for (size_t i = 0, n = 0; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
				      "%zu,145061800,x\n", i);
	assert_int_equal(look_table(e, text)->count, 0);
	eye_close(e);
}

static void
what_passes_by_chance_in_a_column_is_lowered(void **state)
{
	struct eye *e = eye_open("ca_sin", 0);
	const struct finds *f;
	char text[2048];

	(void)state;
	rows_of(DASHED, 1, 50, text, sizeof(text));
	detect_table(e->s, span_of(NULL, 0));
	assert_int_equal(eye_look_str(e, text)->count, 5);
	assert_int_equal(look_table(e, text)->count, 0);
	/* half of them are no chance */
	rows_of(DASHED, 5, 50, text, sizeof(text));
	assert_int_equal(look_table(e, text)->count, 25);
	/* nor is anything under a head that says it */
	memcpy(text, "a,sin,x\n", 8);
	rows_of(DASHED, 1, 50, text + 8, sizeof(text) - 8);
	f = look_table(e, text);
	assert_int_equal(f->count, 5);
	assert_true((f->list[0].reasons & REASON(REASON_COLUMN)) != 0);
	eye_close(e);
}

/* Types that take nearly anything are not spoken for by a full column. */
static void
columns_of_any_numbers_are_silent(void **state)
{
	struct eye *e = eye_open("*", 0);
	uint64_t rng = 5;
	char text[16000];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		n += (size_t)snprintf(
		    text + n, sizeof(text) - n, "%zu,%09lu,%016lu,%010lu\n", i,
		    (unsigned long)(dice(&rng) % 1000000000),
		    (unsigned long)(dice(&rng) % 10000000000000000),
		    (unsigned long)(dice(&rng) % 10000000000));
	if (look_table(e, text)->count != 0)
		fail_msg("%zu, %s", e->finds.count, e->finds.list[0].type);
	eye_close(e);
}

static void
cards_of_many_brands_are_one_kind_of_value(void **state)
{
	static const char *const cards[] = {
	    "4000000000000002", "5105105105105100", "378282246310005",
	    "6011000990139424", "3530111333300000", "30569309025904",
	    "4012888888881881", "5555555555554444", "6011111111111117",
	    "371449635398431"};
	struct eye *e = eye_open("card_*", 0);
	char text[1024];
	size_t n = 0, plain;

	(void)state;
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%zu;%s\n", i,
				      cards[i]);
	plain = eye_look_str(e, text)->count;
	assert_in_range(plain, 7, 10);
	assert_int_equal(look_table(e, text)->count, 10);
	eye_close(e);
}

static void
a_wide_row_knows_its_columns(void **state)
{
	struct eye *e = eye_open("us_ssn", 0);
	char text[8192];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 99; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "col,");
	n += (size_t)snprintf(text + n, sizeof(text) - n, "ssn\n");
	for (size_t i = 0; i < 99; i++)
		n +=
		    (size_t)snprintf(text + n, sizeof(text) - n, "some value,");
	snprintf(text + n, sizeof(text) - n, "536228725\n");
	assert_int_equal(look_table(e, text)->count, 1);
	eye_close(e);
}

static const char people[] = "id,first_name,last_name,gender,dob,cvv,exp\n"
			     "1,Maria,Okonkwo,F,1984-07-21,123,12/27\n"
			     "2,\"Jean Luc\",O'Neil,male,1999-01-02,907,03/29\n"
			     "3,Zoë,Łukasz,unknown,never,12,13/27\n"
			     "4,n/a,null,,2001-13-01,abc,1227\n";

static void
particulars_are_found_in_cells_whose_heads_name_them(void **state)
{
	static const struct {
		const char *type;
		size_t count;
	} want[] = {{"person_name", 6},   {"gender", 2},
		    {"date_of_birth", 2}, {"card_cvv", 2},
		    {"card_expiry", 2},   {"email", 0}};
	struct eye *e = eye_open("*", 0);
	const struct finds *f;

	(void)state;
	f = look_table(e, people);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		size_t n = 0;

		for (size_t k = 0; k < f->count; k++)
			n += strcmp(f->list[k].type, want[i].type) == 0;
		if (n != want[i].count)
			fail_msg("%zu of %s", n, want[i].type);
	}
	eye_close(e);
}

static void
passwords_and_codes_in_groups_are_found_in_cells(void **state)
{
	static const struct {
		const char *text, *type;
	} cases[] = {
	    {"host;login;password\ndb1;ola;h7Gk2pQz!x\ndb2;pia;none\n",
	     "secret.password"},
	    {"id,api_key,name\n1,fTCy1ObGuuFiXkLxrxgs322PP2p31UKo,Mia\n"
	     "2,none,Jon\n",
	     "secret.generic_secret"},
	    {"Nr,Cod. Fiscale,Lordo\n1,BNC NNA 47T49 F205Z,20\n"
	     "2,BNC NNA 47T49 F205X,30\n",
	     "it_codicefiscale"},
	};
	struct eye *e = eye_open("*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = look_table(e, cases[i].text);

		size_t n = 0;

		for (size_t k = 0; k < f->count; k++)
			n += strcmp(f->list[k].type, cases[i].type) == 0;
		assert_int_equal(n, 1);
	}
	eye_close(e);
}

static void
cells_say_nothing_without_heads_nor_under_other_ones(void **state)
{
	static const char *const texts[] = {
	    "id,a,b,c,d,e,f\n1,Maria,Okonkwo,F,x,123,12/27\n",
	    "1,Maria,Okonkwo,F,x,123,12/27\n2,Anna,Li,M,y,456,11/28\n",
	    "id,file_name,host name,sex_ratio,x\n1,Maria,Anna,F,123\n",
	    "first_name and last_name\nMaria,Okonkwo\n",
	};
	struct eye *e = eye_open("*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct finds *f = look_table(e, texts[i]);

		if (f->count != 0)
			fail_msg("%s: %s", f->list[0].type, texts[i]);
	}
	eye_close(e);
}

/* Rows of all that columns know about. */
static size_t
big_table(char *text, size_t room)
{
	static const char heads[] = "n,first_name,cvv,a,b,ssn\n";
	uint64_t rng = 99;
	size_t n = sizeof(heads) - 1;

	memcpy(text, heads, n);
	for (size_t i = 0; n + 200 < room; i++) {
		uint64_t a = nine(20000000 + dice(&rng) % 50000000, true);
		uint64_t b =
		    nine(20000000 + dice(&rng) % 50000000, i % 10 == 0);

		n += (size_t)snprintf(
		    text + n, room - n,
		    "%zu,\"%s\",%03u,%09lu,%03u-%03u-%03u,%09u\n", i,
		    i % 3 == 0 ? "Maria, Anna" : "Jean",
		    (unsigned)(dice(&rng) % 1000), (unsigned long)a,
		    (unsigned)(b / 1000000), (unsigned)(b / 1000 % 1000),
		    (unsigned)(b % 1000),
		    (unsigned)(536000000 + dice(&rng) % 1000000));
	}
	return n;
}

static void
tables_are_read_the_same_however_they_are_cut(void **state)
{
	struct finds *cut = calloc(1, sizeof(*cut));
	struct eye *e = eye_open("*", 0);
	char *text = malloc(TEXT);
	uint64_t rng = 20261122;
	size_t n;

	(void)state;
	assert_non_null(cut);
	assert_non_null(text);
	n = big_table(text, TEXT);
	detect_table(e->s, span_of((const uint8_t *)text, n));
	assert_in_range(eye_look(e, text, n)->count, 1500, 4000);
	for (unsigned round = 0; round < 6; round++) {
		look_in_windows(e, text, n, &rng, cut);
		assert_same(&e->finds, cut);
	}
	free(text);
	free(cut);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		different_valid_values_of_a_column_raise_each_other),
	    cmocka_unit_test(
		few_rows_equal_rows_and_rows_of_which_some_fail_do_not),
	    cmocka_unit_test(what_passes_by_chance_in_a_column_is_lowered),
	    cmocka_unit_test(columns_of_any_numbers_are_silent),
	    cmocka_unit_test(cards_of_many_brands_are_one_kind_of_value),
	    cmocka_unit_test(a_wide_row_knows_its_columns),
	    cmocka_unit_test(
		particulars_are_found_in_cells_whose_heads_name_them),
	    cmocka_unit_test(passwords_and_codes_in_groups_are_found_in_cells),
	    cmocka_unit_test(
		cells_say_nothing_without_heads_nor_under_other_ones),
	    cmocka_unit_test(each_block_of_a_dump_has_its_heads),
	    cmocka_unit_test(tables_are_read_the_same_however_they_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
