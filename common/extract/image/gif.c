#include "extract/image/picture.h"

#include "base/buf.h"

/* GIF89a: blocks, whose bytes stand in pieces of at most 255. */
#define BLOCK_MAX (8u * 1024 * 1024)

/* The pieces of a block put together; false: it has no end. */
static bool
pieces(struct picture *p, size_t *at, struct buf *to)
{
	while (*at < p->bytes.len) {
		size_t n = p->bytes.ptr[(*at)++];

		if (n == 0)
			return true;
		if (n > p->bytes.len - *at)
			break;
		if (to != NULL && buf_add(to, p->bytes.ptr + *at, n) != ST_OK)
			p->damaged = true;
		*at += n;
	}
	return false;
}

/* XMP stands there as it is, with a tail that looks like pieces. */
static void
take_xmp(struct picture *p, size_t from, size_t end)
{
	picture_xmp(p, span_of(p->bytes.ptr + from, end - from));
}

static bool
extension(struct picture *p, size_t *at)
{
	unsigned kind = *at < p->bytes.len ? p->bytes.ptr[*at] : 0;
	size_t from = ++*at + 12;
	struct buf text;
	bool xmp, whole;

	xmp = kind == 0xff && *at + 12 < p->bytes.len &&
	      memcmp(p->bytes.ptr + *at + 1, "XMP DataXMP", 11) == 0;
	buf_init(&text, BLOCK_MAX);
	whole = pieces(p, at, kind == 0xf9 || xmp ? NULL : &text);
	if (xmp && *at > from)
		take_xmp(p, from, *at);
	if (text.len > 0) {
		picture_place(p, PICTURE_COMMENT);
		picture_line(p, kind == 0xfe ? "comment" : "extension",
			     buf_span(&text));
	}
	buf_fini(&text);
	return whole;
}

static size_t
colours(unsigned flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* A picture may be larger than the screen that it is shown on. */
static void
size_of(struct picture *p, const uint8_t *image)
{
	uint32_t width = picture_little(image, 2);
	uint32_t height = picture_little(image + 2, 2);

	p->points.width = picture_little(p->bytes.ptr + 6, 2);
	p->points.height = picture_little(p->bytes.ptr + 8, 2);
	if (width > p->points.width)
		p->points.width = width;
	p->points.bits = 32;
	if (height > p->points.height)
		p->points.height = height;
}

static bool
points(struct picture *p, size_t *at)
{
	if (*at + 10 > p->bytes.len)
		return false;
	if (p->shown++ == 0)
		size_of(p, p->bytes.ptr + *at + 4);
	*at += 9 + colours(p->bytes.ptr[*at + 8]) + 1;
	if (*at >= p->bytes.len || !pieces(p, at, NULL))
		return false;
	if (p->shown == 1)
		p->first = *at;
	return true;
}

static void
gif(struct picture *p)
{
	size_t at = 13;
	bool whole = p->bytes.len > at, end = false;

	if (whole)
		at += colours(p->bytes.ptr[10]);
	while (whole && !end && at < p->bytes.len && job_in_time(p->x)) {
		unsigned c = p->bytes.ptr[at++];

		end = c == 0x3b;
		if (!end)
			whole = c == 0x21   ? extension(p, &at)
				: c == 0x2c ? points(p, &at)
					    : false;
	}
	p->cut = !end;
	picture_behind(p, at);
}

enum status
picture_gif(struct extractor *x, struct part *p)
{
	return picture_read(x, p, gif);
}
