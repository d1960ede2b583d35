#include "extract/pdf/image.h"

#include <string.h>

#define SPACES_DEEP 4

/* ---- what they are ---------------------------------------------------------
 */

static uint64_t
whole_at(struct pdf_file *f, struct pdf_value dict, const char *key,
	 uint64_t otherwise)
{
	uint64_t n;

	return pdf_whole(pdf_at(f, dict, key).raw, &n) ? n : otherwise;
}

static bool
is_true(struct pdf_file *f, struct pdf_value dict, const char *key)
{
	return span_eq(pdf_at(f, dict, key).raw, span_str("true"));
}

/* The n-th of an array; empty when there is none. */
static struct pdf_value
nth(struct pdf_file *f, struct pdf_value array, unsigned n)
{
	struct span in = pdf_inside(array.raw), item;

	for (unsigned i = 0; pdf_item(&in, &item) != PDF_END; i++)
		if (i == n)
			return pdf_follow(f, item, array.in);
	return (struct pdf_value){span_of(NULL, 0), NULL};
}

static uint8_t
luma(unsigned r, unsigned g, unsigned b)
{
	return (uint8_t)((r * 77 + g * 150 + b * 29) >> 8);
}

/* Components of 8 bits, as gray. */
static uint8_t
gray_of(const struct pdf_image *m, const uint8_t *c)
{
	if (m->components == 3)
		return luma(c[0], c[1], c[2]);
	if (m->components == 4)
		return (uint8_t)((255 - luma(c[0], c[1], c[2])) * (255 - c[3]) /
				 255);
	return m->ink ? (uint8_t)(255 - c[0]) : c[0];
}

static const struct {
	const char *name;
	unsigned components;
	bool ink;
} spaces[] = {
    {"DeviceGray", 1, false}, {"CalGray", 1, false}, {"G", 1, false},
    {"DeviceRGB", 3, false},  {"CalRGB", 3, false},  {"RGB", 3, false},
    {"DeviceCMYK", 4, false}, {"CMYK", 4, false},    {"Lab", 0, false},
    {"Separation", 1, true},  {"DeviceN", 0, true},
};

static bool space_of(struct pdf_file *f, struct pdf_value v, int deep,
		     struct pdf_image *m);

static bool
named_space(struct span name, struct pdf_image *m)
{
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (pdf_is(name, spaces[i].name)) {
			m->components = spaces[i].components;
			m->ink = spaces[i].ink;
			return m->components > 0;
		}
	return false;
}

/* Colours by number: what stands in the table is made gray once. */
static bool
indexed_space(struct pdf_file *f, struct pdf_value v, int deep,
	      struct pdf_image *m)
{
	struct pdf_value table = nth(f, v, 3);
	struct pdf_image base = {.bits = 8};
	struct pdf_unpacked u;
	struct buf bytes;

	if (!space_of(f, nth(f, v, 1), deep + 1, &base) || base.indexed)
		return false;
	buf_init(&bytes, PDF_STRING_MAX + 256 * 1024);
	if (table.in != NULL && table.in->body.ptr != NULL &&
	    table.raw.ptr == table.in->raw.ptr)
		pdf_unpack(f, table.in, &bytes, &u);
	else if (pdf_bytes(f, table, &bytes) != ST_OK)
		buf_clear(&bytes);
	memset(m->gray, 255, sizeof(m->gray));
	for (size_t i = 0; i < 256 && (i + 1) * base.components <= bytes.len;
	     i++)
		m->gray[i] = gray_of(&base, bytes.data + i * base.components);
	buf_fini(&bytes);
	m->indexed = true;
	m->components = 1;
	return true;
}

static bool
space_of(struct pdf_file *f, struct pdf_value v, int deep, struct pdf_image *m)
{
	struct pdf_value name;
	uint64_t n;

	if (pdf_kind(v.raw) == PDF_NAME)
		return named_space(v.raw, m);
	if (pdf_kind(v.raw) != PDF_ARRAY || deep > SPACES_DEEP)
		return false;
	name = nth(f, v, 0);
	if (pdf_is(name.raw, "Indexed") || pdf_is(name.raw, "I"))
		return indexed_space(f, v, deep, m);
	if (!pdf_is(name.raw, "ICCBased"))
		return named_space(name.raw, m);
	n = whole_at(f, nth(f, v, 1), "N", 0);
	m->components = (unsigned)n;
	return n == 1 || n == 3 || n == 4;
}

/* A mask paints where a bit is 0. */
static bool
colours(struct pdf_file *f, struct pdf_value v, struct pdf_image *m)
{
	if (is_true(f, v, "ImageMask")) {
		m->bits = m->components = 1;
		return true;
	}
	return space_of(f, pdf_at(f, v, "ColorSpace"), 0, m);
}

bool
pdf_image_of(struct pdf_file *f, struct pdf_object *o, struct pdf_image *out)
{
	struct pdf_value v = {o->raw, o}, decode = pdf_at(f, v, "Decode");
	uint64_t width = whole_at(f, v, "Width", 0);
	uint64_t height = whole_at(f, v, "Height", 0);
	uint64_t bits = whole_at(f, v, "BitsPerComponent", 8);
	struct pdf_image m = {.width = (uint32_t)width,
			      .height = (uint32_t)height,
			      .bits = (unsigned)bits};

	if (width == 0 || width > PDF_SIDE_MAX || height == 0 ||
	    height > PDF_SIDE_MAX || bits == 0 || bits > 16 ||
	    (bits & (bits - 1)) != 0)
		return false;
	if (!colours(f, v, &m))
		return false;
	m.inverted = pdf_kind(decode.raw) == PDF_ARRAY &&
		     pdf_number(nth(f, decode, 0).raw) >
			 pdf_number(nth(f, decode, 1).raw);
	*out = m;
	return true;
}

size_t
pdf_image_row(const struct pdf_image *m)
{
	return ((size_t)m->width * m->components * m->bits + 7) / 8;
}

/* ---- points ----------------------------------------------------------------
 */

/* The i-th component of a row, by its high bits. */
static unsigned
component(const struct pdf_image *m, const uint8_t *row, size_t i)
{
	size_t at = i * m->bits;

	if (m->bits >= 8)
		return row[at / 8];
	return (unsigned)row[at / 8] >> (8 - m->bits - at % 8) &
	       ((1u << m->bits) - 1);
}

static uint8_t
point(const struct pdf_image *m, const uint8_t *row, size_t x)
{
	unsigned most = m->bits >= 8 ? 255 : (1u << m->bits) - 1;
	uint8_t c[4];

	if (m->indexed)
		return m->gray[component(m, row, x)];
	for (unsigned i = 0; i < m->components; i++) {
		unsigned v = component(m, row, x * m->components + i);

		c[i] = (uint8_t)(v * 255 / most);
		if (m->inverted)
			c[i] = (uint8_t)(255 - c[i]);
	}
	return gray_of(m, c);
}

void
pdf_image_gray(const struct pdf_image *m, struct span points, uint8_t *gray)
{
	size_t row = pdf_image_row(m);

	for (uint32_t y = 0; y < m->height; y++) {
		uint8_t *to = gray + (size_t)y * m->width;

		if (points.len / row <= y) {
			memset(to, 255, m->width);
			continue;
		}
		for (uint32_t x = 0; x < m->width; x++)
			to[x] = point(m, points.ptr + y * row, x);
	}
}

/* ---- fax -------------------------------------------------------------------
 */

#define ENTRIES 11
#define HEAD    (8 + 2 + ENTRIES * 12 + 4)

enum { SHORT = 3, LONG = 4 };
enum { GROUP_3 = 3, GROUP_4 = 4 };

static void
put(uint8_t *to, size_t n, uint32_t v)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

struct fax {
	uint32_t columns, rows, size;
	unsigned how;     /* GROUP_3, GROUP_4 */
	uint32_t options; /* of that */
	bool white;       /* bits of 1 are */
};

static enum status
fax_head(const struct fax *x, struct buf *to)
{
	/* TIFF 6.0, sections 4 and 11; in the order of their tags */
	const struct {
		uint16_t tag, type;
		uint32_t value;
	} entries[ENTRIES] = {
	    {256, LONG, x->columns},
	    {257, LONG, x->rows},
	    {258, SHORT, 1},
	    {259, SHORT, x->how},
	    {262, SHORT, x->white ? 1 : 0},
	    {266, SHORT, 1},
	    {273, LONG, HEAD},
	    {277, SHORT, 1},
	    {278, LONG, x->rows},
	    {279, LONG, x->size},
	    {x->how == GROUP_3 ? 292 : 293, LONG, x->options},
	};
	uint8_t head[HEAD] = "II*\0\x08";

	put(head + 8, 2, ENTRIES);
	for (size_t i = 0; i < ENTRIES; i++) {
		uint8_t *e = head + 10 + i * 12;

		put(e, 2, entries[i].tag);
		put(e + 2, 2, entries[i].type);
		put(e + 4, 4, 1);
		put(e + 8, 4, entries[i].value);
	}
	return buf_add(to, head, sizeof(head));
}

enum status
pdf_image_fax(struct pdf_file *f, const struct pdf_image *m,
	      struct pdf_value parms, struct span fax, struct buf *to)
{
	double k = pdf_number(pdf_at(f, parms, "K").raw);
	uint64_t columns = whole_at(f, parms, "Columns", 1728);
	bool bytes = is_true(f, parms, "EncodedByteAlign");
	struct fax x = {.columns = (uint32_t)columns,
			.rows = m->height,
			.size = (uint32_t)fax.len,
			.how = k < 0 ? GROUP_4 : GROUP_3};
	enum status st;

	if (columns == 0 || columns > PDF_SIDE_MAX || fax.len > UINT32_MAX ||
	    (k < 0 && bytes))
		return ST_UNSUPPORTED;
	if (k >= 0)
		x.options = (k > 0 ? 1u : 0) | (bytes ? 4u : 0);
	/* black bits are 0 there, and 0 is black, unless both are turned */
	x.white = is_true(f, parms, "BlackIs1") != m->inverted;
	st = fax_head(&x, to);
	return st == ST_OK ? buf_add(to, fax.ptr, fax.len) : st;
}
