#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

#include "extract/pdf/image.h"
#include "extract/pdf/pdf.h"

/*
 * A document of one picture: what stands in its dictionary, and its points.
 * Object 2 is a profile of three components.
 */
struct document {
	struct inside in;
	struct pdf_file f;
	char text[4096];
	struct pdf_object *picture;
};

static void
open_document(struct document *d, const char *dict, const char *points)
{
	int n = snprintf(d->text, sizeof(d->text),
			 "%%PDF-1.4\n1 0 obj\n<</Subtype /Image %s /Length "
			 "%zu>>\nstream\n%s\nendstream\nendobj\n2 0 obj\n<</N "
			 "3 /Length 0>>\nstream\n\nendstream\nendobj\n",
			 dict, strlen(points), points);

	inside_begin(&d->in, NULL);
	assert_int_equal(pdf_open(d->in.x, span_of(d->text, (size_t)n), &d->f),
			 ST_OK);
	d->picture = pdf_object(&d->f, 1);
	assert_non_null(d->picture);
}

static void
close_document(struct document *d)
{
	pdf_close(&d->f);
	inside_end(&d->in);
}

#define SIDES "/Width 2 /Height 1 "

static void
points_of_every_space_become_gray(void **state)
{
	static const struct {
		const char *dict, *points;
		uint8_t gray[2];
	} cases[] = {
	    {"/ColorSpace /DeviceGray", "\x01\xff", {1, 255}},
	    {"/ColorSpace /DeviceGray /Decode [1 0]", "\x01\xff", {254, 0}},
	    {"/ColorSpace /DeviceGray /BitsPerComponent 1", "@", {0, 255}},
	    {"/ColorSpace /DeviceGray /BitsPerComponent 2", "`", {85, 170}},
	    {"/ColorSpace /DeviceGray /BitsPerComponent 4", "0", {51, 0}},
	    {"/ColorSpace /DeviceGray /BitsPerComponent 16",
	     "\x10\x99\xff\xff",
	     {16, 255}},
	    {"/ImageMask true", "\x80", {255, 0}},
	    {"/ImageMask true /Decode [1 0]", "\x80", {0, 255}},
	    {"/ColorSpace /DeviceRGB", "\xff\xff\xff\x01\x01\x01", {255, 1}},
	    {"/ColorSpace [/ICCBased 2 0 R]",
	     "\xff\xff\xff\x01\x01\x01",
	     {255, 1}},
	    {"/ColorSpace /DeviceCMYK",
	     "\x01\x01\x01\x01\x01\x01\x01\xff",
	     {253, 0}},
	    {"/ColorSpace [/Separation /Black /DeviceGray null]",
	     "\x01\xff",
	     {254, 0}},
	    {"/ColorSpace [/Indexed /DeviceRGB 1 <ffffff 101010>] "
	     "/BitsPerComponent 1",
	     "@",
	     {255, 16}},
	    {"/ColorSpace [/Indexed /DeviceGray 1 (\x01)] "
	     "/BitsPerComponent 1",
	     "@",
	     {1, 255}}, /* an index that the table does not have is white */
	    {"/ColorSpace /DeviceGray",
	     "",
	     {255, 255}}, /* points are missing */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char dict[256];
		struct document d;
		struct pdf_image m;
		uint8_t gray[2];

		snprintf(dict, sizeof(dict), SIDES "%s", cases[i].dict);
		open_document(&d, dict, cases[i].points);
		assert_true(pdf_image_of(&d.f, d.picture, &m));
		pdf_image_gray(&m, d.picture->body, gray);
		if (memcmp(gray, cases[i].gray, sizeof(gray)) != 0)
			fail_msg("%s: %u %u", cases[i].dict, gray[0], gray[1]);
		close_document(&d);
	}
}

static void
what_has_no_such_points_is_refused(void **state)
{
	static const char *const cases[] = {
	    "/Width 2 /ColorSpace /DeviceGray",
	    "/Width 0 /Height 1 /ColorSpace /DeviceGray",
	    "/Width 99999999 /Height 1 /ColorSpace /DeviceGray",
	    SIDES "/ColorSpace /DeviceGray /BitsPerComponent 3",
	    SIDES "/ColorSpace /DeviceGray /BitsPerComponent 32",
	    SIDES "/ColorSpace /Pattern",
	    SIDES "/ColorSpace [/ICCBased 9 0 R]",
	    SIDES "/ColorSpace [/Indexed [/Indexed /DeviceGray 1 <00>] 1 <00>]",
	    SIDES,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct document d;
		struct pdf_image m;

		open_document(&d, cases[i], "xx");
		if (pdf_image_of(&d.f, d.picture, &m))
			fail_msg("%s", cases[i]);
		close_document(&d);
	}
}

/* Compression, photometric interpretation, options, by their tags. */
static uint32_t
entry_of(const struct buf *tiff, unsigned tag)
{
	for (size_t i = 0; i < 11; i++) {
		const uint8_t *e = tiff->data + 10 + i * 12;

		if ((unsigned)(e[0] | e[1] << 8) == tag)
			return (uint32_t)e[8] | (uint32_t)e[9] << 8 |
			       (uint32_t)e[10] << 16 | (uint32_t)e[11] << 24;
	}
	return UINT32_MAX;
}

static void
a_fax_becomes_a_file_that_says_how_it_is_packed(void **state)
{
	static const struct {
		const char *parms, *decode;
		uint32_t how, white, options; /* UINT32_MAX: refused */
	} cases[] = {
	    {"<</K -1 /Columns 2>>", "", 4, 0, 0},
	    {"<</K -1 /Columns 2 /BlackIs1 true>>", "", 4, 1, 0},
	    {"<</K -1 /Columns 2 /BlackIs1 true>>", "/Decode [1 0]", 4, 0, 0},
	    {"<</K 0 /Columns 2>>", "", 3, 0, 0},
	    {"<</Columns 2 /EncodedByteAlign true>>", "", 3, 0, 4},
	    {"<</K 4 /Columns 2>>", "", 3, 0, 1},
	    {"<</K -1 /EncodedByteAlign true>>", "", UINT32_MAX, 0, 0},
	    {"<</K -1 /Columns 9999999>>", "", UINT32_MAX, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char dict[256];
		struct document d;
		struct pdf_image m;
		struct pdf_value v, parms;
		enum status want =
		    cases[i].how == UINT32_MAX ? ST_UNSUPPORTED : ST_OK;
		struct buf to;

		snprintf(dict, sizeof(dict), SIDES "/ImageMask true %s /P %s",
			 cases[i].decode, cases[i].parms);
		open_document(&d, dict, "fax");
		buf_init(&to, 4096);
		assert_true(pdf_image_of(&d.f, d.picture, &m));
		v = (struct pdf_value){d.picture->raw, d.picture};
		parms = pdf_at(&d.f, v, "P");
		assert_int_equal(
		    pdf_image_fax(&d.f, &m, parms, d.picture->body, &to), want);
		if (want == ST_OK) {
			assert_int_equal(entry_of(&to, 259), cases[i].how);
			assert_int_equal(entry_of(&to, 262), cases[i].white);
			assert_int_equal(
			    entry_of(&to, cases[i].how == 3 ? 292 : 293),
			    cases[i].options);
			assert_int_equal(entry_of(&to, 279), 3);
			assert_memory_equal(to.data + entry_of(&to, 273), "fax",
					    3);
		}
		buf_fini(&to);
		close_document(&d);
	}
}

#define NUMBER "4539 1488 0343 6467"
#define WHERE  "page 1" ARROW "text of the picture"

/* A page of one picture each, by img2pdf and Ghostscript. */
static void
the_text_of_scanned_pages_is_read_and_no_picture_is_called_unread(void **state)
{
	static const char *const files[] = {
	    "pdf/scan_gray.pdf", /* deflated, predicted */
	    "pdf/scan_jpeg.pdf", "pdf/scan_fax.pdf", "pdf/scan_lzw.pdf"};
	struct extract_options o;

	(void)state;
	extract_options_default(&o);
	o.ocr = "eng";
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = sample(files[i]);
		struct inside in;
		struct part p;

		inside_begin(&in, &o);
		in.word = NUMBER;
		part_memory(&p, s);
		p.buf = job_buf(in.x);
		assert_int_equal(pdf_part(in.x, &p), ST_OK);
		if (in.places.len < strlen(WHERE) ||
		    memcmp(in.places.data, WHERE, strlen(WHERE)) != 0)
			fail_msg("%s: \"%.*s\"", files[i], (int)in.text.len,
				 (char *)in.text.data);
		assert_lines(&in.notes, "");
		inside_end(&in);
		free_span(s);
	}
}

static void
pictures_of_pages_that_nobody_asked_for_are_noted(void **state)
{
	struct span s = sample("pdf/scan_gray.pdf");
	struct inside in;
	struct part p;

	(void)state;
	inside_begin(&in, NULL);
	part_memory(&p, s);
	p.buf = job_buf(in.x);
	assert_int_equal(pdf_part(in.x, &p), ST_OK);
	assert_lines(&in.notes, ": media pictures without text: 1 pages, the "
				"first is page 1\n");
	inside_end(&in);
	free_span(s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(points_of_every_space_become_gray),
	    cmocka_unit_test(what_has_no_such_points_is_refused),
	    cmocka_unit_test(a_fax_becomes_a_file_that_says_how_it_is_packed),
	    cmocka_unit_test(
		the_text_of_scanned_pages_is_read_and_no_picture_is_called_unread),
	    cmocka_unit_test(pictures_of_pages_that_nobody_asked_for_are_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
