#include "extract/pdf/content.h"

#include <string.h>

#include "extract/pdf/show.h"
#include "extract/pdf/unpack.h"

#define OPERANDS   32
#define STATES     64
#define STRING_MAX PDF_STRING_MAX
#define TICK       4096 /* operators between looks at the clock */

/* One stream of operators. */
struct run {
	struct pdf_content *c;
	struct pdf_value resources;
	struct span operands[OPERANDS];
	unsigned count;
	struct pdf_show show;
	struct pdf_pen kept[STATES];
	unsigned depth;   /* of kept; beyond STATES they are only counted */
	struct span rest; /* of the stream */
	struct span font_name;
};

/* The n-th operand from the end; 0 when it is not there. */
static double
number(const struct run *r, unsigned n)
{
	return n < r->count ? pdf_number(r->operands[r->count - 1 - n]) : 0;
}

static struct span
operand(const struct run *r)
{
	return r->count > 0 ? r->operands[r->count - 1] : span_of(NULL, 0);
}

static struct pdf_matrix
six(const struct run *r)
{
	return (struct pdf_matrix){number(r, 5), number(r, 4), number(r, 3),
				   number(r, 2), number(r, 1), number(r, 0)};
}

/* ---- fonts, forms, pictures
 * ------------------------------------------------------
 */

/* A thing of the resources, by the name that the operator gives. */
static struct pdf_value
resource(struct run *r, const char *kind, struct span name)
{
	struct pdf_file *f = r->c->f;
	struct pdf_value all = pdf_at(f, r->resources, kind);
	struct span in = pdf_inside(all.raw), k, v;

	if (pdf_kind(all.raw) == PDF_DICT)
		while (pdf_next(&in, &k) == PDF_NAME &&
		       pdf_item(&in, &v) != PDF_END)
			if (span_eq(k, name))
				return pdf_follow(f, v, all.in);
	return (struct pdf_value){span_of(NULL, 0), NULL};
}

static void
use_font(struct run *r)
{
	struct span name =
	    r->count > 1 ? r->operands[r->count - 2] : span_of(NULL, 0);

	r->show.now.size = number(r, 0);
	if (r->font_name.len > 0 && span_eq(name, r->font_name))
		return;
	r->font_name = name;
	r->show.now.font =
	    pdf_font(r->c->fonts, r->c->f, resource(r, "Font", name));
}

static struct pdf_matrix
matrix_of(struct pdf_file *f, struct pdf_value v)
{
	struct span in = pdf_inside(pdf_at(f, v, "Matrix").raw), s;
	double n[6];

	for (int i = 0; i < 6; i++) {
		if (pdf_next(&in, &s) != PDF_NUMBER)
			return pdf_matrix_unit;
		n[i] = pdf_number(s);
	}
	return (struct pdf_matrix){n[0], n[1], n[2], n[3], n[4], n[5]};
}

static void run_stream(struct pdf_content *c, struct span text,
		       struct pdf_value resources, struct pdf_matrix page);

static void
unpack_and_run(struct pdf_content *c, struct pdf_object *o,
	       struct pdf_value resources, struct pdf_matrix page)
{
	struct pdf_unpacked u;
	struct buf text;

	o->seen = true;
	buf_init(&text, (size_t)(c->f->x->budget.memory / 2));
	pdf_unpack(c->f, o, &text, &u);
	c->cut |= u.damaged || u.full || u.left.len > 0;
	if (u.left.len == 0)
		run_stream(c, buf_span(&text), resources, page);
	buf_fini(&text);
}

static void
draw(struct run *r)
{
	struct pdf_content *c = r->c;
	struct pdf_value v = resource(r, "XObject", operand(r)), inner;
	struct span kind = pdf_get(v.raw, "Subtype");

	if (v.in == NULL || v.in->body.ptr == NULL)
		return;
	if (pdf_is(kind, "Image")) {
		c->pictures++;
		if (c->drawn_count < PDF_DRAWN_MAX)
			c->drawn[c->drawn_count++] = v.in;
	}
	if (!pdf_is(kind, "Form"))
		return;
	if (c->deep >= PDF_FORMS_DEEP || c->forms >= PDF_FORMS_MAX) {
		c->cut = true;
		return;
	}
	inner = pdf_at(c->f, v, "Resources");
	c->deep++;
	c->forms++;
	unpack_and_run(c, v.in, inner.raw.len > 0 ? inner : r->resources,
		       pdf_matrix_times(matrix_of(c->f, v), r->show.now.page));
	c->deep--;
}

/* A picture within the operators ends at a word EI between blanks. */
static void
skip_picture(struct run *r)
{
	const uint8_t *at;
	struct span s = r->rest;

	r->c->pictures++;
	while (s.len > 3 && (at = memmem(s.ptr + 1, s.len - 1, "EI", 2))) {
		s = span_skip(s, (size_t)(at - s.ptr));
		if (pdf_blank(at[-1]) && (s.len == 2 || pdf_blank(at[2]))) {
			r->rest = span_skip(s, 2);
			return;
		}
	}
	r->rest = span_of(NULL, 0);
}

/* ---- operators
 * --------------------------------------------------------------------
 */

static void
keep(struct run *r)
{
	if (r->depth < STATES)
		r->kept[r->depth] = r->show.now;
	r->depth++;
}

static void
restore(struct run *r)
{
	if (r->depth == 0)
		return;
	if (--r->depth < STATES)
		r->show.now = r->kept[r->depth];
	r->font_name = span_of(NULL, 0);
}

#define OP1(a)    ((uint32_t)(a))
#define OP2(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))

static void
text_state(struct run *r, uint32_t op)
{
	switch (op) {
	case OP2('T', 'c'):
		r->show.now.chars = number(r, 0);
		break;
	case OP2('T', 'w'):
		r->show.now.words = number(r, 0);
		break;
	case OP2('T', 'z'):
		r->show.now.wide = number(r, 0) / 100;
		break;
	case OP2('T', 'L'):
		r->show.now.leading = number(r, 0);
		break;
	case OP2('T', 's'):
		r->show.now.rise = number(r, 0);
		break;
	case OP2('T', 'f'):
		use_font(r);
		break;
	}
}

static void
text_place(struct run *r, uint32_t op)
{
	switch (op) {
	case OP2('B', 'T'):
		r->show.text = r->show.line = pdf_matrix_unit;
		break;
	case OP2('T', 'm'):
		r->show.text = r->show.line = six(r);
		break;
	case OP2('T', 'D'):
		r->show.now.leading = -number(r, 0);
		/* fallthrough */
	case OP2('T', 'd'):
		pdf_show_line(&r->show, number(r, 1), number(r, 0));
		break;
	case OP2('T', '*'):
		pdf_show_line(&r->show, 0, -r->show.now.leading);
		break;
	}
}

static void
text_show(struct run *r, uint32_t op)
{
	switch (op) {
	case OP1('"'):
		r->show.now.words = number(r, 2);
		r->show.now.chars = number(r, 1);
		/* fallthrough */
	case OP1('\''):
		pdf_show_line(&r->show, 0, -r->show.now.leading);
		/* fallthrough */
	case OP2('T', 'j'):
		pdf_show_string(&r->show, operand(r));
		break;
	case OP2('T', 'J'):
		pdf_show_array(&r->show, operand(r));
		break;
	}
}

static void
others(struct run *r, uint32_t op)
{
	switch (op) {
	case OP1('q'):
		keep(r);
		break;
	case OP1('Q'):
		restore(r);
		break;
	case OP2('c', 'm'):
		r->show.now.page = pdf_matrix_times(six(r), r->show.now.page);
		break;
	case OP2('D', 'o'):
		draw(r);
		break;
	case OP2('I', 'D'):
		skip_picture(r);
		break;
	}
}

static void
operator(struct run *r, struct span word)
{
	uint32_t op = 0;

	if (word.len > 2)
		return;
	for (size_t i = 0; i < word.len; i++)
		op = op << 8 | word.ptr[i];
	text_state(r, op);
	text_place(r, op);
	text_show(r, op);
	others(r, op);
}

static void
run_all(struct run *r)
{
	struct extractor *x = r->c->f->x;
	struct span s;

	for (unsigned tick = 1; !x->stop; tick++) {
		enum pdf_kind k = pdf_next(&r->rest, &s);

		if (k == PDF_END || (tick % TICK == 0 && !job_in_time(x)))
			return;
		if (k == PDF_WORD) {
			operator(r, s);
			r->count = 0;
		} else if (r->count < OPERANDS) {
			r->operands[r->count++] = s;
		}
	}
}

static void
run_stream(struct pdf_content *c, struct span text, struct pdf_value resources,
	   struct pdf_matrix page)
{
	struct pdf_value none = {span_of(NULL, 0), NULL};
	struct run r = {.c = c, .resources = resources, .rest = text};
	struct pdf_show *s = &r.show;

	s->c = c;
	s->now = (struct pdf_pen){.page = page, .size = 1, .wide = 1};
	s->now.font = pdf_font(c->fonts, c->f, none);
	s->text = s->line = pdf_matrix_unit;
	if (s->now.font != NULL)
		run_all(&r);
}

void
pdf_content_begin(struct pdf_content *c, struct pdf_file *f,
		  struct pdf_fonts *fonts, struct made *to)
{
	*c = (struct pdf_content){.f = f, .fonts = fonts};
	pdf_layout_begin(&c->layout, to);
	buf_init(&c->string, STRING_MAX);
}

void
pdf_content_end(struct pdf_content *c)
{
	buf_fini(&c->string);
}

void
pdf_content_run(struct pdf_content *c, struct span text,
		struct pdf_value resources)
{
	run_stream(c, text, resources, pdf_matrix_unit);
}

void
pdf_content_stream(struct pdf_content *c, struct pdf_object *o,
		   struct pdf_value resources)
{
	unpack_and_run(c, o, resources, pdf_matrix_unit);
}
