#include "extract/image/picture.h"

/* RIFF: chunks with a name and a length, at even offsets. */
static void
chunk(struct picture *p, const uint8_t *head, struct span s)
{
	if (memcmp(head, "EXIF", 4) == 0) {
		if (s.len > 6 && memcmp(s.ptr, "Exif\0", 5) == 0)
			s = span_skip(s, 6);
		picture_exif(p, s, false);
	} else if (memcmp(head, "XMP ", 4) == 0) {
		picture_xmp(p, s);
	}
}

static void
webp(struct picture *p)
{
	uint64_t end = (uint64_t)picture_little(p->bytes.ptr + 4, 4) + 8;
	size_t at = 12;

	p->cut = end > p->bytes.len;
	if (p->cut)
		end = p->bytes.len;
	while (at + 8 <= end && job_in_time(p->x)) {
		const uint8_t *head = p->bytes.ptr + at;
		size_t n = picture_little(head + 4, 4), room = end - at - 8;

		if (n > room) {
			p->cut = true;
			n = room;
		}
		chunk(p, head, span_of(head + 8, n));
		at += 8 + n + (n & 1);
	}
	picture_behind(p, (size_t)end);
}

enum status
picture_webp(struct extractor *x, struct part *p)
{
	return picture_read(x, p, webp);
}
