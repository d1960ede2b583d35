#include "detect/decide/excerpt.h"

#include <string.h>

#include "base/utf.h"
#include "detect/decide/mask.h"

#define RUN_DIGITS 9  /* that many in one run are hidden */
#define TOKEN_LONG 20 /* letters and digits: hidden but for the head */
#define TOKEN_HEAD 4
#define GROW       64 /* bytes an edge moves out to take in a run */
#define LEFT_MAX   96 /* bytes of UTF-8 shown before the match */

struct writer {
	uint8_t *p;
	size_t len, room;
};

static void
put(struct writer *w, const void *p, size_t n)
{
	if (n > w->room - w->len)
		return;
	memcpy(w->p + w->len, p, n);
	w->len += n;
}

static void
put_dots(struct writer *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(w, MASK_DOT, MASK_DOT_LEN);
}

#define DIGIT  1
#define LETTER 2
#define TOKEN  4 /* stands in long words of letters and digits */
/*
 * What may stand between the digits of one number: all but letters and what
 * parts fields. Spaces beyond ASCII have up to three bytes.
 */
#define JOINER  8
#define GAP_MAX 3
#define ODD     16 /* no printable ASCII */

static const uint8_t kinds[256] = {
    [0 ... '\n' - 1] = JOINER | ODD,
    ['\n'] = ODD,
    ['\n' + 1 ... '\r' - 1] = JOINER | ODD,
    ['\r'] = ODD,
    ['\r' + 1 ... ' ' - 1] = JOINER | ODD,
    [' '] = JOINER,
    ['!'] = JOINER,
    ['#' ... '&'] = JOINER,
    ['(' ... '*'] = JOINER,
    ['+'] = JOINER | TOKEN,
    ['-'] = JOINER | TOKEN,
    ['.'] = JOINER,
    ['/'] = JOINER,
    ['0' ... '9'] = DIGIT | TOKEN,
    ['='] = TOKEN,
    ['?'] = JOINER,
    ['@'] = JOINER,
    ['A' ... 'Z'] = LETTER | TOKEN,
    ['[' ... '^'] = JOINER,
    ['_'] = JOINER | TOKEN,
    ['`'] = JOINER,
    ['a' ... 'z'] = LETTER | TOKEN,
    ['{'] = JOINER,
    ['}'] = JOINER,
    ['~'] = JOINER,
    [0x7f ... 0xff] = JOINER | ODD,
};

static inline bool
digit(uint8_t c)
{
	return (kinds[c] & DIGIT) != 0;
}

static inline bool
run_byte(uint8_t c)
{
	return (kinds[c] & (TOKEN | JOINER)) != 0;
}

/* End of the line and of the text, seen from i, at most n bytes away. */
static size_t
right_edge(struct span t, size_t i, size_t n)
{
	size_t end = t.len - i < n ? t.len : i + n;

	while (i < end && t.ptr[i] != '\n' && t.ptr[i] != '\r')
		i++;
	return i;
}

static size_t
left_edge(struct span t, size_t i, size_t n)
{
	size_t low = i < n ? 0 : i - n;

	while (i > low && t.ptr[i - 1] != '\n' && t.ptr[i - 1] != '\r')
		i--;
	return i;
}

/* yyyy-mm-dd of this century or the last, which may be shown. */
static bool
date_at(struct span t, size_t i, size_t end)
{
	static const char shape[] = "dddd-dd-dd";
	const uint8_t *p = t.ptr + i;

	if (end - i < sizeof(shape) - 1)
		return false;
	for (size_t k = 0; k + 1 < sizeof(shape); k++)
		if (shape[k] == 'd' ? !digit(p[k]) : p[k] != '-')
			return false;
	return ((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0')) &&
	       (end - i == 10 || !digit(p[10]));
}

/* The run of digits and joiners at i: its end behind the last digit. */
static size_t
digit_run(struct span t, size_t i, size_t end, size_t *digits)
{
	size_t last = i, gap = 0;

	*digits = 0;
	for (; i < end && gap <= GAP_MAX; i++) {
		uint8_t kind = kinds[t.ptr[i]];

		if ((kind & DIGIT) != 0) {
			++*digits;
			last = i + 1;
			gap = 0;
		} else if ((kind & JOINER) != 0) {
			gap++;
		} else {
			break;
		}
	}
	return last;
}

static void
put_hidden(struct writer *w, struct span t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (digit(t.ptr[i]))
			put_dots(w, 1);
		else if (t.ptr[i] < 0x80)
			put(w,
			    t.ptr[i] < ' ' ? (const uint8_t *)" " : t.ptr + i,
			    1);
	}
}

/* A long word of letters and digits at i; 0 when it is none. */
static size_t
long_token(struct span t, size_t i, size_t end)
{
	const unsigned both = DIGIT | LETTER;
	unsigned seen = 0;
	size_t n = 0;

	for (; i + n < end && (kinds[t.ptr[i + n]] & TOKEN) != 0; n++)
		seen |= kinds[t.ptr[i + n]];
	return n >= TOKEN_LONG && (seen & both) == both ? n : 0;
}

static size_t
put_char(struct writer *w, struct span t, size_t i)
{
	uint32_t cp;
	uint8_t u[4];
	size_t n = utf_decode(span_skip(t, i), &cp), len;

	if (n == 0) { /* Latin-1, where 0x80-0x9f are controls */
		cp = t.ptr[i];
		n = 1;
	}
	if (cp < ' ' || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 ||
	    cp == 0x2029)
		cp = ' ';
	len = utf_encode(cp, u);
	put(w, u, len);
	return n;
}

/* What walks along the text and the candidates, both in order of offset. */
struct walker {
	struct detect_scratch *s;
	struct writer w;
	size_t next;                  /* candidate to look at */
	const struct candidate *best; /* reaches furthest so far */
	size_t end;                   /* words are read no further */
	size_t known;                 /* and runs of digits no further */
};

/* The candidate that holds i, NULL when none does. */
static const struct candidate *
holder(struct walker *k, size_t i)
{
	const struct detect_scratch *s = k->s;

	for (; k->next < s->count && s->cand[k->next].start <= i; k->next++) {
		const struct candidate *c = &s->cand[k->next];

		if (k->best == NULL || c->end > k->best->end)
			k->best = c;
	}
	return k->best != NULL && k->best->end > i ? k->best : NULL;
}

static size_t
put_candidate(struct walker *k, const struct candidate *c)
{
	const struct mask_rule *r = &k->s->d->cat->types[c->type]->mask;
	struct span raw = span_of(k->s->text.ptr + c->start, c->end - c->start);
	uint8_t masked[MASK_ROOM];
	size_t n = mask_value(r, raw, masked);

	put(&k->w, masked, n);
	return c->end;
}

/* i, or where the next candidate begins when that comes first. */
static size_t
before_next(const struct walker *k, size_t i)
{
	const struct detect_scratch *s = k->s;

	return k->next < s->count && s->cand[k->next].start < i
		   ? s->cand[k->next].start
		   : i;
}

/*
 * Where what may be shown as it is ends: before a digit, a candidate, a byte
 * that is no printable ASCII, or a long word that has a digit further on.
 */
static size_t
plain_end(const struct walker *k, size_t i)
{
	const struct detect_scratch *s = k->s;
	size_t end = before_next(k, k->end), word = i;
	unsigned last = kinds[s->text.ptr[i]];

	for (i++; i < end; i++) {
		unsigned kind = kinds[s->text.ptr[i]];

		if ((kind & (DIGIT | ODD)) != 0)
			break;
		if ((kind & last & TOKEN) == 0)
			word = i;
		last = kind;
	}
	/* a digit, of a long word perhaps */
	if (i < end && digit(s->text.ptr[i]) && word < i &&
	    long_token(s->text, word, k->end) > 0)
		return word;
	return i;
}

/* One step at i: something whole is written; gives where it ends. */
static size_t
put_next(struct walker *k, size_t i)
{
	const struct candidate *c = holder(k, i);
	struct span t = k->s->text;
	size_t n, digits;

	if (c != NULL)
		return put_candidate(k, c);
	if ((kinds[t.ptr[i]] & ODD) != 0)
		return i + put_char(&k->w, t, i);
	if (digit(t.ptr[i])) {
		if (date_at(t, i, k->end)) {
			put(&k->w, t.ptr + i, 10);
			return i + 10;
		}
		n = digit_run(t, i, k->known, &digits);
		if (digits >= RUN_DIGITS) {
			n = before_next(k, n);
			put_hidden(&k->w, t, i, n);
			return n;
		}
	}
	n = long_token(t, i, k->end);
	if (n > 0) {
		put(&k->w, t.ptr + i, TOKEN_HEAD);
		put_dots(&k->w, TOKEN_HEAD);
		return i + n;
	}
	n = plain_end(k, i);
	put(&k->w, t.ptr + i, n - i);
	return n;
}

/* Keep the last `room` bytes, from the beginning of a character. */
static size_t
trim_left(uint8_t *p, size_t len, size_t room)
{
	size_t cut;

	if (len <= room)
		return len;
	cut = len - room;
	while (cut < len && (p[cut] & 0xc0) == 0x80)
		cut++;
	memmove(p, p + cut, len - cut);
	return len - cut;
}

struct span
excerpt(struct detect_scratch *s, size_t first, size_t index)
{
	const struct candidate *c = &s->cand[index];
	struct span t = s->text;
	struct walker k = {.s = s, .next = first};
	size_t from = left_edge(t, c->start, EXCERPT_BEFORE);
	size_t to = right_edge(t, c->end, EXCERPT_AFTER), i;

	/* what is known of other candidates ends WORK_REACH behind the start */
	if (to > c->start + WORK_REACH)
		to = c->end < c->start + WORK_REACH ? c->start + WORK_REACH
						    : c->end;
	k.known = right_edge(t, to, GROW);
	/* an edge within a run moves out, so that the run is seen whole */
	for (i = 0; i < GROW && from > 0 && run_byte(t.ptr[from - 1]) &&
		    run_byte(t.ptr[from]);
	     i++)
		from--;
	k.w = (struct writer){.p = s->context, .room = sizeof(s->context)};
	k.end = c->start;
	for (i = from; i < c->start;)
		i = put_next(&k, i);
	k.w.len = trim_left(k.w.p, k.w.len, LEFT_MAX);
	k.w.room = EXCERPT_MAX;
	/* the match itself, whatever else lies over it */
	k.best = c;
	k.end = k.known;
	for (i = c->start; i < to;)
		i = put_next(&k, i);
	return span_of(k.w.p, k.w.len);
}
