#include "extract/charset.h"

#include "extract/charset_pair.h"

/* Quarters of a bit, as in charset_page.c. */
#define EVIDENCE  512 /* high bytes are enough */
#define NO_CHAR   56
#define OTHER     48 /* a letter that the language does not have */
#define SIGN      44
#define MARK      28
#define RARE_PAIR 60
#define NO_PAIR   80
#define HALF_KANA 40
#define SAID      64 /* what a document says of itself is worth so much */

/* What is odd beside what. */
#define BY_DIGIT   40 /* a letter */
#define TWO_SCRIPT 40 /* letters of two in a word */
#define NO_WORD    12 /* a letter of a Latin page by itself */
#define CAPITAL    24 /* behind a small letter */
#define SMALL      16 /* between capitals */
#define SIGN_IN    24 /* a word */
#define MARK_IN    16

struct evidence {
	struct span text;
	size_t at[EVIDENCE]; /* of high bytes */
	size_t n, end;       /* end: of the text they stand in */
	unsigned count[256];
};

static void
gather(struct span text, struct evidence *e)
{
	*e = (struct evidence){.text = text, .end = text.len};
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < 0x80)
			continue;
		if (e->n == EVIDENCE) {
			e->end = i;
			break;
		}
		e->at[e->n++] = i;
		e->count[text.ptr[i]]++;
	}
}

/* As in charset.kinds; d digit, blank for all the rest. */
static char
ascii_kind(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return 'd';
	if ((uint8_t)((c | 0x20) - 'a') >= 26)
		return ' ';
	return c >= 'a' ? 'l' : 'u';
}

static bool
is_letter(char kind)
{
	return kind == 'l' || kind == 'u' || kind == 'o';
}

/* A letter beside these. */
static unsigned
odd_letter(const struct charset *c, char kind, char before, char behind,
	   bool ascii)
{
	bool in_word = is_letter(before) || is_letter(behind);
	unsigned odd = 0;

	if (c->own_script && ascii && in_word)
		odd += TWO_SCRIPT;
	if (!c->own_script && !in_word)
		odd += NO_WORD;
	if (kind == 'u' && before == 'l')
		odd += CAPITAL;
	if (kind == 'l' && before == 'u' && behind == 'u')
		odd += SMALL;
	if (before == 'd' || behind == 'd')
		odd += BY_DIGIT;
	return odd;
}

static unsigned
odd_sign(const struct charset *c, uint8_t byte, char kind)
{
	if (kind == 's')
		return SIGN_IN;
	/* an apostrophe stands within words */
	return charset_char(c, byte) == 0x2019 ? 0 : MARK_IN;
}

/* What stands beside each other, whatever the language. */
static unsigned
neighbours(const struct charset *c, const struct evidence *e)
{
	const uint8_t *p = e->text.ptr;
	char kinds[256];
	unsigned odd = 0;

	for (unsigned i = 0; i < 128; i++) {
		kinds[i] = ascii_kind((uint8_t)i);
		kinds[128 + i] = c->kinds[i];
	}
	for (size_t i = 0; i < e->n; i++) {
		size_t at = e->at[i];
		uint8_t b = at > 0 ? p[at - 1] : ' ';
		uint8_t f = at + 1 < e->text.len ? p[at + 1] : ' ';
		char kind = kinds[p[at]];
		bool ascii = (b < 0x80 && is_letter(kinds[b])) ||
			     (f < 0x80 && is_letter(kinds[f]));

		if (is_letter(kind))
			odd += odd_letter(c, kind, kinds[b], kinds[f], ascii);
		else if (is_letter(kinds[b]) && is_letter(kinds[f]))
			odd += odd_sign(c, p[at], kind);
	}
	return odd;
}

/* Of a code among ascending ones; `none` when it is not there. */
static unsigned
bits_of(const struct charset_language *l, uint16_t code, unsigned none)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->letters[mid].code == code)
			return l->letters[mid].bits;
		if (l->letters[mid].code < code)
			low = mid + 1;
		else
			high = mid;
	}
	return none;
}

static unsigned
letters(const struct charset *c, const struct charset_language *l,
	const struct evidence *e)
{
	unsigned all = 0;

	for (unsigned i = 0; i < 128; i++) {
		unsigned n = e->count[128 + i];

		if (n == 0)
			continue;
		if (is_letter(c->kinds[i]))
			n *= bits_of(l, c->chars[i], OTHER);
		else
			n *= c->kinds[i] == 'p'   ? MARK
			     : c->kinds[i] == 's' ? SIGN
						  : NO_CHAR;
		all += n;
	}
	return all;
}

static unsigned
score_page(const struct charset *c, const struct evidence *e)
{
	unsigned least = UINT32_MAX;

	for (const struct charset_language *l = c->langs; l->n > 0; l++) {
		unsigned n = letters(c, l, e);

		least = n < least ? n : least;
	}
	return least + neighbours(c, e) + c->prior;
}

static unsigned
score_pairs(const struct charset *c, const struct evidence *e)
{
	size_t at = e->n > 0 ? e->at[0] : 0;
	unsigned all = 0;

	while (at < e->end) {
		const uint8_t *p = e->text.ptr + at;
		size_t n = pair_bytes(c->pair, p, e->text.len - at);

		if (p[0] < 0x80) {
			at++;
			continue;
		}
		if (n == 2)
			all += bits_of(&c->often, (uint16_t)(p[0] << 8 | p[1]),
				       RARE_PAIR);
		else
			all += n == 1 ? HALF_KANA : NO_PAIR;
		at += n > 0 ? n : 1;
	}
	return all;
}

struct choice {
	const struct charset *best, *said;
	unsigned least;
};

static void
consider(struct choice *h, const struct charset *c, unsigned score)
{
	if (c == h->said)
		score = score > SAID ? score - SAID : 0;
	if (score < h->least) {
		h->least = score;
		h->best = c;
	}
}

const struct charset *
charset_best(struct span text, const struct charset *said)
{
	struct choice h = {&charsets[0], said, UINT32_MAX};
	struct evidence e;

	gather(text, &e);
	for (size_t i = 0; i < charset_count; i++)
		consider(&h, &charsets[i], score_page(&charsets[i], &e));
	for (size_t i = 0; i < CHARSET_PAIRS; i++)
		consider(&h, &charset_pairs[i],
			 score_pairs(&charset_pairs[i], &e));
	return h.best;
}
