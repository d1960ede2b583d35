#include "extract/charset_pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/utf.h"
#include "extract/job.h"
#include "extract/mail/chars.h"

#define LEADS   126 /* 81 to fe */
#define TRAILS  192 /* 40 to ff */
#define NO_CHAR 0xfffd
#define ESC     0x1b
#define ESCAPE  3 /* bytes of an escape of ISO-2022-JP */
#define NO_RANGE                                                               \
	{                                                                      \
		1, 0                                                           \
	}

/* Bytes as ranges: of a lead, of a trail, of a character by itself. */
static const struct layout {
	unsigned codepage; /* as mail/chars.h knows it */
	struct range {
		uint8_t from, to;
	} lead[2], trail[3], single;
} layouts[PAIR__COUNT] = {
    [PAIR_SJIS] = {932,
		   {{0x81, 0x9f}, {0xe0, 0xfc}},
		   {{0x40, 0x7e}, {0x80, 0xfc}, NO_RANGE},
		   {0xa1, 0xdf}},
    [PAIR_EUC_JP] = {51932,
		     {{0xa1, 0xfe}, {0x8e, 0x8e}},
		     {{0xa1, 0xfe}, NO_RANGE, NO_RANGE},
		     NO_RANGE},
    [PAIR_GBK] = {936,
		  {{0x81, 0xfe}, NO_RANGE},
		  {{0x40, 0x7e}, {0x80, 0xfe}, NO_RANGE},
		  NO_RANGE},
    [PAIR_BIG5] = {950,
		   {{0x81, 0xfe}, NO_RANGE},
		   {{0x40, 0x7e}, {0xa1, 0xfe}, NO_RANGE},
		   NO_RANGE},
    [PAIR_EUC_KR] = {949,
		     {{0x81, 0xfe}, NO_RANGE},
		     {{0x41, 0x5a}, {0x61, 0x7a}, {0x81, 0xfe}},
		     NO_RANGE},
    [PAIR_JIS] = {51932,
		  {{0xa1, 0xfe}, NO_RANGE},
		  {{0xa1, 0xfe}, NO_RANGE, NO_RANGE},
		  NO_RANGE},
};

const struct charset charset_jis = {.name = "iso-2022-jp", .pair = PAIR_JIS};

static bool
within(const struct range *r, size_t n, uint8_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].from && c <= r[i].to)
			return true;
	return false;
}

size_t
pair_bytes(enum charset_pair kind, const uint8_t *p, size_t n)
{
	const struct layout *l = &layouts[kind];

	if (n == 0)
		return 0;
	if (p[0] < 0x80 || within(&l->single, 1, p[0]))
		return 1;
	return n >= 2 && within(l->lead, 2, p[0]) && within(l->trail, 3, p[1])
		   ? 2
		   : 0;
}

/* ---- table -----------------------------------------------------------------
 */

static uint16_t
convert(struct chars_page *page, uint8_t lead, uint8_t trail)
{
	const uint8_t bytes[2] = {lead, trail};
	struct span in = span_of(bytes, 2);
	uint8_t utf8[16];
	uint32_t cp;
	size_t n = chars_put(page, &in, true, utf8, sizeof(utf8));

	/* two characters are none that we know */
	if (utf_decode(span_of(utf8, n), &cp) != n || cp > 0xffff)
		return NO_CHAR;
	return (uint16_t)cp;
}

static uint16_t *
make_table(struct chars_page *page, const struct layout *l)
{
	uint16_t *t = malloc(LEADS * TRAILS * sizeof(*t));

	if (t == NULL || !chars_begin(page)) {
		free(t);
		return NULL;
	}
	for (unsigned lead = 0; lead < LEADS; lead++)
		for (unsigned trail = 0; trail < TRAILS; trail++) {
			uint8_t a = (uint8_t)(lead + 0x81);
			uint8_t b = (uint8_t)(trail + 0x40);
			bool pair =
			    within(l->lead, 2, a) && within(l->trail, 3, b);

			t[lead * TRAILS + trail] =
			    pair ? convert(page, a, b) : NO_CHAR;
		}
	chars_end(page);
	return t;
}

const uint16_t *
pair_table(struct extractor *x, enum charset_pair kind)
{
	struct chars_page *page;

	must(kind > PAIR_NONE && kind < PAIR__COUNT);
	if (x->pairs[kind] != NULL)
		return x->pairs[kind];
	page = chars_codepage(chars_of(x), layouts[kind].codepage);
	if (page != NULL)
		x->pairs[kind] = make_table(page, &layouts[kind]);
	return x->pairs[kind];
}

/* ---- text ------------------------------------------------------------------
 */

static uint32_t
of_pair(const struct pair_text *t, uint8_t lead, uint8_t trail)
{
	return t->table[(lead - 0x81) * TRAILS + (trail - 0x40)];
}

/* An escape, or a pair of seven bits behind one. */
static size_t
jis_next(struct pair_text *t, const uint8_t *p, size_t n, bool end, uint32_t *c)
{
	*c = p[0] < 0x80 ? p[0] : NO_CHAR;
	if (p[0] == ESC && n < ESCAPE)
		return end ? 1 : 0;
	if (p[0] == ESC && (p[1] == '$' || p[1] == '(')) {
		t->pairs = p[1] == '$' && (p[2] == 'B' || p[2] == '@');
		return ESCAPE;
	}
	if (p[0] <= ' ' || p[0] >= 0x7f) {
		t->pairs = t->pairs && p[0] != '\n' && p[0] < 0x80;
		return 1;
	}
	if (!t->pairs)
		return 1;
	if (n < 2)
		return end ? 1 : 0;
	if (p[1] <= ' ' || p[1] >= 0x7f)
		return 1;
	*c = of_pair(t, p[0] | 0x80, p[1] | 0x80);
	return 2;
}

size_t
pair_next(struct pair_text *t, const uint8_t *p, size_t n, bool end,
	  uint32_t *c)
{
	if (t->kind == PAIR_JIS)
		return jis_next(t, p, n, end, c);
	*c = p[0];
	if (p[0] < 0x80)
		return 1;
	*c = NO_CHAR;
	if (within(&layouts[t->kind].single, 1, p[0])) {
		*c = 0xff61 + (uint32_t)(p[0] - 0xa1); /* half-width kana */
		return 1;
	}
	if (n < 2 && !end)
		return 0;
	if (pair_bytes(t->kind, p, n) != 2)
		return 1;
	*c = of_pair(t, p[0], p[1]);
	return 2;
}
