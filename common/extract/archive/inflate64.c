#include "extract/archive/inflate64.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW    65536u
#define LONGEST   15 /* bits of a code */
#define FAST      9  /* bits that are looked up at once */
#define LITERALS  288
#define DISTANCES 32

/* A canonical Huffman code. */
struct code {
	uint16_t count[LONGEST + 1]; /* codes of each length */
	uint16_t symbol[LITERALS];   /* in the order of their codes */
	uint16_t fast[1u << FAST];   /* symbol << 4 | length; 0: longer */
};

enum state { BETWEEN, STORED, CODED, ENDED };

struct inflate64 {
	struct part *from;
	uint64_t left;  /* bytes of input that may still be taken */
	struct span in; /* of the part, from `used` on not taken */
	size_t used;
	uint64_t bits;
	unsigned have; /* bits in `bits` */
	enum state state;
	bool last;                 /* this block is the last */
	enum status st;            /* why no more comes */
	uint32_t stored;           /* bytes of a stored block */
	uint32_t length, distance; /* of a copy that goes on */
	uint32_t at;               /* in the window */
	uint64_t out;
	struct code literals, distances;
	uint8_t window[WINDOW];
};

static const struct {
	uint16_t base;
	uint8_t extra;
} lengths[] = {
    {3, 0},   {4, 0},   {5, 0},   {6, 0},   {7, 0},  {8, 0},  {9, 0},  {10, 0},
    {11, 1},  {13, 1},  {15, 1},  {17, 1},  {19, 2}, {23, 2}, {27, 2}, {31, 2},
    {35, 3},  {43, 3},  {51, 3},  {59, 3},  {67, 4}, {83, 4}, {99, 4}, {115, 4},
    {131, 5}, {163, 5}, {195, 5}, {227, 5}, {3, 16},
};

struct inflate64 *
inflate64_new(void)
{
	return calloc(1, sizeof(struct inflate64));
}

void
inflate64_free(struct inflate64 *f)
{
	if (f == NULL)
		return;
	explicit_bzero(f, sizeof(*f));
	free(f);
}

void
inflate64_start(struct inflate64 *f, struct part *from, uint64_t limit)
{
	memset(f, 0, offsetof(struct inflate64, literals));
	f->from = from;
	f->left = limit;
}

/* ---- bits ------------------------------------------------------------------
 */

/* At least n bits where input has them; the rest is zeros, and counted. */
static void
fill(struct inflate64 *f, unsigned n)
{
	while (f->have < n) {
		if (f->used == f->in.len) {
			part_consume(f->from, f->used);
			f->in = part_ahead(f->from);
			f->used = 0;
		}
		if (f->used == f->in.len || f->left == 0)
			return;
		f->bits |= (uint64_t)f->in.ptr[f->used++] << f->have;
		f->have += 8;
		f->left--;
	}
}

static void
drop(struct inflate64 *f, unsigned n)
{
	if (n > f->have) {
		f->st = ST_CLOSED;
		return;
	}
	f->bits >>= n;
	f->have -= n;
}

static uint32_t
take(struct inflate64 *f, unsigned n)
{
	uint32_t v;

	fill(f, n);
	v = (uint32_t)(f->bits & ((UINT64_C(1) << n) - 1));
	drop(f, n);
	return v;
}

/* What was read ahead belongs to what follows the stream. */
static void
give_back(struct inflate64 *f)
{
	size_t spare = f->have / 8;

	part_consume(f->from, f->used);
	part_unread(f->from, spare);
	f->left += spare;
	f->in = span_of(NULL, 0);
	f->used = 0;
	f->have = 0;
	f->bits = 0;
}

/* ---- codes -----------------------------------------------------------------
 */

static void
make_fast(struct code *c)
{
	unsigned code = 0, index = 0;

	memset(c->fast, 0, sizeof(c->fast));
	for (unsigned len = 1; len <= FAST; len++, code <<= 1)
		for (unsigned k = 0; k < c->count[len]; k++, code++) {
			unsigned back = 0;

			for (unsigned b = 0; b < len; b++)
				back |= (code >> b & 1) << (len - 1 - b);
			for (; back < 1u << FAST; back += 1u << len)
				c->fast[back] =
				    (uint16_t)((unsigned)c->symbol[index] << 4 |
					       len);
			index++;
		}
}

/* False: more codes than fit. Fewer are allowed, they decode to damage. */
static bool
make_code(struct code *c, const uint8_t *len, unsigned n)
{
	uint16_t offset[LONGEST + 1] = {0};
	int left = 1;

	memset(c->count, 0, sizeof(c->count));
	for (unsigned i = 0; i < n; i++)
		c->count[len[i]]++;
	c->count[0] = 0;
	for (unsigned i = 1; i <= LONGEST; i++) {
		left = 2 * left - c->count[i];
		if (left < 0)
			return false;
	}
	for (unsigned i = 1; i < LONGEST; i++)
		offset[i + 1] = (uint16_t)(offset[i] + c->count[i]);
	for (unsigned i = 0; i < n; i++)
		if (len[i] != 0)
			c->symbol[offset[len[i]]++] = (uint16_t)i;
	make_fast(c);
	return true;
}

/* The next symbol; f->st tells when there is none. */
static unsigned
decode(struct inflate64 *f, const struct code *c)
{
	int code = 0, first = 0, index = 0;
	unsigned quick;

	fill(f, LONGEST);
	quick = c->fast[f->bits & ((1u << FAST) - 1)];
	if (quick != 0) {
		drop(f, quick & 15);
		return quick >> 4;
	}
	for (unsigned len = 1; len <= LONGEST; len++) {
		code |= (int)(f->bits >> (len - 1) & 1);
		if (code - c->count[len] < first) {
			drop(f, len);
			return c->symbol[index + (code - first)];
		}
		index += c->count[len];
		first = (first + c->count[len]) << 1;
		code <<= 1;
	}
	f->st = f->have < LONGEST ? ST_CLOSED : ST_MALFORMED;
	return 0;
}

static void
fixed_codes(struct inflate64 *f)
{
	uint8_t len[LITERALS];

	memset(len, 8, 144);
	memset(len + 144, 9, 112);
	memset(len + 256, 7, 24);
	memset(len + 280, 8, 8);
	(void)make_code(&f->literals, len, LITERALS);
	memset(len, 5, DISTANCES);
	(void)make_code(&f->distances, len, DISTANCES);
}

/* The lengths of n codes, themselves coded. */
static void
read_lengths(struct inflate64 *f, uint8_t *len, unsigned n)
{
	unsigned i = 0;

	while (i < n && f->st == ST_OK) {
		unsigned symbol = decode(f, &f->literals), repeat;
		uint8_t value = 0;

		if (symbol < 16) {
			len[i++] = (uint8_t)symbol;
			continue;
		}
		if (symbol == 16) {
			if (i == 0) {
				f->st = ST_MALFORMED;
				return;
			}
			value = len[i - 1];
			repeat = 3 + take(f, 2);
		} else {
			repeat =
			    symbol == 17 ? 3 + take(f, 3) : 11 + take(f, 7);
		}
		if (repeat > n - i) {
			f->st = ST_MALFORMED;
			return;
		}
		memset(len + i, value, repeat);
		i += repeat;
	}
}

static void
dynamic_codes(struct inflate64 *f)
{
	static const uint8_t order[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					11, 4,  12, 3, 13, 2, 14, 1, 15};
	uint8_t len[LITERALS + DISTANCES] = {0};
	unsigned literals = take(f, 5) + 257, distances = take(f, 5) + 1;
	unsigned n = take(f, 4) + 4;

	for (unsigned i = 0; i < n; i++)
		len[order[i]] = (uint8_t)take(f, 3);
	if (f->st == ST_OK &&
	    (literals > 286 || !make_code(&f->literals, len, 19)))
		f->st = ST_MALFORMED;
	memset(len, 0, sizeof(len));
	read_lengths(f, len, literals + distances);
	if (f->st == ST_OK &&
	    (!make_code(&f->literals, len, literals) ||
	     !make_code(&f->distances, len + literals, distances)))
		f->st = ST_MALFORMED;
}

/* ---- blocks ----------------------------------------------------------------
 */

static void
begin_block(struct inflate64 *f)
{
	uint32_t size;

	if (f->last) {
		f->state = ENDED;
		give_back(f);
		return;
	}
	f->last = take(f, 1) != 0;
	switch (take(f, 2)) {
	case 0:
		drop(f, f->have % 8);
		size = take(f, 16);
		if (f->st == ST_OK && (take(f, 16) ^ 0xffff) != size)
			f->st = f->st == ST_OK ? ST_MALFORMED : f->st;
		f->stored = size;
		f->state = STORED;
		break;
	case 1:
		fixed_codes(f);
		f->state = CODED;
		break;
	case 2:
		dynamic_codes(f);
		f->state = CODED;
		break;
	default:
		f->st = f->st == ST_OK ? ST_MALFORMED : f->st;
	}
}

static void
put(struct inflate64 *f, uint8_t *dst, size_t *got, uint8_t c)
{
	f->window[f->at++ % WINDOW] = c;
	f->at %= WINDOW;
	f->out++;
	dst[(*got)++] = c;
}

static void
begin_copy(struct inflate64 *f, unsigned symbol)
{
	unsigned d;

	if (symbol >= sizeof(lengths) / sizeof(lengths[0])) {
		f->st = ST_MALFORMED;
		return;
	}
	f->length = lengths[symbol].base + take(f, lengths[symbol].extra);
	d = decode(f, &f->distances);
	if (d < 4) {
		f->distance = d + 1;
	} else {
		unsigned extra = d / 2 - 1;

		f->distance = ((2 + (d & 1)) << extra) + 1 + take(f, extra);
	}
	if (f->st == ST_OK && f->distance > f->out)
		f->st = ST_MALFORMED;
}

static void
coded(struct inflate64 *f, uint8_t *dst, size_t *got)
{
	unsigned symbol = decode(f, &f->literals);

	if (f->st != ST_OK)
		return;
	if (symbol < 256)
		put(f, dst, got, (uint8_t)symbol);
	else if (symbol == 256)
		f->state = BETWEEN;
	else
		begin_copy(f, symbol - 257);
}

static void
stored(struct inflate64 *f, uint8_t *dst, size_t *got)
{
	uint32_t c;

	if (f->stored == 0) {
		f->state = BETWEEN;
		return;
	}
	c = take(f, 8);
	if (f->st != ST_OK)
		return;
	f->stored--;
	put(f, dst, got, (uint8_t)c);
}

enum status
inflate64_read(struct inflate64 *f, void *dst, size_t n, size_t *got)
{
	*got = 0;
	while (*got < n && f->st == ST_OK && f->state != ENDED) {
		if (f->length > 0) {
			f->length--;
			put(f, dst, got,
			    f->window[(f->at - f->distance) % WINDOW]);
		} else if (f->state == BETWEEN) {
			begin_block(f);
		} else if (f->state == STORED) {
			stored(f, dst, got);
		} else {
			coded(f, dst, got);
		}
	}
	if (f->st != ST_OK && f->from != NULL) {
		part_consume(f->from, f->used);
		f->in = span_of(NULL, 0);
		f->used = 0;
	}
	return f->st;
}
