#include "tests/unit/extract/inside.h"

#include "extract/made.h"

static size_t
say_cell(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	const char *sheet = arg;
	char column[MADE_COLUMN_MAX];
	size_t n = made_column(m->b, column);
	int len =
	    snprintf(dst, room, "%s!%.*s%u", sheet, (int)n, column, m->a + 1);

	return len < 0 || (size_t)len >= room ? 0 : (size_t)len;
}

static void
what_stands_in_a_cell_has_its_place(void **state)
{
	static char sheet[] = "Sheet2";
	struct inside in;
	struct made *m;

	(void)state;
	inside_begin(&in, NULL);
	in.word = "4111";
	assert_int_equal(made_begin(in.x, &m, say_cell, sheet), ST_OK);
	made_text(m, span_str("before the first cell 4111\n"));
	for (uint32_t row = 0; row < 3; row++) {
		for (uint32_t column = 0; column < 30; column++) {
			made_mark(m, row, column);
			if (row == 1 && column == 27)
				made_text(m, span_str("card 4111"));
			made_byte(m, '\t');
		}
		made_byte(m, '\n');
	}
	assert_int_equal(made_end(m), ST_OK);
	assert_lines(&in.places, "+22\nSheet2!AB2+5\n");
	inside_end(&in);
}

static void
put_cell(struct made *m, bool once, uint32_t row, uint32_t column,
	 const char *text)
{
	if (once) {
		made_stretch(m, row, column, span_str(text));
		return;
	}
	made_mark(m, row, column);
	made_text(m, span_str(text));
}

/* Far more than a window, marks included; folded and again on the way. */
static void
read_rows(bool once)
{
	static char sheet[] = "S";
	char want[256];
	struct inside in;
	struct made *m;

	inside_begin(&in, NULL);
	in.word = "needle";
	assert_int_equal(made_begin(in.x, &m, say_cell, sheet), ST_OK);
	want[0] = 0;
	for (uint32_t row = 0; row < 400000; row++) {
		put_cell(m, once, row, 0,
			 row % 3 == 0 ? "\xef\xbc\x91 a" : "x");
		put_cell(m, once, row, 1, "");
		if (row % 100000 == 70000) {
			size_t at = strlen(want);

			put_cell(m, once, row, 1, "a needle");
			snprintf(want + at, sizeof(want) - at, "S!B%u+2\n",
				 row + 1);
		}
		made_byte(m, '\n');
	}
	assert_int_equal(made_end(m), ST_OK);
	assert_lines(&in.places, want);
	assert_true(in.windows > 2);
	inside_end(&in);
}

static void
places_hold_across_windows(void **state)
{
	(void)state;
	read_rows(false);
	read_rows(true);
}

static void
a_member_may_go_down_between_two_pieces(void **state)
{
	static const char *const inner = "the inner text";
	struct inside in;
	struct part p;
	struct made *m;

	(void)state;
	inside_begin(&in, NULL);
	in.word = "text";
	assert_int_equal(made_begin(in.x, &m, NULL, NULL), ST_OK);
	made_text(m, span_str("the outer "));
	part_memory(&p, span_str(inner));
	assert_int_equal(job_member(in.x, &p, span_str("blob")), ST_OK);
	made_text(m, span_str("text"));
	assert_int_equal(made_end(m), ST_OK);
	assert_lines(&in.places, "blob+10\n+10\n");
	assert_lines(&in.text, "the inner textthe outer text");
	inside_end(&in);
}

static void
every_window_has_the_heads_and_the_first_rows(void **state)
{
	static const char head[] = "id\tcard\n0\tx\n1\tx\n2\tx\n";
	struct inside in;
	struct made *m;
	char cell[16];

	(void)state;
	inside_begin(&in, NULL);
	assert_int_equal(made_begin(in.x, &m, NULL, NULL), ST_OK);
	made_head(m, span_str("id\tcard"));
	for (uint32_t row = 0; row < 300000; row++) {
		snprintf(cell, sizeof(cell), "%u", row);
		made_text(m, span_str(cell));
		made_byte(m, '\t');
		made_text(m, span_str("x"));
		made_byte(m, '\n');
	}
	assert_int_equal(made_end(m), ST_OK);
	assert_true(in.windows > 1);
	assert_int_equal(in.first.len, MADE_FIRST);
	assert_memory_equal(in.first.data, head, strlen(head));
	assert_memory_equal(in.text.data, head + 8, strlen(head) - 8);
	inside_end(&in);
}

/* What is found in a text and in what it decodes to is told apart by origin. */
static void
no_two_texts_share_an_origin(void **state)
{
	struct inside in;
	struct made *m;
	uint64_t first, second;

	(void)state;
	inside_begin(&in, NULL);
	first = in.x->made_at;
	assert_int_equal(made_begin(in.x, &m, NULL, NULL), ST_OK);
	made_text(m, span_str("one"));
	assert_int_equal(made_end(m), ST_OK);
	second = in.x->made_at;
	assert_true(second == first + 3);
	inside_end(&in);
}

static void
columns_have_letters(void **state)
{
	static const struct {
		uint32_t column;
		const char *want;
	} cases[] = {
	    {0, "A"},    {25, "Z"},    {26, "AA"},     {51, "AZ"},
	    {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"},
	};
	char dst[MADE_COLUMN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = made_column(cases[i].column, dst);

		assert_int_equal(n, strlen(cases[i].want));
		assert_memory_equal(dst, cases[i].want, n);
	}
	assert_true(made_column(UINT32_MAX, dst) <= MADE_COLUMN_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stands_in_a_cell_has_its_place),
	    cmocka_unit_test(places_hold_across_windows),
	    cmocka_unit_test(a_member_may_go_down_between_two_pieces),
	    cmocka_unit_test(every_window_has_the_heads_and_the_first_rows),
	    cmocka_unit_test(no_two_texts_share_an_origin),
	    cmocka_unit_test(columns_have_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
