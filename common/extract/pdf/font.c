#include "extract/pdf/font.h"

#include <string.h>

#include "extract/pdf/glyph.h"
#include "extract/pdf/type1.h"
#include "extract/pdf/unpack.h"

#define CMAP_BYTES  (8u * 1024 * 1024) /* of one, unpacked */
#define RANGES_MAX  4096
#define WIDTHS_MAX  65536 /* in one range */
#define WIDTH_GUESS 500

static struct pdf_cmap *
read_cmap(struct pdf_fonts *fonts, struct pdf_file *f, struct pdf_value v)
{
	struct pdf_cmap *m = NULL;
	struct pdf_unpacked u;
	struct buf text;

	if (v.in == NULL || v.in->body.ptr == NULL)
		return NULL;
	v.in->seen = true;
	buf_init(&text, CMAP_BYTES);
	pdf_unpack(f, v.in, &text, &u);
	if (text.len > 0)
		m = pdf_cmap_read(&fonts->arena, buf_span(&text));
	buf_fini(&text);
	return m;
}

/* ---- simple fonts
 * ------------------------------------------------------------
 */

static void
take_encoding(struct pdf_font *t, enum pdf_encoding e)
{
	for (int i = 0; i < 256; i++)
		t->meaning[i] = pdf_encodings[e][i];
}

static bool
take_named(struct pdf_font *t, struct span name)
{
	if (pdf_is(name, "WinAnsiEncoding"))
		take_encoding(t, PDF_ENCODING_WIN);
	else if (pdf_is(name, "MacRomanEncoding"))
		take_encoding(t, PDF_ENCODING_MAC);
	else if (pdf_is(name, "StandardEncoding"))
		take_encoding(t, PDF_ENCODING_STANDARD);
	else
		return false;
	return true;
}

/* [39 /quotesingle 96 /grave /a ...] */
static void
differences(struct pdf_file *f, struct pdf_value v, struct pdf_font *t)
{
	struct span in = pdf_inside(v.raw), s;
	uint64_t code = 0;
	enum pdf_kind k;

	while ((k = pdf_item(&in, &s)) != PDF_END) {
		if (k == PDF_REF)
			s = pdf_follow(f, s, v.in).raw;
		if (pdf_kind(s) == PDF_NUMBER)
			(void)pdf_whole(s, &code);
		else if (pdf_kind(s) == PDF_NAME && code < 256) {
			uint32_t c = pdf_glyph(span_skip(s, 1));

			if (c != 0)
				t->meaning[code] = c;
			code++;
		}
	}
}

static void
simple_encoding(struct pdf_file *f, struct pdf_value font, struct pdf_font *t)
{
	struct pdf_value e = pdf_at(f, font, "Encoding");
	bool known;

	take_encoding(t, PDF_ENCODING_STANDARD);
	known = take_named(t, e.raw) ||
		take_named(t, pdf_at(f, e, "BaseEncoding").raw);
	/* fonts of TrueType are made on systems with more than ASCII */
	if (!known && pdf_is(pdf_get(font.raw, "Subtype"), "TrueType"))
		take_encoding(t, PDF_ENCODING_WIN);
	if (!known && t->to_unicode == NULL)
		pdf_type1_encoding(f, font, t);
	differences(f, pdf_at(f, e, "Differences"), t);
}

static bool
contains(struct span s, const char *word)
{
	return s.len > 0 && memmem(s.ptr, s.len, word, strlen(word)) != NULL;
}

/* Those of the fonts that every reader has. */
static void
usual_widths(struct span name, struct pdf_font *t)
{
	const uint16_t *w = pdf_widths[contains(name, "Times")];
	bool fixed = contains(name, "Courier") || contains(name, "Mono");

	for (int i = 0; i < 256; i++) {
		t->widths[i] = WIDTH_GUESS;
		if (fixed)
			t->widths[i] = 600;
		else if (i >= 32 && i < 127)
			t->widths[i] = w[i - 32];
	}
}

static void
simple_widths(struct pdf_file *f, struct pdf_value font, struct pdf_font *t)
{
	struct pdf_value w = pdf_at(f, font, "Widths");
	struct span in = pdf_inside(w.raw), s;
	uint64_t code = 0;

	usual_widths(pdf_at(f, font, "BaseFont").raw, t);
	(void)pdf_whole(pdf_at(f, font, "FirstChar").raw, &code);
	while (pdf_kind(w.raw) == PDF_ARRAY && code < 256 &&
	       pdf_item(&in, &s) != PDF_END)
		t->widths[code++] =
		    (float)pdf_number(pdf_follow(f, s, w.in).raw);
}

static void
simple(struct pdf_file *f, struct pdf_value font, struct pdf_font *t)
{
	struct span matrix = pdf_inside(pdf_at(f, font, "FontMatrix").raw), a;

	simple_encoding(f, font, t);
	simple_widths(f, font, t);
	if (pdf_is(pdf_get(font.raw, "Subtype"), "Type3") &&
	    pdf_next(&matrix, &a) == PDF_NUMBER && pdf_number(a) > 1e-6)
		t->scale = pdf_number(a);
}

/* ---- composite fonts
 * ------------------------------------------------------------
 */

static float *
width_array(struct arena *a, struct span in, uint32_t *n)
{
	struct span all = in, s;
	float *w;

	for (*n = 0; *n < WIDTHS_MAX && pdf_item(&in, &s) != PDF_END;)
		(*n)++;
	w = arena_array(a, *n + 1, sizeof(*w));
	for (uint32_t i = 0; w != NULL && i < *n; i++) {
		(void)pdf_item(&all, &s);
		w[i] = (float)pdf_number(s);
	}
	return w;
}

/* c [w1 w2 ...] or from to w */
static bool
next_width(struct pdf_fonts *fonts, struct pdf_file *f, struct pdf_value all,
	   struct span *in, struct pdf_font_width *w)
{
	struct span s;
	uint64_t v;
	uint32_t n = 0;

	*w = (struct pdf_font_width){0};
	if (pdf_item(in, &s) == PDF_END || !pdf_whole(s, &v))
		return false;
	w->low = (uint32_t)v;
	if (pdf_item(in, &s) == PDF_REF)
		s = pdf_follow(f, s, all.in).raw;
	if (pdf_kind(s) == PDF_ARRAY) {
		w->each = width_array(&fonts->arena, pdf_inside(s), &n);
		w->high = w->low + (n > 0 ? n - 1 : 0);
		return w->each != NULL;
	}
	if (!pdf_whole(s, &v) || pdf_item(in, &s) == PDF_END)
		return false;
	w->high = (uint32_t)v;
	w->width = (float)pdf_number(s);
	return true;
}

static void
composite_widths(struct pdf_fonts *fonts, struct pdf_file *f,
		 struct pdf_value inner, struct pdf_font *t)
{
	struct pdf_value all = pdf_at(f, inner, "W");
	struct span in = pdf_inside(all.raw), count = in;
	struct span dw = pdf_at(f, inner, "DW").raw;
	struct pdf_font_width w;
	size_t n = 0;

	t->other = dw.len > 0 ? (float)pdf_number(dw) : 1000;
	while (n < RANGES_MAX && next_width(fonts, f, all, &count, &w))
		n++;
	t->ranges = arena_array(&fonts->arena, n + 1, sizeof(*t->ranges));
	while (t->ranges != NULL && t->range_count < n &&
	       next_width(fonts, f, all, &in, &t->ranges[t->range_count]))
		t->range_count++;
}

static void
composite(struct pdf_fonts *fonts, struct pdf_file *f, struct pdf_value font,
	  struct pdf_font *t)
{
	struct pdf_value e = pdf_at(f, font, "Encoding");
	struct pdf_value inner = pdf_at(f, font, "DescendantFonts");
	struct span in = pdf_inside(inner.raw), first;

	t->composite = true;
	t->unicode = contains(e.raw, "UCS2") || contains(e.raw, "UTF16");
	t->codes = read_cmap(fonts, f, e);
	t->blind = t->to_unicode == NULL && !t->unicode;
	t->other = 1000;
	if (pdf_item(&in, &first) != PDF_END)
		composite_widths(fonts, f, pdf_follow(f, first, inner.in), t);
}

static bool
shows_ascii(const struct pdf_font *t)
{
	for (uint8_t c = ' '; c < 0x7f; c++)
		if (t->ascii[c] != c && c != '\'' && c != '`')
			return false;
	return true;
}

/* What the codes of a simple font are that mean one letter of ASCII. */
static void
take_ascii(struct pdf_font *t)
{
	uint8_t text[PDF_CMAP_TEXT];

	for (uint32_t i = 0; i < 256; i++)
		if (pdf_font_text(t, i, text) == 2 && text[0] == 0 &&
		    text[1] >= ' ' && text[1] < 0x80)
			t->ascii[i] = text[1];
	t->plain = shows_ascii(t);
}

/* ---- all of them
 * -----------------------------------------------------------------
 */

static struct pdf_font *
new_font(struct pdf_fonts *fonts, struct pdf_file *f, struct pdf_value dict)
{
	struct pdf_font *t = arena_take(&fonts->arena, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->scale = 0.001;
	t->key = dict.raw.ptr;
	t->to_unicode = read_cmap(fonts, f, pdf_at(f, dict, "ToUnicode"));
	if (t->to_unicode != NULL && t->to_unicode->count == 0)
		t->to_unicode = NULL;
	if (pdf_is(pdf_at(f, dict, "Subtype").raw, "Type0"))
		composite(fonts, f, dict, t);
	else
		simple(f, dict, t);
	if (!t->composite)
		take_ascii(t);
	return t;
}

void
pdf_fonts_begin(struct pdf_fonts *f)
{
	memset(f, 0, sizeof(*f));
	arena_init(&f->arena, PDF_FONT_MEMORY);
}

void
pdf_fonts_end(struct pdf_fonts *f)
{
	arena_fini(&f->arena);
}

const struct pdf_font *
pdf_font(struct pdf_fonts *fonts, struct pdf_file *f, struct pdf_value dict)
{
	size_t h = (uintptr_t)dict.raw.ptr / 8 % PDF_FONT_HASH;
	struct pdf_font *t;

	for (t = fonts->by_hash[h]; t != NULL; t = t->next)
		if (t->key == dict.raw.ptr)
			return t;
	t = new_font(fonts, f, dict);
	if (t == NULL)
		return fonts->plain;
	t->next = fonts->by_hash[h];
	fonts->by_hash[h] = t;
	if (dict.raw.ptr == NULL)
		fonts->plain = t;
	return t;
}

size_t
pdf_font_code(const struct pdf_font *f, struct span s, uint32_t *code)
{
	size_t n = 1;

	if (f->composite) {
		n = f->codes != NULL ? pdf_cmap_code(f->codes, s) : 0;
		if (n == 0)
			n = s.len < 2 ? 1 : 2;
	}
	*code = 0;
	for (size_t i = 0; i < n; i++)
		*code = *code << 8 | s.ptr[i];
	return n;
}

double
pdf_font_width(const struct pdf_font *f, uint32_t code)
{
	if (!f->composite)
		return (double)f->widths[code & 0xff] * f->scale;
	for (size_t i = 0; i < f->range_count; i++) {
		const struct pdf_font_width *w = &f->ranges[i];

		if (code >= w->low && code <= w->high)
			return (double)(w->each != NULL ? w->each[code - w->low]
							: w->width) *
			       f->scale;
	}
	return (double)f->other * f->scale;
}

/* In four sums, for each waits for the one before it. */
double
pdf_font_widths(const struct pdf_font *f, struct span s)
{
	const uint8_t *p = s.ptr, *end = p + s.len;
	float a = 0, b = 0, c = 0, d = 0;

	for (; end - p >= 4; p += 4) {
		a += f->widths[p[0]];
		b += f->widths[p[1]];
		c += f->widths[p[2]];
		d += f->widths[p[3]];
	}
	while (p < end)
		a += f->widths[*p++];
	return ((double)a + (double)b + (double)c + (double)d) * f->scale;
}

static size_t
utf16(uint32_t c, uint8_t *dst)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		(void)utf16(0xd800 + (c >> 10), dst);
		(void)utf16(0xdc00 + (c & 0x3ff), dst + 2);
		return 4;
	}
	dst[0] = (uint8_t)(c >> 8);
	dst[1] = (uint8_t)c;
	return c != 0 ? 2 : 0;
}

size_t
pdf_font_text(const struct pdf_font *f, uint32_t code,
	      uint8_t dst[PDF_CMAP_TEXT])
{
	size_t n =
	    f->to_unicode != NULL ? pdf_cmap_find(f->to_unicode, code, dst) : 0;

	if (n > 0)
		return n;
	if (f->composite)
		return f->unicode ? utf16(code & 0xffff, dst) : 0;
	return utf16(f->meaning[code & 0xff], dst);
}
