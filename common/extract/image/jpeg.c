#include "extract/image/picture.h"

#include <stdio.h>

/* ITU-T T.81, annex B; what cameras put into its segments. */
enum {
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP2 = 0xe2,
	APP13 = 0xed,
	APP14 = 0xee,
	APP15 = 0xef,
	COM = 0xfe,
};

static bool
begins(struct span *s, const char *with, size_t n)
{
	if (s->len < n || memcmp(s->ptr, with, n) != 0)
		return false;
	*s = span_skip(*s, n);
	return true;
}
#define BEGINS(s, with) begins(s, with, sizeof(with) - 1)

static void
application(struct picture *p, unsigned marker, struct span s)
{
	char name[16];

	if (BEGINS(&s, "Exif\0\0")) {
		picture_exif(p, s, false);
	} else if (BEGINS(&s, "http://ns.adobe.com/xap/1.0/\0")) {
		picture_xmp(p, s);
	} else if (BEGINS(&s, "http://ns.adobe.com/xmp/extension/\0")) {
		/* a digest, the whole size and an offset stand before it */
		picture_xmp(p, span_skip(s, 40));
	} else if (BEGINS(&s, "Photoshop 3.0\0")) {
		picture_8bim(p, s);
	} else if (!BEGINS(&s, "JFIF\0") && !BEGINS(&s, "ICC_PROFILE\0") &&
		   !BEGINS(&s, "Adobe\0")) {
		snprintf(name, sizeof(name), "APP%u", marker - APP0);
		picture_member(p, s, name);
	}
}

static void
segment(struct picture *p, unsigned marker, struct span s)
{
	if (marker == COM) {
		picture_place(p, PICTURE_COMMENT);
		picture_line(p, "comment", s);
	} else if (marker >= APP0 && marker <= APP15) {
		application(p, marker, s);
	}
}

/* The next marker at or behind `at`; points hide theirs behind zeros. */
static size_t
next_marker(struct span s, size_t at)
{
	while (at + 1 < s.len) {
		const uint8_t *ff = memchr(s.ptr + at, 0xff, s.len - at - 1);

		if (ff == NULL)
			break;
		at = (size_t)(ff - s.ptr);
		if (ff[1] != 0 && ff[1] != 0xff && (ff[1] & 0xf8) != 0xd0)
			return at;
		at++;
	}
	return s.len;
}

static void
jpeg(struct picture *p)
{
	size_t at = 2;

	p->points.kind = OCR_JPEG;
	for (;;) {
		unsigned marker;
		size_t n;

		at = next_marker(p->bytes, at);
		if (p->bytes.len - at < 2 || !job_in_time(p->x)) {
			p->cut = true;
			return;
		}
		marker = p->bytes.ptr[at + 1];
		at += 2;
		if (marker == EOI) {
			picture_behind(p, at);
			return;
		}
		if (marker == SOI || marker == 1)
			continue;
		n = p->bytes.len - at < 2 ? 0
					  : picture_big(p->bytes.ptr + at, 2);
		if (n < 2 || n > p->bytes.len - at) {
			p->cut = true;
			n = p->bytes.len - at;
		}
		if (n > 2)
			segment(p, marker,
				span_of(p->bytes.ptr + at + 2, n - 2));
		at += n;
	}
}

enum status
picture_jpeg(struct extractor *x, struct part *p)
{
	return picture_read(x, p, jpeg);
}
