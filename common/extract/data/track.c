#include "extract/data/track.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "extract/format.h"
#include "extract/sniff.h"

#define STEP  (64 * 1024) /* bytes between states that are kept */
#define KEPT  32          /* the last ones */
#define BEGIN KEPT        /* where this window begins */
#define EDGE  (KEPT + 1)  /* where the next one will */

struct track {
	const struct track_kind *kind; /* NULL: it has no places */
	struct format_look *untold;    /* whose kind nobody has asked yet */
	struct extractor *x;
	struct part *part;
	bool again;  /* bytes can be had again; else those of the window */
	uint64_t at; /* bytes that `now` was fed */
	uint64_t kept[KEPT + 2]; /* bytes that the others were fed */
	struct extract_window w;
	/* of the window's text[0]: in text that was decoded, or in the part */
	uint64_t text_at;
	uint8_t buf[STEP];
	uint8_t now[TRACK_STATE];
	uint8_t states[KEPT + 2][TRACK_STATE]; /* older ones, BEGIN, EDGE */
};

static uint8_t *
kept_state(struct track *t, size_t slot)
{
	return t->states[slot];
}

static void
keep(struct track *t)
{
	size_t slot = t->at / STEP % KEPT;

	memcpy(kept_state(t, slot), t->now, t->kind->size);
	t->kept[slot] = t->at;
}

/* The last state that is kept at or before a place. */
static void
back_to(struct track *t, uint64_t to)
{
	size_t best = EDGE;

	for (size_t i = 0; i < EDGE; i++)
		if (t->kept[i] <= to &&
		    (best == EDGE || t->kept[i] > t->kept[best]))
			best = i;
	if (best < EDGE) {
		memcpy(t->now, kept_state(t, best), t->kind->size);
		t->at = t->kept[best];
	} else {
		memset(t->now, 0, t->kind->size);
		t->at = 0;
	}
}

static bool
in_window(const struct track *t)
{
	return t->at >= t->text_at && t->at - t->text_at < t->w.text.len;
}

/* At most n bytes of the window's text. */
static struct span
window_at(const struct track *t, uint64_t n)
{
	struct span s = span_skip(t->w.text, (size_t)(t->at - t->text_at));

	return span_of(s.ptr, n < s.len ? (size_t)n : s.len);
}

/* Text from t->at on, at most n bytes; empty: it is gone. */
static struct span
text_at(struct track *t, uint64_t n)
{
	struct part *p = t->part;

	if (t->again && p->whole.ptr != NULL) {
		if (t->at >= p->whole.len)
			return span_of(NULL, 0);
		return span_of(p->whole.ptr + t->at, (size_t)n);
	}
	if (t->again && !in_window(t)) {
		size_t got = n < sizeof(t->buf) ? (size_t)n : sizeof(t->buf);

		return span_of(t->buf,
			       part_pread(p, t->buf, got, t->at) ? got : 0);
	}
	if (!in_window(t))
		return span_of(NULL, 0);
	return window_at(t, n);
}

/* Feed what stands before a place; false: that is not possible. */
static bool
follow(struct track *t, uint64_t to)
{
	if (to < t->at)
		back_to(t, to);
	while (t->at < to) {
		uint64_t n = STEP - t->at % STEP;
		struct span s = text_at(t, n < to - t->at ? n : to - t->at);

		if (s.len == 0)
			return false;
		t->at += s.len;
		if (t->at == s.len && s.len >= 3 &&
		    memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0)
			s = span_skip(s, 3); /* the byte order mark */
		t->kind->feed(t->now, s);
		if (t->at % STEP == 0)
			keep(t);
	}
	return true;
}

/* Offset in the window's text of an original byte. */
static size_t
offset_of(const struct extract_window *w, uint64_t origin)
{
	size_t low = 0, high = w->text.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (extract_origin(w, mid) < origin)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
set_kind(struct track *t, const struct track_kind *k)
{
	must(k->size <= TRACK_STATE);
	t->kind = k;
	t->at = t->text_at = 0;
	t->w = (struct extract_window){0};
	memset(t->kept, 0xff, sizeof(t->kept));
	memset(t->now, 0, k->size);
	memset(kept_state(t, EDGE), 0, k->size);
	t->kept[EDGE] = 0;
}

void
track_tell(struct extractor *x)
{
	struct track *t = x->track;
	const struct format *f;

	if (t == NULL || t->untold == NULL)
		return;
	f = format_find_text(t->untold);
	t->untold = NULL;
	if (f == NULL)
		return;
	x->parser = f->name;
	set_kind(t, f->places);
}

static size_t
say(void *arg, uint64_t origin, uint64_t *base, char *dst, size_t room)
{
	struct track *t = arg;
	uint64_t to = origin;

	*base = 0; /* an offset in the text says more than one in a cell */
	track_tell(t->x);
	if (t->kind == NULL)
		return 0;
	if (!t->again)
		to = t->text_at + offset_of(&t->w, origin);
	return follow(t, to) ? t->kind->say(t->now, dst, room) : 0;
}

/* Bytes from there up to the end of the line, as far as they are at hand. */
static size_t
line_len(struct span s)
{
	const uint8_t *end = s.len == 0 ? NULL : memchr(s.ptr, '\n', s.len);

	return end == NULL ? s.len : (size_t)(end - s.ptr) + 1;
}

static uint64_t
next(void *arg, uint64_t origin)
{
	struct track *t = arg;
	size_t off, n;

	track_tell(t->x);
	if (t->kind == NULL)
		return UINT64_MAX;
	if (t->again && t->part->whole.ptr != NULL) {
		if (origin >= t->part->whole.len)
			return UINT64_MAX;
		return origin +
		       line_len(span_skip(t->part->whole, (size_t)origin));
	}
	if (t->again) {
		uint64_t left = t->part->size - origin;

		n = left < sizeof(t->buf) ? (size_t)left : sizeof(t->buf);
		return n > 0 && part_pread(t->part, t->buf, n, origin)
			   ? origin + line_len(span_of(t->buf, n))
			   : UINT64_MAX;
	}
	off = offset_of(&t->w, origin);
	n = off + line_len(span_skip(t->w.text, off));
	return n < t->w.text.len ? extract_origin(&t->w, n) : UINT64_MAX;
}

/* A window goes out; what is not to be had again is followed to its end. */
static void
see(void *arg, const struct extract_window *w)
{
	struct track *t = arg;

	if (t->again) {
		t->w = *w; /* plain: its text is the part's own bytes */
		t->text_at = extract_origin(w, 0);
		return;
	}
	t->text_at += t->w.to - w->from;
	t->w = *w;
	memcpy(kept_state(t, BEGIN), kept_state(t, EDGE), t->kind->size);
	t->kept[BEGIN] = t->kept[EDGE];
	memcpy(t->now, kept_state(t, BEGIN), t->kind->size);
	t->at = t->kept[BEGIN];
	if (w->to == w->text.len || !follow(t, t->text_at + w->to))
		return;
	memcpy(kept_state(t, EDGE), t->now, t->kind->size);
	t->kept[EDGE] = t->at;
}

/* As text whose places are asked of x->track. */
static enum status
read_text(struct extractor *x, struct part *p, struct text_coding c)
{
	const struct extract_where *outer = x->where;
	const struct extract_where where = {
	    .arg = x->track, .say = say, .next = next, .see = see};
	enum status st;

	x->track->x = x;
	x->track->part = p;
	x->track->again = part_seekable(p) && text_is_plain(c);
	x->where = &where;
	st = text_part(x, p, c);
	x->where = outer;
	x->track->untold = NULL;
	return st;
}

/* Of a kind that was told before, NULL: of none. */
static enum status
read_told(struct extractor *x, struct part *p, struct text_coding c,
	  const struct format *f)
{
	if (f == NULL)
		return text_part(x, p, c);
	if (x->depth >= x->budget.depth) {
		job_note(x, COVER_DEPTH);
		return job_rest(x, p);
	}
	set_kind(x->track, f->places);
	return read_text(x, p, c);
}

enum status
track_text(struct extractor *x, struct part *p, struct format_look *l)
{
	struct text_coding c = text_coding(l);
	bool later = p->whole.ptr != NULL && text_is_plain(c) &&
		     x->depth < x->budget.depth;
	const struct format *f = later ? NULL : format_find_text(l);

	if (x->track == NULL)
		x->track = calloc(1, sizeof(*x->track));
	if (x->track == NULL)
		return ST_NOMEM;
	x->parser = f != NULL ? f->name : "text";
	job_say_where(x);
	if (!later)
		return read_told(x, p, c, f);
	x->track->kind = NULL;
	x->track->untold = l;
	return read_text(x, p, c);
}

void
track_free(struct track *t)
{
	if (t != NULL)
		explicit_bzero(t, sizeof(*t));
	free(t);
}

static uint8_t
narrow(struct span s, size_t at, enum sniff encoding)
{
	bool little = encoding == SNIFF_UTF16LE || encoding == SNIFF_UTF32LE;
	bool wide = encoding == SNIFF_UTF32LE || encoding == SNIFF_UTF32BE;
	size_t unit = wide ? 4 : 2, low = little ? at : at + unit - 1;

	for (size_t i = at; i < at + unit; i++)
		if (i != low && s.ptr[i] != 0)
			return '?';
	return s.ptr[low];
}

struct span
track_head(const struct format_look *l, uint8_t dst[TRACK_HEAD])
{
	enum sniff encoding =
	    l->seen.zeros || l->seen.high ? sniff_bytes(l->head) : SNIFF_BYTES;
	bool wide = encoding == SNIFF_UTF32LE || encoding == SNIFF_UTF32BE;
	struct span s = l->head;
	size_t unit = wide ? 4 : 2, n = 0;

	if (s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0)
		s = span_skip(s, 3);
	if (encoding == SNIFF_BYTES)
		return l->seen.zeros ? span_of(s.ptr, 0) : s;
	for (size_t at = 0; at + unit <= s.len && n < TRACK_HEAD; at += unit) {
		dst[n] = narrow(s, at, encoding);
		n += n > 0 || dst[0] != '?'; /* without a byte order mark */
	}
	return span_of(dst, n);
}

size_t
track_add(char *dst, size_t room, size_t n, struct span s)
{
	if (n >= room)
		return n;
	if (s.len > room - n)
		s.len = room - n;
	if (s.len > 0)
		memcpy(dst + n, s.ptr, s.len);
	return n + s.len;
}

size_t
track_print(char *dst, size_t room, size_t n, const char *format, ...)
{
	char text[64];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	return track_add(dst, room, n,
			 span_of(text, (size_t)len < sizeof(text)
					   ? (size_t)len
					   : sizeof(text) - 1));
}
