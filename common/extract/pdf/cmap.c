#include "extract/pdf/cmap.h"

#include <stdlib.h>
#include <string.h>

/* A code of up to four bytes. */
static bool
code_of(struct span s, uint32_t *v, uint8_t *bytes)
{
	struct buf b;
	bool ok;

	buf_init(&b, 4);
	ok = pdf_kind(s) == PDF_HEX && pdf_string(s, &b) == ST_OK && b.len > 0;
	*v = 0;
	for (size_t i = 0; i < b.len; i++)
		*v = *v << 8 | b.data[i];
	*bytes = (uint8_t)b.len;
	buf_fini(&b);
	return ok;
}

static struct pdf_cmap_range *
new_range(struct arena *a, struct pdf_cmap *m)
{
	size_t room = m->room == 0 ? 64 : m->room * 2;
	struct pdf_cmap_range *r;

	if (m->count < m->room)
		return &m->ranges[m->count++];
	if (m->count >= PDF_CMAP_MAX)
		return NULL;
	r = arena_array(a, room, sizeof(*r));
	if (r == NULL)
		return NULL;
	if (m->count > 0)
		memcpy(r, m->ranges, m->count * sizeof(*r));
	m->ranges = r;
	m->room = room;
	return &m->ranges[m->count++];
}

static void
put(struct arena *a, struct pdf_cmap *m, uint32_t low, uint32_t high,
    struct span to)
{
	struct pdf_cmap_range *r;
	uint8_t *text;
	struct buf b;

	buf_init(&b, PDF_CMAP_TEXT);
	/* what is too long is cut: it is no text then */
	if (high < low || (pdf_string(to, &b) != ST_OK && b.len == 0) ||
	    b.len == 0 || (text = arena_take(a, b.len)) == NULL ||
	    (r = new_range(a, m)) == NULL) {
		buf_fini(&b);
		return;
	}
	memcpy(text, b.data, b.len);
	*r = (struct pdf_cmap_range){low, high, text, (uint8_t)b.len};
	buf_fini(&b);
}

/* <low> <high> <to>, or an array with one for each. */
static void
range(struct arena *a, struct pdf_cmap *m, struct span *in, struct span low)
{
	struct span high, to, each;
	uint32_t from, until;
	uint8_t n;

	(void)pdf_next(in, &high);
	(void)pdf_next(in, &to);
	if (!code_of(low, &from, &n) || !code_of(high, &until, &n))
		return;
	if (pdf_kind(to) != PDF_ARRAY) {
		put(a, m, from, until, to);
		return;
	}
	to = pdf_inside(to);
	for (; from <= until && pdf_next(&to, &each) == PDF_HEX; from++)
		put(a, m, from, from, each);
}

static void
codes(struct pdf_cmap *m, struct span *in, struct span low)
{
	struct pdf_cmap_codes *c = &m->codes[m->code_count];
	struct span high;
	uint8_t n;

	(void)pdf_next(in, &high);
	if (m->code_count < PDF_CODES_MAX && code_of(low, &c->low, &c->bytes) &&
	    code_of(high, &c->high, &n) && n == c->bytes)
		m->code_count++;
}

static int
by_low(const void *a, const void *b)
{
	const struct pdf_cmap_range *p = a, *q = b;

	return p->low < q->low ? -1 : p->low > q->low;
}

static void
entries(struct arena *a, struct pdf_cmap *m, struct span text)
{
	enum { NOTHING, CODES, CHARS, RANGES } in = NOTHING;
	struct span s, to;
	uint32_t code;
	uint8_t n;

	while (pdf_next(&text, &s) != PDF_END) {
		if (span_eq(s, span_str("begincodespacerange")))
			in = CODES;
		else if (span_eq(s, span_str("beginbfchar")))
			in = CHARS;
		else if (span_eq(s, span_str("beginbfrange")))
			in = RANGES;
		else if (pdf_kind(s) == PDF_WORD)
			in = NOTHING;
		if (pdf_kind(s) != PDF_HEX)
			continue;
		if (in == CODES)
			codes(m, &text, s);
		if (in == RANGES)
			range(a, m, &text, s);
		if (in == CHARS && pdf_next(&text, &to) != PDF_END &&
		    code_of(s, &code, &n))
			put(a, m, code, code, to);
	}
}

struct pdf_cmap *
pdf_cmap_read(struct arena *a, struct span text)
{
	struct pdf_cmap *m = arena_take(a, sizeof(*m));

	if (m == NULL)
		return NULL;
	entries(a, m, text);
	if (m->count > 0)
		qsort(m->ranges, m->count, sizeof(*m->ranges), by_low);
	return m->count + m->code_count > 0 ? m : NULL;
}

size_t
pdf_cmap_find(const struct pdf_cmap *m, uint32_t code,
	      uint8_t dst[PDF_CMAP_TEXT])
{
	const struct pdf_cmap_range *r;
	size_t low = 0, high = m->count;
	uint32_t unit;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->ranges[mid].low <= code)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || m->ranges[low - 1].high < code)
		return 0;
	r = &m->ranges[low - 1];
	memcpy(dst, r->to, r->len);
	if (r->len == 1) { /* a careless maker's Latin-1 */
		dst[1] = (uint8_t)(dst[0] + (code - r->low));
		dst[0] = 0;
		return 2;
	}
	unit = (uint32_t)dst[r->len - 2] << 8 | dst[r->len - 1];
	unit += code - r->low;
	dst[r->len - 2] = (uint8_t)(unit >> 8);
	dst[r->len - 1] = (uint8_t)unit;
	return r->len / 2 * 2;
}

size_t
pdf_cmap_code(const struct pdf_cmap *m, struct span s)
{
	uint32_t v = 0;

	for (size_t n = 1; n <= 4 && n <= s.len; n++) {
		v = v << 8 | s.ptr[n - 1];
		for (size_t i = 0; i < m->code_count; i++)
			if (m->codes[i].bytes == n && v >= m->codes[i].low &&
			    v <= m->codes[i].high)
				return n;
	}
	return 0;
}
