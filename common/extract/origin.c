#include "extract/origin.h"

#include "base/must.h"
#include "extract/fold.h"
#include "extract/lane.h"

/* Original bytes of the UTF-8 character that begins at text[off]. */
static inline unsigned
origin_bytes(const struct text_origin *o, const uint8_t *text, size_t off)
{
	if (o->widths != NULL)
		return o->widths[off];
	return o->unit == 2 && text[off] >= 0xf0 ? 4 : o->unit;
}

static inline unsigned
utf8_bytes(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* The last character may reach over the place of a mark. */
static void
close_marks(struct origin_map *m, size_t next, size_t len, uint32_t from)
{
	for (; next * ORIGIN_STEP < len; next++) {
		m->marks[next].text = (uint32_t)len;
		m->marks[next].from = from;
	}
	m->built = len;
}

#define LANES_MAX 255 /* of them the sums of bytes hold */

/* Original bytes of all characters that begin in text[from, to). */
static uint64_t
original_bytes(const struct text_origin *o, const uint8_t *text, size_t from,
	       size_t to)
{
	uint64_t chars = 0, pairs = 0;

	must(o->widths == NULL);
	while (to - from >= sizeof(lane)) {
		lane begins = {0}, longest = {0}, v;

		for (unsigned i = 0; i < LANES_MAX && to - from >= sizeof(v);
		     i++) {
			v = lane_at(text + from);
			begins -= (lane)((v & 0xc0) != 0x80);
			longest -= (lane)(v >= 0xf0);
			from += sizeof(v);
		}
		chars += lane_sum(begins);
		pairs += lane_sum(longest);
	}
	for (; from < to; from++) {
		chars += (text[from] & 0xc0) != 0x80;
		pairs += text[from] >= 0xf0;
	}
	return o->unit * chars + (o->unit == 2 ? 2 * pairs : 0);
}

/* Of text whose characters are of different widths. */
static void
walk_marks(const struct text_origin *o, struct span text)
{
	struct origin_map *m = o->map;
	size_t off = 0, next = 0;
	uint32_t from = 0;

	while (off < text.len) {
		if (off >= next * ORIGIN_STEP) {
			m->marks[next].text = (uint32_t)off;
			m->marks[next].from = from;
			next++;
		}
		from += origin_bytes(o, text.ptr, off);
		off += utf8_bytes(text.ptr[off]);
	}
	close_marks(m, next, text.len, from);
}

static void
build_marks(const struct text_origin *o, struct span text)
{
	struct origin_map *m = o->map;
	size_t off = 0, next = 0;
	uint32_t from = 0;

	if (o->widths != NULL) {
		walk_marks(o, text);
		return;
	}
	for (; next * ORIGIN_STEP < text.len; next++) {
		size_t to = next * ORIGIN_STEP;

		while (to < text.len && (text.ptr[to] & 0xc0) == 0x80)
			to++;
		from += (uint32_t)original_bytes(o, text.ptr, off, to);
		off = to;
		m->marks[next].text = (uint32_t)off;
		m->marks[next].from = from;
	}
	m->built = text.len;
}

/* The mark at or before off; len is of the marked text, not 0. */
static size_t
mark_before(const struct origin_map *m, size_t len, size_t off)
{
	size_t k = off / ORIGIN_STEP;

	if (k > (len - 1) / ORIGIN_STEP)
		k = (len - 1) / ORIGIN_STEP;
	while (k > 0 && m->marks[k].text > off)
		k--;
	return k;
}

/* Origin of offset off of text that is not folded. */
static uint64_t
decoded_origin(const struct text_origin *o, struct span text, size_t off)
{
	size_t k, at;
	uint64_t origin;

	if (o->map == NULL)
		return o->base + off;
	if (text.len == 0)
		return o->base;
	if (o->map->built != text.len)
		build_marks(o, text);
	k = mark_before(o->map, text.len, off);
	at = o->map->marks[k].text;
	origin = o->base + o->map->marks[k].from;
	if (o->widths == NULL && off > at)
		return origin + original_bytes(o, text.ptr, at,
					       off < text.len ? off : text.len);
	while (at < off && at < text.len) {
		origin += origin_bytes(o, text.ptr, at);
		at += utf8_bytes(text.ptr[at]);
	}
	return origin;
}

/* Marks of [off, off + n), which is src[at, at + n); the next to set. */
static size_t
mark_alike(struct origin_map *m, size_t next, size_t off, size_t at, size_t n)
{
	for (; next * ORIGIN_STEP < off + n; next++) {
		size_t in =
		    next * ORIGIN_STEP < off ? 0 : next * ORIGIN_STEP - off;

		m->marks[next].text = (uint32_t)(off + in);
		m->marks[next].from = (uint32_t)(at + in);
	}
	return next;
}

/* Few characters are folded: what lies between two is as long as it was. */
static void
build_folds(struct origin_map *m, struct span src, size_t len)
{
	size_t at = 0, off = 0, next = 0;

	while (at < src.len) {
		size_t fold = fold_find(src, at, src.len);
		struct fold_char c = {0, 0, 0};

		next = mark_alike(m, next, off, at, fold - at);
		off += fold - at;
		at = fold;
		if (at == src.len)
			break;
		c = fold_next(src, at);
		next = mark_alike(m, next, off, at, c.len);
		at += c.used;
		off += c.len;
	}
	close_marks(m, next, len, (uint32_t)at);
}

/* Offset in the text before folding; `len` bytes are left after it. */
static size_t
unfolded_offset(const struct text_origin *o, size_t len, size_t off)
{
	struct span src = o->unfolded;
	size_t k, at, done;

	if (len == 0)
		return 0;
	if (o->folds->built != len)
		build_folds(o->folds, src, len);
	k = mark_before(o->folds, len, off);
	at = o->folds->marks[k].from;
	done = o->folds->marks[k].text;
	while (at < src.len) {
		size_t ahead = off - done, left = src.len - at;
		size_t end = at + (ahead < left ? ahead : left);
		size_t fold = fold_find(src, at, end);
		struct fold_char c;

		done += fold - at;
		at = fold;
		if (at == src.len)
			break;
		c = fold_step(src, at);
		if (done + c.len > off)
			break;
		done += c.len;
		at += c.used;
	}
	return at + (off - done);
}

uint64_t
extract_origin(const struct extract_window *w, size_t off)
{
	const struct text_origin *o = w->origin;
	struct span text = w->text;

	if (o->spans != NULL) {
		if (off < text.len)
			return o->base + o->spans[off].from;
		return extract_end(w, text.len);
	}
	if (o->folds != NULL) {
		off = unfolded_offset(o, text.len, off);
		text = o->unfolded;
	}
	return decoded_origin(o, text, off);
}

uint64_t
extract_end(const struct extract_window *w, size_t off)
{
	const struct text_origin *o = w->origin;

	if (o->spans == NULL)
		return extract_origin(w, off);
	if (off == 0)
		return w->text.len > 0 ? extract_origin(w, 0) : o->base;
	return o->base + o->spans[off - 1].to;
}

void
origin_walk_init(struct origin_walk *k, const struct text_origin *o,
		 struct span text, size_t at)
{
	/* a character knows its width where it begins */
	while (o->map != NULL && at > 0 && at < text.len &&
	       (text.ptr[at] & 0xc0) == 0x80)
		at--;
	*k = (struct origin_walk){.origin = o, .text = text, .at = at};
	k->from = decoded_origin(o, text, at);
}

void
origin_walk_to(struct origin_walk *k, size_t off, uint64_t *from, uint64_t *to)
{
	const struct text_origin *o = k->origin;
	const uint8_t *p = k->text.ptr;

	if (o->map == NULL) {
		*from = o->base + off;
		*to = *from + 1;
		return;
	}
	while (k->at + utf8_bytes(p[k->at]) <= off) {
		k->from += origin_bytes(o, p, k->at);
		k->at += utf8_bytes(p[k->at]);
	}
	*from = k->from;
	*to = k->from + origin_bytes(o, p, k->at);
}
