#include "extract/ole/ole.h"

#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

/* What stands where in files that other programs wrote. */
static const struct {
	const char *file, *word, *places;
} cases[] = {
    {"xlwt.xls", "4111", "Sheet2!C14+6\n"},
    {"xlwt.xls", "378282246310005", "First!B2+0\n"},
    {"xlwt.xls", "12.5", "Sheet2!C15+0\n"},
    {"xlwt.xls", "string 199 \xd0\xb6", "Long!A200+0\n"},
    {"sheet.xls", "4111",
     "\xd0\x9a"
     "arten!A1 comment+5\n"},
    {"a.doc", "4111", "paragraph 2+5\n"},
    {"a.doc", "5500", "paragraph 3+5\n"},
    {"notes.doc", "4111", "paragraph 3+18\n"},
    {"notes.doc", "5500", "footnote+6\n"},
    {"notes.doc", "4012", "header+5\n"},
    {"notes.doc", "378282246310005", "comment+5\n"},
    /* by Gnumeric, as Excel 5 has it */
    {"excel5.xls", "4111",
     "First!B2+0\nFirst!B3+13\nFirst!B5 comment+5\nSheet2 header+7\n"
     "Sheet2!C14+5\n"},
    {"excel5.xls", "4012", "properties+12\n"},
    /* by LibreOffice: a name of one's own, in UTF-8 */
    {"properties.doc", "4111", "properties+12\n"},
    {"properties.doc", "5500", "properties+17\n"},
    {"message.msg", "5500", "body+15\n"},
    {"message.msg", "4012", "To+7\nrecipient 1 name+7\n"},
};

static void
files_of_other_programs_are_read_with_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;
		char path[64];
		struct part p;
		struct span s;

		snprintf(path, sizeof(path), "ole/%s", cases[i].file);
		s = sample(path);
		inside_begin(&in, NULL);
		in.word = cases[i].word;
		part_memory(&p, s);
		assert_int_equal(job_part(in.x, &p), ST_OK);
		if (in.places.len < strlen(cases[i].places) ||
		    memcmp(in.places.data, cases[i].places,
			   strlen(cases[i].places)) != 0)
			fail_msg("%s: %s at %.*s", path, cases[i].word,
				 (int)in.places.len,
				 (const char *)in.places.data);
		assert_lines(&in.notes, "");
		inside_end(&in);
		free_span(s);
	}
}

static void
attachments_and_bodies_are_members(void **state)
{
	struct span s = sample("ole/message.msg");

	(void)state;
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(s, way, NULL);

		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		assert_has(c,
			   "scan f\xc3\xbc\xc3\x9f"
			   "e.zip" ARROW "in.txt",
			   "card 4111 1111 1111 1111");
		assert_has(c, "rtf body", "378282246310005");
		collect_free(c);
	}
	free_span(s);
}

/* Every cut, and a sector table that runs in circles, ends and is noted. */
static void
damaged_files_yield_what_they_can(void **state)
{
	struct span s = sample("ole/xlwt.xls");
	uint8_t *p = malloc(s.len), *fat;
	struct collect *c;

	(void)state;
	assert_non_null(p);
	for (size_t cut = 512; cut < s.len; cut += 1500) {
		c = collect_run(span_of(s.ptr, cut), BY_PREAD, NULL);
		assert_int_not_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	memcpy(p, s.ptr, s.len);
	fat = p + 512 + 512 * (size_t)p[0x4c];
	assert_int_equal(fat[0], 1);
	assert_int_equal(fat[4], 2);
	fat[8] = 1; /* the third sector leads back to the second */
	c = collect_run(span_of(p, s.len), BY_PREAD, NULL);
	assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
	collect_free(c);
	free(p);
	free_span(s);
}

/*
 * The file ends within the directory: what is there of it is told, each way the
 * same; a property whose sector is not there says nothing.
 */
static void
what_the_end_has_cut_is_the_same_each_way(void **state)
{
	static const char want[] = "card 4111 1111 1111 1111........\n"
				   "card 5500 0000 0000 0004\n";
	struct span s = sample("ole/cut.msg");

	(void)state;
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(s, way, NULL);

		assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
		assert_true(has_note(c, "", COVER_TRUNCATED));
		assert_text(c, "", span_str(want));
		collect_free(c);
	}
	free_span(s);
}

/* Small streams lie in the root's: where that ends early, so do they. */
static void
small_streams_that_are_cut_are_noted(void **state)
{
	struct span s = sample("ole/message.msg");

	(void)state;
	for (size_t cut = 600; cut <= 3000; cut += 600) {
		struct collect *c =
		    collect_run(span_of(s.ptr, s.len - cut), IN_MEMORY, NULL);

		assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
		assert_true(has_note(c,
				     "__attach_version1.0_#00000000/"
				     "__properties_version1.0",
				     COVER_MALFORMED));
		collect_free(c);
	}
	free_span(s);
}

/* Offsets and lengths that lead out of the set, each at each place of it. */
static void
properties_that_lie_are_read_as_bytes_at_worst(void **state)
{
	struct span s = sample("ole/excel5.xls");
	uint8_t *p = malloc(s.len);
	size_t from = 0, to;

	(void)state;
	assert_non_null(p);
	while (memcmp(s.ptr + from, "\xe0\x85\x9f\xf2", 4) != 0)
		assert_true(++from < s.len - 128);
	for (to = from; memcmp(s.ptr + to, "4012", 4) != 0; to++)
		assert_true(to < s.len - 4);
	for (size_t at = from - 24; at + 4 <= to; at += 4) {
		struct inside in;
		struct part whole;

		memcpy(p, s.ptr, s.len);
		memset(p + at, 0xff, 4);
		inside_begin(&in, NULL);
		in.word = "4012";
		part_memory(&whole, span_of(p, s.len));
		assert_int_equal(job_part(in.x, &whole), ST_OK);
		if (in.places.len == 0)
			fail_msg("lost by byte %zu of the set", at - from);
		inside_end(&in);
	}
	free(p);
	free_span(s);
}

/* Writers count their shared strings wrong, and nobody minds. */
static void
shared_strings_are_as_many_as_there_are(void **state)
{
	static const uint8_t counts[] = {0, 1, 203, 205, 255};
	struct span s = sample("ole/xlwt.xls");
	uint8_t *p = malloc(s.len);
	size_t at = 0;

	(void)state;
	assert_non_null(p);
	memcpy(p, s.ptr, s.len);
	while (p[at] != 0xfc || p[at + 1] != 0 || p[at + 4] != 204)
		assert_true(++at < s.len - 12);
	for (size_t i = 0; i < sizeof(counts); i++) {
		struct inside in;
		struct part whole;

		p[at + 8] = counts[i];
		inside_begin(&in, NULL);
		in.word = "string 199 \xd0\xb6";
		part_memory(&whole, span_of(p, s.len));
		assert_int_equal(job_part(in.x, &whole), ST_OK);
		assert_lines(&in.places, "Long!A200+0\n");
		assert_lines(&in.notes, "");
		inside_end(&in);
	}
	free(p);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_of_other_programs_are_read_with_places),
	    cmocka_unit_test(attachments_and_bodies_are_members),
	    cmocka_unit_test(damaged_files_yield_what_they_can),
	    cmocka_unit_test(what_the_end_has_cut_is_the_same_each_way),
	    cmocka_unit_test(small_streams_that_are_cut_are_noted),
	    cmocka_unit_test(properties_that_lie_are_read_as_bytes_at_worst),
	    cmocka_unit_test(shared_strings_are_as_many_as_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
