#include "extract/image/picture.h"

#include "base/buf.h"
#include "extract/archive/inflate.h"

/* ISO/IEC 15948, clause 11. */
#define TEXT_MAX (8u * 1024 * 1024) /* of one chunk, unpacked */
#define PIECE    4096

static void
unpack(struct picture *p, struct span s, struct buf *to)
{
	struct inflater *f = job_inflater(p->x);
	size_t got = 1;
	struct part part;

	if (f == NULL || s.len < 2)
		return;
	part_memory(&part, span_skip(s, 2));
	inflater_start(f, &part, UINT64_MAX);
	while (got > 0) {
		if (buf_reserve(to, PIECE) != ST_OK) {
			p->damaged = true;
			return;
		}
		if (inflater_read(f, to->data + to->len, PIECE, &got) != ST_OK)
			p->damaged = true;
		to->len += got;
		if (!job_spend(p->x, got) || p->damaged)
			return;
	}
}

/* Profiles that ImageMagick writes as digits: a name, a length, and they. */
static bool
raw_profile(struct picture *p, struct span key, struct span text)
{
	static const char prefix[] = "Raw profile type ";
	struct buf to;
	size_t lines = 0;
	int high = -1;

	if (key.len < sizeof(prefix) ||
	    memcmp(key.ptr, prefix, sizeof(prefix) - 1) != 0)
		return false;
	key = span_skip(key, sizeof(prefix) - 1);
	buf_init(&to, TEXT_MAX);
	for (size_t i = 0; i < text.len; i++) {
		int c = text.ptr[i];
		int v = c >= '0' && c <= '9'   ? c - '0'
			: c >= 'a' && c <= 'f' ? c - 'a' + 10
					       : -1;

		lines += c == '\n';
		if (lines < 3 || v < 0)
			continue;
		if (high >= 0 &&
		    buf_add_byte(&to, (uint8_t)(high * 16 + v)) != ST_OK)
			break;
		high = high >= 0 ? -1 : v;
	}
	text = buf_span(&to);
	if (text.len > 6 && memcmp(text.ptr, "Exif\0", 5) == 0)
		picture_exif(p, span_skip(text, 6), false);
	else if (text.len > 4 && memcmp(text.ptr, "8BIM", 4) == 0)
		picture_8bim(p, text);
	else if (span_eq(key, span_str("iptc")))
		picture_iptc(p, text);
	else if (span_eq(key, span_str("xmp")))
		picture_xmp(p, text);
	buf_fini(&to);
	return true;
}

static void
keyed(struct picture *p, struct span key, struct span text)
{
	char label[80];
	size_t n = key.len < sizeof(label) - 1 ? key.len : sizeof(label) - 1;

	if (raw_profile(p, key, text))
		return;
	if (span_eq(key, span_str("XML:com.adobe.xmp"))) {
		picture_xmp(p, text);
		return;
	}
	if (n > 0)
		memcpy(label, key.ptr, n);
	label[n] = 0;
	picture_place(p, PICTURE_COMMENT);
	picture_line(p, label, text);
}

/* Up to the next zero, which is taken off. */
static struct span
word(struct span *s)
{
	const uint8_t *zero = s->len > 0 ? memchr(s->ptr, 0, s->len) : NULL;
	size_t n = zero == NULL ? s->len : (size_t)(zero - s->ptr);
	struct span w = span_of(s->ptr, n);

	*s = span_skip(*s, n + 1);
	return w;
}

static void
text_chunk(struct picture *p, const uint8_t *type, struct span s)
{
	struct span key = word(&s);
	bool packed = type[0] == 'z';
	struct buf to;

	if (type[0] == 'i') {
		packed = s.len > 0 && s.ptr[0] == 1;
		s = span_skip(s, 2);
		(void)word(&s); /* the language */
		(void)word(&s); /* the key in it */
	} else if (packed) {
		s = span_skip(s, 1);
	}
	buf_init(&to, TEXT_MAX);
	if (packed)
		unpack(p, s, &to);
	keyed(p, key, packed ? buf_span(&to) : s);
	buf_fini(&to);
}

/* These describe points and colours. */
static bool
plain(const uint8_t *type)
{
	static const char known[][5] = {
	    "IHDR", "PLTE", "IDAT", "gAMA", "cHRM", "sRGB", "iCCP",
	    "bKGD", "pHYs", "tIME", "tRNS", "sBIT", "hIST", "sPLT",
	    "fdAT", "fcTL", "acTL", "oFFs", "cICP",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(type, known[i], 4) == 0)
			return true;
	return false;
}

static void
chunk(struct picture *p, const uint8_t *type, struct span s)
{
	char name[5] = {0};

	if (memcmp(type, "tEXt", 4) == 0 || memcmp(type, "zTXt", 4) == 0 ||
	    memcmp(type, "iTXt", 4) == 0) {
		text_chunk(p, type, s);
	} else if (memcmp(type, "eXIf", 4) == 0) {
		picture_exif(p, s, false);
	} else if (!plain(type)) {
		memcpy(name, type, 4);
		picture_member(p, s, name);
	}
}

static void
png(struct picture *p)
{
	size_t at = 8;

	while (p->bytes.len - at >= 12 && job_in_time(p->x)) {
		const uint8_t *head = p->bytes.ptr + at;
		size_t n = picture_big(head, 4);

		if (n > p->bytes.len - at - 12)
			break;
		at += 12 + n;
		if (memcmp(head + 4, "IEND", 4) == 0) {
			picture_behind(p, at);
			return;
		}
		chunk(p, head + 4, span_of(head + 8, n));
	}
	p->cut = true;
	picture_behind(p, at);
}

enum status
picture_png(struct extractor *x, struct part *p)
{
	return picture_read(x, p, png);
}
