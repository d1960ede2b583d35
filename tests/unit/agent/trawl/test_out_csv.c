#include "tests/unit/agent/trawl/found.h"

#define HEAD                                                                   \
	"path,place,type,offset,length,match,confidence,level,reasons,"        \
	"also\r\n"

static void
an_empty_result_is_the_heads_of_its_columns(void **state)
{
	(void)state;
	assert_rows(&out_csv, NULL, 0, HEAD);
}

static void
every_row_has_ten_columns(void **state)
{
	static const struct row rows[] = {
	    {"/srv/a.zip", "b.txt", 98, LEVEL_STRICT,
	     REASON(REASON_CHECK_DIGIT) | REASON(REASON_WORD_NEAR), NULL},
	    {"/srv/c", "", 50, LEVEL_BROAD, 0, "4111 1111 1111 1111"},
	};

	(void)state;
	assert_rows(&out_csv, rows, 2,
		    HEAD "\"/srv/a.zip\",\"b.txt\",\"card_visa\",4294967296,19,"
			 "\"4111 11•• •••• 1111\",98,strict,"
			 "\"check digit is valid; a word of the type stands "
			 "near\",\"\"\r\n"
			 "\"/srv/c\",\"\",\"card_visa\",4294967296,19,"
			 "\"4111 1111 1111 1111\",50,broad,\"\",\"\"\r\n");
}

static void
other_types_of_the_same_bytes_are_one_cell(void **state)
{
	static const char end[] = "\"\",\"pl_nip; ru_inn\"\r\n";
	const struct finding m = {.type = span_str("co_nit"),
				  .also = span_str("pl_nip,ru_inn")};
	const struct scan_found f = {.finding = &m};
	struct out o;

	(void)state;
	out_init(&o, &out_csv);
	o.format->row(&o, &f);
	assert_true(o.text.len > strlen(end));
	assert_memory_equal(o.text.data + o.text.len - strlen(end), end,
			    strlen(end));
	out_fini(&o);
}

static void
a_hostile_name_stays_one_cell(void **state)
{
	static const struct row row = {HOSTILE,     "x\",\"y", 60,
				       LEVEL_BROAD, 0,         NULL};

	(void)state;
	assert_rows(&out_csv, &row, 1,
		    HEAD "\"/a\nb \"\"c\"\",\\xff\x1b[31m\t\\{0}[x](y)\","
			 "\"x\"\",\"\"y\",\"card_visa\",4294967296,19,"
			 "\"4111 11•• •••• 1111\",60,broad,\"\",\"\"\r\n");
}

static void
no_cell_begins_as_a_formula_does(void **state)
{
	static const char *const names[] = {"=1+1",  "+1",    "-1",   "@sum",
					    "\t=1",  "\r=1",  "\n=1", "=",
					    "=\xff", "-\"x\""};
	char start[8] = "\"'";

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct row row = {names[i],    names[i], 60,
					LEVEL_BROAD, 0,        names[i]};
		struct out o;

		out_init(&o, &out_csv);
		buf_clear(&o.text);
		add_row(&o, &row);
		start[2] = names[i][0];
		assert_memory_equal(o.text.data, start, 3);
		/* place and match, too */
		assert_non_null(
		    memmem(o.text.data + 1, o.text.len - 1, ",\"'", 3));
		assert_non_null(memmem(o.text.data, o.text.len, "19,\"'", 5));
		out_fini(&o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_result_is_the_heads_of_its_columns),
	    cmocka_unit_test(every_row_has_ten_columns),
	    cmocka_unit_test(other_types_of_the_same_bytes_are_one_cell),
	    cmocka_unit_test(a_hostile_name_stays_one_cell),
	    cmocka_unit_test(no_cell_begins_as_a_formula_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
