#include "extract/data/jet.h"

#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

static const char *const files[] = {
    "access/jet3.mdb",     "access/jet3-key.mdb", "access/jet4.mdb",
    "access/jet4-key.mdb", "access/ace.mdb",      "access/ace-key.mdb",
};
static const char first_row[] =
    "1\t\xc3\xa4 name\t\t200\t-3\t-12.5\t0.5\t4111111111111111\t"
    "2026-11-22\tin line\t\t\t{03020100-0504-0706-0809-0A0B0C0D0E0F}\t"
    "-1234.56\n";
#define FILES (sizeof(files) / sizeof(files[0]))

static void
read_inside(struct inside *in, struct span s, const char *word)
{
	struct part p;

	inside_begin(in, NULL);
	in->word = word;
	part_memory(&p, s);
	assert_int_equal(jet_part(in->x, &p), ST_OK);
}

static void
assert_in(const struct buf *b, const char *words)
{
	if (b->len == 0 ||
	    memmem(b->data, b->len, words, strlen(words)) == NULL)
		fail_msg("\"%s\" is not in \"%.*s\"", words, (int)b->len,
			 b->len > 0 ? (const char *)b->data : "");
}

static void
values_are_what_people_would_type(void **state)
{
	static const char *const want[] = {
	    first_row,
	    "0.0001\t\t\t1899-12-29\t",
	    "memo: a memo\n",
	    "memo: line one\nline two\n",
	    "4\twas moved\t",
	    "memo: long long ",
	    "x y\t", /* what parts cells is no part of one */
	    "inner file, which is long enough to be one",
	    "what a page has left",
	    "packed and attached packed and attached ",
	    "attached as it is",
	};

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		struct span s = sample(files[i]);
		struct inside in;

		read_inside(&in, s, NULL);
		for (size_t k = 0; k < sizeof(want) / sizeof(want[0]); k++)
			assert_in(&in.text, want[k]);
		assert_lines(&in.notes, "");
		inside_end(&in);
		free_span(s);
	}
}

static void
places_are_row_table_and_column(void **state)
{
	static const struct {
		const char *word, *places;
	} cases[] = {
	    {"4111111111111111", "row 1 all.d+0\n"},
	    {"a memo", "row 1 all.memo+0\n"},
	    {"line two", "row 2 all.memo+9\n"},
	    {"was moved", "row 3 all.name+0\n"},
	    {"was deleted", "deleted row 1 all.name+0\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = sample(files[i]);
		struct inside in;

		read_inside(&in, s, cases[i].word);
		assert_lines(&in.places, cases[i].places);
		inside_end(&in);
		free_span(s);
	}
}

static void
heads_of_columns_speak_for_each_row(void **state)
{
	struct span s = sample("access/jet3.mdb");
	struct inside in;

	(void)state;
	read_inside(&in, s, NULL);
	assert_in(&in.first, "FileName\tFileData");
	inside_end(&in);
	free_span(s);
}

/* A copy that is cut, or has a byte of its own at `at`. */
static struct span
changed(struct span s, size_t len, size_t at, uint8_t byte)
{
	uint8_t *p = malloc(len);

	assert_non_null(p);
	assert_true(len <= s.len && at < len);
	memcpy(p, s.ptr, len);
	p[at] = byte;
	return span_of(p, len);
}

static void
what_is_damaged_is_said_and_all_else_is_read(void **state)
{
	struct span s = sample("access/jet4.mdb"), t;
	struct inside in;
	size_t page = 4096;

	(void)state;
	t = changed(s, s.len - 100, s.len - 200, 0);
	read_inside(&in, t, NULL);
	assert_in(&in.notes, ": truncated");
	assert_in(&in.text, "was moved");
	inside_end(&in);
	free_span(t);

	/* the page that defines the first table is none any more */
	t = changed(s, s.len, 3 * page, 0);
	read_inside(&in, t, NULL);
	assert_in(&in.notes, ": malformed");
	assert_in(&in.text, "inner file");
	inside_end(&in);
	free_span(t);
	free_span(s);
}

static void
a_key_that_is_none_of_ours_is_reported(void **state)
{
	struct span s = sample("access/ace-key.mdb");
	struct span t = changed(s, s.len, 0x3f, (uint8_t)(s.ptr[0x3f] ^ 0x55));
	struct inside in;

	(void)state;
	read_inside(&in, t, NULL);
	assert_lines(&in.notes, ": encrypted\n");
	inside_end(&in);
	free_span(t);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_what_people_would_type),
	    cmocka_unit_test(places_are_row_table_and_column),
	    cmocka_unit_test(heads_of_columns_speak_for_each_row),
	    cmocka_unit_test(what_is_damaged_is_said_and_all_else_is_read),
	    cmocka_unit_test(a_key_that_is_none_of_ours_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
