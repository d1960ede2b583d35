#include "extract/pdf/show.h"

#include <math.h>

#include "extract/scan16.h"

#define APART 0.2 /* ems */
#define CODES 256 /* that are shown at once */

const struct pdf_matrix pdf_matrix_unit = {1, 0, 0, 1, 0, 0};

struct pdf_matrix
pdf_matrix_times(struct pdf_matrix m, struct pdf_matrix n)
{
	return (struct pdf_matrix){
	    m.a * n.a + m.b * n.c,       m.a * n.b + m.b * n.d,
	    m.c * n.a + m.d * n.c,       m.c * n.b + m.d * n.d,
	    m.e * n.a + m.f * n.c + n.e, m.e * n.b + m.f * n.d + n.f,
	};
}

/* Length of a vector; most lie along an axis. */
static double
length(double x, double y)
{
	if (y == 0)
		return fabs(x);
	return x == 0 ? fabs(y) : hypot(x, y);
}

/* Where the next letter stands. */
static void
spot(const struct pdf_show *s, struct pdf_spot *to)
{
	const struct pdf_pen *g = &s->now;
	struct pdf_matrix at = {g->size * g->wide, 0, 0, g->size, 0, g->rise};
	double along, up;

	at = pdf_matrix_times(pdf_matrix_times(at, s->text), g->page);
	along = length(at.a, at.b);
	up = length(at.c, at.d);
	*to = (struct pdf_spot){at.e, at.f, 1, 0, up > 1e-6 ? up : 1};
	if (along > 1e-9) {
		to->ux = at.a / along;
		to->uy = at.b / along;
		if (g->size * g->wide < 0) { /* written from its end */
			to->ux = -to->ux;
			to->uy = -to->uy;
		}
	}
}

/* The same behind what was shown there: only the point is another. */
static void
spot_end(const struct pdf_show *s, struct pdf_spot *to)
{
	const struct pdf_matrix *t = &s->text, *p = &s->now.page;
	double x = s->now.rise * t->c + t->e, y = s->now.rise * t->d + t->f;

	to->x = x * p->a + y * p->c + p->e;
	to->y = x * p->b + y * p->d + p->f;
}

static void
move(struct pdf_show *s, double along)
{
	s->text.e += along * s->text.a;
	s->text.f += along * s->text.b;
}

/*
 * Some makers write the space between two letters as a distance of letters. Of
 * more than two it is a style, and no spaces.
 */
static bool
apart(const struct pdf_pen *g)
{
	return g->chars > APART * g->size && g->size > 0;
}

/* One code of so many bytes; how far it goes. */
static double
show_code(struct pdf_show *s, uint32_t code, size_t bytes)
{
	const struct pdf_pen *g = &s->now;
	uint8_t text[PDF_CMAP_TEXT];
	size_t len = pdf_font_text(g->font, code, text);
	double w = pdf_font_width(g->font, code) * g->size;

	pdf_layout_text(&s->c->layout, text, len);
	s->c->blind += len == 0 && g->font->blind;
	w += g->chars + (bytes == 1 && code == ' ' ? g->words : 0);
	return w * g->wide;
}

static void
codes(struct pdf_show *s, struct span in)
{
	double along = 0;
	uint32_t code;

	for (size_t count = 1; in.len > 0; count++) {
		size_t n = pdf_font_code(s->now.font, in, &code);

		if (count == 2 && n == in.len && apart(&s->now))
			pdf_layout_gap(&s->c->layout);
		along += show_code(s, code, n);
		in = span_skip(in, n);
	}
	move(s, along);
}

static size_t
spaces(struct span in)
{
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++)
		n += in.ptr[i] == ' ';
	return n;
}

/* How far codes go, each a byte. */
static double
advance(const struct pdf_pen *g, struct span in)
{
	double w = pdf_font_widths(g->font, in) * g->size;

	w += g->chars * (double)in.len;
	if (g->words != 0)
		w += g->words * (double)spaces(in);
	return w * g->wide;
}

/* What is no ASCII or another sign in some fonts. */
static inline const uint8_t *
scan_plain(const uint8_t *p, const uint8_t *end)
{
	SCAN(_mm_or_si128(
		 _mm_or_si128(scan_eq(v, '\''), scan_eq(v, '`')),
		 _mm_or_si128(scan_below(v, 0x1f),
			      scan_below(_mm_xor_si128(v, _mm_set1_epi8(-1)),
					 (char)0x80))),
	     *p < ' ' || *p > 0x7e || *p == '\'' || *p == '`');
}

/* The first codes of in that mean ASCII, at most CODES, as they are shown. */
static struct span
ascii_codes(const struct pdf_font *font, struct span in, uint8_t dst[CODES])
{
	size_t n = 0, most = in.len < CODES ? in.len : CODES;

	if (font->plain)
		n = (size_t)(scan_plain(in.ptr, in.ptr + most) - in.ptr);
	if (n > 0 && (n == most || font->ascii[in.ptr[n]] == 0))
		return span_of(in.ptr, n);
	for (n = 0; n < most; n++) {
		dst[n] = font->ascii[in.ptr[n]];
		if (dst[n] == 0)
			break;
	}
	return span_of(dst, n);
}

/* Most codes of such a font are ASCII, whatever its encoding is. */
static void
simple_codes(struct pdf_show *s, struct span in)
{
	uint8_t ascii[CODES];

	while (in.len > 0) {
		struct span text = ascii_codes(s->now.font, in, ascii);
		bool more = text.len < in.len && text.len < CODES;

		pdf_layout_ascii(&s->c->layout, text);
		move(s, advance(&s->now, span_of(in.ptr, text.len)));
		in = span_skip(in, text.len);
		if (more) {
			move(s, show_code(s, in.ptr[0], 1));
			in = span_skip(in, 1);
		}
	}
}

/* What a string holds; most of them hold it as it stands. */
static struct span
bytes_of(struct pdf_content *c, struct span raw)
{
	struct span s;

	if (pdf_string_plain(raw, &s))
		return s;
	buf_clear(&c->string);
	if (pdf_string(raw, &c->string) != ST_OK)
		c->cut = true;
	return buf_span(&c->string);
}

void
pdf_show_string(struct pdf_show *s, struct span raw)
{
	struct pdf_content *c = s->c;
	struct span bytes = bytes_of(c, raw);
	struct pdf_spot at;

	if (bytes.len == 0)
		return;
	spot(s, &at);
	pdf_layout_at(&c->layout, &at);
	/* two letters may be words by themselves */
	if (s->now.font->composite || bytes.len == 2)
		codes(s, bytes);
	else
		simple_codes(s, bytes);
	spot_end(s, &at);
	c->layout.end = at;
}

void
pdf_show_array(struct pdf_show *s, struct span raw)
{
	struct span in = pdf_inside(raw), one;

	for (;;) {
		switch ((int)pdf_next(&in, &one)) {
		case PDF_END:
			return;
		case PDF_NUMBER:
			move(s, -pdf_number(one) / 1000 * s->now.size *
				    s->now.wide);
			break;
		case PDF_STRING:
		case PDF_HEX:
			pdf_show_string(s, one);
			break;
		}
	}
}

void
pdf_show_line(struct pdf_show *s, double x, double y)
{
	s->line =
	    pdf_matrix_times((struct pdf_matrix){1, 0, 0, 1, x, y}, s->line);
	s->text = s->line;
}
