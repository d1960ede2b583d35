#include "detect/decide/mask.h"

#include <string.h>

#include "base/str.h"

#define FIXED_DOTS 8
#define SHOWN_MAX  40 /* characters of a value that are shown one by one */
#define LINE_SHOWN 64

struct out {
	uint8_t *p;
	size_t len;
};

static void
dots(struct out *o, size_t n)
{
	for (size_t i = 0; i < n && o->len + MASK_DOT_LEN <= MASK_ROOM; i++) {
		memcpy(o->p + o->len, MASK_DOT, MASK_DOT_LEN);
		o->len += MASK_DOT_LEN;
	}
}

/* ASCII that can stand on a line; anything else is hidden. */
static void
show(struct out *o, uint8_t c)
{
	if (c < ' ' || c > '~')
		dots(o, 1);
	else if (o->len < MASK_ROOM)
		o->p[o->len++] = c;
}

static bool
alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') || (uint8_t)((c | 32) - 'a') < 26;
}

/* All of them lie between the blank and the solidus. */
#define SIGN(c) (1u << ((c) - ' '))
#define SEPARATORS                                                             \
	(SIGN(' ') | SIGN('-') | SIGN('.') | SIGN('(') | SIGN(')') |           \
	 SIGN('+') | SIGN('/'))

static bool
separates(uint8_t c)
{
	return c >= ' ' && c <= '/' && (SEPARATORS >> (c - ' ') & 1) != 0;
}

static size_t
count_alnum(struct span raw)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.len; i++)
		n += alnum(raw.ptr[i]);
	return n;
}

/* How many of n may be shown at both ends. */
static void
limits(const struct mask_rule *r, size_t n, size_t *first, size_t *last)
{
	size_t most = n > MASK_HIDDEN ? n - MASK_HIDDEN : 0;

	*last = r->last < most ? r->last : most;
	*first = r->first < most - *last ? r->first : most - *last;
}

static const uint8_t hidden[MASK_DOT_LEN] = {0xe2, 0x80, 0xa2};

_Static_assert(SHOWN_MAX *MASK_DOT_LEN <= MASK_ROOM, "each may be a dot");

static void
mask_each(const struct mask_rule *r, struct span raw, struct out *o)
{
	size_t n = count_alnum(raw), seen = 0, first, last;
	uint8_t *p = o->p;

	limits(r, n, &first, &last);
	for (size_t i = 0; i < raw.len && i < SHOWN_MAX; i++) {
		uint8_t c = raw.ptr[i];
		bool counts = alnum(c);

		if (separates(c) ||
		    (counts && (seen < first || seen >= n - last))) {
			*p++ = c;
		} else {
			memcpy(p, hidden, sizeof(hidden));
			p += sizeof(hidden);
		}
		seen += counts;
	}
	o->len = (size_t)(p - o->p);
}

static void
mask_fixed(const struct mask_rule *r, struct span raw, struct out *o)
{
	size_t first = r->first, last = r->last;

	if (first > raw.len / 3)
		first = raw.len / 3;
	if (last > raw.len / 6)
		last = raw.len / 6;
	for (size_t i = 0; i < first; i++)
		show(o, raw.ptr[i]);
	dots(o, FIXED_DOTS);
	for (size_t i = raw.len - last; i < raw.len; i++)
		show(o, raw.ptr[i]);
}

static void
mask_email(struct span raw, struct out *o)
{
	size_t at = str_find(raw, '@'), dot = raw.len;

	show(o, raw.ptr[0]);
	dots(o, 3);
	if (at + 1 >= raw.len)
		return;
	show(o, '@');
	show(o, raw.ptr[at + 1]);
	dots(o, 3);
	while (dot > at && raw.ptr[dot - 1] != '.')
		dot--;
	for (size_t i = dot > at ? dot - 1 : raw.len;
	     i < raw.len && i < dot + 24; i++)
		show(o, raw.ptr[i]);
}

static void
mask_line(struct span raw, struct out *o)
{
	for (size_t i = 0; i < raw.len && i < LINE_SHOWN; i++) {
		if (raw.ptr[i] == '\n' || raw.ptr[i] == '\r' ||
		    raw.ptr[i] == '\\')
			break;
		show(o, raw.ptr[i]);
	}
	show(o, ' ');
	dots(o, FIXED_DOTS);
}

size_t
mask_value(const struct mask_rule *rule, struct span raw, uint8_t *out)
{
	struct out o;

	if (raw.len == 0)
		return 0;
	o.p = out;
	o.len = 0;
	switch (rule->style) {
	case MASK_EACH:
		mask_each(rule, raw, &o);
		break;
	case MASK_EMAIL:
		mask_email(raw, &o);
		break;
	case MASK_LINE:
		mask_line(raw, &o);
		break;
	case MASK_FIXED:
	default:
		mask_fixed(rule, raw, &o);
		break;
	}
	return o.len;
}
