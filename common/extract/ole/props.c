#include "extract/ole/props.h"

#include <stdlib.h>
#include <string.h>

#include "extract/hold.h"
#include "extract/ole/biff.h"
#include "extract/ole/le.h"
#include "extract/ole/oletext.h"

#define HEAD         28 /* bytes before the list of sets */
#define SETS_MAX     16
#define VALUES_MAX   65536      /* of a stream */
#define NEST_MAX     3          /* lists of variants */
#define STREAM_MAX   (1u << 20) /* what is larger is read as bytes */
#define UTF16        1200
#define UTF8         65001
#define WINDOWS      1252 /* what a set that names no code page has */
#define ID_NAMES     0
#define ID_CODEPAGE  1
#define LIST         0x1000
#define TYPE_SHORT   2
#define TYPE_INT     3
#define TYPE_DOUBLE  5
#define TYPE_BSTR    8
#define TYPE_VARIANT 12
#define TYPE_UINT    19
#define TYPE_LONG    20
#define TYPE_ULONG   21
#define TYPE_BYTES   30
#define TYPE_WIDE    31
#define TYPE_BLOB    65
#define TYPE_PICTURE 71

/* What programs show for the numbers of the two sets that all of them have. */
static const struct known {
	uint32_t set; /* the beginning of its identifier */
	uint32_t id;
	const char *name;
} known[] = {
    {0xf29f85e0, 2, "title"},         {0xf29f85e0, 3, "subject"},
    {0xf29f85e0, 4, "author"},        {0xf29f85e0, 5, "keywords"},
    {0xf29f85e0, 6, "comments"},      {0xf29f85e0, 7, "template"},
    {0xf29f85e0, 8, "last author"},   {0xf29f85e0, 18, "program"},
    {0xd5cdd502, 2, "category"},      {0xd5cdd502, 14, "manager"},
    {0xd5cdd502, 15, "company"},      {0xd5cdd502, 13, "parts"},
    {0xd5cdd502, 26, "content type"},
};

struct props {
	struct extractor *x;
	struct made *made;
	struct span all;   /* of the stream */
	uint8_t *rest;     /* a copy, zero where something was taken */
	struct span set;   /* the one that is read */
	struct span names; /* what its own ones are called, or empty */
	struct chars_page *page;
	bool wide; /* its strings are UTF-16 */
	bool utf8; /* or UTF-8 */
	uint32_t kind;
	unsigned left; /* values that may still come */
};

/* n bytes of the set from at on, or false. */
static bool
take(struct props *w, size_t at, size_t n, struct span *out)
{
	if (at > w->set.len || n > w->set.len - at)
		return false;
	*out = span_of(w->set.ptr + at, n);
	return true;
}

static bool
take32(struct props *w, size_t at, uint32_t *out)
{
	struct span s;

	if (!take(w, at, 4, &s))
		return false;
	*out = le32(s.ptr);
	return true;
}

/* These bytes have gone out. */
static void
used(struct props *w, struct span s)
{
	memset(w->rest + (s.ptr - w->all.ptr), 0, s.len);
}

static void
text(struct props *w, struct span s, bool wide)
{
	size_t n = s.len;

	if (wide) {
		oletext_wide(w->made, s);
	} else if (w->utf8) {
		while (n > 0 && s.ptr[n - 1] == 0)
			n--;
		made_text(w->made, span_of(s.ptr, n));
	} else {
		oletext_bytes(w->made, w->page, s);
	}
	used(w, s);
}

/* ---- names -----------------------------------------------------------------
 */

/* The entry behind *at of the list of names. */
static bool
next_name(const struct props *w, size_t *at, uint32_t *id, struct span *name)
{
	struct span s = span_skip(w->names, *at);
	size_t len;

	if (s.len < 8)
		return false;
	*id = le32(s.ptr);
	len = w->wide ? (size_t)le32(s.ptr + 4) * 2 : le32(s.ptr + 4);
	if (len > s.len - 8)
		return false;
	*name = span_of(s.ptr + 8, len);
	*at += 8 + (w->wide ? (len + 3) & ~(size_t)3 : len);
	return true;
}

static void
put_name(struct props *w, uint32_t id)
{
	struct span name;
	uint32_t which;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].set == w->kind && known[i].id == id) {
			made_text(w->made, span_str(known[i].name));
			made_text(w->made, span_str(": "));
			return;
		}
	while (next_name(w, &at, &which, &name))
		if (which == id) {
			text(w, name, w->wide);
			made_text(w->made, span_str(": "));
			return;
		}
}

/* ---- values ----------------------------------------------------------------
 */

static bool put_value(struct props *w, uint32_t type, size_t *at,
		      unsigned depth);

static bool
put_string(struct props *w, size_t *at, bool wide, size_t unit)
{
	struct span s;
	uint32_t n;

	if (!take32(w, *at, &n) || n > w->set.len / unit ||
	    !take(w, *at + 4, n * unit, &s))
		return false;
	text(w, s, wide);
	*at += 4 + s.len;
	return true;
}

static double
number(uint32_t type, const uint8_t *p)
{
	switch (type) {
	case TYPE_SHORT:
		return (int16_t)le16(p);
	case TYPE_INT:
		return (int32_t)le32(p);
	case TYPE_UINT:
		return le32(p);
	case TYPE_LONG:
		return (double)(int64_t)le64(p);
	case TYPE_ULONG:
		return (double)le64(p);
	default:
		return le_double(p);
	}
}

static bool
put_number(struct props *w, uint32_t type, size_t n, size_t *at)
{
	struct span s;

	if (!take(w, *at, n, &s))
		return false;
	biff_number(w->made, number(type, s.ptr));
	used(w, s);
	*at += n;
	return true;
}

/* A picture or other bytes, by their length. */
static bool
put_bytes(struct props *w, size_t *at)
{
	struct part part;
	struct span s;
	uint32_t n;

	if (!take32(w, *at, &n) || !take(w, *at + 4, n, &s))
		return false;
	*at += 4 + s.len;
	if (s.len <= 8 || !job_count(w->x))
		return true;
	/* a format of the clipboard, and its number, stand before it */
	part_memory(&part, span_skip(s, 8));
	if (job_member(w->x, &part, span_str("picture")) != ST_OK)
		return false;
	used(w, s);
	return true;
}

/* The type of one in a list of all kinds; some programs fill up before it. */
static bool
next_type(struct props *w, size_t *at, uint32_t *type)
{
	size_t filled = (*at + 3) & ~(size_t)3;

	if (!take32(w, *at, type))
		return false;
	if (*type > (LIST | 0xff) && !take32(w, *at = filled, type))
		return false;
	*at += 4;
	return *type <= (LIST | 0xff);
}

static bool
put_list(struct props *w, uint32_t type, size_t *at, unsigned depth)
{
	uint32_t n, inner = type;

	if (depth == NEST_MAX || !take32(w, *at, &n))
		return false;
	*at += 4;
	while (n-- > 0) {
		if (type == TYPE_VARIANT && !next_type(w, at, &inner))
			return false;
		if (!put_value(w, inner, at, depth + 1))
			return false;
		if (type == TYPE_WIDE)
			*at = (*at + 3) & ~(size_t)3;
		made_byte(w->made, ' ');
	}
	return true;
}

/* False: what follows in a list cannot be found. */
static bool
put_value(struct props *w, uint32_t type, size_t *at, unsigned depth)
{
	if (w->left == 0 || !job_in_time(w->x))
		return false;
	w->left--;
	if (type & LIST)
		return put_list(w, type & ~(uint32_t)LIST, at, depth);
	switch (type) {
	case TYPE_BYTES:
	case TYPE_BSTR:
		return put_string(w, at, w->wide, 1);
	case TYPE_WIDE:
		return put_string(w, at, true, 2);
	case TYPE_SHORT:
		return put_number(w, type, 2, at);
	case TYPE_INT:
	case TYPE_UINT:
		return put_number(w, type, 4, at);
	case TYPE_LONG:
	case TYPE_ULONG:
	case TYPE_DOUBLE:
		return put_number(w, type, 8, at);
	case TYPE_BLOB:
	case TYPE_PICTURE:
		return put_bytes(w, at);
	default:
		return false; /* times, truth: nothing to read */
	}
}

/* ---- sets ------------------------------------------------------------------
 */

/* The i-th property: where its type stands. */
static bool
property(struct props *w, uint32_t i, uint32_t *id, size_t *at)
{
	uint32_t offset;

	if (!take32(w, 8 + (size_t)i * 8, id) ||
	    !take32(w, 12 + (size_t)i * 8, &offset))
		return false;
	*at = offset;
	return offset <= w->set.len;
}

/* What must be known before the values are read. */
static void
look_ahead(struct props *w, uint32_t count)
{
	unsigned page = WINDOWS;
	uint32_t id, type;
	struct span s;
	size_t at;

	w->names = span_of(NULL, 0);
	for (uint32_t i = 0; i < count && property(w, i, &id, &at); i++) {
		if (id == ID_CODEPAGE && take32(w, at, &type) &&
		    type == TYPE_SHORT && take(w, at + 4, 2, &s))
			page = le16(s.ptr);
		else if (id == ID_NAMES && take(w, at, 4, &s))
			w->names = span_skip(w->set, at + 4);
	}
	w->wide = page == UTF16;
	w->utf8 = page == UTF8;
	w->page = chars_codepage(chars_of(w->x), page);
}

static bool
read_set(struct props *w)
{
	uint32_t count, id, type;
	size_t at;

	if (!take32(w, 4, &count) || count > w->set.len / 8)
		return false;
	look_ahead(w, count);
	for (uint32_t i = 0; i < count && !w->x->stop; i++) {
		if (!property(w, i, &id, &at))
			return false;
		if (id == ID_NAMES || id == ID_CODEPAGE)
			continue;
		if (!take32(w, at, &type))
			return false;
		at += 4;
		put_name(w, id);
		/* what it is not comes as bytes */
		if (put_value(w, type & 0xffff, &at, 0) || (type & LIST) != 0)
			made_byte(w->made, '\n');
	}
	return true;
}

static bool
read_sets(struct props *w)
{
	uint32_t count = le32(w->all.ptr + 24);

	if (count == 0 || count > SETS_MAX)
		return false;
	for (size_t i = 0; i < count && !w->x->stop; i++) {
		size_t at = HEAD + i * 20, from;

		if (at + 20 > w->all.len)
			return false;
		from = le32(w->all.ptr + at + 16);
		w->kind = le32(w->all.ptr + at);
		if (from >= w->all.len)
			return false;
		w->set = span_skip(w->all, from);
		if (!read_set(w))
			return false;
	}
	return true;
}

/* ---- the stream ------------------------------------------------------------
 */

bool
props_is(const struct cfb *c, uint32_t entry)
{
	struct cfb_stream s;
	struct part whole;
	uint8_t head[HEAD];

	cfb_part(c, entry, &s, &whole);
	return whole.size > HEAD + 20 && whole.size <= STREAM_MAX &&
	       part_pread(&whole, head, HEAD, 0) && head[0] == 0xfe &&
	       head[1] == 0xff && head[2] <= 1 && head[3] == 0;
}

/* Without the two bytes that look like the mark of another encoding. */
static enum status
read_rest(struct props *w)
{
	enum status st = ST_NOMEM;
	struct part part;

	part_memory(&part, span_of(w->rest + 2, w->all.len - 2));
	part.buf = job_buf(w->x);
	if (part.buf != NULL)
		st = job_rest(w->x, &part);
	return st;
}

static enum status
read_stream(struct extractor *x, struct span all)
{
	struct props w = {.x = x, .all = all, .left = VALUES_MAX};
	enum status st;
	bool good;

	w.rest = malloc(all.len);
	if (w.rest == NULL)
		return ST_NOMEM;
	memcpy(w.rest, all.ptr, all.len);
	st = made_begin(x, &w.made, NULL, NULL);
	if (st == ST_OK) {
		good = read_sets(&w);
		st = made_end(w.made);
		if (st == ST_OK && !good && !x->stop)
			job_note_words(x, COVER_MALFORMED, "properties");
	}
	if (st == ST_OK && !x->stop)
		st = read_rest(&w);
	free(w.rest);
	return st;
}

enum status
props_member(struct extractor *x, struct cfb *c, uint32_t entry,
	     struct span name)
{
	enum status st = ST_OK;
	struct cfb_stream s;
	struct job_outer o;
	struct part part;
	struct hold h;

	c->entries[entry].taken = true;
	if (!job_count(x))
		return ST_OK;
	cfb_part(c, entry, &s, &part);
	job_begin_member(x, name, &o);
	if (hold_part(x, &part, &h))
		st = read_stream(x, h.part.whole);
	else
		job_note(x, COVER_MEMORY);
	hold_end(x, &h);
	job_end_member(x, &o);
	return st;
}
