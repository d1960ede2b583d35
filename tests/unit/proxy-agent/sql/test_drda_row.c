#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/sql/drda_row.h"

static const struct drda_form big = {
    .supported = true, .sbc = 1208, .dbc = 1200, .mbc = 1208};
static const struct drda_form little = {
    .supported = true, .little = true, .sbc = 819, .dbc = 1200, .mbc = 1208};

/* One column, and one row, which stands as long as its cell is looked at. */
struct one {
	struct drda_columns c;
	struct drda_row r;
	uint8_t row[64];
};

static enum status
read_cell(struct one *o, const struct drda_form *f, const uint8_t type[3],
	  struct span cell)
{
	const uint8_t descriptor[] = {6,       0x76, 0xd0, type[0], type[1],
				      type[2], 9,    0x71, 0xe0,    0x54,
				      0,       1,    0xd0, 0,       1};
	struct span rows = span_of(o->row, cell.len + 2), large = {0};
	enum status st;

	*o = (struct one){.row = {0xff, 0}}; /* all is well; there is a row */
	assert_true(rows.len <= sizeof(o->row));
	if (cell.len > 0)
		memcpy(o->row + 2, cell.ptr, cell.len);
	assert_int_equal(drda_columns_take(
			     &o->c, span_of(descriptor, sizeof(descriptor)), f),
			 ST_OK);
	assert_int_equal(o->c.count, 1);
	assert_int_equal(drda_row_init(&o->r, 1), ST_OK);
	st = drda_row_take(&o->r, &o->c, &rows, &large);
	assert_int_equal(rows.len, st == ST_OK ? 0 : cell.len + 2);
	return st;
}

static void
one_fini(struct one *o)
{
	drda_row_fini(&o->r);
	drda_columns_fini(&o->c);
}

static void
cells_of_every_type_become_text_or_bytes(void **state)
{
	static const struct {
		const struct drda_form *form;
		uint8_t type[3];
		const char *bytes;
		size_t len;
		const char *want; /* NULL: it is NULL */
	} cases[] = {
	    {&big, {0x02, 0, 4}, "\xff\xff\xff\xfe", 4, "-2"},
	    {&little, {0x02, 0, 4}, "\xfe\xff\xff\xff", 4, "-2"},
	    {&big, {0x03, 0, 4}, "\xff", 1, NULL},
	    {&big, {0x05, 0, 2}, "\0\x01\x02", 3, "258"},
	    {&little, {0x05, 0, 2}, "\0\x01\x02", 3, "513"},
	    {&big,
	     {0x16, 0, 8},
	     "\x80\0\0\0\0\0\0\0",
	     8,
	     "-9223372036854775808"},
	    {&big, {0x0a, 0, 8}, "\x3f\xb9\x99\x99\x99\x99\x99\x9a", 8, "0.1"},
	    {&little,
	     {0x0a, 0, 8},
	     "\x9a\x99\x99\x99\x99\x99\xb9\x3f",
	     8,
	     "0.1"},
	    {&big, {0x0c, 0, 4}, "\x3d\xcc\xcc\xcd", 4, "0.1"},
	    {&big, {0x0e, 5, 2}, "\x12\x34\x5d", 3, "-123.45"},
	    {&big, {0x0e, 5, 5}, "\0\0\x5c", 3, "0.00005"},
	    {&big, {0x0e, 5, 0}, "\0\0\x0c", 3, "0"},
	    {&big,
	     {0x0e, 16, 0},
	     "\x04\x11\x11\x11\x11\x11\x11\x11\x1c",
	     9,
	     "4111111111111111"},
	    {&big, {0x20, 0, 10}, "2020-01-31", 10, "2020-01-31"},
	    {&big, {0x22, 0, 8}, "10.11.12", 8, "10:11:12"},
	    {&big,
	     {0x24, 0, 26},
	     "2020-01-31-10.11.12.123456",
	     26,
	     "2020-01-31 10:11:12.123456"},
	    {&big, {0x26, 0, 2}, "\xfe\xff", 2, "\xfe\xff"},
	    {&big, {0x29, 0, 9}, "\0\0\x02\xfe\xff", 5, "\xfe\xff"},
	    {&little, {0x29, 0, 9}, "\0\x02\0\xfe\xff", 5, "\xfe\xff"},
	    {&little, {0x32, 0, 9}, "\x01\0\xf6", 3, "\xc3\xb6"},
	    {&big, {0x32, 0, 9}, "\0\x02\xc3\xb6", 4, "\xc3\xb6"},
	    {&big, {0x3e, 0, 9}, "\0\0", 2, ""},
	    {&big, {0x38, 0, 9}, "\0\x01\0a", 4, "a"},
	    {&big, {0x36, 0, 2}, "\0a\0b", 4, "ab"},
	    {&big, {0x46, 0, 9}, "\x01z", 2, "z"},
	    {&big, {0xbf, 0, 1}, "\0\x01", 2, "true"},
	    {&big, {0xbe, 0, 1}, "\xf0", 1, "false"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span got;
		struct one o;

		assert_int_equal(
		    read_cell(&o, cases[i].form, cases[i].type,
			      span_of(cases[i].bytes, cases[i].len)),
		    ST_OK);
		got = drda_row_cell(&o.r, 0);
		assert_int_equal(got.ptr == NULL, cases[i].want == NULL);
		if (cases[i].want != NULL) {
			assert_int_equal(got.len, strlen(cases[i].want));
			assert_memory_equal(got.ptr, cases[i].want, got.len);
		}
		one_fini(&o);
	}
}

static void
cells_that_make_no_sense_are_refused_and_half_ones_waited_for(void **state)
{
	static const struct {
		uint8_t type[3];
		const char *bytes;
		size_t len;
		enum status want;
	} cases[] = {
	    {{0x02, 0, 4}, "\0\0\0", 3, ST_AGAIN},
	    {{0x02, 0, 9}, "\0\0\0\0\0\0\0\0\0", 9, ST_MALFORMED},
	    {{0x02, 0, 0}, "", 0, ST_MALFORMED},
	    {{0x0e, 5, 2}, "\x12\x34\x56", 3, ST_MALFORMED}, /* no sign */
	    {{0x0e, 5, 2}, "\x1a\x34\x5c", 3, ST_MALFORMED}, /* no digit */
	    {{0x0e, 5, 9}, "\x12\x34\x5c", 3, ST_MALFORMED}, /* its scale */
	    {{0x0a, 0, 3}, "\0\0\0", 3, ST_MALFORMED},
	    {{0x32, 0, 9}, "\0\x05hell", 6, ST_AGAIN},
	    {{0x33, 0, 9}, "", 0, ST_AGAIN},
	    {{0xc9, 0x80, 4}, "\0\0\0\0\x05", 5, ST_AGAIN}, /* is not here */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct one o;

		assert_int_equal(
		    read_cell(&o, &big, cases[i].type,
			      span_of(cases[i].bytes, cases[i].len)),
		    cases[i].want);
		one_fini(&o);
	}
}

static void
large_objects_come_in_the_order_of_their_cells(void **state)
{
	static const uint8_t descriptor[] = {12,   0x76, 0xd0, 0xc9, 0x80, 4,
					     0xcf, 0x80, 4,    0xc8, 0x80, 4};
	static const uint8_t row[] = {0xff, 0, 0, 0, 0, 0,  3,
				      0xff, 0, 0, 0, 2, 'x'};
	static const uint8_t extra[] = {4, 0, 0, 0, 0,   'a', 'b', 'c',
					2, 0, 0, 0, 'd', 'e', 'y'};
	struct span rows = span_of(row, sizeof(row)),
		    large = span_of(extra, sizeof(extra));
	struct drda_columns c = {0};
	struct drda_row r;

	(void)state;
	assert_int_equal(drda_columns_take(
			     &c, span_of(descriptor, sizeof(descriptor)), &big),
			 ST_OK);
	assert_int_equal(drda_row_init(&r, c.count), ST_OK);
	assert_int_equal(drda_row_take(&r, &c, &rows, &large), ST_OK);
	assert_true(span_eq(drda_row_cell(&r, 0), span_str("abc")));
	assert_null(drda_row_cell(&r, 1).ptr);
	assert_true(span_eq(drda_row_cell(&r, 2), span_str("de")));
	assert_true(span_eq(rows, span_str("x")));
	assert_true(span_eq(large, span_str("y")));
	drda_row_fini(&r);
	drda_columns_fini(&c);
}

static void
more_columns_than_a_triplet_holds_go_on_in_the_next(void **state)
{
	/* a type of its own: text of code page 819, by the number 0x55 */
	static const uint8_t own[] = {7,    0x78, 0,    5,    1, 1, 0x33,
				      12,   0x70, 0x55, 0x11, 0, 0, 0x03,
				      0x33, 1,    0,    0,    9};
	uint8_t descriptor[sizeof(own) + 6 + 6] = {0};
	static const uint8_t rest[] = {6, 0x76, 0xd0, 0x02, 0, 4,
				       6, 0x7f, 0,    0x55, 0, 9};
	struct drda_columns c = {0};

	(void)state;
	memcpy(descriptor, own, sizeof(own));
	memcpy(descriptor + sizeof(own), rest, sizeof(rest));
	assert_int_equal(drda_columns_take(
			     &c, span_of(descriptor, sizeof(descriptor)), &big),
			 ST_OK);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.at[1].type, 0x32);
	assert_true(c.at[1].nullable);
	assert_int_equal(c.at[1].ccsid, 819);
	drda_columns_fini(&c);
}

static void
descriptors_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t len;
		enum status want;
	} cases[] = {
	    {{0}, 0, ST_MALFORMED},
	    {{1, 0x76}, 2, ST_MALFORMED},
	    {{9, 0x76, 0xd0, 2, 0, 4}, 6, ST_MALFORMED},
	    {{5, 0x76, 0xd0, 2, 0}, 5, ST_MALFORMED},
	    {{6, 0x76, 0xd0, 0x60, 0, 4}, 6, ST_UNSUPPORTED},
	    {{6, 0x76, 0xd1, 2, 0, 4}, 6, ST_MALFORMED}, /* another group */
	    {{6, 0x7f, 0, 2, 0, 4}, 6, ST_MALFORMED},    /* of nothing */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct drda_columns c = {0};

		assert_int_equal(
		    drda_columns_take(&c, span_of(cases[i].bytes, cases[i].len),
				      &big),
		    cases[i].want);
		drda_columns_fini(&c);
	}
}

static void
a_card_says_what_became_of_a_statement(void **state)
{
	/* a table is not there, its name behind the numbers and warnings */
	static const uint8_t head[] = {0,   0xff, 0xff, 0xff, 0xff, '4', '2',
				       'X', '0',  '5',  'D',  'E',  'R', 'B',
				       'Y', ' ',  ' ',  ' ',  0};
	static const uint8_t tail[] = {0,    1,   's', 0, 3,   'T',
				       0x14, 'U', 0,   0, 0xff};
	uint8_t bytes[sizeof(head) + 35 + sizeof(tail)] = {0};
	const struct span whole = span_of(bytes, sizeof(bytes));
	struct drda_card card;

	(void)state;
	memcpy(bytes, head, sizeof(head));
	memcpy(bytes + sizeof(head) + 35, tail, sizeof(tail));
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct span s = span_of(bytes, n);

		assert_int_equal(drda_card_take(&s, &big, &card),
				 n < whole.len ? ST_AGAIN : ST_OK);
		assert_int_equal(s.len, n < whole.len ? n : 0);
	}
	assert_int_equal(card.code, -1);
	assert_string_equal(card.state, "42X05");
	assert_string_equal(card.words, "T U");
}

static void
rows_end_where_the_server_says_so_and_not_before(void **state)
{
	static const uint8_t descriptor[] = {6, 0x76, 0xd0, 2, 0, 4};
	static const struct {
		uint8_t bytes[24];
		size_t len;
		enum status want;
	} cases[] = {
	    {{0}, 0, ST_AGAIN},
	    {{0xff}, 1, ST_AGAIN},
	    {{0xff, 0, 0, 0, 0}, 5, ST_AGAIN},
	    {{0xff, 0xff}, 2, ST_MALFORMED}, /* neither a row nor an end */
	    {{0,   0,   0,   0,   100, '0', '2', '0',  '0',  '0', 'D',
	      'E', 'R', 'B', 'Y', ' ', ' ', ' ', 0xff, 0xff, 0xff},
	     21,
	     ST_EOF},
	    {{0,   0xff, 0xff, 0xff, 0xff, 'X', 'C', 'L',  '5',  '2', 'D',
	      'E', 'R',  'B',  'Y',  ' ',  ' ', ' ', 0xff, 0xff, 0xff},
	     21,
	     ST_IO},
	};
	struct drda_columns c = {0};
	struct drda_row r;

	(void)state;
	assert_int_equal(drda_columns_take(
			     &c, span_of(descriptor, sizeof(descriptor)), &big),
			 ST_OK);
	assert_int_equal(drda_row_init(&r, 1), ST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span rows = span_of(cases[i].bytes, cases[i].len),
			    large = {0};

		assert_int_equal(drda_row_take(&r, &c, &rows, &large),
				 cases[i].want);
	}
	assert_string_equal(r.card.state, "XCL52");
	drda_row_fini(&r);
	drda_columns_fini(&c);
}

static void
a_server_says_how_it_writes(void **state)
{
	static const uint8_t bytes[] = {
	    0,   13, 0,  0x2f, 'Q',  'T', 'D', 'S',  'Q',  'L',  'X', '8',
	    '6', 0,  10, 0,    0x35, 0,   6,   0x11, 0x9c, 0x03, 0x33};
	static const uint8_t other[] = {0,   13,  0,   0x2f, 'Q', 'T', 'D',
					'S', 'Q', 'L', '3',  '7', '0'};
	struct drda_form f = big;
	char name[24] = "";

	(void)state;
	drda_form_take(&f, span_of(bytes, sizeof(bytes)), true, name);
	assert_true(f.supported && f.little);
	assert_string_equal(name, "QTDSQLX86");
	assert_int_equal(f.sbc, 819);
	assert_int_equal(f.mbc, 1208);
	drda_form_take(&f, span_of(other, sizeof(other)), true, name);
	assert_false(f.supported);
	assert_string_equal(name, "QTDSQL370");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cells_of_every_type_become_text_or_bytes),
	    cmocka_unit_test(
		cells_that_make_no_sense_are_refused_and_half_ones_waited_for),
	    cmocka_unit_test(large_objects_come_in_the_order_of_their_cells),
	    cmocka_unit_test(
		more_columns_than_a_triplet_holds_go_on_in_the_next),
	    cmocka_unit_test(descriptors_that_make_no_sense_are_refused),
	    cmocka_unit_test(a_card_says_what_became_of_a_statement),
	    cmocka_unit_test(rows_end_where_the_server_says_so_and_not_before),
	    cmocka_unit_test(a_server_says_how_it_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
