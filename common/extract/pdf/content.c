#include "extract/pdf/content.h"

#include <math.h>
#include <string.h>

#include "extract/pdf/unpack.h"

#define OPERANDS   32
#define STATES     64
#define STRING_MAX PDF_STRING_MAX
#define APART      0.2  /* ems */
#define TICK       4096 /* operators between looks at the clock */

struct matrix {
	double a, b, c, d, e, f;
};

struct state {
	struct matrix page; /* to the page, from where text stands */
	const struct pdf_font *font;
	double size, chars, words, wide, leading, rise;
};

/* One stream of operators. */
struct run {
	struct pdf_content *c;
	struct pdf_value resources;
	struct span operands[OPERANDS];
	unsigned count;
	struct state now, kept[STATES];
	unsigned depth; /* of kept; beyond STATES they are only counted */
	struct matrix text, line;
	struct span rest; /* of the stream */
	struct span font_name;
};

static const struct matrix unit = {1, 0, 0, 1, 0, 0};

static struct matrix
times(struct matrix m, struct matrix n)
{
	return (struct matrix){
	    m.a * n.a + m.b * n.c,       m.a * n.b + m.b * n.d,
	    m.c * n.a + m.d * n.c,       m.c * n.b + m.d * n.d,
	    m.e * n.a + m.f * n.c + n.e, m.e * n.b + m.f * n.d + n.f,
	};
}

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

static struct matrix
six(const struct run *r)
{
	return (struct matrix){number(r, 5), number(r, 4), number(r, 3),
			       number(r, 2), number(r, 1), number(r, 0)};
}

/* ---- showing text
 * ------------------------------------------------------------
 */

/* Where the next letter stands. */
static void
spot(const struct run *r, struct pdf_spot *s)
{
	const struct state *g = &r->now;
	struct matrix at = {g->size * g->wide, 0, 0, g->size, 0, g->rise};
	double along, up;

	at = times(times(at, r->text), g->page);
	along = hypot(at.a, at.b);
	up = hypot(at.c, at.d);
	*s = (struct pdf_spot){at.e, at.f, 1, 0, up > 1e-6 ? up : 1};
	if (along > 1e-9) {
		s->ux = at.a / along;
		s->uy = at.b / along;
		if (g->size * g->wide < 0) { /* written from its end */
			s->ux = -s->ux;
			s->uy = -s->uy;
		}
	}
}

static void
move(struct run *r, double along)
{
	r->text = times((struct matrix){1, 0, 0, 1, along, 0}, r->text);
}

/*
 * Some makers write the space between two letters as a distance of letters. Of
 * more than two it is a style, and no spaces.
 */
static bool
apart(const struct state *g)
{
	return g->chars > APART * g->size && g->size > 0;
}

/* Where each code is a byte, and the font itself says its meaning. */
static void
simple_codes(struct run *r, struct span s)
{
	const struct pdf_font *font = r->now.font;
	double size = r->now.size, along = 0;

	for (size_t i = 0; i < s.len; i++) {
		uint8_t code = s.ptr[i];
		double w = pdf_font_width(font, code) * size;

		if (i == 1 && s.len == 2 && apart(&r->now))
			pdf_layout_gap(&r->c->layout);
		pdf_layout_char(&r->c->layout, font->meaning[code]);
		r->c->blind += font->meaning[code] == 0 && font->blind;
		w += r->now.chars + (code == ' ' ? r->now.words : 0);
		along += w * r->now.wide;
	}
	move(r, along);
}

static void
codes(struct run *r, struct span s)
{
	const struct pdf_font *font = r->now.font;
	uint8_t text[PDF_CMAP_TEXT];
	uint32_t code;
	double along = 0;
	size_t count = 0;

	while (s.len > 0) {
		size_t n = pdf_font_code(font, s, &code);
		size_t len = pdf_font_text(font, code, text);
		double w = pdf_font_width(font, code) * r->now.size;

		if (++count == 2 && n == s.len && apart(&r->now))
			pdf_layout_gap(&r->c->layout);
		pdf_layout_text(&r->c->layout, text, len);
		r->c->blind += len == 0 && font->blind;
		w += r->now.chars + (n == 1 && code == ' ' ? r->now.words : 0);
		along += w * r->now.wide;
		s = span_skip(s, n);
	}
	move(r, along);
}

static void
show(struct run *r, struct span raw)
{
	const struct pdf_font *font = r->now.font;
	struct pdf_layout *l = &r->c->layout;
	struct pdf_spot s;

	buf_clear(&r->c->string);
	if (pdf_string(raw, &r->c->string) != ST_OK)
		r->c->cut = true;
	if (r->c->string.len == 0)
		return;
	spot(r, &s);
	pdf_layout_at(l, &s);
	if (!font->composite && font->to_unicode == NULL)
		simple_codes(r, buf_span(&r->c->string));
	else
		codes(r, buf_span(&r->c->string));
	spot(r, &l->end);
}

static void
show_array(struct run *r, struct span raw)
{
	struct span in = pdf_inside(raw), s;

	for (;;) {
		switch ((int)pdf_next(&in, &s)) {
		case PDF_END:
			return;
		case PDF_NUMBER:
			move(r,
			     -pdf_number(s) / 1000 * r->now.size * r->now.wide);
			break;
		case PDF_STRING:
		case PDF_HEX:
			show(r, s);
			break;
		}
	}
}

static void
next_line(struct run *r, double x, double y)
{
	r->line = times((struct matrix){1, 0, 0, 1, x, y}, r->line);
	r->text = r->line;
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

	r->now.size = number(r, 0);
	if (r->font_name.len > 0 && span_eq(name, r->font_name))
		return;
	r->font_name = name;
	r->now.font = pdf_font(r->c->fonts, r->c->f, resource(r, "Font", name));
}

static struct matrix
matrix_of(struct pdf_file *f, struct pdf_value v)
{
	struct span in = pdf_inside(pdf_at(f, v, "Matrix").raw), s;
	double n[6];

	for (int i = 0; i < 6; i++) {
		if (pdf_next(&in, &s) != PDF_NUMBER)
			return unit;
		n[i] = pdf_number(s);
	}
	return (struct matrix){n[0], n[1], n[2], n[3], n[4], n[5]};
}

static void run_stream(struct pdf_content *c, struct span text,
		       struct pdf_value resources, struct matrix page);

static void
unpack_and_run(struct pdf_content *c, struct pdf_object *o,
	       struct pdf_value resources, struct matrix page)
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
		       times(matrix_of(c->f, v), r->now.page));
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
		r->kept[r->depth] = r->now;
	r->depth++;
}

static void
restore(struct run *r)
{
	if (r->depth == 0)
		return;
	if (--r->depth < STATES)
		r->now = r->kept[r->depth];
	r->font_name = span_of(NULL, 0);
}

#define OP1(a)    ((uint32_t)(a))
#define OP2(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))

static void
text_state(struct run *r, uint32_t op)
{
	switch (op) {
	case OP2('T', 'c'):
		r->now.chars = number(r, 0);
		break;
	case OP2('T', 'w'):
		r->now.words = number(r, 0);
		break;
	case OP2('T', 'z'):
		r->now.wide = number(r, 0) / 100;
		break;
	case OP2('T', 'L'):
		r->now.leading = number(r, 0);
		break;
	case OP2('T', 's'):
		r->now.rise = number(r, 0);
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
		r->text = r->line = unit;
		break;
	case OP2('T', 'm'):
		r->text = r->line = six(r);
		break;
	case OP2('T', 'D'):
		r->now.leading = -number(r, 0);
		/* fallthrough */
	case OP2('T', 'd'):
		next_line(r, number(r, 1), number(r, 0));
		break;
	case OP2('T', '*'):
		next_line(r, 0, -r->now.leading);
		break;
	}
}

static void
text_show(struct run *r, uint32_t op)
{
	switch (op) {
	case OP1('"'):
		r->now.words = number(r, 2);
		r->now.chars = number(r, 1);
		/* fallthrough */
	case OP1('\''):
		next_line(r, 0, -r->now.leading);
		/* fallthrough */
	case OP2('T', 'j'):
		show(r, operand(r));
		break;
	case OP2('T', 'J'):
		show_array(r, operand(r));
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
		r->now.page = times(six(r), r->now.page);
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
	   struct matrix page)
{
	struct pdf_value none = {span_of(NULL, 0), NULL};
	struct run r = {.c = c, .resources = resources, .rest = text};

	r.now = (struct state){.page = page, .size = 1, .wide = 1};
	r.now.font = pdf_font(c->fonts, c->f, none);
	r.text = r.line = unit;
	if (r.now.font != NULL)
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
	run_stream(c, text, resources, unit);
}

void
pdf_content_stream(struct pdf_content *c, struct pdf_object *o,
		   struct pdf_value resources)
{
	unpack_and_run(c, o, resources, unit);
}
