#include "tests/unit/extract/inside.h"

#include "extract/office/cell.h"

static void
addresses_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		uint32_t row, column;
		bool good;
	} cases[] = {
	    {"A1", 0, 0, true},
	    {"C14", 13, 2, true},
	    {"AB7", 6, 27, true},
	    {"$C$14", 13, 2, true},
	    {"XFD1048576", 1048575, 16383, true},
	    {"A0", 0, 0, false},
	    {"14", 0, 0, false},
	    {"", 0, 0, false},
	    {"ABCDE1", 0, 0, false},
	    {"A9999999999", 0, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t row = 0, column = 0;

		assert_int_equal(
		    cell_address(span_str(cases[i].text), &row, &column),
		    cases[i].good);
		assert_int_equal(row, cases[i].row);
		assert_int_equal(column, cases[i].column);
	}
}

static void
rows_are_lines_and_each_cell_has_its_address(void **state)
{
	struct cell_sheet s;
	struct inside in;

	(void)state;
	inside_begin(&in, NULL);
	in.word = "x";
	assert_int_equal(cell_begin(&s, in.x, span_str("S")), ST_OK);
	cell_put(&s, 0, 0, span_str("x name"));
	cell_put(&s, 0, 2, span_str("card"));
	cell_row_end(&s);
	cell_put(&s, 4, 2, span_str("x\n41"));
	cell_also(&s, CELL_COMMENT, 4, 2, span_str("x note"));
	cell_also(&s, CELL_FORMULA, 4, 2, span_str("x+1"));
	cell_put(&s, 5, 27, span_str("x"));
	cell_also(&s, CELL_HEADER, 0, 0, span_str("x head"));
	assert_int_equal(cell_end(&s), ST_OK);
	assert_lines(&in.text,
		     "x name\t\tcard\n\t\tx 41\n"
		     "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tx\n"
		     "x note\nx+1\nx head\n");
	assert_lines(&in.places, "S!A1+0\nS!C5+0\nS!AB6+0\nS!C5 comment+0\n"
				 "S!C5 formula+0\nS header+0\n");
	inside_end(&in);
}

static void
cells_never_run_into_each_other(void **state)
{
	struct cell_sheet s;
	struct inside in;

	(void)state;
	inside_begin(&in, NULL);
	assert_int_equal(cell_begin(&s, in.x, span_str("S")), ST_OK);
	cell_put(&s, 0, 1, span_str("4111"));
	cell_put(&s, 0, 1, span_str("1111"));
	cell_put(&s, 0, 0, span_str("1111"));
	cell_put(&s, 1, 16000, span_str("a"));
	cell_put(&s, 1, 16001, span_str("b"));
	assert_int_equal(cell_end(&s), ST_OK);
	assert_memory_equal(in.text.data, "\t4111\t1111\t1111\n\t", 17);
	assert_memory_equal(in.text.data + in.text.len - 5, "\ta\tb\n", 5);
	inside_end(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_are_read_as_people_write_them),
	    cmocka_unit_test(cells_never_run_into_each_other),
	    cmocka_unit_test(rows_are_lines_and_each_cell_has_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
