#include "extract/pdf/pdf.h"

#include <stdio.h>

#include "extract/image/ocr.h"
#include "extract/pdf/book.h"

#define ARROW "\xe2\x86\x92"

size_t
book_say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const words[] = {
	    [BOOK_PAGE] = NULL,
	    [BOOK_PICTURE] = OCR_PLACE,
	    [BOOK_ANNOTATION] = "annotation",
	    [BOOK_FORM] = "form",
	    [BOOK_OUTLINE] = "outline",
	    [BOOK_PROPERTIES] = "properties",
	    [BOOK_OBJECT] = NULL,
	    [BOOK_BETWEEN] = "between objects",
	};
	int n;

	(void)arg;
	if (m->b == BOOK_OBJECT)
		n = snprintf(dst, room, "object %u", m->a);
	else if (m->b == BOOK_PAGE)
		n = snprintf(dst, room, "page %u", m->a);
	else if (m->a > 0)
		n = snprintf(dst, room, "page %u " ARROW " %s", m->a,
			     words[m->b]);
	else
		n = snprintf(dst, room, "%s", words[m->b]);
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
}

static void
note_pages(struct extractor *x, const struct book_count *c,
	   enum cover_reason why, const char *what)
{
	if (c->pages > 0 && !x->stop)
		job_note_words(x, why, "%s: %u pages, the first is page %u",
			       what, c->pages, c->first);
}

static void
notes(struct extractor *x, const struct book *b)
{
	note_pages(x, &b->cut, COVER_MALFORMED, "damaged or too large");
	note_pages(x, &b->blind, COVER_UNSUPPORTED,
		   "a font does not say what its letters are");
	note_pages(x, &b->pictures, COVER_MEDIA, "pictures without text");
	if (b->f.damaged && !x->stop)
		job_note(x, COVER_MALFORMED);
}

static enum status
read_book(struct extractor *x, struct book *b)
{
	enum status st = made_begin(x, &b->to, book_say, b);

	if (st != ST_OK)
		return st;
	pdf_fonts_begin(&b->fonts);
	pdf_content_begin(&b->content, &b->f, &b->fonts, b->to);
	book_pages(b);
	book_rest(b);
	pdf_content_end(&b->content);
	pdf_fonts_end(&b->fonts);
	st = made_end(b->to);
	notes(x, b);
	return b->st != ST_OK ? b->st : st;
}

/* Nothing of it is readable: at least its bytes are. */
static enum status
give_up(struct extractor *x, struct part *p, enum cover_reason why)
{
	if (!x->stop)
		job_note(x, why);
	return x->stop ? ST_OK : job_rest(x, p);
}

enum status
pdf_part(struct extractor *x, struct part *p)
{
	struct book b = {0};
	enum status st = pdf_open(x, p->whole, &b.f);

	if (st == ST_OK && b.f.locked)
		st = give_up(x, p, COVER_ENCRYPTED);
	else if (st == ST_OK && b.f.count == 0)
		st = give_up(x, p, COVER_MALFORMED);
	else if (st == ST_OK && !x->stop)
		st = read_book(x, &b);
	p->pos = p->size;
	pdf_close(&b.f);
	return st;
}
