#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

/* Tables that the dbf module of Python wrote; row 3 was deleted. */
static void
look(struct inside *in, struct span bytes, const char *word)
{
	struct part p;

	inside_begin(in, NULL);
	in->word = word;
	part_memory(&p, bytes);
	p.buf = job_buf(in->x);
	assert_int_equal(job_part(in->x, &p), ST_OK);
}

static void
a_cell_has_its_row_and_column(void **state)
{
	static const struct {
		const char *file, *word, *places;
	} cases[] = {
	    {"data/three.dbf", "4111 1111 1111 1111",
	     "deleted row 3 CARD+0\nrow 5 CARD+0\n"},
	    {"data/three.dbf", "4111111111111111", "row 6 N+0\n"},
	    {"data/fox.dbf", "7654321", "row 6 I+0\n"},
	    {"data/fox.dbf", "n8", "row 8 NAME+0\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = sample(cases[i].file);
		struct inside in;

		look(&in, s, cases[i].word);
		assert_lines(&in.places, cases[i].places);
		assert_lines(&in.notes, "");
		inside_end(&in);
		free_span(s);
	}
}

static void
a_table_that_is_cut_says_how_much_was_read(void **state)
{
	struct span s = sample("data/three.dbf");
	struct inside in;

	(void)state;
	look(&in, span_of(s.ptr, s.len - 100), "4111 1111 1111 1111");
	assert_lines(&in.places, "deleted row 3 CARD+0\nrow 5 CARD+0\n");
	assert_lines(&in.notes, ": truncated 6 of 8 rows\n");
	inside_end(&in);
	free_span(s);
}

/* Longer than a part shows ahead: 65,535 bytes are the most there can be. */
static void
the_longest_rows_are_read_and_what_is_cut_of_one_too(void **state)
{
	static const uint32_t lens[] = {65024, 65025, 65535};
	static uint8_t file[32 + 32 + 1 + 2 * 65535];
	static const char card[] = "4111 1111 1111 1111";
	struct inside in;

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		size_t len = lens[i], rows = 65;

		memset(file, ' ', sizeof(file));
		memset(file, 0, rows);
		file[0] = 3;
		file[1] = 126;
		file[2] = file[3] = 1;
		file[4] = 2;
		file[8] = 65;
		file[10] = (uint8_t)len;
		file[11] = (uint8_t)(len >> 8);
		memcpy(file + 32, "CARD", 4);
		file[43] = 'C';
		file[48] = 40;
		file[64] = '\r';
		memcpy(file + rows + 1, card, sizeof(card) - 1);
		memcpy(file + rows + len + 1, card, sizeof(card) - 1);
		look(&in, span_of(file, rows + 2 * len), card);
		assert_lines(&in.places, "row 1 CARD+0\nrow 2 CARD+0\n");
		assert_lines(&in.notes, "");
		inside_end(&in);
		look(&in, span_of(file, rows + len + 100), card);
		assert_true(in.places.len > sizeof("row 1 CARD+0\n"));
		assert_lines(&in.notes, ": truncated 1 of 2 rows\n");
		inside_end(&in);
	}
}

static void
descriptions_that_do_not_fit_are_malformed_and_read_as_bytes(void **state)
{
	struct span s = sample("data/three.dbf");
	uint8_t *bad = malloc(s.len);
	struct inside in;

	(void)state;
	assert_non_null(bad);
	memcpy(bad, s.ptr, s.len);
	bad[10] = 30; /* a record is shorter than its fields */
	look(&in, span_of(bad, s.len), "4111111111111111");
	assert_int_not_equal(in.places.len, 0);
	assert_lines(&in.notes, ": malformed\n");
	inside_end(&in);
	free(bad);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cell_has_its_row_and_column),
	    cmocka_unit_test(a_table_that_is_cut_says_how_much_was_read),
	    cmocka_unit_test(
		the_longest_rows_are_read_and_what_is_cut_of_one_too),
	    cmocka_unit_test(
		descriptions_that_do_not_fit_are_malformed_and_read_as_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
