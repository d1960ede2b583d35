#include <archive.h>
#include <archive_entry.h>

#include "tests/unit/extract/archive/sample.h"

static struct span
seed(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "archive/%s", name);
	return sample(path);
}

static void
members_of_every_kind_are_read_with_their_places(void **state)
{
	static const char *const names[] = {
	    "ustar.tar", "pax.tar",  "v7.tar",  "gnu.tar", "newc.cpio",
	    "odc.cpio",  "bin.cpio", "ar.a",    "lzma.7z", "ppmd.7z",
	    "cab.cab",   "lha.lzh",  "iso.iso", "xar.xar",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span s = seed(names[i]);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = collect_run(s, way, NULL);

			if (c->result.coverage != COVERAGE_FULL)
				fail_msg("%s, way %d: %s", names[i], way,
					 cover_name(c->result.reason));
			assert_text(c, "a.txt", span_str(CARD));
			assert_text(c, "b.txt", span_str(PLAIN));
			assert_has(c, "", "a.txt\nb.txt\n");
			collect_free(c);
		}
		free_span(s);
	}
}

static void
compressed_streams_are_read_once_and_twice(void **state)
{
	static const struct {
		const char *file, *place;
	} cases[] = {
	    {"one.bz2", "bzip2"},  {"one.xz", "xz"},      {"one.zst", "zstd"},
	    {"one.lz4", "lz4"},    {"legacy.lz4", "lz4"}, {"one.lz", "lzip"},
	    {"one.Z", "compress"}, {"one.lzma", "lzma"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = seed(cases[i].file);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = collect_run(s, way, NULL);

			assert_text(c, cases[i].place, span_str(CARD));
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			assert_int_equal(c->result.members, 1);
			collect_free(c);
		}
		free_span(s);
	}
}

static void
streams_one_behind_the_other_are_one(void **state)
{
	static const char *const files[] = {"one.bz2", "one.xz", "one.zst",
					    "one.lz4", "one.lz"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = seed(files[i]);
		struct collect *c;
		struct buf two;

		buf_init(&two, 10000);
		assert_int_equal(buf_add(&two, s.ptr, s.len), ST_OK);
		assert_int_equal(buf_add(&two, s.ptr, s.len), ST_OK);
		c = collect_run(buf_span(&two), AS_STREAM, NULL);
		assert_int_equal(c->place_count, 1);
		assert_int_equal(c->places[0].text.len, 2 * strlen(CARD));
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
		buf_fini(&two);
		free_span(s);
	}
}

static void
what_stands_behind_an_archive_is_read_too(void **state)
{
	static const char *const files[] = {"ustar.tar", "one.bz2", "ar.a"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = seed(files[i]);
		struct collect *c;
		struct buf both;

		buf_init(&both, 100000);
		assert_int_equal(buf_add(&both, s.ptr, s.len), ST_OK);
		assert_int_equal(buf_add_str(&both, "hidden words"), ST_OK);
		c = collect_run(buf_span(&both), IN_MEMORY, NULL);
		assert_has(c, "", "hidden words");
		collect_free(c);
		buf_fini(&both);
		free_span(s);
	}
}

/* Cut anywhere: no hang, and a note unless nothing is missing. */
static void
what_is_cut_says_so_and_gives_what_is_there(void **state)
{
	static const char *const files[] = {"ustar.tar", "newc.cpio", "one.bz2",
					    "one.xz",    "one.zst",   "one.lz4",
					    "cab.cab",   "lzma.7z"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = seed(files[i]);

		for (size_t cut = 1; cut < s.len; cut += s.len / 40 + 1) {
			struct span part = span_of(s.ptr, s.len - cut);
			struct collect *c = collect_run(part, AS_STREAM, NULL);

			assert_true(c->result.members <= 3);
			assert_true((c->result.coverage == COVERAGE_FULL) ==
				    (c->note_count == 0));
			collect_free(c);
		}
		free_span(s);
	}
	{
		struct span s = sample("archive/ustar.tar");
		struct collect *c =
		    collect_run(span_of(s.ptr, 1030), AS_STREAM, NULL);

		assert_text(c, "a.txt", span_str(CARD));
		assert_true(has_note(c, "", COVER_TRUNCATED));
		collect_free(c);
		free_span(s);
	}
}

static void
a_header_that_is_damaged_hides_no_member_behind_it(void **state)
{
	struct span s = sample("archive/ustar.tar");
	uint8_t *p = malloc(s.len);
	struct collect *c;

	(void)state;
	memcpy(p, s.ptr, s.len);
	p[0] ^= 1; /* its sum is wrong now; another file stands behind it */
	c = collect_run(span_of(p, s.len), IN_MEMORY, NULL);
	assert_has(c, "", "4111 1111");
	collect_free(c);
	p[0] ^= 1;
	p[1024] ^= 1; /* the second member's */
	c = collect_run(span_of(p, s.len), IN_MEMORY, NULL);
	assert_text(c, "a.txt", span_str(CARD));
	assert_true(c->result.coverage == COVERAGE_PARTIAL);
	assert_has(c, "", "plain text");
	collect_free(c);
	free(p);
	free_span(s);
}

static void
what_the_library_cannot_decode_is_said(void **state)
{
	static const struct {
		const char *file, *place;
		enum cover_reason why;
	} cases[] = {
	    {"odd.7z", "a.txt", COVER_UNSUPPORTED},
	    {"odd.7z", "b.txt", COVER_UNSUPPORTED},
	    {"secret.7z", "a.txt", COVER_ENCRYPTED},
	    {"secret.7z", "b.txt", COVER_ENCRYPTED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = seed(cases[i].file);
		struct collect *c = collect_run(s, IN_MEMORY, NULL);

		if (!has_note(c, cases[i].place, cases[i].why))
			fail_msg("%s: %s is not noted", cases[i].file,
				 cases[i].place);
		assert_int_equal(c->result.unread, 2);
		collect_free(c);
		free_span(s);
	}
}

static void
the_first_of_several_volumes_says_so(void **state)
{
	struct span s = sample("archive/lzma.7z");
	struct collect *c = collect_run(span_of(s.ptr, 100), IN_MEMORY, NULL);

	(void)state;
	assert_true(has_note(c, "", COVER_VOLUME));
	collect_free(c);
	free_span(s);
}

/* The known trap: zeros pass for an archive without members. */
static void
zeros_are_no_archive(void **state)
{
	static const uint8_t zeros[100000];
	struct collect *c =
	    collect_run(span_of(zeros, sizeof(zeros)), AS_STREAM, NULL);

	(void)state;
	assert_text(c, "", span_of(zeros, sizeof(zeros)));
	assert_int_equal(c->result.coverage, COVERAGE_FULL);
	assert_int_equal(c->result.members, 0);
	collect_free(c);
}

static void
archives_in_compressed_streams_are_opened(void **state)
{
	struct span s = sample("archive/tar.xz");
	struct collect *c = collect_run(s, AS_STREAM, NULL);

	(void)state;
	assert_text(c, "xz" ARROW "a.txt", span_str(CARD));
	assert_has(c, "xz", "a.txt\nb.txt\n");
	assert_int_equal(c->result.members, 3);
	collect_free(c);
	free_span(s);
}

static void
members_beyond_the_budget_are_not_read(void **state)
{
	struct span s = sample("archive/ustar.tar");
	struct extract_options o;
	struct collect *c;

	(void)state;
	extract_options_default(&o);
	o.budget.members = 1;
	c = collect_run(s, IN_MEMORY, &o);
	assert_text(c, "a.txt", span_str(CARD));
	assert_null(collect_text(c, "b.txt").ptr);
	assert_true(has_note(c, "", COVER_MEMBERS));
	collect_free(c);
	free_span(s);
}

/* Asked for the next member, the library would read through NULL. */
static void
a_cabinet_with_an_invalid_block_ends_there(void **state)
{
	struct span s = seed("block.cab");
	struct collect *c = collect_run(s, IN_MEMORY, NULL);

	(void)state;
	assert_true(has_note(c, "a.txt", COVER_MALFORMED));
	assert_true(has_note(c, "", COVER_MALFORMED));
	collect_free(c);
	free_span(s);
}

/* Words by chance, so that they do not pack to nothing. */
static struct span
chance(size_t n)
{
	uint8_t *p = malloc(n);
	uint32_t seed = 9;

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525u + 1013904223u;
		p[i] = (uint8_t)("etaoin srhl\n0123"[seed >> 28]);
	}
	return span_of(p, n);
}

/* As lzip and compress write it, 300 KB; returns its bytes. */
static size_t
packed(bool lzip, uint8_t *dst, size_t room)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	struct span s = chance(700 * 1024);
	size_t n = 0;

	assert_int_equal(archive_write_set_format_raw(a), ARCHIVE_OK);
	assert_int_equal(lzip ? archive_write_add_filter_lzip(a)
			      : archive_write_add_filter_compress(a),
			 ARCHIVE_OK);
	assert_int_equal(archive_write_open_memory(a, dst, room, &n),
			 ARCHIVE_OK);
	archive_entry_set_filetype(e, AE_IFREG);
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, s.ptr, s.len), s.len);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(a);
	free_span(s);
	return n;
}

static void
assert_alike(const struct collect *a, const struct collect *b)
{
	assert_int_equal(a->note_count, b->note_count);
	assert_int_equal(a->place_count, b->place_count);
	for (size_t i = 0; i < a->place_count; i++)
		assert_text(b, a->places[i].name, buf_span(&a->places[i].text));
}

/* Where the damage is seen, and what of it is read as bytes. */
static void
damage_is_the_same_in_memory_and_by_offset(void **state)
{
	uint8_t *bytes = malloc(SAMPLE_MAX);

	(void)state;
	assert_non_null(bytes);
	for (int lzip = 0; lzip < 2; lzip++) {
		size_t len = packed(lzip, bytes, SAMPLE_MAX);

		assert_true(len > 4 * 65536);
		for (size_t at = 4097; at < len; at += 65501) {
			struct span s = span_of(bytes, len);
			struct collect *a, *b;

			for (size_t i = at; i < at + 12 && i < len; i++)
				bytes[i] ^= 0xff;
			a = collect_run(s, IN_MEMORY, NULL);
			b = collect_run(s, BY_PREAD, NULL);
			assert_alike(a, b);
			collect_free(a);
			collect_free(b);
			for (size_t i = at; i < at + 12 && i < len; i++)
				bytes[i] ^= 0xff;
		}
	}
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_of_every_kind_are_read_with_their_places),
	    cmocka_unit_test(compressed_streams_are_read_once_and_twice),
	    cmocka_unit_test(streams_one_behind_the_other_are_one),
	    cmocka_unit_test(what_stands_behind_an_archive_is_read_too),
	    cmocka_unit_test(what_is_cut_says_so_and_gives_what_is_there),
	    cmocka_unit_test(
		a_header_that_is_damaged_hides_no_member_behind_it),
	    cmocka_unit_test(what_the_library_cannot_decode_is_said),
	    cmocka_unit_test(the_first_of_several_volumes_says_so),
	    cmocka_unit_test(zeros_are_no_archive),
	    cmocka_unit_test(archives_in_compressed_streams_are_opened),
	    cmocka_unit_test(members_beyond_the_budget_are_not_read),
	    cmocka_unit_test(a_cabinet_with_an_invalid_block_ends_there),
	    cmocka_unit_test(damage_is_the_same_in_memory_and_by_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
