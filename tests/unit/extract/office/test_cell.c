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

		assert_int_equal(cell_address(cases[i].text, &row, &column),
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
	cell_put(&s, 0, 0, span_str("x name"), false);
	cell_put(&s, 0, 2, span_str("card"), false);
	cell_row_end(&s);
	cell_put(&s, 4, 2, span_str("x\n41"), true);
	cell_also(&s, CELL_COMMENT, 4, 2, span_str("x note"));
	cell_also(&s, CELL_FORMULA, 4, 2, span_str("x+1"));
	cell_put(&s, 5, 27, span_str("x"), false);
	cell_also(&s, CELL_HEADER, 0, 0, span_str("x head"));
	assert_int_equal(cell_end(&s), ST_OK);
	assert_lines(&in.text,
		     "x name\t\tcard\n\t\tx 41\nx note\nx+1\n"
		     "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tx\n"
		     "x head\n");
	assert_lines(&in.places, "S!A1+0\nS!C5+0\nS!C5 comment+0\n"
				 "S!C5 formula+0\nS!AB6+0\nS header+0\n");
	inside_end(&in);
}

struct heads {
	char head[64];
};

static enum status
see_head(void *arg, const struct extract_window *w)
{
	struct heads *h = arg;

	assert_true(w->made);
	assert_true(w->head.len < sizeof(h->head));
	if (w->head.len > 0)
		memcpy(h->head, w->head.ptr, w->head.len);
	h->head[w->head.len] = 0;
	return ST_OK;
}

static void
the_last_row_before_numbers_is_the_head(void **state)
{
	struct heads heads = {""};
	struct cell_sheet s;
	struct inside in;

	(void)state;
	inside_begin(&in, NULL);
	in.sink.arg = &heads;
	in.sink.window = see_head;
	assert_int_equal(cell_begin(&s, in.x, span_str("S")), ST_OK);
	cell_put(&s, 0, 0, span_str("Title"), false);
	cell_put(&s, 1, 0, span_str("name"), false);
	cell_put(&s, 1, 2, span_str("card"), false);
	cell_put(&s, 2, 2, span_str("41"), true);
	cell_put(&s, 3, 0, span_str("total"), false);
	assert_int_equal(cell_end(&s), ST_OK);
	assert_string_equal(heads.head, "name\t\tcard");
	inside_end(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_are_read_as_people_write_them),
	    cmocka_unit_test(rows_are_lines_and_each_cell_has_its_address),
	    cmocka_unit_test(the_last_row_before_numbers_is_the_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
