#include <stdio.h>

#include "base/buf.h"
#include "extract/hold.h"
#include "extract/image/picture.h"

#define PAGES_MAX 4096

static void
read_points(struct picture *p, struct ocr_picture *o)
{
	char what[32];

	snprintf(what, sizeof(what), "page %u", p->page);
	o->what = p->page > 0 ? what : NULL;
	picture_place(p, PICTURE_TEXT);
	(void)ocr_read(p->x, p->to, o);
}

/* A chain of pages that leads back into itself has an end, too. */
static void
pages(struct picture *p)
{
	size_t at = picture_page(p, 0), mark = 0, next;

	for (uint32_t n = 1; at != 0 && n <= PAGES_MAX && !p->x->stop; n++) {
		struct ocr_picture here = p->points;

		next = picture_page(p, at);
		p->page = n > 1 || next != 0 ? n : 0;
		here.file = p->bytes;
		read_points(p, &here);
		if ((n & (n - 1)) == 0)
			mark = at;
		at = next != mark ? next : 0;
	}
	p->page = 0;
}

/* Of those that are shown one after the other the first: a file of it. */
static void
first_shown(struct picture *p)
{
	char words[48];
	struct buf file;

	buf_init(&file, p->first + 1);
	if (buf_add(&file, p->bytes.ptr, p->first) == ST_OK &&
	    buf_add_byte(&file, 0x3b) == ST_OK) {
		p->points.file = buf_span(&file);
		read_points(p, &p->points);
	}
	buf_fini(&file);
	snprintf(words, sizeof(words), "of %u pictures the first", p->shown);
	ocr_note(p->x, COVER_UNSUPPORTED, NULL, words);
}

void
picture_points(struct picture *p)
{
	if (ocr_of(p->x) == NULL || p->x->stop || p->st != ST_OK)
		return;
	p->points.file = p->bytes;
	if (p->points.kind == OCR_TIFF)
		pages(p);
	else if (p->shown > 1 && p->first > 0)
		first_shown(p);
	else
		read_points(p, &p->points);
}

/* ---- BMP -------------------------------------------------------------------
 */

static void
bmp(struct picture *p)
{
	const uint8_t *head = p->bytes.ptr + 14;
	bool old = picture_little(head, 4) == 12;
	uint32_t height = picture_little(head + (old ? 6 : 8), old ? 2 : 4);

	p->points.bits = 32;
	p->points.width = picture_little(head + 4, old ? 2 : 4);
	/* from the top down it is below zero */
	p->points.height = height > INT32_MAX ? 0 - height : height;
}

/* ---- JPEG 2000 -------------------------------------------------------------
 */

static void
jp2(struct picture *p)
{
	p->points.kind = OCR_JPEG2000;
}

/* ---- pictures of which nothing but the points has a reader -----------------
 */

static enum status
bytes_and_points(struct extractor *x, struct part *p, picture_walk *walk)
{
	enum status st = picture_read(x, p, walk);

	p->pos = 0;
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}

/* Held only for their points: else they are read as bytes, however large. */
static enum status
read_bytes(struct extractor *x, struct part *p, picture_walk *walk)
{
	enum status st;
	struct hold h;

	if (ocr_of(x) == NULL)
		return job_rest(x, p);
	if (p->whole.ptr != NULL)
		return bytes_and_points(x, p, walk);
	if (hold_part(x, p, &h)) {
		st = bytes_and_points(x, &h.part, walk);
	} else {
		ocr_note(x, COVER_MEMORY, NULL, "too large");
		st = job_rest(x, &h.part);
	}
	hold_end(x, &h);
	return st;
}

enum status
picture_bmp(struct extractor *x, struct part *p)
{
	return read_bytes(x, p, bmp);
}

enum status
picture_jp2(struct extractor *x, struct part *p)
{
	return read_bytes(x, p, jp2);
}

enum status
picture_heif(struct extractor *x, struct part *p)
{
	if (ocr_of(x) != NULL)
		ocr_note(x, COVER_UNSUPPORTED, NULL,
			 "such pictures are not decoded");
	return x->stop ? ST_OK : job_rest(x, p);
}
