#include "extract/pdf/pdf.h"
#include "tests/unit/extract/inside.h"

/* Letters from A to Z, 0.6 em each; B is an e with an accent, C a ligature. */
#define FONT                                                                   \
	"<</Type/Font/Subtype/Type1/FirstChar 65/Widths[600 600 600 600 600 "  \
	"600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 " \
	"600 600 600 600]/Encoding<</Differences[66/eacute/fi]>>"
/* Fonts of ASCII, 0.6 em each; in the first, quotation marks are others. */
#define COURIER "<</Type/Font/Subtype/Type1/BaseFont/Courier"
#define WINDOWS COURIER "/Encoding/WinAnsiEncoding"
#define MAPPED  FONT "/ToUnicode 6 0 R"
#define MAP                                                                    \
	"<</Length 60>>stream\n1 beginbfrange\n<41><43><0034>\nendbfrange\n"   \
	"1 beginbfchar\n<44><00e90078>\nendbfchar\nendstream"
/* 300 letters, 180 ems at 10 points: 1800 points */
#define TEN     "AAAAAAAAAA"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LONG    HUNDRED HUNDRED HUNDRED

static void
read_page(struct inside *in, const char *font, const char *content)
{
	static const char form[] =
	    "%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
	    "2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n"
	    "3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 5 0 R"
	    "/Resources<</Font<</F 4 0 R>>>>>>\nendobj\n"
	    "4 0 obj\n%s>>\nendobj\n"
	    "5 0 obj\n<</Length %zu>>stream\n/F 10 Tf 0 700 Td\n"
	    "%s\nendstream\nendobj\n6 0 obj\n" MAP "\nendobj\n"
	    "trailer<</Root 1 0 R>>\n";
	char text[4096];
	struct part p;
	int n;

	n = snprintf(text, sizeof(text), form, font, strlen(content) + 19,
		     content);
	assert_true(n > 0 && (size_t)n < sizeof(text));
	inside_begin(in, NULL);
	part_memory(&p, span_of(text, (size_t)n));
	p.buf = job_buf(in->x);
	assert_int_equal(pdf_part(in->x, &p), ST_OK);
}

static void
strings_stand_as_far_apart_as_the_font_says(void **state)
{
	static const struct {
		const char *font, *content, *want;
	} cases[] = {
	    {FONT, "(DEFGHI) Tj 36 0 Td (XYZ) Tj", "DEFGHIXYZ\n"},
	    {FONT, "(DEFGHI) Tj 39 0 Td (XYZ) Tj", "DEFGHI XYZ\n"},
	    {FONT, "(DEFGHI) Tj 96 0 Td (XYZ) Tj", "DEFGHI\tXYZ\n"},
	    {FONT, "(DEFGHI) Tj 0 -9 Td (XYZ) Tj", "DEFGHI\nXYZ\n"},
	    {FONT, "(" LONG ") Tj 1800 0 Td (XYZ) Tj", LONG "XYZ\n"},
	    {FONT, "(" LONG ") Tj 1803 0 Td (XYZ) Tj", LONG " XYZ\n"},
	    /* of other letters, too, wherever they stand */
	    {FONT, "(ABCDB) Tj 30 0 Td (XYZ) Tj",
	     "A\xc3\xa9"
	     "fiD\xc3\xa9XYZ\n"},
	    {FONT, "(ABCDB) Tj 33 0 Td (XYZ) Tj",
	     "A\xc3\xa9"
	     "fiD\xc3\xa9 XYZ\n"},
	    /* what a map says of them */
	    {MAPPED, "(ABCDA) Tj 30 0 Td (EEE) Tj",
	     "456\xc3\xa9x4"
	     "EEE\n"},
	    /* plain letters as they stand, and what is among them */
	    {COURIER, "(ABCDEFGHIJKLMNOPQRST it's `so`) Tj 180 0 Td (~) Tj",
	     "ABCDEFGHIJKLMNOPQRST it's 'so'~\n"},
	    {WINDOWS, "(ABCDEFGHIJKLMNOPQRST it's `so`) Tj 183 0 Td (~) Tj",
	     "ABCDEFGHIJKLMNOPQRST it's `so` ~\n"},
	    {WINDOWS, "(ABCDEFGHIJKLMNOPQRSTU\001V\351W) Tj",
	     "ABCDEFGHIJKLMNOPQRSTUV\xc3\xa9W\n"},
	    {COURIER, "(" LONG "'" LONG ") Tj", LONG "'" LONG "\n"},
	    {COURIER, "(" LONG "\\'" LONG ") Tj", LONG "'" LONG "\n"},
	    /* between letters, and at blanks */
	    {FONT, "1 Tc (DEFG) Tj 28 0 Td (XYZ) Tj", "DEFGXYZ\n"},
	    {FONT, "1 Tc (DEFG) Tj 30 0 Td (XYZ) Tj", "DEFG XYZ\n"},
	    {FONT, "9 Tw (D E) Tj 24 0 Td (XYZ) Tj", "D EXYZ\n"},
	    {FONT, "50 Tz (DEFGHI) Tj 18 0 Td (XYZ) Tj", "DEFGHIXYZ\n"},
	    {FONT, "0 1 -1 0 90 90 Tm (DEFG) Tj 24 0 Td (XYZ) Tj", "DEFGXYZ\n"},
	    /* two letters with a distance are two words */
	    {FONT, "3 Tc (DE) Tj", "D E\n"},
	    {FONT, "3 Tc (DEF) Tj", "DEF\n"},
	    {MAPPED, "3 Tc (AB) Tj", "4 5\n"},
	    {FONT, "[(DE)-100(FG)-200(HI)] TJ", "DEFG HI\n"},
	    {FONT, "4 Ts (DEF) Tj 0 Ts 18 0 Td (XYZ) Tj", "DEFXYZ\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;

		read_page(&in, cases[i].font, cases[i].content);
		if (memmem(in.text.data, in.text.len, cases[i].want,
			   strlen(cases[i].want)) == NULL)
			fail_msg("%s: %.*s", cases[i].content, (int)in.text.len,
				 (const char *)in.text.data);
		inside_end(&in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strings_stand_as_far_apart_as_the_font_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
