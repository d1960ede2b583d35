#include "tests/unit/extract/office/package.h"

#define TYPES                                                                  \
	{                                                                      \
		"[Content_Types].xml", "<Types/>"                              \
	}
#define BODY(s) "<w:document><w:body>" s "</w:body></w:document>"
#define RUN(s)  "<w:r><w:t>" s "</w:t></w:r>"

static void
text_stands_where_a_reader_sees_it(void **state)
{
	static const struct {
		const char *body, *text, *places;
	} cases[] = {
	    {"<w:p>" RUN("41") RUN("11") " </w:p>", "4111\n",
	     "paragraph 1+0\n"},
	    {"<w:p>" RUN(
		 "a") "</w:p>\n<w:p><w:r><w:t>4</w:t><w:tab/>"
		      "<w:t>111</w:t><w:br/><w:noBreakHyphen/></w:r></w:p>",
	     "a\n4\t111\n-\n", ""},
	    {"<w:p>" RUN("411") "<w:del><w:r><w:delText>2</w:delText></w:r>"
				"</w:del><w:ins>" RUN("1") "</w:ins></w:p>",
	     "4111\n4112\n", "paragraph 1+0\n"},
	    {"<w:p><w:del><w:r><w:delText>4111</w:delText></w:r></w:del></w:p>",
	     "4111\n", "paragraph 1 before changes+0\n"},
	    {"<w:p>" RUN("a") "<w:r><w:instrText>LINK "
			      "4111</w:instrText></w:r>" RUN("b") "</w:p>",
	     "ab\nLINK 4111\n", "paragraph 1+5\n"},
	    {"<w:p>" RUN("4") "<w:r><w:pict><w:txbxContent><w:p>" RUN(
		 "in") "</w:p></w:txbxContent></w:pict></w:r>" RUN("111") "</"
									  "w:"
									  "p>",
	     "in\n4111\n", "paragraph 1+0\n"},
	    {"<w:p><w:docPr descr='a 4111'/>" RUN("x") "</w:p>",
	     "x\ndescr: a 4111\n\n", "paragraph 1+9\n"},
	    {"<w:tbl><w:tr><w:tc><w:p>" RUN("a") "</w:p></w:tc><w:tc><w:p>" RUN(
		 "b") "</w:p></w:tc></w:tr><w:tr><w:tc><w:p>" RUN("4111") "</"
									  "w:p>"
									  "</"
									  "w:"
									  "tc><"
									  "/w:"
									  "tr><"
									  "/w:"
									  "tbl"
									  ">",
	     "a \tb \t\n4111 \t\n", "table 1 row 2+0\n"},
	    {"<w:p>" RUN("x") "</w:p><!-- 4111 -->", "x\n 4111 \n",
	     "paragraph 1+1\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char xml[2000];
		const struct member members[PACKAGE_MAX] = {
		    TYPES, {"word/document.xml", xml}};
		struct inside in;
		const uint8_t *rest;

		snprintf(xml, sizeof(xml), BODY("%s"), cases[i].body);
		package_read(&in, members, 0);
		/* behind it are the types and the directory */
		rest = memmem(in.text.data, in.text.len, "<Types/>", 8);
		assert_non_null(rest);
		in.text.len = (size_t)(rest - in.text.data);
		assert_lines(&in.text, cases[i].text);
		assert_lines(&in.places, cases[i].places);
		assert_lines(&in.notes, "");
		inside_end(&in);
	}
}

static void
what_stands_beside_the_text_has_its_place(void **state)
{
	static const struct member members[PACKAGE_MAX] = {
	    TYPES,
	    {"word/document.xml", BODY("<w:p>" RUN("x") "</w:p>")},
	    {"word/header1.xml", "<w:hdr><w:p>" RUN("4111") "</w:p></w:hdr>"},
	    {"word/header2.xml", "<w:hdr><w:p>" RUN("4111") "</w:p></w:hdr>"},
	    {"word/footnotes.xml",
	     "<w:footnotes><w:footnote "
	     "w:type='separator'/><w:footnote><w:p>" RUN(
		 "4111") "</w:p></w:footnote></w:footnotes>"},
	    {"word/comments.xml",
	     "<w:comments><w:comment/><w:comment w:author='A Brown'><w:p>" RUN(
		 "4111") "</w:p></w:comment></w:comments>"},
	    {"docProps/custom.xml",
	     "<P><property name='Card'><vt:lpwstr>4111</vt:lpwstr></property>"
	     "</P>"},
	    {"docProps/core.xml", "<P><dc:title>4111</dc:title></P>"},
	    {"word/embeddings/o.txt", "4111"},
	};
	struct inside in;

	(void)state;
	package_read(&in, members, 0);
	assert_lines(&in.places,
		     "header 1+0\nheader 2+0\nfootnote 1+0\ncomment 2+0\n"
		     "properties+6\nproperties+7\nword/embeddings/o.txt+0\n");
	assert_said(&in, "Card: 4111");
	assert_said(&in, "title: 4111");
	assert_said(&in, "author: A Brown");
	assert_lines(&in.notes, "");
	inside_end(&in);
}

static void
damage_is_told_and_what_stands_before_it_is_read(void **state)
{
	static const struct member broken[PACKAGE_MAX] = {
	    TYPES,
	    {"word/document.xml", "<a><w:p>" RUN("4111") "</w:p></b>41"}};
	static const struct member whole[PACKAGE_MAX] = {
	    TYPES, {"word/document.xml", BODY("<w:p>" RUN("4111") "</w:p>")}};
	struct inside in;

	(void)state;
	package_read(&in, broken, 0);
	assert_lines(&in.places, "paragraph 1+0\n");
	assert_lines(&in.notes, ": malformed xml, line 1: mismatched tag\n");
	assert_said(&in, "b>41");
	inside_end(&in);
	package_read(&in, whole, 30); /* the directory is lost */
	assert_lines(&in.places, "paragraph 1+0\n");
	assert_lines(&in.notes, ": truncated\n");
	inside_end(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_stands_where_a_reader_sees_it),
	    cmocka_unit_test(what_stands_beside_the_text_has_its_place),
	    cmocka_unit_test(damage_is_told_and_what_stands_before_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
