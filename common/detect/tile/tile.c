#include "detect/tile/tile.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "detect/id/shape.h"
#include "detect/tile/impl.h"

#define CLASS_DIGIT 1U
#define CLASS_LOWER 2U
#define CLASS_UPPER 4U
#define CLASS_AT    8U
#define CLASS_OPEN  16U
#define CLASS_ESC   32U
#define CLASS_COLON 64U
#define CLASS_HIGH  128U

static unsigned
class_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return CLASS_DIGIT;
	if (c >= 'A' && c <= 'Z')
		return CLASS_UPPER;
	if (c >= 'a' && c <= 'z')
		return CLASS_LOWER;
	if (c == '\\' || c == '%')
		return CLASS_ESC;
	if (c >= 0x80)
		return CLASS_HIGH;
	if (c == '@')
		return CLASS_AT;
	if (c == ':')
		return CLASS_COLON;
	return c == '+' || c == '(' ? CLASS_OPEN : 0;
}

void
tile_scalar(const uint8_t *p, size_t words, struct tile_masks *m, size_t first)
{
	for (size_t w = 0; w < words; w++) {
		uint64_t d = 0, l = 0, u = 0, a = 0, o = 0, e = 0, n = 0;
		uint64_t j = 0, h = 0, z = 0, s = 0, r = 0;

		for (unsigned b = 0; b < 64; b++) {
			uint64_t c = class_of(p[w * 64 + b]);

			d |= (c & 1) << b;
			l |= (c >> 1 & 1) << b;
			u |= (c >> 2 & 1) << b;
			a |= (c >> 3 & 1) << b;
			o |= (c >> 4 & 1) << b;
			e |= (c >> 5 & 1) << b;
			n |= (c >> 6 & 1) << b;
			h |= (c >> 7) << b;
			z |= (uint64_t)(p[w * 64 + b] == '0') << b;
			s |= (uint64_t)(p[w * 64 + b] == '.') << b;
			r |= (uint64_t)(p[w * 64 + b] == ')') << b;
			j |= (uint64_t)(shape_sep(p[w * 64 + b]) != 0) << b;
		}
		m->digit[first + w] = d;
		m->upper[first + w] = u;
		m->lower[first + w] = l;
		m->word[first + w] = d | u | l;
		m->sep[first + w] = j;
		m->escape[first + w] = e;
		m->at[first + w] = a;
		m->open[first + w] = o;
		m->close[first + w] = r;
		m->colon[first + w] = n;
		m->high[first + w] = h;
		m->zero[first + w] = z;
		m->dot[first + w] = s;
	}
}

static const char *const level_names[] = {"scalar", "sse2", "avx2", "avx512"};

const char *
tile_level_name(enum tile_level level)
{
	return level_names[level];
}

static enum tile_level
level_of_machine(void)
{
#if defined(__x86_64__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512bw"))
		return TILE_AVX512;
	if (__builtin_cpu_supports("avx2"))
		return TILE_AVX2;
	return TILE_SSE2;
#else
	return TILE_SCALAR;
#endif
}

enum tile_level
tile_level_best(void)
{
	enum tile_level best = level_of_machine();
	const char *want = getenv("TRAWL_SIMD"); /* NOLINT: read at start */

	if (want == NULL)
		return best;
	for (unsigned i = 0; i < (unsigned)best; i++)
		if (strcmp(want, level_names[i]) == 0)
			return (enum tile_level)i;
	return best;
}

static tile_fn *
function_of(enum tile_level level)
{
#if defined(__x86_64__)
	switch (level) {
	case TILE_AVX512:
		return tile_avx512;
	case TILE_AVX2:
		return tile_avx2;
	case TILE_SSE2:
		return tile_sse2;
	case TILE_SCALAR:
	default:
		return tile_scalar;
	}
#else
	(void)level;
	return tile_scalar;
#endif
}

/* A word that reaches over an end of the text. */
static void
edge_word(tile_fn *classify, struct span text, size_t at, struct tile_masks *m,
	  size_t w)
{
	uint8_t pad[64] = {0};
	/* the word begins 64 bytes before at; what is before 0 stays zero */
	size_t begin = at + w * 64, skip = begin < 64 ? 64 - begin : 0;
	size_t from = begin < 64 ? 0 : begin - 64;

	if (skip < 64 && from < text.len) {
		size_t n = text.len - from;

		memcpy(pad + skip, text.ptr + from,
		       n < 64 - skip ? n : 64 - skip);
	}
	classify(pad, 1, m, w);
}

/* A word without a byte of the text. */
static void
clear_word(struct tile_masks *m, size_t w)
{
	m->digit[w] = m->upper[w] = m->lower[w] = m->word[w] = 0;
	m->at[w] = m->open[w] = m->close[w] = m->escape[w] = 0;
	m->high[w] = m->zero[w] = m->dot[w] = m->sep[w] = 0;
	m->colon[w] = 0;
}

void
tile_masks(enum tile_level level, struct span text, size_t at, size_t words,
	   struct tile_masks *m)
{
	tile_fn *classify = function_of(level);
	size_t w = 0, whole = 0;

	must(words <= TILE_WORDS && at <= text.len);
	if (at == 0)
		clear_word(m, w++);
	else if (at < 64)
		edge_word(classify, text, at, m, w++);
	whole = (text.len + 64 - at - w * 64) / 64;
	if (whole > words - w)
		whole = words - w;
	if (whole > 0)
		classify(text.ptr + (at + w * 64 - 64), whole, m, w);
	w += whole;
	if (w < words && at + w * 64 - 64 < text.len)
		edge_word(classify, text, at, m, w++);
	for (; w < words; w++)
		clear_word(m, w);
}

static void
words_scalar(const uint8_t *p, struct tile_words *out)
{
	*out = (struct tile_words){0};
	for (unsigned b = 0; b < 64; b++) {
		uint64_t l = (uint8_t)((p[b] | 32) - 'a') < 26 || p[b] >= 0x80;

		out->letters |= l << b;
		out->small |= (uint64_t)(p[b] >= 'a' && p[b] <= 'z') << b;
		out->upper |= (uint64_t)(p[b] >= 'A' && p[b] <= 'Z') << b;
		out->lines |= (uint64_t)(p[b] == '\n' || p[b] == '\r') << b;
		out->joins |=
		    (uint64_t)((p[b] >= '0' && p[b] <= '9') || p[b] == '_' ||
			       p[b] == '-' || p[b] == '.' || p[b] == ' ')
		    << b;
	}
}

static void
words_whole(enum tile_level level, const uint8_t *p, struct tile_words *out)
{
#if defined(__x86_64__)
	switch (level) {
	case TILE_AVX512:
		tile_words_avx512(p, out);
		return;
	case TILE_AVX2:
		tile_words_avx2(p, out);
		return;
	case TILE_SSE2:
		tile_words_sse2(p, out);
		return;
	case TILE_SCALAR:
	default:
		break;
	}
#else
	(void)level;
#endif
	words_scalar(p, out);
}

void
tile_words(enum tile_level level, struct span text, size_t room,
	   struct tile_words *out)
{
	const uint8_t *p = text.ptr;
	size_t n = text.len;
	uint8_t pad[64] = {0};
	uint64_t of_n = n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;

	must(n <= sizeof(pad));
	if (room >= sizeof(pad)) {
		words_whole(level, p, out);
	} else {
		if (n > 0)
			memcpy(pad, p, n);
		words_whole(level, pad, out);
	}
	out->small &= of_n;
	out->letters &= of_n;
	out->upper &= of_n;
	out->lines &= of_n;
	out->joins &= of_n;
}
