#include "model/rows.h"
#include "tests/unit/extract/inside.h"

#define CARD "4111 1111 1111 1111"

static struct buf made;

static void
begin(void)
{
	buf_init(&made, (size_t)8 << 20);
	assert_int_equal(rows_begin(&made, 3), ST_OK);
	assert_int_equal(rows_column(&made, span_str("id"), ROWS_KEY), ST_OK);
	assert_int_equal(rows_column(&made, span_str("card"), 0), ST_OK);
	assert_int_equal(rows_column(&made, span_str("scan"), ROWS_BINARY),
			 ST_OK);
}

static void
row(const char *id, const char *card, struct span scan)
{
	assert_int_equal(rows_row(&made), ST_OK);
	assert_int_equal(rows_cell(&made, span_str(id)), ST_OK);
	assert_int_equal(card == NULL ? rows_null(&made)
				      : rows_cell(&made, span_str(card)),
			 ST_OK);
	assert_int_equal(
	    scan.len == 0 ? rows_null(&made) : rows_cell(&made, scan), ST_OK);
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

/* What is left of a stream, and how much of it comes at a time. */
struct drops {
	struct span left;
	size_t each;
};

static enum status
read_drops(void *arg, void *dst, size_t n, size_t *got)
{
	struct drops *d = arg;

	*got = n < d->each ? n : d->each;
	if (*got > d->left.len)
		*got = d->left.len;
	if (*got > 0)
		memcpy(dst, d->left.ptr, *got);
	d->left = span_skip(d->left, *got);
	return ST_OK;
}

static void
look_by_drops(struct inside *in, struct drops d, const char *places)
{
	struct part p = {.arg = &d, .read = read_drops, .size = UINT64_MAX};

	inside_begin(in, NULL);
	in->word = CARD;
	p.buf = job_buf(in->x);
	assert_int_equal(job_part(in->x, &p), ST_OK);
	assert_lines(&in->places, places);
	assert_lines(&in->notes, "");
	assert_int_equal(d.left.len, 0);
	inside_end(in);
}

static void
a_cell_has_its_row_column_and_key(void **state)
{
	const struct span none = span_of(NULL, 0);
	struct inside in;

	(void)state;
	begin();
	row("7", "nothing", none);
	row("42", CARD, none);
	row("4111111111111111", CARD, none); /* a key that says too much */
	row("a\tb", "x\n" CARD, none);
	assert_int_equal(rows_end(&made, 4, 4), ST_OK);
	look(&in, buf_span(&made),
	     "row 2 card, key 42+0\nrow 3 card+0\nrow 4 card+2\n", "");
	buf_fini(&made);
}

static void
bytes_are_read_as_what_they_hold(void **state)
{
	static const char text[] = "some lines of text in a file\n" CARD "\n";
	struct inside in;

	(void)state;
	begin();
	row("42", NULL, span_of(text, sizeof(text) - 1));
	assert_int_equal(rows_end(&made, 1, 1), ST_OK);
	look(&in, buf_span(&made), "row 1 scan, key 42+29\n", "");
	buf_fini(&made);
}

static void
a_large_cell_comes_in_pieces(void **state)
{
	const struct span none = span_of(NULL, 0);
	struct inside in;

	(void)state;
	begin();
	row("42", NULL, none);
	assert_int_equal(
	    rows_large(&made, 1, span_str("42"), span_str("abc 4111 1111")),
	    ST_OK);
	assert_int_equal(rows_more(&made, span_str(" 1111 1111 xyz")), ST_OK);
	assert_int_equal(rows_more(&made, none), ST_OK);
	row("43", CARD, none);
	assert_int_equal(rows_end(&made, 2, 2), ST_OK);
	look(&in, buf_span(&made), "card, key 42+4\nrow 2 card, key 43+0\n",
	     "");
	buf_fini(&made);
}

/* Nothing of a key that could be what is looked for, or that is long. */
static void
a_cell_that_is_not_read_is_named(void **state)
{
	static const char *const keys[] = {
	    "42", "", "4111111111111111",
	    "eighty letters, of which none is a digit, and nine more than fit "
	    "in any key at all, twice over"};
	const struct span none = span_of(NULL, 0);
	struct inside in;

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		row("42", NULL, none);
		assert_int_equal(
		    rows_large(&made, 1, span_str(keys[i]), span_str(CARD)),
		    ST_OK);
		assert_int_equal(rows_more(&made, none), ST_OK);
		assert_int_equal(rows_unread(&made, 1, span_str(keys[i]),
					     COVER_IO, span_str("it broke")),
				 ST_OK);
	}
	row("43", CARD, none);
	assert_int_equal(rows_end(&made, 5, 5), ST_OK);
	look(&in, buf_span(&made),
	     "card, key 42+0\ncard+0\ncard+0\ncard+0\n"
	     "row 5 card, key 43+0\n",
	     "card, key 42: io it broke\ncard: io it broke\n"
	     "card: io it broke\ncard: io it broke\n");
	buf_fini(&made);
}

static void
a_row_may_come_in_any_pieces(void **state)
{
	static const char file[] = "some lines of text in a file\n" CARD "\n";
	static const size_t each[] = {1, 3, 7, 64, 4096, 65536};
	static uint8_t blank[200000];
	struct inside in;

	(void)state;
	memset(blank, ' ', sizeof(blank));
	begin();
	row("42", CARD, span_of(NULL, 0));
	row("43", "x\ty\001z", span_of(blank, sizeof(blank)));
	row("44", "8 letters\n" CARD, span_of(file, sizeof(file) - 1));
	assert_int_equal(rows_end(&made, 3, 3), ST_OK);
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		look_by_drops(&in, (struct drops){buf_span(&made), each[i]},
			      "row 3 scan, key 44+29\n"
			      "row 1 card, key 42+0\n"
			      "row 3 card, key 44+10\n");
	buf_fini(&made);
}

/* Text goes out a window at a time: that much later its key is asked. */
static void
a_key_is_known_when_its_text_goes_out(void **state)
{
	char id[16], places[65536] = "";
	size_t n = 0;
	struct inside in;

	(void)state;
	begin();
	for (int i = 1; i <= 20000; i++) {
		bool planted = i % 500 == 0;

		snprintf(id, sizeof(id), "k%d", i);
		row(id, planted ? CARD : "words that say nothing",
		    span_of(NULL, 0));
		if (planted)
			n += (size_t)snprintf(places + n, sizeof(places) - n,
					      "row %d card, key %s+0\n", i, id);
	}
	assert_int_equal(rows_end(&made, 20000, 20000), ST_OK);
	look(&in, buf_span(&made), places, "");
	buf_fini(&made);
}

/* Tables whose rows say themselves what they have. */
static void
a_column_may_come_later(void **state)
{
	struct inside in;
	size_t cut;

	(void)state;
	begin();
	row("42", CARD, span_of(NULL, 0));
	assert_int_equal(rows_columns(&made, 1), ST_OK);
	cut = made.len;
	assert_int_equal(rows_column(&made, span_str("late"), 0), ST_OK);
	row("43", NULL, span_of(NULL, 0));
	assert_int_equal(rows_cell(&made, span_str(CARD)), ST_OK);
	assert_int_equal(rows_end(&made, 2, 2), ST_OK);
	look(&in, buf_span(&made),
	     "row 1 card, key 42+0\nrow 2 late, key 43+0\n", "");
	look(&in, span_of(made.data, cut), "row 1 card, key 42+0\n",
	     ": truncated after row 1\n");
	made.len = cut - 4;
	assert_int_equal(buf_add(&made, "\377\377\377\377", 4), ST_OK);
	look(&in, buf_span(&made), "row 1 card, key 42+0\n",
	     ": truncated after row 1\n");
	buf_fini(&made);
}

static void
a_cell_can_hold_what_its_column_says(void **state)
{
	struct inside in;

	(void)state;
	for (unsigned h = 0; h <= HOLDS__COUNT; h++) {
		buf_init(&made, (size_t)1 << 20);
		assert_int_equal(rows_begin(&made, 2), ST_OK);
		assert_int_equal(
		    rows_column(&made, span_str("id"),
				ROWS_KEY | HOLDS_COUNTER << ROWS_HOLDS),
		    ST_OK);
		assert_int_equal(rows_column(&made, span_str("card"),
					     (uint8_t)(h << ROWS_HOLDS)),
				 ST_OK);
		assert_int_equal(rows_row(&made), ST_OK);
		assert_int_equal(rows_cell(&made, span_str("42")), ST_OK);
		assert_int_equal(rows_cell(&made, span_str(CARD)), ST_OK);
		assert_int_equal(rows_end(&made, 1, 1), ST_OK);
		look(&in, buf_span(&made), "row 1 card, key 42+0\n", "");
		assert_int_equal(in.holds, h < HOLDS__COUNT ? h : HOLDS_ANY);
		buf_fini(&made);
	}
}

static void
what_is_not_as_counted_is_noted(void **state)
{
	struct inside in;

	(void)state;
	begin();
	row("42", CARD, span_of(NULL, 0));
	assert_int_equal(rows_end(&made, 1, 3), ST_OK);
	look(&in, buf_span(&made), "row 1 card, key 42+0\n",
	     ": changed 1 rows were read, the server counted 3\n");
	buf_fini(&made);
}

static void
what_the_source_says_is_noted_and_rows_go_on(void **state)
{
	struct inside in;
	size_t at;

	(void)state;
	begin();
	row("42", CARD, span_of(NULL, 0));
	assert_int_equal(
	    rows_note(&made, COVER_TIME, span_str("it took\ntoo long")), ST_OK);
	row("43", CARD, span_of(NULL, 0));
	at = made.len;
	assert_int_equal(rows_note(&made, COVER_MEMORY, span_str("")), ST_OK);
	assert_int_equal(rows_end(&made, 2, 2), ST_OK);
	look(&in, buf_span(&made),
	     "row 1 card, key 42+0\nrow 2 card, key 43+0\n",
	     ": time it took too long\n: memory\n");
	made.data[at + 1] = COVER__COUNT; /* no reason */
	look(&in, buf_span(&made),
	     "row 1 card, key 42+0\nrow 2 card, key 43+0\n",
	     ": time it took too long\n: truncated after row 2\n");
	buf_fini(&made);
}

static void
a_sample_is_named_as_one(void **state)
{
	static const struct {
		uint64_t counted;
		const char *note;
	} cases[] = {
	    {70, ": sample 1 of 70 rows were read, no more were wanted\n"},
	    {0, ": sample 1 rows were read, no more were wanted\n"},
	};
	struct inside in;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		row("42", CARD, span_of(NULL, 0));
		assert_int_equal(rows_sample(&made, 1, cases[i].counted),
				 ST_OK);
		look(&in, buf_span(&made), "row 1 card, key 42+0\n",
		     cases[i].note);
		buf_fini(&made);
	}
}

static void
a_stream_that_is_cut_says_behind_which_row(void **state)
{
	struct inside in;
	size_t whole;

	(void)state;
	begin();
	row("42", CARD, span_of(NULL, 0));
	whole = made.len;
	row("43", CARD, span_of(NULL, 0));
	for (size_t n = whole; n < made.len; n++)
		look(&in, span_of(made.data, n), "row 1 card, key 42+0\n",
		     ": truncated after row 1\n");
	buf_fini(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cell_has_its_row_column_and_key),
	    cmocka_unit_test(bytes_are_read_as_what_they_hold),
	    cmocka_unit_test(a_large_cell_comes_in_pieces),
	    cmocka_unit_test(a_cell_that_is_not_read_is_named),
	    cmocka_unit_test(a_row_may_come_in_any_pieces),
	    cmocka_unit_test(a_key_is_known_when_its_text_goes_out),
	    cmocka_unit_test(a_column_may_come_later),
	    cmocka_unit_test(a_cell_can_hold_what_its_column_says),
	    cmocka_unit_test(what_is_not_as_counted_is_noted),
	    cmocka_unit_test(what_the_source_says_is_noted_and_rows_go_on),
	    cmocka_unit_test(a_sample_is_named_as_one),
	    cmocka_unit_test(a_stream_that_is_cut_says_behind_which_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
