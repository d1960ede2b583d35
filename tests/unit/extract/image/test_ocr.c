#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

#include "extract/image/ocr.h"
#include "extract/image/picture.h"

#define NUMBER "4539 1488 0343 6467"
#define WHERE  "text of the picture"

/*
 * Pictures by ImageMagick: three lines of Nimbus Sans at 150 points an inch.
 * One extractor for all: a language takes a while to load.
 */
static void
begin(struct inside *in, const char *languages)
{
	struct extract_options o;

	extract_options_default(&o);
	o.ocr = languages;
	inside_begin(in, &o);
	in->word = NUMBER;
}

static int
open_all(void **state)
{
	static struct inside in;

	begin(&in, "eng,deu");
	*state = &in;
	return 0;
}

static int
close_all(void **state)
{
	inside_end(*state);
	return 0;
}

typedef enum status reader(struct extractor *x, struct part *p);

static void
read_sample(struct inside *in, const char *name, reader *read)
{
	char path[64];
	struct part p;
	struct span s;

	snprintf(path, sizeof(path), "picture/%s", name);
	s = sample(path);
	buf_clear(&in->text);
	buf_clear(&in->places);
	buf_clear(&in->notes);
	extract_begin(in->x, &in->sink, &in->result);
	part_memory(&p, s);
	p.buf = job_buf(in->x);
	assert_int_equal(read(in->x, &p), ST_OK);
	free_span(s);
}

static bool
stands_at(const struct inside *in, const char *place)
{
	size_t n = strlen(place);

	return in->places.len > n && in->places.data[n] == '+' &&
	       memcmp(in->places.data, place, n) == 0;
}

static void
text_in_the_points_of_a_picture_is_read(void **state)
{
	static const struct {
		const char *file;
		reader *read;
		const char *place;
	} cases[] = {
	    {"ocr.png", picture_png, WHERE},
	    {"ocr.jpg", picture_jpeg, WHERE}, /* of quality 60 */
	    {"ocr.gif", picture_gif, WHERE},
	    {"ocr.webp", picture_webp, WHERE},
	    {"ocr.bmp", picture_bmp, WHERE},
	    {"ocr_skew.png", picture_png, WHERE},  /* by 3 degrees */
	    {"ocr_black.png", picture_png, WHERE}, /* white letters */
	    {"ocr_180.png", picture_png, WHERE},
	    {"ocr_held.jpg", picture_jpeg, WHERE}, /* by its EXIF */
	    {"ocr_two.tif", picture_tiff, "page 2" ARROW WHERE},
	};
	struct inside *in = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_sample(in, cases[i].file, cases[i].read);
		if (!stands_at(in, cases[i].place))
			fail_msg("%s: \"%.*s\"", cases[i].file,
				 (int)in->text.len,
				 in->text.len > 0 ? (char *)in->text.data : "");
		assert_lines(&in->notes, "");
	}
}

static void
of_a_moving_picture_the_first_is_read_and_this_is_said(void **state)
{
	struct inside *in = *state;

	read_sample(in, "ocr_moving.gif", picture_gif);
	assert_true(stands_at(in, WHERE));
	assert_lines(&in->notes, ": unsupported text of the picture: of 2 "
				 "pictures the first\n");
}

static void
a_picture_with_too_many_points_is_noted(void **state)
{
	struct inside *in = *state;
	struct budget before = in->x->budget;

	in->x->budget.image_pixels = 16000;
	read_sample(in, "ocr_two.tif", picture_tiff);
	in->x->budget = before;
	assert_lines(&in->notes,
		     ": bytes page 2, text of the picture: 407 x 142 points\n");
}

static void
a_picture_that_does_not_fit_into_memory_is_noted(void **state)
{
	struct inside *in = *state;
	struct budget before = in->x->budget;

	in->x->budget.ocr_memory = 1000;
	read_sample(in, "ocr.jpg", picture_jpeg);
	in->x->budget = before;
	assert_lines(&in->notes,
		     ": memory text of the picture: 322 x 115 points\n");
}

static void
points_that_cannot_be_decoded_are_noted(void **state)
{
	struct inside *in = *state;
	struct part p;
	/* a head and an end, and nothing between them */
	static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60"
				  "\x82";

	buf_clear(&in->notes);
	extract_begin(in->x, &in->sink, &in->result);
	part_memory(&p, span_of(png, sizeof(png) - 1));
	assert_int_equal(picture_png(in->x, &p), ST_OK);
	assert_lines(&in->notes, ": unsupported text of the picture: its "
				 "points cannot be decoded\n");
}

/* Specks beside each other: a layout of them would be looked for for minutes.
 */
static void
what_is_too_many_specks_to_be_letters_is_noted(void **state)
{
	struct inside *in = *state;

	read_sample(in, "ocr_specks.png", picture_png);
	assert_lines(&in->notes, ": unsupported text of the picture: too many "
				 "specks to be letters\n");
}

/* The clock of an object is its CPU's: here it is over before it begins. */
static void
a_picture_that_takes_too_long_is_noted(void **state)
{
	struct inside *in = *state;
	struct budget before = in->x->budget;

	in->x->budget.ocr_seconds = 0;
	read_sample(in, "ocr.png", picture_png);
	in->x->budget = before;
	assert_lines(&in->notes,
		     ": time text of the picture: longer than the limit\n");
	/* and the next one is read */
	read_sample(in, "ocr.png", picture_png);
	assert_true(stands_at(in, WHERE));
}

static void
nobody_asked_nothing_is_read_nor_noted(void **state)
{
	struct inside in;

	(void)state;
	begin(&in, NULL);
	read_sample(&in, "ocr.png", picture_png);
	assert_lines(&in.text, "");
	assert_lines(&in.notes, "");
	inside_end(&in);
}

static void
a_picture_that_nobody_decodes_is_noted_when_text_is_asked_for(void **state)
{
	static const char heif[] = "\0\0\0\x18"
				   "ftypavif....";
	struct inside *in = *state;
	struct part p;

	buf_clear(&in->notes);
	extract_begin(in->x, &in->sink, &in->result);
	part_memory(&p, span_of(heif, sizeof(heif) - 1));
	p.buf = job_buf(in->x);
	assert_int_equal(job_part(in->x, &p), ST_OK);
	assert_non_null(memmem(in->notes.data, in->notes.len, "not decoded",
			       strlen("not decoded")));
}

static void
what_is_missing_is_named_by_its_package(void **state)
{
	static const struct {
		const char *languages, *why;
	} cases[] = {
	    {"eng,qqq_vert", "no data for that language of text in pictures: "
			     "the Debian package is tesseract-ocr-qqq-vert"},
	    {"", "languages of text in pictures are up to 8 names as eng or "
		 "deu"},
	    {"../eng", "languages of text in pictures are up to 8 names as eng "
		       "or deu"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct extract_options o;
		struct extract_kit *k;
		struct buf why;

		buf_init(&why, 4096);
		extract_options_default(&o);
		o.ocr = cases[i].languages;
		assert_int_equal(extract_kit_open(&o, &k, &why),
				 ST_UNSUPPORTED);
		assert_lines(&why, cases[i].why);
		buf_fini(&why);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_in_the_points_of_a_picture_is_read),
	    cmocka_unit_test(
		of_a_moving_picture_the_first_is_read_and_this_is_said),
	    cmocka_unit_test(a_picture_with_too_many_points_is_noted),
	    cmocka_unit_test(a_picture_that_does_not_fit_into_memory_is_noted),
	    cmocka_unit_test(points_that_cannot_be_decoded_are_noted),
	    cmocka_unit_test(what_is_too_many_specks_to_be_letters_is_noted),
	    cmocka_unit_test(a_picture_that_takes_too_long_is_noted),
	    cmocka_unit_test(nobody_asked_nothing_is_read_nor_noted),
	    cmocka_unit_test(
		a_picture_that_nobody_decodes_is_noted_when_text_is_asked_for),
	    cmocka_unit_test(what_is_missing_is_named_by_its_package),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
