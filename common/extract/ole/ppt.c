#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/archive/inflate.h"
#include "extract/hold.h"
#include "extract/ole/le.h"
#include "extract/ole/ole.h"
#include "extract/ole/oletext.h"

/*
 * ppt: presentations of PowerPoint 97 to 2003 ([MS-PPT]). Records lie within
 * records; text stands in atoms of three kinds, wherever they are. Which slide
 * a record belongs to is said by the list of slides and the directory of what
 * is current; slides that neither names any more were replaced or deleted.
 */
enum type {
	SLIDE = 0x03ee,
	NOTES = 0x03f0,
	NOTES_ATOM = 0x03f1,
	SLIDE_PERSIST = 0x03f3,
	MASTER = 0x03f8,
	TEXT_WIDE = 0x0fa0,
	TEXT_BYTES = 0x0fa8,
	STRING = 0x0fba,
	SLIDE_LIST = 0x0ff0,
	OBJECT = 0x1011,
	DIRECTORY = 0x1772,
};

#define SLIDES_MAX  65536
#define PERSIST_MAX (1u << 20) /* ids have 20 bits */
#define ENCRYPTED   0xf3d1c4df

enum what { ELSEWHERE, ON_SLIDE, IN_NOTES, ON_MASTER, OLD_SLIDE, IN_LIST };

struct slide {
	uint32_t persist, id;
};

struct ppt {
	struct extractor *x;
	struct span stream;
	struct slide *slides; /* in their order */
	size_t count;
	uint32_t *at; /* of a record, by its persist id */
	struct made *made;
};

struct record {
	uint16_t type, instance;
	bool container;
	size_t at; /* of its head */
	struct span body;
};

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const words[] = {[ELSEWHERE] = "document",
					    [IN_NOTES] = "notes",
					    [ON_MASTER] = "master slide",
					    [OLD_SLIDE] = "replaced slide",
					    [IN_LIST] = "slide"};
	int n;

	(void)arg;
	if (m->a == ON_SLIDE || m->a == IN_LIST)
		n = snprintf(dst, room, "slide %u", m->b);
	else if (m->a == IN_NOTES && m->b > 0)
		n = snprintf(dst, room, "slide %u notes", m->b);
	else
		n = snprintf(dst, room, "%s", words[m->a]);
	return (size_t)n < room ? (size_t)n : room - 1;
}

/* The record at an offset; false: there is none. A cut one has what is left. */
static bool
record_at(struct span s, size_t at, struct record *r)
{
	uint32_t len;

	s = span_skip(s, at);
	if (s.len < 8)
		return false;
	len = le32(s.ptr + 4);
	*r = (struct record){
	    .type = le16(s.ptr + 2),
	    .instance = le16(s.ptr) >> 4,
	    .container = (s.ptr[0] & 15) == 15,
	    .at = at,
	    .body = span_of(s.ptr + 8, len < s.len - 8 ? len : s.len - 8),
	};
	return true;
}

/* Into containers, past what is none. */
static size_t
behind(const struct record *r)
{
	return r->at + 8 + (r->container ? 0 : r->body.len);
}

/* ---- which slide is which --------------------------------------------------
 */

static void
add_directory(struct ppt *w, struct span s)
{
	while (s.len >= 4) {
		uint32_t id = le32(s.ptr) & 0xfffff, n = le32(s.ptr) >> 20;

		for (s = span_skip(s, 4); n > 0 && s.len >= 4; n--, id++) {
			if (id < PERSIST_MAX)
				w->at[id] = le32(s.ptr);
			s = span_skip(s, 4);
		}
	}
}

static void
look_ahead(struct ppt *w)
{
	struct record r;
	bool slides = false;

	for (size_t at = 0; record_at(w->stream, at, &r); at = behind(&r)) {
		if (r.type == SLIDE_LIST) {
			slides = r.instance == 0;
			w->count = slides ? 0 : w->count; /* the last counts */
		} else if (r.type == SLIDE_PERSIST && slides &&
			   r.body.len >= 16 && w->count < SLIDES_MAX) {
			w->slides[w->count++] = (struct slide){
			    le32(r.body.ptr), le32(r.body.ptr + 12)};
		} else if (r.type == DIRECTORY) {
			add_directory(w, r.body);
		}
	}
}

/* 0: it is none of the current ones. */
static uint32_t
slide_at(const struct ppt *w, size_t at)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->slides[i].persist < PERSIST_MAX &&
		    w->at[w->slides[i].persist] == at)
			return (uint32_t)i + 1;
	return 0;
}

static uint32_t
slide_of_notes(const struct ppt *w, const struct record *r)
{
	struct record atom;

	if (!record_at(w->stream, r->at + 8, &atom) ||
	    atom.type != NOTES_ATOM || atom.body.len < 4)
		return 0;
	for (size_t i = 0; i < w->count; i++)
		if (w->slides[i].id == le32(atom.body.ptr))
			return (uint32_t)i + 1;
	return 0;
}

/* ---- text ------------------------------------------------------------------
 */

/* Where the text of the records that follow stands. */
struct where {
	enum what what;
	uint32_t slide;
	size_t end; /* of the record that says so */
};

static void
enter(const struct ppt *w, const struct record *r, struct where *now)
{
	if (r->at >= now->end)
		*now = (struct where){.end = SIZE_MAX};
	if (r->type == SLIDE) {
		now->slide = slide_at(w, r->at);
		now->what = now->slide > 0 ? ON_SLIDE : OLD_SLIDE;
	} else if (r->type == NOTES) {
		now->slide = slide_of_notes(w, r);
		now->what = IN_NOTES;
	} else if (r->type == MASTER) {
		now->what = ON_MASTER;
	} else if (r->type == SLIDE_LIST && r->instance == 0) {
		now->what = IN_LIST;
		now->slide = 0;
	} else {
		if (r->type == SLIDE_PERSIST && now->what == IN_LIST)
			now->slide++;
		return;
	}
	now->end = r->at + 8 + r->body.len;
}

/* Ends of paragraphs are CR, of lines VT. */
static void
put(struct ppt *w, const struct record *r, const struct where *now)
{
	bool wide = r->type != TEXT_BYTES;
	size_t unit = wide ? 2 : 1, from = 0;

	made_mark(w->made, now->what, now->slide);
	for (size_t i = 0; i + unit <= r->body.len; i += unit) {
		uint32_t c = wide ? le16(r->body.ptr + i) : r->body.ptr[i];
		struct span s;

		if (c != '\r' && c != '\v')
			continue;
		s = span_of(r->body.ptr + from, i - from);
		if (wide)
			oletext_wide(w->made, s);
		else
			oletext_bytes(w->made, NULL, s);
		made_byte(w->made, '\n');
		from = i + unit;
	}
	if (wide)
		oletext_wide(w->made, span_skip(r->body, from));
	else
		oletext_bytes(w->made, NULL, span_skip(r->body, from));
	made_byte(w->made, '\n');
}

static bool
is_text(const struct record *r)
{
	return !r->container && (r->type == TEXT_WIDE || r->type == STRING ||
				 r->type == TEXT_BYTES);
}

static enum status
text(struct ppt *w)
{
	struct where now = {.end = SIZE_MAX};
	struct record r;
	unsigned n = 0;
	enum status st = made_begin(w->x, &w->made, say, w);

	if (st != ST_OK)
		return st;
	for (size_t at = 0; record_at(w->stream, at, &r); at = behind(&r)) {
		enter(w, &r, &now);
		if (is_text(&r))
			put(w, &r, &now);
		if (w->x->stop || (++n % 4096 == 0 && !job_in_time(w->x)))
			break;
	}
	return made_end(w->made);
}

/* ---- the rest --------------------------------------------------------------
 */

struct packed {
	struct extractor *x;
	struct inflater *inflater;
};

static enum status
object_read(void *arg, void *dst, size_t n, size_t *got)
{
	const struct packed *p = arg;
	enum status st = inflater_read(p->inflater, dst, n, got);

	return st == ST_OK && !job_spend(p->x, *got) ? ST_LIMIT : st;
}

/* Files that were put into it: packed when the instance says so. */
static enum status
object(struct extractor *x, const struct record *r, unsigned number)
{
	struct packed f = {x, inflater_new()};
	struct part packed, inner;
	enum status st = ST_OK;
	char name[32];

	snprintf(name, sizeof(name), "object %u", number);
	if (f.inflater == NULL)
		return ST_NOMEM;
	if (r->instance == 1 && r->body.len > 6) {
		/* its size, then two bytes of zlib before what is packed */
		part_memory(&packed, span_skip(r->body, 6));
		inflater_start(f.inflater, &packed, UINT64_MAX);
		inner = (struct part){
		    .arg = &f, .read = object_read, .size = UINT64_MAX};
	} else {
		part_memory(&inner, r->body);
	}
	if (job_count(x))
		st = job_member(x, &inner, span_str(name));
	inflater_free(f.inflater);
	return st;
}

/* What is neither text nor an object. */
struct rest {
	struct span stream, left;
	size_t at;
};

static enum status
rest_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct rest *r = arg;
	struct record rec;

	*got = 0;
	while (r->left.len == 0) {
		if (!record_at(r->stream, r->at, &rec))
			return ST_OK;
		r->at = behind(&rec);
		if (!rec.container && !is_text(&rec) && rec.type != OBJECT)
			r->left = rec.body;
	}
	*got = n < r->left.len ? n : r->left.len;
	memcpy(dst, r->left.ptr, *got);
	r->left = span_skip(r->left, *got);
	return ST_OK;
}

static enum status
others(struct ppt *w, struct span name)
{
	struct rest r = {.stream = w->stream};
	struct part inner = {.arg = &r, .read = rest_read, .size = UINT64_MAX};
	enum status st = ST_NOMEM;
	struct job_outer o;

	job_begin_member(w->x, name, &o);
	inner.buf = job_buf(w->x);
	if (inner.buf != NULL)
		st = job_rest(w->x, &inner);
	job_end_member(w->x, &o);
	return st;
}

static enum status
objects(struct ppt *w)
{
	enum status st = ST_OK;
	struct record r;
	unsigned n = 0;

	for (size_t at = 0;
	     st == ST_OK && !w->x->stop && record_at(w->stream, at, &r);
	     at = behind(&r))
		if (r.type == OBJECT && !r.container)
			st = object(w->x, &r, ++n);
	return st;
}

static bool
encrypted(const struct cfb *c, uint32_t in)
{
	uint32_t entry = cfb_find(c, in, "Current User");
	struct cfb_stream s;
	struct part p;
	uint8_t head[16];

	if (entry == CFB_NONE)
		return false;
	cfb_part(c, entry, &s, &p);
	return part_pread(&p, head, sizeof(head), 0) &&
	       le32(head + 12) == ENCRYPTED;
}

static enum status
presentation(struct ppt *w, struct span name)
{
	enum status st = ST_NOMEM;

	w->slides = calloc(SLIDES_MAX, sizeof(*w->slides));
	w->at = calloc(PERSIST_MAX, sizeof(*w->at));
	if (w->slides != NULL && w->at != NULL) {
		look_ahead(w);
		st = text(w);
		if (st == ST_OK && !w->x->stop)
			st = objects(w);
		if (st == ST_OK && !w->x->stop)
			st = others(w, name);
	}
	free(w->slides);
	free(w->at);
	return st;
}

enum status
ppt_read(struct extractor *x, struct cfb *c, uint32_t in)
{
	static const char name[] = "PowerPoint Document";
	uint32_t entry = cfb_find(c, in, name);
	struct ppt w = {.x = x};
	struct cfb_stream s;
	enum status st;
	struct part p;
	struct hold h;

	cfb_part(c, entry, &s, &p);
	if (!hold_part(x, &p, &h)) {
		hold_end(x, &h);
		job_note(x, COVER_MEMORY);
		return ole_bytes(x, c, entry, span_str(name));
	}
	c->entries[entry].taken = true;
	w.stream = h.part.whole;
	if (encrypted(c, in)) {
		job_note_words(x, COVER_ENCRYPTED, "a presentation");
		st = ole_bytes(x, c, entry, span_str(name));
	} else {
		st = presentation(&w, span_str(name));
	}
	hold_end(x, &h);
	return st;
}
