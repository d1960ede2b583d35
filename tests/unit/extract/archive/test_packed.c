#include "tests/unit/extract/archive/make.h"

static void
what_is_packed_in_an_unknown_way_is_read_as_bytes_and_noted(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool noted;
	} cases[] = {
#define CASE(s, noted) {s, sizeof(s) - 1, noted}
	    CASE("\x89LZO\0\r\n\x1a\n\x10", true),
	    CASE("LRZI\0\6", true),
	    CASE("\xff\x06\0\0sNaPpY\0", true),
	    CASE("\x60\xea\x2b\0\x22\x0b\1\0\x10\0\2................"
		 "....................",
		 true),
	    CASE("ab\x31\0\0cde**ACE**\x14", false), /* not at its place */
	    CASE("ab\x31\0\0cd**ACE**\x14", true),
	    CASE("ZOO 2.10 Archive.\x1a\0\0\xdc\xa7\xc4\xfd", true),
	    CASE("hsqs\1\0\0\0", true),
	    CASE("hsqs is how it begins", false),
	    CASE("MSWIM\0\0\0", true),
	    CASE("KDMV\1\0\0\0\3\0\1\0", true),
	    CASE("KDMV\1\0\0\0\3\0\0\0", false), /* as it stands */
	    CASE("PACK\0\0\0\2\0\0\0\1", true),
	    CASE("PAR1\x15\0\x15\x10", true),
	    CASE("PAR1 is a name", false),
	    CASE("ORC\0\0\x10\x08ORC\x10", true),
	    CASE("ORCHIDS bloom\n", false),
	    CASE("ARROW1\0\0\xff", true),
#undef CASE
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = span_of(cases[i].bytes, cases[i].len);
		struct collect *c = collect_run(s, BY_PREAD, NULL);
		bool noted =
		    c->note_count == 1 && c->notes[0].why == COVER_UNSUPPORTED;

		if (noted != cases[i].noted)
			fail_msg("case %zu: %zu notes", i, c->note_count);
		assert_int_equal(c->result.coverage,
				 noted ? COVERAGE_PARTIAL : COVERAGE_FULL);
		assert_text(c, "", s);
		collect_free(c);
	}
}

static void
a_program_before_a_zip_does_not_hide_its_members(void **state)
{
	static const struct {
		const char *stub;
		size_t len;
		bool seen;
	} cases[] = {
	    {"MZ\x90\0 a program", 15, true},
	    {"\x7f"
	     "ELF a program",
	     14, true},
	    {"#!/usr/bin/env python3\n", 23, true},
	    {"just text\n", 10, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct collect *c;
		struct zip_make z;
		struct span text;

		zip_begin(&z);
		put_bytes(&z.out, span_of(cases[i].stub, cases[i].len));
		zip_add_text(&z, "a.txt", "hello");
		c = collect_run(zip_end(&z, ""), BY_PREAD, NULL);
		text = collect_text(c, "");
		assert_memory_equal(text.ptr, cases[i].stub, cases[i].len);
		if (cases[i].seen)
			assert_text(c, "a.txt", span_str("hello"));
		else
			assert_null(collect_text(c, "a.txt").ptr);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
		zip_free(&z);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_is_packed_in_an_unknown_way_is_read_as_bytes_and_noted),
	    cmocka_unit_test(a_program_before_a_zip_does_not_hide_its_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
