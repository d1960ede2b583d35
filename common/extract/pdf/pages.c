#include "extract/pdf/book.h"

#include "extract/image/ocr.h"
#include "extract/pdf/unpack.h"

#define TREE_DEEP 64

static void
count(struct book_count *c, uint32_t page)
{
	if (c->pages++ == 0)
		c->first = page;
}

/* Pages have what those above them have. */
static struct pdf_value
resources(struct book *b, struct pdf_value page)
{
	struct pdf_value v = pdf_at(&b->f, page, "Resources");
	const uint8_t *parent;

	if (v.raw.len > 0)
		return v;
	page = pdf_at(&b->f, page, "Parent");
	parent = page.raw.ptr;
	if (parent != NULL && parent == b->parent)
		return b->resources;
	for (int i = 0; i < TREE_DEEP && v.raw.len == 0; i++) {
		v = pdf_at(&b->f, page, "Resources");
		page = pdf_at(&b->f, page, "Parent");
	}
	b->parent = parent;
	b->resources = v;
	return v;
}

static void
add_stream(struct book *b, struct pdf_object *o, struct buf *to)
{
	struct pdf_unpacked u;
	struct buf one;

	if (o == NULL || o->body.ptr == NULL)
		return;
	o->seen = true;
	buf_init(&one, to->cap);
	pdf_unpack(&b->f, o, &one, &u);
	b->content.cut |= u.damaged || u.full || u.left.len > 0;
	if (u.left.len == 0 && (buf_add(to, one.data, one.len) != ST_OK ||
				buf_add_byte(to, '\n') != ST_OK))
		b->content.cut = true;
	buf_fini(&one);
}

/* Streams of one page are one, cut anywhere between words. */
static void
contents(struct book *b, struct pdf_value page)
{
	struct pdf_value v = pdf_at(&b->f, page, "Contents");
	struct span in = pdf_inside(v.raw), s;
	struct buf text;

	if (pdf_kind(v.raw) != PDF_ARRAY) {
		if (v.in != NULL && v.in->body.ptr != NULL)
			pdf_content_stream(&b->content, v.in,
					   resources(b, page));
		return;
	}
	buf_init(&text, (size_t)(b->f.x->budget.memory / 2));
	while (pdf_item(&in, &s) != PDF_END && !b->f.x->stop)
		add_stream(b, pdf_follow(&b->f, s, v.in).in, &text);
	pdf_content_run(&b->content, buf_span(&text), resources(b, page));
	buf_fini(&text);
}

/* How it looks; a button has a dictionary of looks. */
static void
looks(struct book *b, struct pdf_value v, int deep)
{
	struct span in = pdf_inside(v.raw), k, s;

	if (v.in != NULL && v.raw.ptr == v.in->raw.ptr &&
	    v.in->body.ptr != NULL) {
		if (!v.in->seen)
			pdf_content_stream(&b->content, v.in,
					   pdf_at(&b->f, v, "Resources"));
		pdf_layout_line(&b->content.layout);
		return;
	}
	if (pdf_kind(v.raw) != PDF_DICT || deep > 2)
		return;
	while (pdf_next(&in, &k) == PDF_NAME && pdf_item(&in, &s) != PDF_END)
		looks(b, pdf_follow(&b->f, s, v.in), deep + 1);
}

static void
annotations(struct book *b, struct pdf_value page, uint32_t number)
{
	struct pdf_value v = pdf_at(&b->f, page, "Annots");
	struct span in = pdf_inside(v.raw), s;

	if (pdf_kind(v.raw) != PDF_ARRAY)
		return;
	while (pdf_item(&in, &s) != PDF_END && job_in_time(b->f.x)) {
		struct pdf_value a = pdf_follow(&b->f, s, v.in);
		enum book_kind kind = BOOK_ANNOTATION;

		if (a.in == NULL || a.in->raw.ptr != a.raw.ptr || a.in->seen)
			continue; /* a direct one is the page's own */
		if (pdf_is(pdf_at(&b->f, a, "Subtype").raw, "Widget"))
			kind = BOOK_FORM;
		book_strings(b, a.in, kind, number);
		looks(b, pdf_at(&b->f, a, "AP"), 0);
	}
}

/* Pictures of this page whose text is asked for. */
static size_t
read_later(const struct book *b)
{
	return ocr_of(b->f.x) != NULL ? b->content.drawn_count : 0;
}

static void
page(struct book *b, struct pdf_object *o)
{
	struct pdf_value v = {o->raw, o};
	uint32_t number = ++b->pages;
	struct pdf_content *c = &b->content;

	c->forms = 0;
	c->pictures = c->drawn_count = c->blind = 0;
	c->cut = c->layout.shown = false;
	made_mark(b->to, number, BOOK_PAGE);
	contents(b, v);
	pdf_layout_line(&c->layout);
	if (c->cut)
		count(&b->cut, number);
	if (c->blind > 0)
		count(&b->blind, number);
	if (c->pictures > read_later(b) && !c->layout.shown)
		count(&b->pictures, number);
	book_strings(b, o, BOOK_ANNOTATION, number);
	annotations(b, v, number);
	book_pictures(b, number);
}

/* A tree of pages, in their order; nothing of it is seen twice. */
static void
tree(struct book *b, struct pdf_value v, int deep)
{
	struct pdf_value kids;
	struct span in, s;

	if (v.in == NULL || v.in->seen || v.in->raw.ptr != v.raw.ptr ||
	    deep > TREE_DEEP || !job_in_time(b->f.x))
		return;
	kids = pdf_at(&b->f, v, "Kids");
	in = pdf_inside(kids.raw);
	if (pdf_kind(kids.raw) != PDF_ARRAY) {
		if (pdf_kind(v.raw) == PDF_DICT)
			page(b, v.in);
		return;
	}
	v.in->seen = true;
	while (pdf_item(&in, &s) != PDF_END && !b->f.x->stop)
		tree(b, pdf_follow(&b->f, s, kids.in), deep + 1);
}

void
book_pages(struct book *b)
{
	struct pdf_value root = pdf_root(&b->f, "Root");
	uint32_t before;

	tree(b, pdf_at(&b->f, root, "Pages"), 0);
	before = b->pages;
	for (uint32_t i = 0; i < b->f.count && job_in_time(b->f.x); i++) {
		struct pdf_object *o = &b->f.objects[i];

		/* an older state of a page is in the rest */
		if (!o->seen && pdf_is(pdf_get(o->raw, "Type"), "Page") &&
		    pdf_object(&b->f, o->num) == o)
			page(b, o);
	}
	if (before == 0 && b->pages > 0)
		b->f.damaged = true; /* their order is a guess */
}
