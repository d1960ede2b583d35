#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

#include "extract/image/picture.h"

#define NUMBER "4111 1111 1111 1111"

/* Pictures by Pillow, what is written in them by exiftool. */
static void
what_is_written_beside_the_points_is_read(void **state)
{
	static const struct {
		const char *file;
		enum status (*read)(struct extractor *x, struct part *p);
		const char *place;
	} cases[] = {
	    {"c.jpg", picture_jpeg, "EXIF"},
	    {"c.png", picture_png, "EXIF"},
	    {"c.tif", picture_tiff, "EXIF"},
	    {"c.webp", picture_webp, "EXIF"},
	    {"two2.tif", picture_tiff, "page 2 \xe2\x86\x92 EXIF"},
	    {"user.jpg", picture_jpeg, "EXIF"},
	    {"gps.jpg", picture_jpeg, "EXIF"},
	    {"iptc.jpg", picture_jpeg, "IPTC"},
	    {"iptc.png", picture_png, "IPTC"},
	    {"iptc.tif", picture_tiff, "IPTC"},
	    {"com.jpg", picture_jpeg, "comment"},
	    {"com.gif", picture_gif, "comment"},
	    {"ztxt.png", picture_png, "comment"},
	    {"xmp.gif", picture_gif, "XMP"},
	    {"tail.gif", picture_gif, "behind the picture"},
	    {"tail.png", picture_png,
	     "behind the picture \xe2\x86\x92 comment"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[64];
		struct inside in;
		struct part p;
		struct span s;

		snprintf(path, sizeof(path), "picture/%s", cases[i].file);
		s = sample(path);
		inside_begin(&in, NULL);
		in.word = NUMBER;
		part_memory(&p, s);
		p.buf = job_buf(in.x);
		assert_int_equal(cases[i].read(in.x, &p), ST_OK);
		if (in.places.len < strlen(cases[i].place) ||
		    memcmp(in.places.data, cases[i].place,
			   strlen(cases[i].place)) != 0)
			fail_msg("%s: \"%.*s\"", path, (int)in.places.len,
				 in.places.len > 0 ? (char *)in.places.data
						   : "");
		assert_lines(&in.notes, "");
		inside_end(&in);
		free_span(s);
	}
}

static void
where_a_picture_was_taken_is_written_as_degrees(void **state)
{
	struct span s = sample("picture/gps.jpg");
	struct collect *c = collect_run(s, AS_STREAM, NULL);

	(void)state;
	assert_has(c, "", "GPSLatitude: 52.100000\nGPSLongitude: 4.250000\n");
	assert_int_equal(c->result.coverage, COVERAGE_FULL);
	collect_free(c);
	free_span(s);
}

static void
a_cut_picture_is_said_to_be(void **state)
{
	static const char *const files[] = {"picture/com.jpg", "picture/c.png",
					    "picture/com.gif",
					    "picture/c.webp"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = sample(files[i]);

		for (size_t cut = 20; cut < s.len; cut += 7) {
			struct collect *c =
			    collect_run(span_of(s.ptr, cut), IN_MEMORY, NULL);

			assert_true(has_note(c, "", COVER_TRUNCATED));
			collect_free(c);
		}
		free_span(s);
	}
}

static void
sound_is_noted_as_not_read(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
	    {"RIFF\x24\0\0\0WAVEfmt title 1", 22},
	    {"ID3\4\0\0\0\0\0\x0fTIT2 title 1", 20},
	    {"fLaC\0\0\0\x22 title 1", 16},
	    {"OggS\0\2 title 1", 14},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct collect *c = collect_run(
		    span_of(cases[i].bytes, cases[i].len), IN_MEMORY, NULL);

		assert_true(has_note(c, "", COVER_MEDIA));
		assert_true(collect_text(c, "").len > 0);
		collect_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_beside_the_points_is_read),
	    cmocka_unit_test(where_a_picture_was_taken_is_written_as_degrees),
	    cmocka_unit_test(a_cut_picture_is_said_to_be),
	    cmocka_unit_test(sound_is_noted_as_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
