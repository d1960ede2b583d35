#include <stdio.h>
#include <stdlib.h>

#include "extract/image/ocr.h"
#include "extract/pdf/book.h"
#include "extract/pdf/image.h"

#define SPARE (128 * 1024) /* filters ask for room in pieces */

/* A picture of a page, while its text is read. */
struct drawn {
	struct book *b;
	struct pdf_object *o;
	uint32_t page;
	char what[32];
};

static bool
is_fax(struct span filter)
{
	return pdf_is(filter, "CCITTFaxDecode") || pdf_is(filter, "CCF");
}

static void
place(struct drawn *d)
{
	made_mark(d->b->to, d->page, BOOK_PICTURE);
}

/* ---- points ----------------------------------------------------------------
 */

static void
read_gray(struct drawn *d, const struct pdf_image *m, struct span points)
{
	size_t n = (size_t)m->width * m->height;
	uint8_t *gray = malloc(n);
	const struct ocr_points p = {.width = m->width,
				     .height = m->height,
				     .gray = gray,
				     .what = d->what};

	if (gray == NULL) {
		ocr_note(d->b->f.x, COVER_MEMORY, d->what, "too large");
		return;
	}
	pdf_image_gray(m, points, gray);
	place(d);
	(void)ocr_read_points(d->b->f.x, d->b->to, &p);
	explicit_bzero(gray, n);
	free(gray);
}

static void
read_fax(struct drawn *d, const struct pdf_image *m, struct pdf_value parms,
	 struct span fax)
{
	struct ocr_picture p = {.kind = OCR_TIFF,
				.offset = 8,
				.width = m->width,
				.height = m->height,
				.bits = 1,
				.what = d->what};
	struct buf file;

	buf_init(&file, fax.len + 1024);
	if (pdf_image_fax(&d->b->f, m, parms, fax, &file) == ST_OK) {
		p.file = buf_span(&file);
		place(d);
		(void)ocr_read(d->b->f.x, d->b->to, &p);
	} else {
		ocr_note(d->b->f.x, COVER_UNSUPPORTED, d->what,
			 "a rare kind of fax");
	}
	buf_fini(&file);
}

static void
read_points(struct drawn *d, const struct pdf_image *m)
{
	struct extractor *x = d->b->f.x;
	size_t need = pdf_image_row(m) * m->height;
	struct pdf_unpacked u;
	struct buf to;

	buf_init(&to, need + d->o->body.len + SPARE);
	pdf_unpack(&d->b->f, d->o, &to, &u);
	if (x->stop) {
		buf_fini(&to);
		return;
	}
	if (is_fax(u.left))
		read_fax(d, m, u.parms, buf_span(&to));
	else if (u.left.len > 0)
		ocr_note(x, COVER_UNSUPPORTED, d->what,
			 "a method we cannot read");
	else
		read_gray(d, m, buf_span(&to));
	if (u.left.len == 0 && to.len < need)
		ocr_note(x, COVER_MALFORMED, d->what, "points are missing");
	buf_fini(&to);
}

/* ---- pictures --------------------------------------------------------------
 */

/* What is left when the other filters are undone. */
bool
book_is_file(struct book *b, struct pdf_object *o)
{
	struct pdf_value v = {o->raw, o};
	struct pdf_value filter = pdf_at(&b->f, v, "Filter");
	struct span in = pdf_inside(filter.raw), last = filter.raw, s;

	if (pdf_kind(filter.raw) == PDF_ARRAY)
		while (pdf_item(&in, &s) != PDF_END)
			last = s;
	return pdf_is(last, "DCTDecode") || pdf_is(last, "DCT") ||
	       pdf_is(last, "JPXDecode");
}

static void
read_drawn(struct drawn *d)
{
	struct extractor *x = d->b->f.x;
	struct pdf_image m;

	d->o->seen = true;
	if (!pdf_image_of(&d->b->f, d->o, &m)) {
		ocr_note(x, COVER_UNSUPPORTED, d->what, "rare colours");
		return;
	}
	if (ocr_fits(x, m.width, m.height, m.components * m.bits + 8, d->what))
		read_points(d, &m);
}

static void
read_one(struct book *b, struct pdf_object *o, uint32_t page)
{
	struct drawn d = {.b = b, .o = o, .page = page};
	int n = snprintf(d.what, sizeof(d.what), "page %u", page);

	if (o == NULL || o->body.ptr == NULL || o->seen || !job_in_time(b->f.x))
		return;
	/* a file in itself says more than its points */
	if (book_is_file(b, o))
		book_member(b, o, span_of(d.what, (size_t)n));
	else
		read_drawn(&d);
}

/* What lies before it and lets it through may have the letters. */
static void
read_masks(struct book *b, struct pdf_object *o, uint32_t page)
{
	static const char *const keys[] = {"SMask", "Mask"};
	struct pdf_value v = {o->raw, o};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct pdf_value mask = pdf_at(&b->f, v, keys[i]);

		if (mask.in != NULL && mask.raw.ptr == mask.in->raw.ptr)
			read_one(b, mask.in, page);
	}
}

void
book_pictures(struct book *b, uint32_t page)
{
	const struct pdf_content *c = &b->content;

	if (ocr_of(b->f.x) == NULL)
		return;
	for (size_t i = 0; i < c->drawn_count && b->st == ST_OK; i++) {
		read_one(b, c->drawn[i], page);
		read_masks(b, c->drawn[i], page);
	}
}
