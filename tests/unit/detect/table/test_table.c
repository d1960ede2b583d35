#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detect.h"
#include "detect/table/table.h"

static void
a_line_of_names_above_a_line_of_as_many_values_is_a_head(void **state)
{
	static const struct {
		const char *text, *head;
	} cases[] = {
	    {"name,passport\nJane,055406955\n", "name,passport"},
	    {"name;nr_pesel\r\nA;1\r\n", "name;nr_pesel"},
	    {"a\tb\tc\n1\t2\t3", "a\tb\tc"},
	    {"\"last, first\",ssn\n\"Roe, J\",1\n", "\"last, first\",ssn"},
	    {"имя,паспорт\nа,1\n", "имя,паспорт"},
	    {"a,,b\n1,2,3\n", "a,,b"},
	    {"name,rank_among_15000\na,1\n", ""},
	    {"name,sales 2024\na,1\n", "name,sales 2024"},
	    {"Sales 2024\n123456\n654321\n", ""},
	    {"name,passport\n", ""},             /* nothing below it */
	    {"name,passport\nplain text\n", ""}, /* not as many */
	    {"Jane,055406955\nJohn,055406956\n", ""},
	    {"1,2\n3,4\n", ""},
	    {"ssn\n123\n", ""},
	    {"ssn\n1234\n5678\n", "ssn"},
	    {"numbers\n1234 and more\n5678\n", ""},
	    {"\tb\tc\n\t1\t2\n", "\tb\tc"},
	    /* drawn around and between rows, as clients of databases do */
	    {"+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n+---+---+\n",
	     "| a | b |"},
	    {" a  | b\n----+----\n  1 | 2\n", " a  | b"},
	    {"---\n---\n", ""},
	    {"", ""},
	    {"\n", ""},
	    {"a very long first line that is a sentence and no name of any "
	     "column at all,b\n1,2\n",
	     ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct table t;

		table_read(span_str(cases[i].text), &t);
		if (!span_eq(t.heads, span_str(cases[i].head)))
			fail_msg("%s", cases[i].text);
	}
}

static void
rows_have_as_many_cells_as_the_first_line(void **state)
{
	static const struct {
		const char *text;
		uint8_t delimiter;
		size_t rows;
	} cases[] = {
	    {"a,b\n1,2\n3,4\n", ',', 2},
	    {"1,2\n3,4\n5,6", ',', 3},
	    {"1;2\n3;4\n\n5;6\n", ';', 2}, /* ended by an empty line */
	    {"\"a,b\",2\n3,4\n", ',', 2},
	    {"{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n", ',', 2},
	    {"12345\n23456\n34567\n", 0, 3},
	    {"12345\nwords and words\n", 0, 1},
	    {"int\nmain(void)\n{\n", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct table t;

		table_read(span_str(cases[i].text), &t);
		assert_int_equal(t.delimiter, cases[i].delimiter);
		assert_int_equal(t.count, cases[i].rows);
	}
}

static void
cells_are_cut_outside_of_quotes_and_bared_of_them(void **state)
{
	static const struct {
		const char *row, *cells[4];
	} cases[] = {
	    {"a,b,c", {"a", "b", "c", NULL}},
	    {"a,,", {"a", "", "", NULL}},
	    {"\"a, b\", 'c' ,d", {"a, b", "c", "d", NULL}},
	    {"{\"k\": \"v\",\"n\":12}", {"v", "12", NULL}},
	    {"\"", {"\"", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span row = span_str(cases[i].row), cell;
		size_t n = 0;

		for (; table_cell(&row, ',', &cell); n++) {
			assert_non_null(cases[i].cells[n]);
			cell = table_bare(cell);
			if (!span_eq(cell, span_str(cases[i].cells[n])))
				fail_msg("%s: %.*s", cases[i].row,
					 (int)cell.len, (const char *)cell.ptr);
		}
		assert_null(cases[i].cells[n]);
	}
}

static void
only_whole_lines_of_the_first_bytes_are_rows(void **state)
{
	size_t n = DETECT_TABLE + 3;
	char *text = malloc(n);
	struct table t;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', n);
	memcpy(text, "a,b\n1,2\n", 8);
	text[DETECT_TABLE - 3] = ',';
	table_read(span_of((const uint8_t *)text, n), &t);
	assert_int_equal(t.count, 1);
	table_read(span_of((const uint8_t *)text, n - 3), &t);
	assert_int_equal(t.count, 2);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_line_of_names_above_a_line_of_as_many_values_is_a_head),
	    cmocka_unit_test(rows_have_as_many_cells_as_the_first_line),
	    cmocka_unit_test(cells_are_cut_outside_of_quotes_and_bared_of_them),
	    cmocka_unit_test(only_whole_lines_of_the_first_bytes_are_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
