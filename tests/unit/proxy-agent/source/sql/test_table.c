#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/source/sql/statement.h"
#include "proxy-agent/source/sql/table.h"

static const struct sql_kind kinds[] = {
    {.letter = 'n', .literal = "{text}"},
    {
	.letter = 't',
	.literal = "'{quoted}'",
	.large = "LENGTH({c}) > 9",
	.piece = "PART({c}, {from}, {count})",
    },
    {.letter = 'o', .cell = "TEXT({c})"},
    {0},
};

static const struct sql_dialect plain = {
    .open = '<',
    .close = '>',
    .text = "'{quoted}'",
    .table = "{schema}.{name}",
    .count = "COUNT {table}",
    .all = "ALL {cells} OF {table}",
    .page = "PAGE {cells} OF {table}{where}{order} {n}",
    .one = "ONE {cells} OF {table}{where}",
    .nth = "NTH {cells} OF {table}{where} {n}",
    .keyset = true,
    .kinds = kinds,
};

static struct sql_table table;
static struct sql_key key;
static struct buf sql;

static void
begin(const struct sql_dialect *d)
{
	table = (struct sql_table){
	    .dialect = d, .database = "d", .schema = "s", .name = "t"};
	buf_init(&sql, 4096);
	sql_key_init(&key);
}

static void
end(void)
{
	sql_table_fini(&table);
	sql_key_fini(&key);
	buf_fini(&sql);
}

static void
column(const char *name, const char *letter, const char *place,
       const char *large)
{
	const struct span cell[] = {span_str(name), span_str(letter),
				    span_str(place), span_str(large)};

	assert_int_equal(sql_table_column(&table, cell), ST_OK);
}

static void
is(enum status st, const char *want)
{
	assert_int_equal(st, ST_OK);
	assert_string_equal((const char *)sql.data, want);
}

static void
pages_go_on_behind_all_columns_of_a_key_in_its_order(void **state)
{
	const struct span row[] = {span_str("5"), span_str("x'y"),
				   span_str("z")};

	(void)state;
	begin(&plain);
	column("a", "n", "3", "0");
	column("b", "t", "1", "0");
	column("c", "t", "2", "0");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_true(table.paged);
	is(sql_statement_page(&sql, &table, &key, 10),
	   "PAGE <a>, <b>, <c> OF <s>.<t> ORDER BY <b>, <c>, <a> 10");
	assert_int_equal(sql_key_take(&key, &table, row), ST_OK);
	is(sql_statement_page(&sql, &table, &key, 10),
	   "PAGE <a>, <b>, <c> OF <s>.<t> WHERE <b> >= 'x''y' AND "
	   "(<b> > 'x''y' OR (<b> = 'x''y' AND (<c> > 'z' OR (<c> = 'z' AND "
	   "<a> > 5)))) ORDER BY <b>, <c>, <a> 10");
	end();
}

static void
a_key_of_one_column_needs_one_comparison(void **state)
{
	const struct span row[] = {span_str("-5")};

	(void)state;
	begin(&plain);
	column("a", "n", "1", "0");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_int_equal(sql_key_take(&key, &table, row), ST_OK);
	is(sql_statement_page(&sql, &table, &key, 7),
	   "PAGE <a> OF <s>.<t> WHERE <a> > -5 ORDER BY <a> 7");
	is(sql_statement_count(&sql, &table), "COUNT <s>.<t>");
	end();
}

/* One of its key, too: then it has none. */
static void
a_column_that_nobody_wants_is_in_no_statement(void **state)
{
	const struct span left[] = {span_str("b"), span_str("n"), span_str("2"),
				    span_str("1")};

	(void)state;
	begin(&plain);
	column("a", "n", "1", "0");
	assert_int_equal(sql_table_leave(&table, left), ST_OK);
	column("c", "t", "0", "0");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_true(table.partly);
	assert_false(table.paged);
	assert_int_equal(table.row, SQL_BY_NUMBER);
	is(sql_statement_all(&sql, &table, 0), "ALL <a>, <c> OF <s>.<t>");
	end();
}

static void
a_second_letter_says_what_a_column_holds(void **state)
{
	static const struct {
		const char *letters;
		enum holds holds;
	} cases[] = {
	    {"n", HOLDS_ANY},      {"n ", HOLDS_ANY},   {"nf", HOLDS_FRACTION},
	    {"td", HOLDS_TIME},    {"tl", HOLDS_TRUTH}, {"tu", HOLDS_UUID},
	    {"nc", HOLDS_COUNTER}, {"nz", HOLDS_ANY},
	};

	(void)state;
	begin(&plain);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		column("a", cases[i].letters, "0", "0");
		assert_int_equal(table.columns[i].holds, cases[i].holds);
	}
	end();
}

static void
a_dialect_may_compare_keys_as_such_and_say_what_it_orders_by(void **state)
{
	const struct span row[] = {span_str("5"), span_str("x'y")};
	struct sql_dialect d = plain;

	(void)state;
	d.tuples = true;
	d.order = "it.{c}";
	begin(&d);
	column("a", "n", "2", "0");
	column("b", "t", "1", "0");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_int_equal(sql_key_take(&key, &table, row), ST_OK);
	is(sql_statement_page(&sql, &table, &key, 7),
	   "PAGE <a>, <b> OF <s>.<t> WHERE (<b>, <a>) > ('x''y', 5) "
	   "ORDER BY it.<b>, it.<a> 7");
	end();
}

static void
a_key_that_cannot_be_compared_makes_no_pages(void **state)
{
	static const struct {
		const char *letter, *place, *large;
	} cases[] = {
	    {"o", "1", "0"}, /* ordered otherwise than it is written */
	    {"t", "1", "1"}, /* too long to be said */
	    {"n", "0", "0"}, /* none at all */
	    {"n", "2", "0"}, /* its first column is not there */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&plain);
		column("a", cases[i].letter, cases[i].place, cases[i].large);
		assert_int_equal(sql_table_ready(&table, false), ST_OK);
		assert_false(table.paged);
		assert_int_equal(table.row, SQL_BY_NUMBER);
		end();
	}
}

static void
large_cells_are_left_out_and_found_by_their_key(void **state)
{
	const struct span row[] = {span_str("5"), span_of(NULL, 0),
				   span_str("1")};
	const struct span small[] = {span_str("5"), span_str("x"),
				     span_of(NULL, 0)};

	(void)state;
	begin(&plain);
	column("a", "n", "1", "0");
	column("b", "t", "0", "1");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_int_equal(sql_table_cells(&table), 3);
	assert_true(sql_table_marked(&table, row));
	assert_false(sql_table_marked(&table, small));
	is(sql_statement_page(&sql, &table, &key, 7),
	   "PAGE <a>, CASE WHEN LENGTH(<b>) > 9 THEN NULL ELSE <b> END, "
	   "CASE WHEN (LENGTH(<b>) > 9) THEN '1' END OF <s>.<t> "
	   "ORDER BY <a> 7");
	is(sql_statement_piece(&sql, &table, 1, "<a> = 5", 0, 4194305),
	   "ONE CASE WHEN LENGTH(<b>) > 9 THEN PART(<b>, 4194305, 4194304) "
	   "END OF <s>.<t> WHERE <a> = 5");
	end();
}

static void
without_a_key_they_are_found_by_their_number(void **state)
{
	(void)state;
	begin(&plain);
	column("a", "o", "0", "0");
	column("b", "t", "0", "1");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	is(sql_statement_all(&sql, &table, 0),
	   "ALL TEXT(<a>), CASE WHEN LENGTH(<b>) > 9 THEN NULL ELSE <b> END, "
	   "CASE WHEN (LENGTH(<b>) > 9) THEN '1' END OF <s>.<t>");
	is(sql_statement_piece(&sql, &table, 1, "", 3, 1),
	   "NTH CASE WHEN LENGTH(<b>) > 9 THEN PART(<b>, 1, 4194304) END "
	   "OF <s>.<t> WHERE (LENGTH(<b>) > 9) 3");
	end();
}

static void
a_cell_flows_where_both_know_how(void **state)
{
	static const struct sql_kind flowing[] = {
	    {.letter = 'n', .literal = "{text}"},
	    {
		.letter = 't',
		.large = "LENGTH({c}) > 9",
		.piece = "PART({c}, {from}, {count})",
		.bytes = "BYTES({c})",
	    },
	    {.letter = 'o', .cell = "TEXT({c})"},
	    {0},
	};
	struct sql_dialect d = plain;

	(void)state;
	d.kinds = flowing;
	begin(&d);
	column("a", "n", "1", "0");
	column("b", "t", "0", "1");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_false(sql_statement_flows(&table, 1));
	d.pieces = "PIECES {cells} OF {table}{where} {n} {from} {count}";
	assert_true(sql_statement_flows(&table, 1));
	assert_false(sql_statement_flows(&table, 0));
	is(sql_statement_pieces(&sql, &table, 1, "<a> = 5", 3, 4194305),
	   "PIECES CASE WHEN LENGTH(<b>) > 9 THEN BYTES(<b>) END OF <s>.<t> "
	   "WHERE <a> = 5 0 4194305 4194304");
	end();
}

static void
what_can_be_read_in_no_pieces_is_read_with_its_row(void **state)
{
	struct sql_dialect d = plain;

	(void)state;
	d.nth = NULL;
	begin(&d);
	column("b", "t", "0", "1");
	assert_int_equal(sql_table_ready(&table, true), ST_OK);
	assert_int_equal(sql_table_cells(&table), 1);
	is(sql_statement_all(&sql, &table, 5), "PAGE <b> OF <s>.<t> 5");
	end();
}

/* The key goes with them; a connection that came back finds them again. */
static void
what_a_session_gives_in_pieces_comes_last(void **state)
{
	struct sql_dialect d = plain;
	struct sql_table was;

	(void)state;
	d.nth = d.one = NULL;
	d.streams = true;
	begin(&d);
	for (unsigned again = 0; again < 2; again++) {
		column("a", "t", "0", "1");
		column("b", "n", "2", "0");
		column("c", "o", "0", again == 0 ? "1" : "0");
		column("d", "n", "1", "0");
		if (again == 1)
			assert_true(sql_table_follow(&table, &was));
		assert_int_equal(sql_table_ready(&table, true), ST_OK);
		assert_int_equal(sql_table_cells(&table), 4);
		is(sql_statement_page(&sql, &table, &key, 7),
		   "PAGE <b>, <d>, <a>, TEXT(<c>) OF <s>.<t> "
		   "ORDER BY <d>, <b> 7");
		if (again == 0) {
			was = table;
			table.columns = NULL;
			table.count = 0;
		}
	}
	column("e", "n", "0", "0");
	assert_false(sql_table_follow(&table, &was));
	sql_table_fini(&was);
	end();
}

static void
a_catalogue_that_makes_no_sense_is_refused(void **state)
{
	static const struct {
		const char *name, *letter, *place;
	} cases[] = {
	    {"", "n", "0"},
	    {"a", "", "0"},
	    {"a", "x", "0"},
	    {"a", "n", "first"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct span cell[] = {
		    span_str(cases[i].name), span_str(cases[i].letter),
		    span_str(cases[i].place), span_str("0")};

		begin(&plain);
		assert_int_equal(sql_table_column(&table, cell), ST_MALFORMED);
		assert_int_equal(sql_table_ready(&table, true), ST_NOTFOUND);
		end();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		pages_go_on_behind_all_columns_of_a_key_in_its_order),
	    cmocka_unit_test(a_key_of_one_column_needs_one_comparison),
	    cmocka_unit_test(a_column_that_nobody_wants_is_in_no_statement),
	    cmocka_unit_test(a_second_letter_says_what_a_column_holds),
	    cmocka_unit_test(
		a_dialect_may_compare_keys_as_such_and_say_what_it_orders_by),
	    cmocka_unit_test(a_key_that_cannot_be_compared_makes_no_pages),
	    cmocka_unit_test(large_cells_are_left_out_and_found_by_their_key),
	    cmocka_unit_test(without_a_key_they_are_found_by_their_number),
	    cmocka_unit_test(a_cell_flows_where_both_know_how),
	    cmocka_unit_test(
		what_can_be_read_in_no_pieces_is_read_with_its_row),
	    cmocka_unit_test(what_a_session_gives_in_pieces_comes_last),
	    cmocka_unit_test(a_catalogue_that_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
