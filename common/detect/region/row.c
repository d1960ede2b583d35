#include "detect/region/row.h"

#include "detect/region/row_impl.h"

static bool
row_byte(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 || (uint8_t)(c - '0') < 10 || c == '<';
}

/* ---- in an expression ---------------------------------------------------- */

/*
 * Least lengths of what every match of a part has of row bytes: at its
 * beginning, at its end, anywhere. All: it is made of nothing else.
 */
struct run {
	bool all;
	uint64_t head, tail, best;
};

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static struct run
run_then(struct run a, struct run b)
{
	struct run r = {.all = a.all && b.all,
			.head = a.all ? a.head + b.head : a.head,
			.tail = b.all ? b.tail + a.tail : b.tail,
			.best = a.tail + b.head};

	if (a.best > r.best)
		r.best = a.best;
	if (b.best > r.best)
		r.best = b.best;
	return r;
}

static struct run
run_or(struct run a, struct run b)
{
	return (struct run){a.all && b.all, least(a.head, b.head),
			    least(a.tail, b.tail), least(a.best, b.best)};
}

static struct run
run_times(struct run a, uint32_t n)
{
	if (n == 0)
		return (struct run){.all = a.all};
	if (a.all)
		a.head = a.tail = a.best = a.best * n;
	return a;
}

static struct run
run_set(const struct class_set *s)
{
	/* 0-9 and <, then A-Z */
	if (((s->bits[0] & ~UINT64_C(0x13ff000000000000)) |
	     (s->bits[1] & ~UINT64_C(0x0000000007fffffe)) | s->bits[2] |
	     s->bits[3]) != 0)
		return (struct run){.all = false};
	return (struct run){true, 1, 1, 1};
}

static struct run
run_of(const struct expr *e, uint16_t n)
{
	const struct expr_node *node = &e->node[n];
	uint16_t c = node->child;
	struct run r = {.all = true};

	switch (node->kind) {
	case EXPR_SET:
		return run_set(&node->set);
	case EXPR_REPEAT:
		return run_times(run_of(e, c), node->min);
	case EXPR_CHOICE:
		r = run_of(e, c);
		while ((c = e->node[c].next) != 0)
			r = run_or(r, run_of(e, c));
		return r;
	case EXPR_SEQUENCE:
		for (; c != 0; c = e->node[c].next)
			r = run_then(r, run_of(e, c));
		return r;
	case EXPR_BOUNDARY:
	default:
		return r;
	}
}

bool
row_takes(const struct expr *e)
{
	return run_of(e, e->root).best >= ROW_MIN;
}

/* ---- in a text ----------------------------------------------------------- */

/* Blocks before the first that has a piece of a row; none without vectors. */
static size_t
blocks_without(enum tile_level level, struct span text, size_t at)
{
#if defined(__x86_64__)
	size_t blocks = (text.len - at) / ROW_BLOCK;

	if (level == TILE_AVX512)
		return row_block_avx512(text.ptr + at, blocks);
	if (level == TILE_AVX2)
		return row_block_avx2(text.ptr + at, blocks);
#else
	(void)level;
	(void)text;
	(void)at;
#endif
	return 0;
}

bool
row_regions(enum tile_level level, struct span text, size_t margin,
	    region_tell *tell, void *arg)
{
	struct region r = {
	    .margin = margin, .len = text.len, .tell = tell, .arg = arg};
	size_t done = 0; /* no row goes on from before it */
	size_t looked = 0;

	while (text.len - done >= ROW_MIN) {
		size_t first, behind;

		if (done >= looked) {
			size_t skip =
			    blocks_without(level, text, done) * ROW_BLOCK;

			looked = done + skip + ROW_BLOCK;
			/* it may begin with less than a piece before */
			done += skip < ROW_PIECE ? 0 : skip - (ROW_PIECE - 1);
			if (text.len - done < ROW_MIN)
				break;
		}
		first = behind = done + ROW_MIN - 1;
		while (behind < text.len && row_byte(text.ptr[behind]))
			behind++;
		/* what begins before the byte that was looked at holds it */
		while (behind > first && first > done &&
		       row_byte(text.ptr[first - 1]))
			first--;
		if (behind - first >= ROW_MIN &&
		    !region_take(&r, first, behind))
			return false;
		done = behind < text.len ? behind + 1 : behind;
	}
	return region_end(&r);
}
