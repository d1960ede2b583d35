#include "model/fields.h"
#include "tests/unit/extract/inside.h"

#define CARD "4111 1111 1111 1111"

static struct buf made;

static void
begin(void)
{
	buf_init(&made, (size_t)8 << 20);
	assert_int_equal(fields_begin(&made), ST_OK);
}

static void
record(const char *key)
{
	assert_int_equal(fields_record(&made, span_str(key)), ST_OK);
}

static void
field(const char *name, uint8_t flags, struct span value)
{
	assert_int_equal(fields_put(&made, span_str(name), flags, value),
			 ST_OK);
}

static void
end(uint64_t read, uint64_t counted)
{
	assert_int_equal(fields_end(&made, read, counted), ST_OK);
}

/* As a stream: what a reader process sends has no end that is known. */
static void
look(struct inside *in, struct span bytes, const char *places,
     const char *notes)
{
	struct part p;

	inside_begin(in, NULL);
	in->word = CARD;
	part_memory(&p, bytes);
	p.buf = job_buf(in->x);
	assert_int_equal(job_part(in->x, &p), ST_OK);
	assert_lines(&in->places, places);
	assert_lines(&in->notes, notes);
	inside_end(in);
}

static void
a_field_has_its_name_and_that_of_its_record(void **state)
{
	struct inside in;

	(void)state;
	begin();
	field("own", 0, span_str(CARD));
	record("42");
	field("name", 0, span_str("nothing"));
	field("address.card", 0, span_str("x\n" CARD));
	record("4111111111111111"); /* a key that says too much */
	field("5555555555554444", 0, span_str(CARD));
	field("[1]", FIELDS_LABEL, span_str(CARD));
	end(2, 2);
	look(&in, buf_span(&made),
	     "own+0\n42, address.card+2\nrecord 2, field 1+0\n"
	     "record 2, [1]+0\n",
	     "");
	buf_fini(&made);
}

static void
an_object_id_is_said_and_nothing_like_it(void **state)
{
	struct inside in;

	(void)state;
	begin();
	record("ObjectId(64b1f0a2c3d4e5f601234567)");
	field("card", 0, span_str(CARD));
	record("ObjectId(4111111111111111)");
	field("card", 0, span_str(CARD));
	record("ObjectId(64b1f0a2c3d4e5f60123456 )");
	field("card", 0, span_str(CARD));
	end(3, 3);
	look(&in, buf_span(&made),
	     "ObjectId(64b1f0a2c3d4e5f601234567), card+0\n"
	     "record 2, card+0\nrecord 3, card+0\n",
	     "");
	buf_fini(&made);
}

static void
a_name_is_text_unless_it_is_a_label(void **state)
{
	struct inside in;
	struct part p;

	(void)state;
	begin();
	field("card", 0, span_str("1"));
	field("[1]", FIELDS_LABEL, span_str("2"));
	field(CARD, 0, span_str("3"));
	end(1, 1);
	inside_begin(&in, NULL);
	part_memory(&p, buf_span(&made));
	p.buf = job_buf(in.x);
	assert_int_equal(job_part(in.x, &p), ST_OK);
	assert_lines(&in.text, "card: 1\n2\n" CARD ": 3\n");
	inside_end(&in);
	buf_fini(&made);
}

static void
bytes_are_read_as_what_they_hold(void **state)
{
	static const char text[] = "\1some lines of text in a file\n" CARD "\n";
	struct inside in;

	(void)state;
	begin();
	record("42");
	field("scan", 0, span_of(text, sizeof(text) - 1));
	field("short", 0, span_of("\0\1\2", 3));
	end(1, 1);
	look(&in, buf_span(&made), "42, scan+30\n", "");
	buf_fini(&made);
}

static void
a_large_value_comes_in_pieces(void **state)
{
	struct inside in;

	(void)state;
	begin();
	assert_int_equal(fields_name(&made, span_str("text"), 0), ST_OK);
	assert_int_equal(fields_piece(&made, span_str("abc 4111 1111")), ST_OK);
	assert_int_equal(fields_piece(&made, span_str(" 1111 1111 xyz")),
			 ST_OK);
	assert_int_equal(fields_piece(&made, span_of(NULL, 0)), ST_OK);
	field("next", 0, span_str(CARD));
	end(1, 1);
	look(&in, buf_span(&made), "text+4\nnext+0\n", "");
	buf_fini(&made);
}

static void
what_is_not_as_counted_or_not_read_is_noted(void **state)
{
	struct inside in;

	(void)state;
	begin();
	assert_int_equal(
	    fields_note(&made, COVER_UNSUPPORTED, span_str("a module's value")),
	    ST_OK);
	field("card", 0, span_str(CARD));
	end(1, 3);
	look(&in, buf_span(&made), "card+0\n",
	     ": unsupported a module's value\n"
	     ": changed 1 were read, the server counted 3\n");
	buf_fini(&made);
}

static void
a_stream_that_is_cut_says_behind_which_field(void **state)
{
	struct inside in;
	size_t whole;

	(void)state;
	begin();
	field("card", 0, span_str(CARD));
	whole = made.len;
	record("7"); /* and nothing of it */
	for (size_t n = whole; n <= made.len; n++)
		look(&in, span_of(made.data, n), "card+0\n",
		     ": truncated after field 1\n");
	buf_fini(&made);
}

static void
bytes_are_told_from_text(void **state)
{
	static const struct {
		const char *value;
		size_t len;
		uint8_t want;
	} cases[] = {
	    {"", 0, 0},
	    {"words\n\tand\r\nmore", 15, 0},
	    {"Stra\xc3\x9f"
	     "e",
	     7, 0},
	    {"Stra\xdf"
	     "e",
	     6, FIELDS_BINARY},
	    {"a\0b", 3, FIELDS_BINARY},
	    {"\x1b[0m", 4, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    fields_look(span_of(cases[i].value, cases[i].len)),
		    cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_field_has_its_name_and_that_of_its_record),
	    cmocka_unit_test(an_object_id_is_said_and_nothing_like_it),
	    cmocka_unit_test(a_name_is_text_unless_it_is_a_label),
	    cmocka_unit_test(bytes_are_read_as_what_they_hold),
	    cmocka_unit_test(a_large_value_comes_in_pieces),
	    cmocka_unit_test(what_is_not_as_counted_or_not_read_is_noted),
	    cmocka_unit_test(a_stream_that_is_cut_says_behind_which_field),
	    cmocka_unit_test(bytes_are_told_from_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
