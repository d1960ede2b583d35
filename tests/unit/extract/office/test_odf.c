#include "tests/unit/extract/office/package.h"

#include "extract/office/odf.h"

#define FLAT                                                                   \
	"<office:document xmlns:office='urn:oasis:names:tc:opendocument:"      \
	"xmlns:office:1.0'>"

static void
read_flat(struct inside *in, const char *body)
{
	struct buf xml;
	struct part p;

	buf_init(&xml, 1u << 20);
	assert_int_equal(buf_addf(&xml, "%s%s</office:document>", FLAT, body),
			 ST_OK);
	inside_begin(in, NULL);
	in->word = "4111";
	part_memory(&p, buf_span(&xml));
	assert_int_equal(odf_flat(in->x, &p), ST_OK);
	assert_lines(&in->notes, "");
	buf_fini(&xml);
}

static void
text_stands_where_a_reader_sees_it(void **state)
{
	static const struct {
		const char *body, *text, *places;
	} cases[] = {
	    {"<text:p>41<text:span>11</text:span></text:p>", "4111\n",
	     "paragraph 1+0\n"},
	    {"<text:h>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d"
	     "</text:h>",
	     "a   b\tc\nd\n", ""},
	    {"<text:p>4<office:annotation><dc:creator>A</"
	     "dc:creator><text:p>4111"
	     "</text:p></office:annotation>111</text:p>",
	     "A\n4111\n4111\n", "comment 1+0\nparagraph 1+0\n"},
	    {"<text:p>x<text:note><text:p>4111</text:p></text:note></text:p>",
	     "4111\nx\n", "note 1+0\n"},
	    {"<draw:page><text:p>a</text:p></draw:page><draw:page><text:p>4111"
	     "</text:p><presentation:notes><text:p>4111</text:p>"
	     "</presentation:notes></draw:page>",
	     "a\n4111\n4111\n", "slide 2+0\nslide 2 notes+0\n"},
	    {"<text:tracked-changes><text:changed-region><text:deletion>"
	     "<text:p>4111</text:p></text:deletion></text:changed-region>"
	     "</text:tracked-changes><text:p>x</text:p>",
	     "4111\nx\n", "deleted text 1+0\n"},
	    {"<office:meta><dc:title>4111</dc:title></office:meta>", "4111\n",
	     "properties+0\n"},
	    {"<draw:image><office:binary-data>NDEx\nMQ==</office:binary-data>"
	     "</draw:image>",
	     "4111", "object 1+0\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;

		read_flat(&in, cases[i].body);
		assert_lines(&in.text, cases[i].text);
		assert_lines(&in.places, cases[i].places);
		inside_end(&in);
	}
}

static void
cells_are_counted_through_repeated_ones(void **state)
{
	struct inside in;

	(void)state;
	read_flat(&in,
		  "<office:spreadsheet><table:table table:name='S'>"
		  "<table:table-row table:number-rows-repeated='10'>"
		  "<table:table-cell/></table:table-row><table:table-row>"
		  "<table:table-cell table:number-columns-repeated='2'/>"
		  "<table:table-cell office:value-type='float' "
		  "office:value='4.111E+003'>\n<text:p>4.1E3</text:p>"
		  "<office:annotation><text:p>4111</text:p></office:annotation>"
		  "</table:table-cell><table:covered-table-cell "
		  "office:value-type='float' office:value='4111'><text:p>4111-0"
		  "</text:p></table:covered-table-cell></table:table-row>"
		  "</table:table><table:table table:name='T'><table:table-row>"
		  "<table:table-cell office:value-type='string' "
		  "table:formula='of:=\"4111\"' office:string-value='4111'/>"
		  "</table:table-row></table:table></office:spreadsheet>");
	assert_lines(&in.places, "S!C11+0\nS!D11+0\nS!C11 comment+0\nT!A1+0\n"
				 "T!A1 formula+5\n");
	assert_said(&in, "\t\t4111\t4111-0\n");
	inside_end(&in);
}

static void
what_the_manifest_calls_encrypted_is_told(void **state)
{
	static const struct member members[PACKAGE_MAX] = {
	    {"META-INF/manifest.xml",
	     "<m:manifest><m:file-entry m:full-path='content.xml'>"
	     "<m:encryption-data/></m:file-entry><m:file-entry "
	     "m:full-path='meta.xml'/></m:manifest>"},
	    {"content.xml", "garbage"},
	    {"meta.xml", "<m><dc:title>4111</dc:title></m>"},
	    {"Object 1/content.xml", "<c><text:p>4111</text:p></c>"},
	};
	struct inside in;

	(void)state;
	package_read(&in, members, 0);
	assert_lines(&in.places, "Object 1 \xe2\x86\x92 paragraph 1+0\n"
				 "properties+7\n");
	assert_lines(&in.notes, "content.xml: encrypted\n");
	assert_int_equal(in.result.unread, 1);
	inside_end(&in);
}

static void
a_program_that_writes_documents_is_none(void **state)
{
	static const struct {
		const char *before;
		bool is;
	} cases[] = {
	    {"", true},
	    {"\xef\xbb\xbf\r\n <?xml version='1.0'?>\n", true},
	    {"put(\"", false},
	    {"// ", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256];
		struct format_look l = {.parent = ""};

		snprintf(text, sizeof(text), "%s%s", cases[i].before, FLAT);
		l.head = span_str(text);
		assert_int_equal(odf_is_flat(&l), cases[i].is);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_stands_where_a_reader_sees_it),
	    cmocka_unit_test(cells_are_counted_through_repeated_ones),
	    cmocka_unit_test(what_the_manifest_calls_encrypted_is_told),
	    cmocka_unit_test(a_program_that_writes_documents_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
