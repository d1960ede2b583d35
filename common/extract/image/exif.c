#include "extract/image/picture.h"

#include <stdio.h>

/* TIFF 6.0, section 2; Exif 2.32, section 4.6. */
#define DIRECTORIES_MAX 4096
#define NESTED_MAX      8
#define DEEP_MAX        4

enum { BYTE = 1, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 7, SRATIONAL = 10 };
enum {
	TAG_WIDTH = 0x100,
	TAG_HEIGHT = 0x101,
	TAG_BITS = 0x102,
	TAG_TURN = 0x112,
	TAG_SAMPLES = 0x115,
	TAG_XMP = 700,
	TAG_SUB = 0x14a,
	TAG_IPTC = 33723,
	TAG_8BIM = 34377,
	TAG_EXIF = 0x8769,
	TAG_GPS = 0x8825,
	TAG_COMMENT = 0x9286,
	TAG_XP_FIRST = 0x9c9b,
	TAG_XP_LAST = 0x9c9f,
	TAG_INTEROP = 0xa005,
};

static const struct {
	uint16_t tag;
	const char *name;
} names[] = {
    {0x10d, "DocumentName"},
    {0x10e, "ImageDescription"},
    {0x10f, "Make"},
    {0x110, "Model"},
    {0x11d, "PageName"},
    {0x131, "Software"},
    {0x132, "DateTime"},
    {0x13b, "Artist"},
    {0x13c, "HostComputer"},
    {0x8298, "Copyright"},
    {0x9003, "DateTimeOriginal"},
    {0x927c, "MakerNote"},
    {TAG_COMMENT, "UserComment"},
    {0x9c9b, "XPTitle"},
    {0x9c9c, "XPComment"},
    {0x9c9d, "XPAuthor"},
    {0x9c9e, "XPKeywords"},
    {0x9c9f, "XPSubject"},
    {0xa420, "ImageUniqueID"},
    {0xa430, "CameraOwnerName"},
    {0xa431, "BodySerialNumber"},
    {0xa435, "LensSerialNumber"},
};

struct exif {
	struct picture *p;
	struct span s;
	bool big, file;
	unsigned directories;
};

struct entry {
	unsigned tag, type;
	uint32_t count;
	struct span value;
};

static uint32_t
number(const struct exif *e, size_t at, size_t n)
{
	if (at > e->s.len || n > e->s.len - at)
		return 0;
	return e->big ? picture_big(e->s.ptr + at, n)
		      : picture_little(e->s.ptr + at, n);
}

static uint32_t
number_of(const struct exif *e, struct span s, size_t n)
{
	return s.len < n ? 0
	       : e->big  ? picture_big(s.ptr, n)
			 : picture_little(s.ptr, n);
}

static const char *
name_of(unsigned tag, char dst[16])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].tag == tag)
			return names[i].name;
	snprintf(dst, 16, "tag %u", tag);
	return dst;
}

/* Values of up to four bytes stand in the entry. */
static bool
entry_at(struct exif *e, size_t at, struct entry *t)
{
	static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1,
					1, 2, 4, 8, 4, 8, 4};
	uint64_t n;
	size_t from = at + 8;

	t->tag = number(e, at, 2);
	t->type = number(e, at + 2, 2);
	t->count = number(e, at + 4, 4);
	if (t->type == 0 || t->type >= sizeof(sizes))
		return false;
	n = (uint64_t)t->count * sizes[t->type];
	if (n > 4)
		from = number(e, at + 8, 4);
	if (from > e->s.len || n > e->s.len - from) {
		e->p->damaged = true;
		return false;
	}
	t->value = span_of(e->s.ptr + from, (size_t)n);
	return true;
}

/* Degrees, minutes and seconds as people write degrees. */
static void
position(struct exif *e, const struct entry *t)
{
	double sum = 0, unit = 1;
	char text[32];

	for (size_t i = 0; i < 3 && t->value.len >= (i + 1) * 8; i++) {
		struct span s = span_skip(t->value, i * 8);
		uint32_t over = number_of(e, span_skip(s, 4), 4);

		if (over != 0)
			sum += number_of(e, s, 4) / (double)over / unit;
		unit *= 60;
	}
	snprintf(text, sizeof(text), "%.6f", sum);
	picture_line(e->p, t->tag == 2 ? "GPSLatitude" : "GPSLongitude",
		     span_str(text));
}

/* Eight bytes tell the encoding of a comment. */
static void
comment(struct exif *e, const struct entry *t)
{
	struct span s = span_skip(t->value, 8);

	if (t->value.len > 8 && memcmp(t->value.ptr, "UNICODE\0", 8) == 0 &&
	    !e->big)
		picture_line16(e->p, "UserComment", s);
	else
		picture_line(e->p, "UserComment", s);
}

static void
text_value(struct exif *e, const struct entry *t, bool gps)
{
	char label[16];
	const char *name = name_of(t->tag, label);

	if (gps && t->type == RATIONAL && (t->tag == 2 || t->tag == 4))
		position(e, t);
	else if (t->tag == TAG_COMMENT)
		comment(e, t);
	else if (t->tag >= TAG_XP_FIRST && t->tag <= TAG_XP_LAST)
		picture_line16(e->p, name, t->value);
	else if (t->type == ASCII || (t->type == UNDEFINED && t->count > 4))
		picture_line(e->p, name, t->value);
}

/* How a camera was held; a TIFF is turned by who opens it. */
static void
turn(struct exif *e, uint32_t how)
{
	e->p->points.quarters = how == 6 ? 1 : how == 3 ? 2 : how == 8 ? 3 : 0;
}

static void directory(struct exif *e, size_t at, int deep, bool gps);

static void
value(struct exif *e, const struct entry *t, int deep, bool gps)
{
	switch (t->tag) {
	case TAG_XMP:
		picture_xmp(e->p, t->value);
		break;
	case TAG_IPTC:
		picture_iptc(e->p, t->value);
		break;
	case TAG_TURN:
		if (!e->file && t->type == SHORT)
			turn(e, number_of(e, t->value, 2));
		break;
	case TAG_8BIM:
		picture_8bim(e->p, t->value);
		break;
	case TAG_SUB:
	case TAG_EXIF:
	case TAG_GPS:
	case TAG_INTEROP:
		for (size_t i = 0; i < NESTED_MAX; i++) {
			struct span s = span_skip(t->value, i * 4);

			if (s.len >= 4)
				directory(e, number_of(e, s, 4), deep + 1,
					  t->tag == TAG_GPS);
		}
		break;
	default:
		picture_place(e->p, PICTURE_EXIF);
		text_value(e, t, gps);
	}
}

static void
directory(struct exif *e, size_t at, int deep, bool gps)
{
	uint32_t n = number(e, at, 2);
	struct entry t;

	if (deep > DEEP_MAX || at < 8 || ++e->directories > DIRECTORIES_MAX ||
	    !job_in_time(e->p->x))
		return;
	for (uint32_t i = 0; i < n && at + 2 + i * 12 < e->s.len; i++)
		if (entry_at(e, at + 2 + i * 12, &t))
			value(e, &t, deep, gps);
}

void
picture_exif(struct picture *p, struct span tiff, bool file)
{
	struct exif e = {.p = p, .s = tiff, .file = file};
	uint32_t at, page = 1;

	if (tiff.len < 8)
		return;
	e.big = tiff.ptr[0] == 'M';
	at = number(&e, 4, 4);
	while (at >= 8 && at < tiff.len && page <= DIRECTORIES_MAX &&
	       !p->x->stop) {
		p->page = file && page > 1 ? page : 0;
		directory(&e, at, 0, false);
		at = number(&e, at + 2 + (size_t)number(&e, at, 2) * 12, 4);
		page++;
	}
	p->cut |= file && at >= tiff.len;
	p->page = 0;
}

/* Of a page: what it takes to open its points. */
static void
shape_of(struct exif *e, size_t at, struct ocr_picture *o)
{
	uint32_t n = number(e, at, 2);
	struct entry t;

	o->offset = at;
	o->width = o->height = 0;
	o->bits = 1;
	for (uint32_t i = 0; i < n && at + 2 + i * 12 < e->s.len; i++) {
		uint32_t v;

		if (!entry_at(e, at + 2 + i * 12, &t))
			continue;
		v = number_of(e, t.value, t.type == SHORT ? 2 : 4);
		if (t.tag == TAG_WIDTH)
			o->width = v;
		else if (t.tag == TAG_HEIGHT)
			o->height = v;
		else if (t.tag == TAG_BITS || (t.tag == TAG_SAMPLES && v > 1))
			o->bits = v == 1 ? 1 : 64; /* made twice */
	}
}

size_t
picture_page(struct picture *p, size_t at)
{
	struct exif e = {.p = p, .s = p->bytes};

	e.big = p->bytes.len > 0 && p->bytes.ptr[0] == 'M';
	at = at == 0 ? number(&e, 4, 4)
		     : number(&e, at + 2 + (size_t)number(&e, at, 2) * 12, 4);
	if (at < 8 || at >= p->bytes.len)
		return 0;
	shape_of(&e, at, &p->points);
	return at;
}

static void
tiff(struct picture *p)
{
	p->points.kind = OCR_TIFF;
	picture_exif(p, p->bytes, true);
}

enum status
picture_tiff(struct extractor *x, struct part *p)
{
	return picture_read(x, p, tiff);
}
