#include "extract/pdf/predict.h"

#include <stdlib.h>
#include <string.h>

static int
paeth(int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);

	if (pa <= pb && pa <= pc)
		return a;
	return pb <= pc ? b : c;
}

/* One row of n bytes; above is the row before it, or zeros. */
static void
png_row(uint8_t *row, const uint8_t *above, size_t n, size_t step, unsigned how)
{
	for (size_t i = 0; i < n; i++) {
		int a = i >= step ? row[i - step] : 0;
		int b = above != NULL ? above[i] : 0;
		int c = above != NULL && i >= step ? above[i - step] : 0;
		int add = how == 1   ? a
			  : how == 2 ? b
			  : how == 3 ? (a + b) / 2
			  : how == 4 ? paeth(a, b, c)
				     : 0;

		row[i] = (uint8_t)(row[i] + add);
	}
}

static void
png(struct buf *to, size_t from, size_t row, size_t step)
{
	uint8_t *at = to->data + from, *out = at, *above = NULL;
	size_t left = to->len - from;

	while (left > 1) {
		size_t n = left - 1 < row ? left - 1 : row;
		unsigned how = at[0];

		memmove(out, at + 1, n);
		png_row(out, n == row ? above : NULL, n, step, how);
		above = out;
		at += n + 1;
		out += n;
		left -= n + 1;
	}
	to->len = (size_t)(out - to->data);
}

static void
tiff(struct buf *to, size_t from, size_t row, size_t step)
{
	for (size_t at = from; at < to->len; at += row)
		for (size_t i = at + step; i < at + row && i < to->len; i++)
			to->data[i] =
			    (uint8_t)(to->data[i] + to->data[i - step]);
}

void
pdf_unpredict(struct buf *to, size_t from, const struct pdf_predict *how)
{
	uint64_t bits = (uint64_t)how->colors * how->bits;
	uint64_t row = (bits * how->columns + 7) / 8;
	size_t step = (size_t)(bits + 7) / 8;

	if (bits == 0 || how->colors > 256 || how->bits > 32 || row == 0 ||
	    row > to->len - from)
		return;
	if (how->kind >= 10)
		png(to, from, (size_t)row, step);
	else if (how->kind == 2 && how->bits == 8)
		tiff(to, from, (size_t)row, step);
}
