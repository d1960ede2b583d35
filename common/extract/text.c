#include "extract/text.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "extract/charset_pair.h"
#include "extract/lane.h"
#include "extract/origin.h"
#include "extract/utf16.h"
#include "extract/utf8.h"
#include "extract/window.h"

#define HOLE_MIN (64 * 1024) /* shorter holes are read as zeros */

/*
 * A stretch of text cut into windows. fill() adds text behind `have`; false
 * when nothing is left.
 */
struct cutter {
	struct part *part;
	struct text_origin origin;
	enum sniff encoding;
	const struct charset *charset; /* of one or two bytes a character */
	struct pair_text pairs;
	struct utf16 wide;
	uint64_t left;     /* original bytes still to be read */
	size_t have, from; /* of the window */
	size_t raw_len; /* bytes of x->raw that wait for the rest of a unit */
	bool end;
};

static void
fill_bytes(struct extractor *x, struct cutter *c)
{
	size_t room = EXTRACT_WINDOW - c->have, got;

	if (room > c->left)
		room = (size_t)c->left;
	got = part_read(c->part, x->window + c->have, room);
	c->have += got;
	c->left -= got;
	c->end = got < room || c->left == 0;
}

static inline bool
lane_fits(size_t have)
{
	return have + sizeof(lane) + UTF8_MAX <= EXTRACT_WINDOW;
}

/* Copy raw[at..len) behind the window while it is ASCII; returns its bytes. */
static size_t
copy_ascii(struct extractor *x, struct cutter *c, size_t at, size_t len)
{
	size_t from = at;
	lane v;

	while (len - at >= sizeof(v) && lane_fits(c->have)) {
		v = lane_at(x->raw + at);
		if (lane_high(v))
			break;
		memcpy(x->window + c->have, &v, sizeof(v));
		c->have += sizeof(v);
		at += sizeof(v);
	}
	while (at < len && x->raw[at] < 0x80 &&
	       c->have + UTF8_MAX <= EXTRACT_WINDOW)
		x->window[c->have++] = x->raw[at++];
	return at - from;
}

/* Decode raw[0..len) by a table behind the window; returns bytes used. */
static size_t
decode_bytes(struct extractor *x, struct cutter *c, size_t len)
{
	bool ascii = charset_has_ascii(c->charset);
	size_t at = 0;

	while (at < len && c->have + UTF8_MAX <= EXTRACT_WINDOW) {
		if (ascii && x->raw[at] < 0x80) {
			at += copy_ascii(x, c, at, len);
			continue;
		}
		c->have += utf8_put(x->window + c->have,
				    charset_char(c->charset, x->raw[at++]));
	}
	return at;
}

/* The same by pairs of bytes; `dry`: no more will come. */
static size_t
decode_pairs(struct extractor *x, struct cutter *c, size_t len, bool dry)
{
	size_t at = 0, used;
	uint32_t ch;

	for (; at < len && c->have + 4 <= EXTRACT_WINDOW; at += used) {
		used = pair_next(&c->pairs, x->raw + at, len - at, dry, &ch);
		if (used == 0)
			break;
		x->widths[c->have] = (uint8_t)used;
		c->have += utf8_put(x->window + c->have, ch);
	}
	return at;
}

/* Decode raw[0..len), four bytes a character; returns bytes used. */
static size_t
decode_utf32(struct extractor *x, struct cutter *c, size_t len)
{
	bool little = c->encoding == SNIFF_UTF32LE;
	size_t at = 0;
	uint32_t u;

	for (; at + 4 <= len && c->have + UTF8_MAX <= EXTRACT_WINDOW; at += 4) {
		memcpy(&u, x->raw + at, sizeof(u));
		u = little ? le32toh(u) : be32toh(u);
		c->have += utf8_put(x->window + c->have, u);
	}
	return at;
}

/* The same of two bytes; they differ in width once bytes were among them. */
static size_t
decode_utf16(struct extractor *x, struct cutter *c, size_t len, bool dry)
{
	struct utf16_text t = {x->window, x->widths, c->have};
	size_t used = utf16_decode(&c->wide, &t, span_of(x->raw, len), dry);

	c->have = t.have;
	c->origin.widths = c->wide.mixed ? x->widths : NULL;
	return used;
}

static void
fill_by_table(struct extractor *x, struct cutter *c)
{
	bool dry = false;

	while (c->have + 4 <= EXTRACT_WINDOW && !c->end) {
		size_t room = PART_BUF - c->raw_len, got, used;

		got = dry ? 0 : part_read(c->part, x->raw + c->raw_len, room);
		dry = got < room;
		c->raw_len += got;
		used = c->pairs.table != NULL
			   ? decode_pairs(x, c, c->raw_len, dry)
			   : decode_bytes(x, c, c->raw_len);
		memmove(x->raw, x->raw + used, c->raw_len - used);
		c->raw_len -= used;
		c->end = dry && c->raw_len == 0;
	}
}

static void
fill_decoded(struct extractor *x, struct cutter *c)
{
	bool dry = false;

	while (c->have + UTF8_MAX <= EXTRACT_WINDOW && !c->end) {
		size_t room = PART_BUF - c->raw_len, got, used;

		got = dry ? 0 : part_read(c->part, x->raw + c->raw_len, room);
		dry = got < room;
		c->raw_len += got;
		/* raw bytes that do not fit the window wait for the next */
		used = c->origin.unit == 2 ? decode_utf16(x, c, c->raw_len, dry)
					   : decode_utf32(x, c, c->raw_len);
		memmove(x->raw, x->raw + used, c->raw_len - used);
		c->raw_len -= used;
		c->end = dry && (c->raw_len == 0 || used == 0);
	}
}

/* Decoded text is cut between characters. */
static size_t
char_start(const struct extractor *x, const struct cutter *c, size_t off)
{
	if (c->origin.map != NULL)
		while (off > 0 && (x->window[off] & 0xc0) == 0x80)
			off--;
	return off;
}

/* Keep what the next window must see again. */
static void
carry(struct extractor *x, struct cutter *c, const struct extract_window *w)
{
	size_t cut = char_start(x, c, w->to - WINDOW_LEAD);

	c->origin.base = extract_origin(w, cut);
	memmove(x->window, x->window + cut, c->have - cut);
	if (c->origin.widths != NULL)
		memmove(x->widths, x->widths + cut, c->have - cut);
	c->have -= cut;
	c->from = w->to - cut;
	if (c->origin.map != NULL)
		c->origin.map->built = 0;
}

static enum status
cut_windows(struct extractor *x, struct cutter *c)
{
	enum status st = window_begin(x);

	while (!c->end && st == ST_OK && !x->stop) {
		struct extract_window w = {.origin = &c->origin}, given;
		struct window_look look;
		size_t tail;

		if (c->origin.map == NULL)
			fill_bytes(x, c);
		else if (c->charset != NULL)
			fill_by_table(x, c);
		else
			fill_decoded(x, c);
		w.text = span_of(x->window, c->have);
		window_look(x, w.text, &look);
		tail = look.folds ? WINDOW_TAIL : EXTRACT_TAIL;
		w.from = c->from;
		w.to = c->end ? c->have : char_start(x, c, c->have - tail);
		if (c->origin.map != NULL)
			c->origin.map->built = 0;
		given = w;
		st = window_give(x, &given, &look);
		if (!c->end)
			carry(x, c, &w);
	}
	return st == ST_OK && !x->stop ? window_end(x) : st;
}

static enum status
stretch(struct extractor *x, struct part *p, uint64_t n)
{
	struct cutter c = {
	    .part = p, .left = n, .origin = {.base = p->pos, .unit = 1}};

	if (x->window == NULL)
		x->window = malloc(EXTRACT_WINDOW);
	if (x->window == NULL)
		return ST_NOMEM;
	return cut_windows(x, &c);
}

/* All in memory: the bytes themselves are the window. */
static enum status
whole_bytes(struct extractor *x, struct part *p, uint64_t n)
{
	struct text_origin origin = {.base = p->pos, .unit = 1};
	struct extract_window w = {.text = part_peek(p, 0), .origin = &origin};
	struct window_look look;
	enum status st;

	if (w.text.len > n)
		w.text.len = (size_t)n;
	window_look(x, w.text, &look);
	if (look.folds && w.text.len > EXTRACT_WINDOW)
		return stretch(x, p, n);
	part_consume(p, w.text.len);
	w.to = w.text.len;
	st = window_begin(x);
	if (st == ST_OK)
		st = window_give(x, &w, &look);
	return st == ST_OK && !x->stop ? window_end(x) : st;
}

static enum status
with_holes(struct extractor *x, struct part *p)
{
	enum status st = ST_OK;
	uint64_t begin, end, next, after;

	while (st == ST_OK && !x->stop) {
		if (p->extent(p->arg, p->pos, &begin, &end) != ST_OK)
			break;
		while (p->extent(p->arg, end, &next, &after) == ST_OK &&
		       next - end < HOLE_MIN && after > end)
			end = after;
		if (begin > p->pos)
			part_seek(p, begin);
		if (end <= p->pos)
			break;
		st = stretch(x, p, end - p->pos);
		if (p->pos < end)
			break; /* it shrank */
	}
	return st;
}

enum status
text_bytes(struct extractor *x, struct part *p, uint64_t n)
{
	if (p->whole.ptr != NULL)
		return whole_bytes(x, p, n);
	if (p->extent != NULL && n == UINT64_MAX)
		return with_holes(x, p);
	return stretch(x, p, n);
}

/* Buffers for text that is decoded, kept for what is read later. */
static bool
make_room(struct extractor *x)
{
	if (x->raw == NULL)
		x->raw = malloc(PART_BUF);
	if (x->map == NULL)
		x->map = malloc(sizeof(*x->map));
	if (x->window == NULL)
		x->window = malloc(EXTRACT_WINDOW);
	if (x->widths == NULL)
		x->widths = malloc(EXTRACT_WINDOW);
	return x->raw != NULL && x->map != NULL && x->window != NULL &&
	       x->widths != NULL;
}

static enum status
decoded(struct extractor *x, struct part *p, struct text_coding how)
{
	bool utf32 =
	    how.sniffed == SNIFF_UTF32LE || how.sniffed == SNIFF_UTF32BE;
	struct cutter c = {
	    .part = p, .encoding = how.sniffed, .charset = how.charset};

	if (!make_room(x))
		return ST_NOMEM;
	if (how.charset != NULL && how.charset->pair != PAIR_NONE) {
		c.pairs.kind = how.charset->pair;
		c.pairs.table = pair_table(x, how.charset->pair);
	}
	c.wide = (struct utf16){.big = how.sniffed == SNIFF_UTF16BE};
	c.origin = (struct text_origin){
	    .base = p->pos,
	    .unit = how.charset != NULL ? 1
		    : utf32             ? 4
					: 2,
	    .map = x->map,
	    .widths = c.pairs.table != NULL ? x->widths : NULL};
	return cut_windows(x, &c);
}

/* A page is known by what is not ASCII, which may come late. */
static struct span
look_on(struct format_look *l)
{
	struct span s = part_peek(l->part, TEXT_LOOK);

	l->head = s; /* it may have moved */
	if (l->head.len > PART_PEEK)
		l->head.len = PART_PEEK;
	if (s.len > TEXT_LOOK)
		s.len = TEXT_LOOK;
	return s;
}

struct text_coding
text_coding(struct format_look *l)
{
	struct text_coding c = {SNIFF_BYTES, NULL};
	bool plain = !l->seen.zeros && !l->seen.high;

	if (!plain)
		c.sniffed = sniff_bytes(l->head);
	if (c.sniffed != SNIFF_BYTES)
		return c;
	if (plain && l->head.len == PART_PEEK)
		c.charset = charset_guess(look_on(l));
	else if (!plain || l->seen.shifts)
		c.charset = charset_guess(l->head);
	return c;
}

/* Of a page whose characters are at hand. */
static bool
decodes(struct extractor *x, struct text_coding c)
{
	return c.charset == NULL || c.charset->pair == PAIR_NONE ||
	       pair_table(x, c.charset->pair) != NULL;
}

enum status
text_part(struct extractor *x, struct part *p, struct text_coding c)
{
	if (text_is_plain(c) || !decodes(x, c))
		return text_bytes(x, p, UINT64_MAX);
	return decoded(x, p, c);
}
