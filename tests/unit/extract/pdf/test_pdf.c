#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

#include "extract/pdf/pdf.h"

/*
 * Samples are by reportlab and qpdf: two pages, an outline, a note, a form and
 * properties, each with a number of its own.
 */
static void
read_sample(struct inside *in, const char *name, const char *word,
	    const struct extract_options *o)
{
	struct span s = sample(name);
	struct part p;

	inside_begin(in, o);
	in->word = word;
	part_memory(&p, s);
	p.buf = job_buf(in->x);
	assert_int_equal(pdf_part(in->x, &p), ST_OK);
	free_span(s);
}

/* Where a word stands, without the offsets; each place once. */
static void
assert_places(struct inside *in, const char *want)
{
	char got[4096] = "", *line = got;
	size_t n = 0, begun = 0;

	for (size_t i = 0; i < in->places.len && n + 2 < sizeof(got); i++) {
		if (in->places.data[i] == '+') {
			got[n++] = '\n';
			got[n] = 0;
			if (strstr(got, line) != line)
				n = begun;
			got[n] = 0;
			begun = n;
			line = got + n;
			while (in->places.data[i] != '\n')
				i++;
			continue;
		}
		got[n++] = (char)in->places.data[i];
	}
	assert_string_equal(got, want);
}

static void
every_place_of_a_document_is_named(void **state)
{
	static const struct {
		const char *word, *place;
	} cases[] = {
	    {"first page", "page 1\n"},
	    {"card 5555 5555 5555 4444", "page 2\n"},
	    {"card 4242424242424242\n", "page 2\n"}, /* four pieces */
	    {"4012888888881881", "page 2 \xe2\x86\x92 annotation\n"},
	    {"4111111111111111", "page 2 \xe2\x86\x92 form\n"},
	    {"378282246310005", "properties\n"},
	    {"6011111111111117", "outline\n"},
	};
	static const char *const files[] = {
	    "pdf/plain.pdf",   "pdf/packed.pdf",     "pdf/linear.pdf",
	    "pdf/rc4-40.pdf",  "pdf/rc4-128.pdf",    "pdf/aes-128.pdf",
	    "pdf/aes-256.pdf", "pdf/aes-256-r5.pdf",
	};

	(void)state;
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct inside in;

			read_sample(&in, files[f], cases[i].word, NULL);
			assert_places(&in, cases[i].place);
			assert_lines(&in.notes, "");
			inside_end(&in);
		}
}

static void
a_file_that_needs_a_password_is_said_to(void **state)
{
	static const char *const files[] = {"pdf/locked.pdf",
					    "pdf/locked-128.pdf"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct inside in;

		read_sample(&in, files[i], NULL, NULL);
		assert_lines(&in.notes, ": encrypted\n");
		inside_end(&in);
	}
}

static void
passwords_of_user_and_owner_open_it(void **state)
{
	static const char *const files[] = {"pdf/locked.pdf",
					    "pdf/locked-128.pdf"};
	static const char *const words[] = {"user", "owner"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const struct span passwords[] = {span_str("wrong"),
						 span_str(words[i / 2])};
		struct extract_options o;
		struct inside in;

		extract_options_default(&o);
		o.passwords = passwords;
		o.password_count = 2;
		read_sample(&in, files[i % 2], "5555 5555 5555 4444", &o);
		assert_places(&in, "page 2\n");
		assert_lines(&in.notes, "");
		inside_end(&in);
	}
}

static void
an_attachment_goes_down_by_its_name(void **state)
{
	struct span s = sample("pdf/attached.pdf");
	struct collect *c = collect_run(s, AS_STREAM, NULL);

	(void)state;
	assert_has(c, "attachment" ARROW "list.csv", "4111 1111 1111 1111");
	assert_int_equal(c->note_count, 0);
	assert_int_equal(c->result.coverage, COVERAGE_FULL);
	collect_free(c);
	free_span(s);
}

static bool
holds(const struct buf *b, const char *words)
{
	return b->len > 0 &&
	       memmem(b->data, b->len, words, strlen(words)) != NULL;
}

/* Only the last bytes of a file know where its pages are, or should. */
static void
a_file_without_its_end_has_the_pages_before_that(void **state)
{
	struct span s = sample("pdf/plain.pdf");

	(void)state;
	for (size_t cut = s.len - 200; cut > 200; cut -= 97) {
		struct inside in;
		struct part p;

		inside_begin(&in, NULL);
		part_memory(&p, span_of(s.ptr, cut));
		p.buf = job_buf(in.x);
		assert_int_equal(pdf_part(in.x, &p), ST_OK);
		if (memmem(s.ptr, cut, "/Root", 5) == NULL)
			assert_true(in.notes.len > 0);
		inside_end(&in);
	}
	free_span(s);
}

/* All but the streams is gone: what they show is still read. */
static void
streams_of_a_broken_file_are_read(void **state)
{
	struct span s = sample("pdf/plain.pdf");
	uint8_t *bytes = malloc(s.len);
	struct inside in;
	struct part p;

	(void)state;
	assert_non_null(bytes);
	memcpy(bytes, s.ptr, s.len);
	for (size_t i = 0; i + 6 < s.len; i++)
		if (memcmp(bytes + i, "/Page", 5) == 0 ||
		    memcmp(bytes + i, "/Root", 5) == 0)
			bytes[i + 1] = 'X';
	inside_begin(&in, NULL);
	part_memory(&p, span_of(bytes, s.len));
	p.buf = job_buf(in.x);
	assert_int_equal(pdf_part(in.x, &p), ST_OK);
	assert_true(holds(&in.text, "card 5555 5555 5555 4444"));
	assert_true(holds(&in.text, "card 4242424242424242"));
	assert_true(holds(&in.text, "4012888888881881"));
	assert_true(in.notes.len > 0);
	inside_end(&in);
	free(bytes);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_place_of_a_document_is_named),
	    cmocka_unit_test(a_file_that_needs_a_password_is_said_to),
	    cmocka_unit_test(passwords_of_user_and_owner_open_it),
	    cmocka_unit_test(an_attachment_goes_down_by_its_name),
	    cmocka_unit_test(a_file_without_its_end_has_the_pages_before_that),
	    cmocka_unit_test(streams_of_a_broken_file_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
