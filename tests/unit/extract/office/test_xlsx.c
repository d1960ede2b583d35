#include "tests/unit/extract/office/package.h"

#define TYPES                                                                  \
	{                                                                      \
		"[Content_Types].xml", "<Types/>"                              \
	}
#define RELS(s)                                                                \
	{                                                                      \
		"xl/_rels/workbook.xml.rels",                                  \
		    "<Relationships>" s "</Relationships>"                     \
	}
#define REL(id, type, target)                                                  \
	"<Relationship Id='" id "' Type='http://x/" type "' Target='" target   \
	"'/>"
#define BOOK(s)                                                                \
	{                                                                      \
		"xl/workbook.xml",                                             \
		    "<workbook><sheets>" s "</sheets></workbook>"              \
	}

static void
cells_are_found_by_their_address(void **state)
{
	static const struct member members[PACKAGE_MAX] = {
	    TYPES,
	    RELS(REL("r2", "worksheet", "/xl/worksheets/b.xml")
		     REL("r1", "worksheet", "worksheets/a.xml")),
	    BOOK("<sheet name='One' sheetId='2' r:id='r1'/>"
		 "<sheet name='T&amp;wo' state='veryHidden' sheetId='1' "
		 "r:id='r2'/>"),
	    {"xl/sharedStrings.xml",
	     "<sst><si><t>41</t></si><si><r><t>41</t></r><r><t>11</t></r>"
	     "<rPh><t>ruby</t></rPh></si><si><t>4111 unused</t></si></sst>"},
	    {"xl/worksheets/a.xml",
	     "<worksheet><sheetData><row r='3'><c r='C3' t='s'><v>1</v></c>"
	     "<c t='inlineStr'><is><t>4111</t></is></c>"
	     "<c r='F3' t='str'><f>\"4111\"</f><v>4111</v></c></row>"
	     "<row><c><v>4.111E+3</v></c><c t='s'><v>99</v></c></row>"
	     "</sheetData><headerFooter><oddHeader>4111</oddHeader>"
	     "</headerFooter></worksheet>"},
	    {"xl/worksheets/b.xml",
	     "<worksheet><row r='14' hidden='1'><c r='AB14'><v>4111</v></c>"
	     "</row></worksheet>"},
	    {"xl/worksheets/sheet9.xml",
	     "<worksheet><row r='1'><c r='A1'><v>4111</v></c></row>"
	     "</worksheet>"},
	};
	struct inside in;

	(void)state;
	package_read(&in, members, 0);
	assert_lines(
	    &in.places,
	    "One!C3+0\nOne!D3+0\nOne!F3+0\nOne!A4+0\n"
	    "One!F3 formula+1\nOne header+0\nT&wo!AB14+0\nsheet9!A1+0\n"
	    "shared string 3+0\n");
	assert_lines(&in.notes, "");
	inside_end(&in);
}

static void
comments_stand_at_their_cells(void **state)
{
	static const struct member members[PACKAGE_MAX] = {
	    TYPES,
	    RELS(REL("r1", "worksheet", "worksheets/a.xml")),
	    BOOK("<sheet name='S' r:id='r1'/>"),
	    {"xl/worksheets/a.xml", "<worksheet/>"},
	    {"xl/worksheets/_rels/a.xml.rels",
	     "<Relationships>" REL("r1", "comments", "../comments1.xml")
		 REL("r2", "threadedComment", "../t/t1.xml") REL(
		     "r3", "drawing", "../drawings/d.xml") "</Relationships>"},
	    {"xl/comments1.xml",
	     "<comments><comment ref='C14'><text><r><t>41</t></r><r><t>11</t>"
	     "</r></text><anchor>77</anchor></comment></comments>"},
	    {"xl/t/t1.xml", "<T><threadedComment ref='D1'><text>4111</text>"
			    "</threadedComment></T>"},
	    {"xl/drawings/d.xml", "<d><a:p><a:t>4111</a:t></a:p></d>"},
	};
	struct inside in;

	(void)state;
	package_read(&in, members, 0);
	assert_lines(&in.places,
		     "S!C14 comment+0\nS!D1 comment+0\nS drawing+0\n");
	assert_lines(&in.notes, "");
	inside_end(&in);
}

static void
numbers_are_as_their_format_shows_them(void **state)
{
	static const struct member members[PACKAGE_MAX] = {
	    TYPES,
	    {"xl/styles.xml",
	     "<s><numFmts><numFmt numFmtId='170' formatCode='000-00-0000'/>"
	     "</numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
	     "<cellXfs><xf numFmtId='0'/><xf numFmtId='170'/>"
	     "<xf numFmtId='14'/></cellXfs></s>"},
	    {"xl/workbook.xml", "<w><workbookPr date1904='1'/></w>"},
	    {"xl/worksheets/sheet1.xml",
	     "<w><row r='1'><c r='A1' s='0'><v>411</v></c><c s='1'><v>78051120"
	     "</v></c><c s='2'><v>29687</v></c></row></w>"},
	};
	struct inside in;

	(void)state;
	package_read(&in, members, 0);
	assert_said(&in, "411\t078-05-1120\t1985-04-12\n");
	inside_end(&in);
}

/* @ is a quote, ~ a blank that says nothing: plain, or not as most write. */
static void
write_as(const char *xml, bool plain, char *dst)
{
	for (; *xml != 0; xml++)
		if (*xml == '@')
			*dst++ = plain ? '"' : '\'';
		else if (*xml != '~')
			*dst++ = *xml;
		else if (!plain)
			*dst++ = ' ';
	*dst = 0;
}

/* What was read before the bytes of the zip that belong to no member. */
static struct span
before_zip(const struct inside *in)
{
	static const char mark[] = "<Types/>";
	struct span s = buf_span(&in->text);
	const uint8_t *at = memmem(s.ptr, s.len, mark, strlen(mark));

	assert_non_null(at);
	return span_of(s.ptr, (size_t)(at - s.ptr));
}

static void
a_sheet_reads_the_same_however_its_tags_are_written(void **state)
{
	static const char strings[] =
	    "<sst><si~><t>one 4111</t></si><si~><t xml:space=@preserve@>two\n"
	    "lines</t></si><si~><t></t></si><si~><t>&amp;4111</t></si><si~><t>a"
	    "</t><t>b</t></si><si~><t>\r\n</t></si></sst>";
	static const char *const sheets[] = {
	    "<row r=@1@><c r=@A1@ t=@s@><v>0</v></c><c r=@C1@><v>4111</v></c>"
	    "</row><row r=@3@><c r=@A3@ s=@1@ t=@s@><v>1</v></c></row>",
	    "<row r=@1@ spans=@1:2@><c r=@A1@ t=@s@><v>3</v></c></row>\n"
	    "<row r=@2@>\n<c r=@A2@ t=@s@><v>4</v></c>\n</row><row/>",
	    "<row r=@7@><c r=@B7@ s=@1@/><c r=@C7@ s=@1@><v>4.111E+3</v></c>"
	    "<c r=@D7@ t=@str@><f>1+1</f><v>4111</v></c><c r=@E7@ t=@b@><v>1"
	    "</v></c></row><row r=@@><c r=@@><v>4111</v></c></row>",
	    "<row r=@9@>stray 4111<c r=@A9@><v>1</v></c><c r=@ABCDE9@><v>4111"
	    "</v></c><c r=@A0@><v>4111</v></c><c "
	    "r=@$B$9@><v>4111</v></c></row>",
	    "<row r=@1@><c r=@A1@ t=@s@><v>99</v></c><c r=@B1@ t=@s@><v>x</v>"
	    "</c><c r=@C1@ t=@s@><v></v></c><c t=@n@ r=@D1@><v>4111&#49;</v>"
	    "</c><row r=@5@><c r=@A5@><v>4111</v></c></row></row>",
	    "<row r=@1@><c r=@A1@><v>4111</v></c></wor>",
	    "<row r=@1@><c r=@A1@><v>4111</v></c><c r=@B1@><v>4111</c>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++) {
		char sst[400], sheet[400], all[500];
		struct member members[PACKAGE_MAX] = {
		    TYPES,
		    {"xl/sharedStrings.xml", sst},
		    {"xl/worksheets/sheet1.xml", all},
		};
		struct inside in[2];

		for (int plain = 0; plain < 2; plain++) {
			write_as(strings, plain, sst);
			write_as(sheets[i], plain, sheet);
			snprintf(all, sizeof(all), "<w>%s</w>%s", sheet,
				 /* so that no window ends within */
				 "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n");
			package_read(&in[plain], members, 0);
		}
		assert_true(in[0].places.len > 0);
		assert_true(
		    span_eq(buf_span(&in[0].places), buf_span(&in[1].places)));
		assert_int_equal(in[0].notes.len > 0, i >= 5);
		assert_true(
		    span_eq(buf_span(&in[0].notes), buf_span(&in[1].notes)));
		if (i < 5) /* else the rest is as it was written */
			assert_true(
			    span_eq(before_zip(&in[0]), before_zip(&in[1])));
		inside_end(&in[0]);
		inside_end(&in[1]);
	}
}

static void
strings_beyond_memory_go_out_by_themselves(void **state)
{
	static const size_t count = 20000;
	struct extract_options o;
	struct buf xml;
	struct collect *c;
	struct zip_make z;

	(void)state;
	extract_options_default(&o);
	o.budget.memory = 1u << 18;
	buf_init(&xml, 1u << 24);
	assert_int_equal(buf_add_str(&xml, "<sst>"), ST_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(
		    buf_addf(&xml, "<si><t>some text %zu</t></si>", i), ST_OK);
	assert_int_equal(buf_add(&xml, "</sst>", 7), ST_OK);
	zip_begin(&z);
	zip_add_text(&z, "[Content_Types].xml", "<Types/>");
	zip_add_text(&z, "xl/sharedStrings.xml", (const char *)xml.data);
	c = collect_run(zip_end(&z, ""), IN_MEMORY, &o);
	assert_non_null(memmem(collect_text(c, "shared strings").ptr,
			       collect_text(c, "shared strings").len,
			       "some text 19999\n", 16));
	/* none of them is lost, whichever was kept */
	for (size_t i = 0; i < count; i += 7) {
		char line[32];
		bool out;

		snprintf(line, sizeof(line), "some text %zu\n", i);
		out = false;
		for (size_t k = 0; k < c->place_count; k++) {
			struct span s = buf_span(&c->places[k].text);

			out = out ||
			      memmem(s.ptr, s.len, line, strlen(line)) != NULL;
		}
		assert_true(out);
	}
	assert_int_equal(c->note_count, 0);
	collect_free(c);
	zip_free(&z);
	buf_fini(&xml);
}

/* In single quotes nothing is read the short way. */
static void
rows_and_strings_read_alike_the_short_way_and_the_long(void **state)
{
	static const char strings[] =
	    "<sst><si><t>one</t></si><si><t xml:space=\"preserve\"> two</t>"
	    "</si><si><t>a &amp; b</t></si><si><t></t></si><si><t>a string "
	    "that is longer than two steps of sixteen bytes\n4111</t></si>"
	    "<si><r><t>41</t></r><r><t>11</t></r></si><si><t>last</t></si>"
	    "</sst>";
	static const char rows[] =
	    "<w><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\">"
	    "<v>-7.25</v></c><c r=\"C2\"><v>4.111E+3</v></c></row>"
	    "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"D3\" "
	    "s=\"1\"><v>29687</v></c><c r=\"E3\" t=\"s\"><v>2</v></c></row>"
	    "<row r=\"12345678\"><c r=\"A12345678\" t=\"s\"><v>4</v></c>"
	    "<c r=\"B12345678\"><v></v></c><c r=\"C12345678\"/></row>"
	    "<row r=\"123456789\"><c r=\"A123456789\"><v>5 &lt; 6</v></c>"
	    "<c r=\"B123456789\"><v>411141114111411141114111411141114111411"
	    "</v></c><c r=\"C123456789\"><v>4111411141114111411141114111411"
	    "141114111</v></c></row><row r=\"0\"><c r=\"A1\" t=\"str\"><v>12"
	    "</v></c><c r=\"B1\" t=\"s\"><v>5</v></c></row><row r=\"x\">"
	    "<c r=\"AA9\" t=\"s\"><v>99</v></c><c r=\"AB9\" t=\"s\"><v>6</v>"
	    "</c></row></w>";
	char single[2][sizeof(rows) + sizeof(strings)];
	struct buf text, places;

	(void)state;
	memcpy(single[0], strings, sizeof(strings));
	memcpy(single[1], rows, sizeof(rows));
	for (size_t k = 0; k < 2; k++)
		for (char *at = single[k]; *at != 0; at++)
			*at = (char)(*at == '"' ? '\'' : *at);
	buf_init(&text, 65536);
	buf_init(&places, 65536);
	for (int way = 0; way < 2; way++) {
		const struct member members[PACKAGE_MAX] = {
		    TYPES,
		    {"xl/styles.xml", "<s><cellXfs><xf numFmtId='0'/>"
				      "<xf numFmtId='14'/></cellXfs></s>"},
		    {"xl/sharedStrings.xml", way == 0 ? strings : single[0]},
		    {"xl/worksheets/sheet1.xml", way == 0 ? rows : single[1]},
		};
		const uint8_t *rest;
		struct inside in;

		package_read(&in, members, 0);
		assert_lines(&in.notes, "");
		/* behind the rows are the bytes of the archive */
		rest = memmem(in.text.data, in.text.len, "<Types/>", 8);
		assert_non_null(rest);
		in.text.len = (size_t)(rest - in.text.data);
		if (way == 0) {
			assert_int_equal(
			    buf_add(&text, in.text.data, in.text.len), ST_OK);
			assert_int_equal(
			    buf_add(&places, in.places.data, in.places.len),
			    ST_OK);
			assert_said(&in, "one\t-7.25\t4111\n");
		}
		assert_true(span_eq(buf_span(&text), buf_span(&in.text)));
		assert_true(span_eq(buf_span(&places), buf_span(&in.places)));
		inside_end(&in);
	}
	buf_fini(&text);
	buf_fini(&places);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cells_are_found_by_their_address),
	    cmocka_unit_test(comments_stand_at_their_cells),
	    cmocka_unit_test(numbers_are_as_their_format_shows_them),
	    cmocka_unit_test(
		a_sheet_reads_the_same_however_its_tags_are_written),
	    cmocka_unit_test(
		rows_and_strings_read_alike_the_short_way_and_the_long),
	    cmocka_unit_test(strings_beyond_memory_go_out_by_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
