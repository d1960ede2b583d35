#include "extract/pdf/filter.h"

#include <stdlib.h>
#include <string.h>

#include "extract/archive/inflate.h"
#include "extract/pdf/predict.h"
#include "extract/pdf/syntax.h"

#define PIECE (64 * 1024)

static enum pdf_filtered
of_status(enum status st)
{
	return st == ST_OK ? PDF_FILTER_DONE : PDF_FILTER_FULL;
}

/* ---- deflate
 * -----------------------------------------------------------------
 */

/* Without a header of zlib it is tried as it stands. */
static size_t
zlib_header(struct span in)
{
	return in.len >= 2 && (in.ptr[0] & 0x0f) == 8 &&
		       (in.ptr[0] * 256 + in.ptr[1]) % 31 == 0
		   ? 2
		   : 0;
}

/* As much as most streams of pages have: what is reserved is wiped, too. */
static size_t
first_piece(struct span in)
{
	return in.len < PIECE / 8 ? 6 * in.len + 512 : PIECE;
}

static enum pdf_filtered
inflate(struct extractor *x, struct span in, struct buf *to)
{
	struct inflater *f = job_inflater(x);
	enum status st = f == NULL ? ST_NOMEM : ST_OK;
	size_t ask = first_piece(in), got = ask;
	struct part p;

	if (f == NULL)
		return PDF_FILTER_FULL;
	part_memory(&p, span_skip(in, zlib_header(in)));
	inflater_start(f, &p, UINT64_MAX);
	while (st == ST_OK && got == ask) {
		if (PIECE > to->cap - to->len || buf_reserve(to, ask) != ST_OK)
			return PDF_FILTER_FULL;
		if (to->room - to->len < PIECE)
			ask = to->room - to->len;
		else
			ask = PIECE;
		st = inflater_read(f, to->data + to->len, ask, &got);
		to->len += got;
		if (!job_spend(x, got) || !job_in_time(x))
			return PDF_FILTER_FULL;
	}
	return st == ST_OK ? PDF_FILTER_DONE : PDF_FILTER_DAMAGED;
}

/* ---- LZW
 * ---------------------------------------------------------------------
 */

#define LZW_CODES 4096
#define LZW_CLEAR 256
#define LZW_END   257

struct lzw {
	uint16_t before[LZW_CODES]; /* the code without its last byte */
	uint8_t last[LZW_CODES];
	uint16_t length[LZW_CODES];
	unsigned next, width, old;
	uint8_t first; /* byte of the string of `old` */
};

static void
lzw_clear(struct lzw *z)
{
	for (unsigned i = 0; i < 256; i++) {
		z->last[i] = (uint8_t)i;
		z->length[i] = 1;
	}
	z->next = 258;
	z->width = 9;
	z->old = LZW_CLEAR;
}

static enum status
lzw_put(struct lzw *z, unsigned code, struct buf *to)
{
	size_t n = z->length[code];
	enum status st = buf_reserve(to, n);
	unsigned c = code;

	if (st != ST_OK)
		return st;
	for (size_t i = n; i > 0; i--) {
		to->data[to->len + i - 1] = z->last[c];
		c = z->before[c];
	}
	z->first = to->data[to->len];
	to->len += n;
	return ST_OK;
}

static void
lzw_learn(struct lzw *z, uint8_t c, bool late)
{
	if (z->old != LZW_CLEAR && z->next < LZW_CODES) {
		z->before[z->next] = (uint16_t)z->old;
		z->last[z->next] = c;
		z->length[z->next] = (uint16_t)(z->length[z->old] + 1);
		z->next++;
	}
	while (z->width < 12 && z->next + !late >= 1u << z->width)
		z->width++;
}

static enum pdf_filtered
lzw_code(struct lzw *z, unsigned code, bool late, struct buf *to)
{
	enum status st;

	if (code < z->next) {
		st = lzw_put(z, code, to);
		lzw_learn(z, z->first, late);
	} else if (code == z->next && z->old != LZW_CLEAR && code < LZW_CODES) {
		lzw_learn(z, z->first, late);
		st = lzw_put(z, code, to);
	} else {
		return PDF_FILTER_DAMAGED;
	}
	z->old = code;
	return of_status(st);
}

static enum pdf_filtered
lzw_run(struct extractor *x, struct lzw *z, bool late, struct span in,
	struct buf *to)
{
	enum pdf_filtered r = PDF_FILTER_DONE;
	uint32_t bits = 0, have = 0;
	size_t before = to->len;

	for (size_t i = 0; r == PDF_FILTER_DONE;) {
		unsigned code;

		while (have < z->width && i < in.len) {
			bits = bits << 8 | in.ptr[i++];
			have += 8;
		}
		if (have < z->width)
			return PDF_FILTER_DAMAGED; /* no end was said */
		code = bits >> (have - z->width) & ((1u << z->width) - 1);
		have -= z->width;
		if (code == LZW_END)
			return r;
		if (code == LZW_CLEAR)
			lzw_clear(z);
		else
			r = lzw_code(z, code, late, to);
		if (to->len - before >= PIECE) {
			if (!job_spend(x, to->len - before) || !job_in_time(x))
				return PDF_FILTER_FULL;
			before = to->len;
		}
	}
	return r;
}

static enum pdf_filtered
lzw(struct extractor *x, bool late, struct span in, struct buf *to)
{
	struct lzw *z = calloc(1, sizeof(*z));
	enum pdf_filtered r;

	if (z == NULL)
		return PDF_FILTER_FULL;
	lzw_clear(z);
	r = lzw_run(x, z, late, in, to);
	free(z);
	return r;
}

/* ---- the small ones
 * ------------------------------------------------------------
 */

static enum pdf_filtered
run_length(struct span in, struct buf *to)
{
	for (size_t i = 0; i < in.len;) {
		unsigned n = in.ptr[i++];
		enum status st = ST_OK;

		if (n == 128)
			return PDF_FILTER_DONE;
		if (n < 128) {
			if (n + 1 > in.len - i)
				return PDF_FILTER_DAMAGED;
			st = buf_add(to, in.ptr + i, n + 1);
			i += n + 1;
		} else if (i < in.len) {
			for (unsigned k = 0; k < 257 - n && st == ST_OK; k++)
				st = buf_add_byte(to, in.ptr[i]);
			i++;
		}
		if (st != ST_OK)
			return PDF_FILTER_FULL;
	}
	return PDF_FILTER_DONE;
}

static enum pdf_filtered
ascii_hex(struct span in, struct buf *to)
{
	const uint8_t *end = in.len > 0 ? memchr(in.ptr, '>', in.len) : NULL;
	struct buf hex;
	enum status st;

	if (end != NULL)
		in.len = (size_t)(end - in.ptr);
	buf_init(&hex, in.len + 2);
	st = buf_add_byte(&hex, '<');
	if (st == ST_OK)
		st = buf_add(&hex, in.ptr, in.len);
	if (st == ST_OK)
		st = pdf_string(buf_span(&hex), to);
	buf_fini(&hex);
	return of_status(st);
}

static enum status
put_85(uint32_t v, unsigned bytes, struct buf *to)
{
	enum status st = ST_OK;

	for (unsigned k = 0; k < bytes && st == ST_OK; k++)
		st = buf_add_byte(to, (uint8_t)(v >> (24 - 8 * k)));
	return st;
}

static enum pdf_filtered
ascii_85(struct span in, struct buf *to)
{
	enum status st = ST_OK;
	uint32_t v = 0;
	unsigned n = 0;

	for (size_t i = 0; i < in.len && st == ST_OK && in.ptr[i] != '~'; i++) {
		uint8_t c = in.ptr[i];

		if (c == 'z' && n == 0)
			st = put_85(0, 4, to);
		if (c < '!' || c > 'u')
			continue;
		v = v * 85 + (uint32_t)(c - '!');
		if (++n < 5)
			continue;
		st = put_85(v, 4, to);
		v = n = 0;
	}
	for (unsigned k = n; k > 0 && k < 5; k++)
		v = v * 85 + 84;
	if (n > 1 && st == ST_OK)
		st = put_85(v, n - 1, to);
	return of_status(st);
}

/* ---- which
 * ----------------------------------------------------------------------
 */

enum pdf_filtered
pdf_filter(struct extractor *x, struct span name, const struct pdf_predict *how,
	   struct span in, struct buf *to)
{
	enum pdf_filtered r = PDF_FILTER_UNKNOWN;
	size_t from = to->len;

	if (pdf_is(name, "FlateDecode") || pdf_is(name, "Fl"))
		r = inflate(x, in, to);
	else if (pdf_is(name, "LZWDecode") || pdf_is(name, "LZW"))
		r = lzw(x, how->late, in, to);
	else if (pdf_is(name, "ASCIIHexDecode") || pdf_is(name, "AHx"))
		r = ascii_hex(in, to);
	else if (pdf_is(name, "ASCII85Decode") || pdf_is(name, "A85"))
		r = ascii_85(in, to);
	else if (pdf_is(name, "RunLengthDecode") || pdf_is(name, "RL"))
		r = run_length(in, to);
	else if (pdf_is(name, "Crypt"))
		r = of_status(buf_add(to, in.ptr, in.len));
	if (r != PDF_FILTER_UNKNOWN && how->kind > 1)
		pdf_unpredict(to, from, how);
	return r;
}
