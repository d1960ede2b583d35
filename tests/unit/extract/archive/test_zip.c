#include "tests/unit/extract/archive/make.h"

#define ARROW " \xe2\x86\x92 "

static void
members_are_read_stored_and_deflated(void **state)
{
	struct span s = some_text(1800000, 2);
	const struct zip_spec big = {.name = "dir/big.txt", .content = s},
			      kept = {.name = "kept.txt",
				      .content = s,
				      .stored = true};
	struct zip_make z;
	struct span zip;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "small.txt", "hello");
	zip_add(&z, &big);
	zip_add(&z, &kept);
	zip = zip_end(&z, "");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(zip, way, NULL);

		assert_text(c, "small.txt", span_str("hello"));
		assert_text(c, "dir/big.txt", s);
		assert_text(c, "kept.txt", s);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		assert_int_equal(c->result.members, 3);
		collect_free(c);
	}
	zip_free(&z);
	free_span(s);
}

static void
members_of_one_name_keep_places_of_their_own(void **state)
{
	struct zip_make z;
	struct span zip;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "a.txt", "first");
	zip_add_text(&z, "b.txt", "between");
	zip_add_text(&z, "a.txt", "second");
	zip_add_text(&z, "", "nameless");
	zip = zip_end(&z, "");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(zip, way, NULL);

		assert_text(c, "a.txt", span_str("first"));
		assert_text(c, "b.txt", span_str("between"));
		assert_text(c, "a.txt #3", span_str("second"));
		assert_text(c, "#4", span_str("nameless"));
		collect_free(c);
	}
	zip_free(&z);
}

/* A header that is cut short must not be looked for where it was found. */
static void
a_cut_local_header_is_passed_once(void **state)
{
	static const char cut[] = "PK\3\4\x14\0\0PK\3\4\0\x08";
	struct zip_make z;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "a.txt", "first");
	put_bytes(&z.out, span_of(cut, sizeof(cut) - 1));
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(buf_span(&z.out), way, NULL);

		assert_text(c, "a.txt", span_str("first"));
		assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
		collect_free(c);
	}
	zip_free(&z);
}

/* zip in zip in gzip in zip, each way. */
static void
archives_inside_archives_are_opened(void **state)
{
	struct zip_make inner, middle, outer;
	struct span zip;
	struct zip_spec m = {.name = "m.zip"};
	struct buf gz;

	(void)state;
	zip_begin(&inner);
	zip_add_text(&inner, "deep.txt", "found");
	buf_init(&gz, 1u << 20);
	put_gzip(&gz, zip_end(&inner, ""), "i.zip");
	zip_begin(&middle);
	m.content = buf_span(&gz);
	m.name = "i.zip.gz";
	zip_add(&middle, &m);
	zip_begin(&outer);
	m.content = zip_end(&middle, "");
	m.name = "m.zip";
	zip_add(&outer, &m);
	m.name = "kept.zip";
	m.stored = true;
	zip_add(&outer, &m);
	zip = zip_end(&outer, "");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(zip, way, NULL);

		assert_text(
		    c, "m.zip" ARROW "i.zip.gz" ARROW "i.zip" ARROW "deep.txt",
		    span_str("found"));
		assert_text(c,
			    "kept.zip" ARROW "i.zip.gz" ARROW "i.zip" ARROW
			    "deep.txt",
			    span_str("found"));
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	zip_free(&inner);
	zip_free(&middle);
	zip_free(&outer);
	buf_fini(&gz);
}

/* Too large to be held in memory: walked by its local headers as it comes. */
static void
a_large_nested_zip_is_walked_as_a_stream(void **state)
{
	struct span s = some_text(9u << 20, 4);
	struct zip_make inner;
	struct zip_spec m = {.name = "big", .content = s, .stored = true};
	struct buf gz;
	struct collect *c;

	(void)state;
	zip_begin(&inner);
	zip_add(&inner, &m);
	m.name = "streamed";
	m.content = span_str("by descriptor");
	m.stored = false;
	m.descriptor = true;
	zip_add(&inner, &m);
	zip_add_text(&inner, "last", "end");
	buf_init(&gz, 1u << 26);
	put_gzip(&gz, zip_end(&inner, "comment"), "i.zip");
	c = collect_run(buf_span(&gz), BY_PREAD, NULL);
	assert_text(c, "i.zip" ARROW "big", s);
	assert_text(c, "i.zip" ARROW "streamed", span_str("by descriptor"));
	assert_text(c, "i.zip" ARROW "last", span_str("end"));
	assert_int_equal(c->result.coverage, COVERAGE_FULL);
	collect_free(c);
	zip_free(&inner);
	buf_fini(&gz);
	free_span(s);
}

static void
a_comment_is_text_of_the_archive(void **state)
{
	struct zip_make z;
	struct span zip, text;
	struct collect *c;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "a", "x");
	zip = zip_end(&z, "remember the milk");
	c = collect_run(zip, BY_PREAD, NULL);
	text = collect_text(c, "");
	assert_non_null(memmem(text.ptr, text.len, "remember the milk", 17));
	assert_int_equal(c->places[1].origin + text.len, zip.len);
	collect_free(c);
	zip_free(&z);
}

/* What the directory no longer names is still there for others to find. */
static void
deleted_members_are_read(void **state)
{
	struct zip_make z;
	struct span zip;
	struct collect *c;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "gone.txt", "deleted but present");
	buf_clear(&z.directory);
	z.count = 0;
	zip_add_text(&z, "kept.txt", "kept");
	zip = zip_end(&z, "");
	c = collect_run(zip, BY_PREAD, NULL);
	assert_text(c, "kept.txt", span_str("kept"));
	assert_text(c, "gone.txt", span_str("deleted but present"));
	collect_free(c);
	zip_free(&z);
}

static void
a_cut_archive_gives_the_members_before_the_cut(void **state)
{
	struct span s = some_text(300000, 8), zip;
	struct zip_spec m = {.name = "b", .content = s};
	struct zip_make z;
	size_t first;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "a", "first member");
	first = z.out.len;
	zip_add(&z, &m);
	m.descriptor = true;
	m.name = "c";
	zip_add(&z, &m);
	zip = zip_end(&z, "");
	for (size_t cut = first; cut < zip.len; cut += 4099)
		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c =
			    collect_run(span_of(zip.ptr, cut), way, NULL);

			assert_text(c, "a", span_str("first member"));
			assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
			assert_true(c->result.reason == COVER_TRUNCATED ||
				    c->result.reason == COVER_MALFORMED);
			collect_free(c);
		}
	zip_free(&z);
	free_span(s);
}

static void
members_that_cannot_be_read_are_named(void **state)
{
	const struct zip_spec locked = {.name = "locked",
					.content = span_str("secret text"),
					.encrypted = true},
			      strange = {.name = "strange",
					 .content = span_str("odd method"),
					 .method = 99};
	struct zip_make z;
	struct span zip;

	(void)state;
	zip_begin(&z);
	zip_add(&z, &locked);
	zip_add(&z, &strange);
	zip_add_text(&z, "open", "open text");
	zip = zip_end(&z, "");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(zip, way, NULL);

		assert_true(has_note(c, "locked", COVER_ENCRYPTED));
		assert_true(has_note(c, "strange", COVER_UNSUPPORTED));
		assert_text(c, "open", span_str("open text"));
		assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
		assert_int_equal(c->result.reason, COVER_ENCRYPTED);
		collect_free(c);
	}
	zip_free(&z);
}

static void
sizes_that_lie_are_noted_and_the_content_is_read(void **state)
{
	static const int64_t lies[] = {-5, 1, 1000000000};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct zip_spec m = {.name = "liar",
				     .content = span_str("honest content"),
				     .lie = lies[i]};
		struct zip_make z;
		struct collect *c;

		zip_begin(&z);
		zip_add(&z, &m);
		c = collect_run(zip_end(&z, ""), BY_PREAD, NULL);
		assert_text(c, "liar", m.content);
		assert_true(has_note(c, "liar", COVER_MALFORMED));
		collect_free(c);
		zip_free(&z);
	}
}

/* A bomb whose members are all the same bytes. */
static void
overlapping_members_are_noted(void **state)
{
	struct zip_make z;
	struct span zip;
	struct buf one;
	struct collect *c;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "a", "shared");
	buf_init(&one, 1u << 16);
	put_bytes(&one, buf_span(&z.directory));
	for (unsigned i = 0; i < 9; i++)
		put_bytes(&z.directory, buf_span(&one));
	z.count = 10;
	zip = zip_end(&z, "");
	c = collect_run(zip, BY_PREAD, NULL);
	assert_int_equal(c->result.members, 10);
	assert_true(has_note(c, "", COVER_MALFORMED));
	collect_free(c);
	buf_fini(&one);
	zip_free(&z);
}

/* Flipped bits anywhere: never a crash, a hang or silence. */
static void
damage_anywhere_is_survived(void **state)
{
	struct span s = some_text(20000, 6), zip;
	struct zip_spec m = {.name = "b", .content = s};
	struct zip_make z;
	uint8_t *copy;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "a", "first");
	zip_add(&z, &m);
	m.stored = true;
	m.name = "c";
	zip_add(&z, &m);
	zip = zip_end(&z, "end");
	copy = malloc(zip.len);
	assert_non_null(copy);
	for (size_t at = 0; at < zip.len; at += 37) {
		struct collect *c;

		memcpy(copy, zip.ptr, zip.len);
		copy[at] ^= (uint8_t)(1u << (at % 8));
		c = collect_run(span_of(copy, zip.len),
				at % 2 ? IN_MEMORY : AS_STREAM, NULL);
		assert_true(c->windows > 0);
		collect_free(c);
	}
	free(copy);
	zip_free(&z);
	free_span(s);
}

/* Of the n-th header in the directory, and of the record behind it. */
static uint8_t *
central(struct span zip, unsigned n)
{
	uint8_t *p;

	memcpy(&p, &zip.ptr, sizeof(p));
	for (size_t i = 0; i + 4 <= zip.len; i++)
		if (zip.ptr[i] == 'P' &&
		    memcmp(zip.ptr + i, "PK\1\2", 4) == 0 && n-- == 0)
			return p + i;
	fail_msg("no such header");
	return NULL;
}

static void
a_directory_that_lies_is_named_by_member(void **state)
{
	static const struct {
		size_t field; /* in the header of member "liar" */
		uint8_t value;
		enum cover_reason why;
	} cases[] = {
	    {45, 0x7f, COVER_TRUNCATED}, /* starts behind the end */
	    {42, 0x09, COVER_MALFORMED}, /* no local header there */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zip_make z;
		struct span zip;

		zip_begin(&z);
		zip_add_text(&z, "before", "one");
		zip_add_text(&z, "liar", "two");
		zip_add_text(&z, "behind", "three");
		zip = zip_end(&z, "");
		central(zip, 1)[cases[i].field] = cases[i].value;
		for (enum way way = IN_MEMORY; way <= BY_PREAD; way++) {
			struct collect *c = collect_run(zip, way, NULL);

			assert_true(has_note(c, "liar", cases[i].why));
			assert_text(c, "before", span_str("one"));
			assert_text(c, "behind", span_str("three"));
			/* its bytes are no member's now, and read as such */
			assert_text(c, "liar #4", span_str("two"));
			assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
			collect_free(c);
		}
		zip_free(&z);
	}
}

static void
members_that_were_promised_and_are_not_there_are_noted(void **state)
{
	struct zip_make z;
	struct span zip;

	(void)state;
	zip_begin(&z);
	zip_add_text(&z, "only", "one");
	z.count = 5;
	zip = zip_end(&z, "");
	for (enum way way = IN_MEMORY; way <= BY_PREAD; way++) {
		struct collect *c = collect_run(zip, way, NULL);

		assert_text(c, "only", span_str("one"));
		assert_true(has_note(c, "", COVER_MALFORMED));
		collect_free(c);
	}
	zip_free(&z);
}

static void
folders_are_no_members(void **state)
{
	const struct zip_spec folder = {
	    .name = "dir/", .content = span_str(""), .stored = true};
	struct zip_make z;
	struct span zip;

	(void)state;
	zip_begin(&z);
	zip_add(&z, &folder);
	zip_add_text(&z, "dir/file", "text");
	zip = zip_end(&z, "");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(zip, way, NULL);

		assert_int_equal(c->result.members, 1);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		assert_text(c, "dir/file", span_str("text"));
		collect_free(c);
	}
	zip_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_are_read_stored_and_deflated),
	    cmocka_unit_test(members_of_one_name_keep_places_of_their_own),
	    cmocka_unit_test(a_cut_local_header_is_passed_once),
	    cmocka_unit_test(archives_inside_archives_are_opened),
	    cmocka_unit_test(a_large_nested_zip_is_walked_as_a_stream),
	    cmocka_unit_test(a_comment_is_text_of_the_archive),
	    cmocka_unit_test(deleted_members_are_read),
	    cmocka_unit_test(a_cut_archive_gives_the_members_before_the_cut),
	    cmocka_unit_test(members_that_cannot_be_read_are_named),
	    cmocka_unit_test(sizes_that_lie_are_noted_and_the_content_is_read),
	    cmocka_unit_test(overlapping_members_are_noted),
	    cmocka_unit_test(damage_anywhere_is_survived),
	    cmocka_unit_test(a_directory_that_lies_is_named_by_member),
	    cmocka_unit_test(
		members_that_were_promised_and_are_not_there_are_noted),
	    cmocka_unit_test(folders_are_no_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
