#include "tests/unit/extract/inside.h"

#include "extract/office/rtf.h"

static void
text_is_that_of_a_reader_and_of_nobody(void **state)
{
	static const struct {
		const char *rtf, *want, *notes;
	} cases[] = {
	    {"{\\rtf1 a\\par b}", "a\nb\n", ""},
	    {"{\\rtf1 41{\\b 11} 1{\\i 1}11\r\n 22}", "4111 1111 22\n", ""},
	    {"{\\rtf1\\ansi\\ansicpg1251 \\'ea\\'e0\\'f0}",
	     "\xd0\xba\xd0\xb0\xd1\x80\n", ""},
	    {"{\\rtf1{\\fonttbl{\\f1\\fcharset204 A;}}\\f1 \\'ea}",
	     "\xd0\xba\nA;\n", ""},
	    {"{\\rtf1 x\\u1082?y\\uc2\\u1072 ??z\\uc0\\u49 1}",
	     "x\xd0\xbay\xd0\xb0z11\n", ""},
	    {"{\\rtf1 \\u-10179?\\u-8704?}", "\xf0\x9f\x98\x80\n", ""},
	    {"{\\rtf1 4111\\~1111\\_1111\\-1111}", "4111 1111-11111111\n", ""},
	    {"{\\rtf1 a\\cell b\\cell\\row c}", "a\tb\t\nc\n", ""},
	    {"{\\rtf1 a{\\v hidden}b}", "ahiddenb\n", ""},
	    {"{\\rtf1 a{\\*\\secret hidden}b}", "ab\nhidden\n", ""},
	    {"{\\rtf1 11{\\deleted 2}{\\revised 3}}", "113\n112\n", ""},
	    {"{\\rtf1{\\info{\\title t}{\\author a}}x}", "t\na\nx\n", ""},
	    {"{\\rtf1 4{\\footnote note}1}", "note\n41\n", ""},
	    {"{\\rtf1 a\\{b\\}\\\\c}", "a{b}\\c\n", ""},
	    {"{\\rtf1 a}behind", "a\nbehind", ""},
	    {"{\\rtf1 a{b", "ab\n", ": truncated 2 groups are open\n"},
	    {"{\\rtf1 a\\", "a\n", ": truncated 1 groups are open\n"},
	    {"{\\rtf1 a\\'4", "a\n", ": truncated 1 groups are open\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;
		struct part p;

		inside_begin(&in, NULL);
		part_memory(&p, span_str(cases[i].rtf));
		assert_int_equal(rtf_part(in.x, &p), ST_OK);
		assert_lines(&in.text, cases[i].want);
		assert_lines(&in.notes, cases[i].notes);
		inside_end(&in);
	}
}

static void
what_lies_in_it_goes_down_as_members(void **state)
{
	static const struct {
		const char *rtf, *text, *places;
	} cases[] = {
	    {"{\\rtf1 a{\\pict\\pngblip 3431 3\n131}b}", "4111ab\n",
	     "picture 1+0\n"},
	    {"{\\rtf1 a{\\*\\themedata 34313131}b}", "4111ab\n", "data 1+0\n"},
	    {"{\\rtf1 a{\\pict\\bin4 4111}b}", "4111ab\n", "picture 1+0\n"},
	    /* an OLE wrapper around them */
	    {"{\\rtf1{\\*\\objdata 0105000002000000"
	     "0200000041000000000000000000"
	     "0400000034313131}}",
	     "4111", "object 1+0\n"},
	    /* a file in it has a name */
	    {"{\\rtf1{\\*\\objdata "
	     "01050000020000000200000041000000000000000000250000000200612e"
	     "74787400433a5c612e747874000000030004000000746d70000400000034"
	     "313131"
	     "}}",
	     "4111", "object 1 \xe2\x86\x92 a.txt+0\n"},
	    /* a wrapper that is none */
	    {"{\\rtf1{\\*\\objdata 34313131}}", "4111", "object 1+0\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;
		struct part p;

		inside_begin(&in, NULL);
		in.word = "4111";
		part_memory(&p, span_str(cases[i].rtf));
		assert_int_equal(rtf_part(in.x, &p), ST_OK);
		assert_lines(&in.text, cases[i].text);
		assert_lines(&in.places, cases[i].places);
		assert_lines(&in.notes, "");
		inside_end(&in);
	}
}

static void
places_are_what_people_say(void **state)
{
	static const char rtf[] = "{\\rtf1{\\header x\\par}first\\par "
				  "x{\\footnote x}{\\*\\annotation x}"
				  "\\par{\\deleted x}{\\info{\\title x}}}";
	struct inside in;
	struct part p;

	(void)state;
	inside_begin(&in, NULL);
	in.word = "x";
	part_memory(&p, span_str(rtf));
	assert_int_equal(rtf_part(in.x, &p), ST_OK);
	assert_lines(&in.places,
		     "header 1+0\nnote 1+0\ncomment 1+0\nparagraph 2+0\n"
		     "properties+0\nparagraph 3 before changes+0\n");
	inside_end(&in);
}

static void
groups_may_stand_in_each_other_without_end(void **state)
{
	struct inside in;
	struct part p;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	assert_int_equal(buf_add_str(&b, "{\\rtf1 a"), ST_OK);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(buf_add_str(&b, "{\\header "), ST_OK);
	assert_int_equal(buf_add_str(&b, "deep"), ST_OK);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(buf_add_str(&b, "}"), ST_OK);
	assert_int_equal(buf_add_str(&b, "b}"), ST_OK);
	inside_begin(&in, NULL);
	part_memory(&p, buf_span(&b));
	assert_int_equal(rtf_part(in.x, &p), ST_OK);
	assert_non_null(memmem(in.text.data, in.text.len, "deep", 4));
	assert_non_null(memmem(in.text.data, in.text.len, "ab", 2));
	assert_lines(&in.notes, "");
	inside_end(&in);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_is_that_of_a_reader_and_of_nobody),
	    cmocka_unit_test(what_lies_in_it_goes_down_as_members),
	    cmocka_unit_test(places_are_what_people_say),
	    cmocka_unit_test(groups_may_stand_in_each_other_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
