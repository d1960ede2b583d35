#include "extract/image/picture.h"

#include <stdio.h>

#include "base/utf.h"

#define ARROW "\xe2\x86\x92"

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const words[] = {
	    [PICTURE_EXIF] = "EXIF",
	    [PICTURE_IPTC] = "IPTC",
	    [PICTURE_COMMENT] = "comment",
	    [PICTURE_TEXT] = OCR_PLACE,
	};
	int n = m->a > 0 ? snprintf(dst, room, "page %u " ARROW " %s", m->a,
				    words[m->b])
			 : snprintf(dst, room, "%s", words[m->b]);

	(void)arg;
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
}

enum status
picture_read(struct extractor *x, struct part *part, picture_walk *walk)
{
	struct picture p = {
	    .x = x, .bytes = part->whole, .points = {.kind = OCR_FILE}};
	enum status st = made_begin(x, &p.to, say, NULL);

	if (st != ST_OK)
		return st;
	walk(&p);
	picture_points(&p);
	part->pos = part->size;
	st = made_end(p.to);
	if (p.cut && !x->stop)
		job_note(x, COVER_TRUNCATED);
	else if (p.damaged && !x->stop)
		job_note(x, COVER_MALFORMED);
	return p.st != ST_OK ? p.st : st;
}

void
picture_place(struct picture *p, enum picture_kind k)
{
	made_mark(p->to, p->page, k);
}

static void
put(struct picture *p, uint32_t c)
{
	if (c >= 0x20 || c == '\n' || c == '\t')
		made_char(p->to, c);
	else if (c != 0)
		made_byte(p->to, ' ');
}

static void
label_of(struct picture *p, const char *label)
{
	made_text(p->to, span_str(label));
	made_text(p->to, span_str(": "));
}

void
picture_line(struct picture *p, const char *label, struct span value)
{
	while (value.len > 0 && (value.ptr[value.len - 1] == 0 ||
				 value.ptr[value.len - 1] == ' '))
		value.len--;
	if (value.len == 0)
		return;
	label_of(p, label);
	if (utf_valid(value))
		made_text(p->to, value);
	else
		for (size_t i = 0; i < value.len; i++)
			put(p, value.ptr[i]);
	made_byte(p->to, '\n');
}

void
picture_line16(struct picture *p, const char *label, struct span value)
{
	if (value.len < 2)
		return;
	label_of(p, label);
	for (size_t i = 0; i + 1 < value.len; i += 2) {
		uint32_t c = picture_little(value.ptr + i, 2);

		if ((c & 0xfc00) == 0xd800 && i + 3 < value.len) {
			uint32_t low = picture_little(value.ptr + i + 2, 2);

			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		}
		put(p, c);
	}
	made_byte(p->to, '\n');
}

void
picture_member(struct picture *p, struct span bytes, const char *name)
{
	struct part part;

	if (bytes.len == 0 || p->st != ST_OK || !job_count(p->x))
		return;
	part_memory(&part, bytes);
	p->st = job_member(p->x, &part, span_str(name));
}

void
picture_xmp(struct picture *p, struct span s)
{
	picture_member(p, s, "XMP");
}

void
picture_behind(struct picture *p, size_t end)
{
	struct span s = span_skip(p->bytes, end);
	size_t zeros = 0;

	while (zeros < s.len && s.ptr[zeros] == 0)
		zeros++;
	picture_member(p, span_skip(s, zeros), "behind the picture");
}

uint32_t
picture_big(const uint8_t *b, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | b[i];
	return v;
}

uint32_t
picture_little(const uint8_t *b, size_t n)
{
	uint32_t v = 0;

	for (size_t i = n; i-- > 0;)
		v = v << 8 | b[i];
	return v;
}
