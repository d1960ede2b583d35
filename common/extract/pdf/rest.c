#include "extract/pdf/book.h"

#include <stdio.h>

#include "extract/pdf/unpack.h"

/* ---- streams
 * ------------------------------------------------------------------
 */

/* Programs of fonts and points of pictures are no text, and hold none. */
static bool
no_text(struct pdf_file *f, struct pdf_object *o)
{
	struct pdf_value v = {o->raw, o};
	struct span kind = pdf_at(f, v, "Subtype").raw;

	return pdf_get(o->raw, "Length1").len > 0 || pdf_is(kind, "Type1C") ||
	       pdf_is(kind, "CIDFontType0C") || pdf_is(kind, "OpenType");
}

void
book_member(struct book *b, struct pdf_object *o, struct span name)
{
	struct extractor *x = b->f.x;
	struct pdf_unpacked u;
	struct job_outer outer;
	struct part p;
	struct buf to;

	o->seen = true;
	if (b->st != ST_OK || !job_count(x))
		return;
	buf_init(&to, (size_t)(x->budget.memory / 2));
	pdf_unpack(&b->f, o, &to, &u);
	if (u.damaged || (u.full && !x->stop)) {
		job_begin_member(x, name, &outer);
		job_note(x, u.full ? COVER_MEMORY : COVER_MALFORMED);
		job_end_member(x, &outer);
	}
	part_memory(&p, buf_span(&to));
	if (!x->stop)
		b->st = job_member(x, &p, name);
	buf_fini(&to);
}

static void
numbered_member(struct book *b, struct pdf_object *o, const char *what)
{
	char name[40];
	int n = snprintf(name, sizeof(name), "%s %u", what, o->num);

	book_member(b, o, span_of(name, (size_t)n));
}

/* A file in itself goes down; points that only a PDF describes do not. */
static void
picture(struct book *b, struct pdf_object *o)
{
	if (book_is_file(b, o))
		numbered_member(b, o, "picture");
	o->seen = true;
}

/* Somebody shows text there. */
static bool
draws(struct span s)
{
	return s.len > 0 && memmem(s.ptr, s.len, "BT", 2) != NULL &&
	       memmem(s.ptr, s.len, "ET", 2) != NULL &&
	       (memmem(s.ptr, s.len, "Tj", 2) != NULL ||
		memmem(s.ptr, s.len, "TJ", 2) != NULL);
}

static void
unknown(struct book *b, struct pdf_object *o)
{
	struct pdf_value v = {o->raw, o};
	struct pdf_unpacked u;
	struct buf to;
	bool page;

	buf_init(&to, (size_t)(b->f.x->budget.memory / 2));
	pdf_unpack(&b->f, o, &to, &u);
	page = u.left.len == 0 && draws(buf_span(&to));
	if (page) {
		b->f.damaged |= u.damaged || u.full;
		made_mark(b->to, o->num, BOOK_OBJECT);
		pdf_content_run(&b->content, buf_span(&to),
				pdf_at(&b->f, v, "Resources"));
		pdf_layout_line(&b->content.layout);
	}
	buf_fini(&to);
	if (!page && !b->f.x->stop)
		numbered_member(b, o, "object");
}

static void
stream(struct book *b, struct pdf_object *o)
{
	struct pdf_value v = {o->raw, o};
	struct span type = pdf_get(o->raw, "Type");

	if (pdf_is(type, "XRef") || no_text(&b->f, o))
		return;
	if (pdf_is(pdf_at(&b->f, v, "Subtype").raw, "Image"))
		picture(b, o);
	else if (pdf_is(type, "Metadata"))
		book_member(b, o, span_str("metadata"));
	else if (pdf_is(type, "EmbeddedFile"))
		numbered_member(b, o, "attachment");
	else
		unknown(b, o);
}

/* ---- everything
 * --------------------------------------------------------------------
 */

static enum book_kind
kind_of(struct book *b, struct pdf_object *o)
{
	if (pdf_root(&b->f, "Info").in == o)
		return BOOK_PROPERTIES;
	if (pdf_get(o->raw, "FT").len > 0 || pdf_get(o->raw, "XFA").len > 0 ||
	    (pdf_get(o->raw, "T").len > 0 && pdf_get(o->raw, "Kids").len > 0))
		return BOOK_FORM;
	if (pdf_get(o->raw, "Title").len > 0)
		return pdf_get(o->raw, "Parent").len > 0 ? BOOK_OUTLINE
							 : BOOK_PROPERTIES;
	if (pdf_get(o->raw, "Rect").len > 0)
		return BOOK_ANNOTATION;
	return BOOK_OBJECT;
}

static uint32_t
number_of(enum book_kind k, const struct pdf_object *o)
{
	return k == BOOK_OBJECT ? o->num : 0;
}

/* Strings first: they have the names of what is attached. */
void
book_rest(struct book *b)
{
	struct extractor *x = b->f.x;

	for (uint32_t i = 0; i < b->f.count && b->st == ST_OK; i++) {
		struct pdf_object *o = &b->f.objects[i];
		enum book_kind kind = BOOK_OBJECT;
		bool seen = o->seen;

		if (i % 64 == 0 && !job_in_time(x))
			return;
		if (seen && o->body.ptr == NULL)
			continue;
		if (pdf_kind(o->raw) == PDF_DICT)
			kind = kind_of(b, o);
		book_strings(b, o, kind, number_of(kind, o));
		o->seen = seen || o->body.ptr == NULL;
	}
	for (uint32_t i = 0; i < b->f.count && b->st == ST_OK; i++)
		if (!b->f.objects[i].seen && job_in_time(x))
			stream(b, &b->f.objects[i]);
}
