#include "extract/office/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/made.h"
#include "extract/office/rels.h"
#include "extract/office/textend.h"
#include "extract/office/xmlscan.h"

#define FORMATS_MAX 65536
#define TEXT_AHEAD  (2u << 20) /* bytes of strings that are made room for */
#define CODE_MAX    512        /* of a format; Excel has 255 */

/* ---- strings ---------------------------------------------------------------
 */

struct strings {
	struct shared *s;
	struct made *m; /* when they do not fit any more */
	const struct text_end *ends;
	unsigned text, phonetic;
	bool any; /* of the string at hand */
};

static bool
more_ends(struct shared *s)
{
	size_t room = s->room == 0 ? 1024 : 2 * s->room;
	size_t *ends;
	bool *used;

	if (room > s->most)
		return false;
	ends = reallocarray(s->ends, room, sizeof(*ends));
	if (ends == NULL)
		return false;
	s->ends = ends;
	used = reallocarray(s->used, room, sizeof(*used));
	if (used == NULL)
		return false;
	s->used = used;
	s->room = room;
	return true;
}

enum { OTHER, TEXT, PHONETIC, STRING };

static void
strings_same(void *arg, unsigned what)
{
	struct strings *t = arg;

	if (what == TEXT)
		t->text++;
	else if (what == STRING)
		t->any = false;
	else if (what == PHONETIC)
		t->phonetic++;
}

static unsigned
strings_open(void *arg, const struct xml_tag *tag)
{
	unsigned what = OTHER;

	if (xml_is(tag->name, "t"))
		what = TEXT;
	else if (xml_is(tag->name, "si"))
		what = STRING;
	else if (xml_is(tag->name, "rPh"))
		what = PHONETIC;
	strings_same(arg, what);
	return what | XML_SAME;
}

/* From now on strings go out; what is kept of the one at hand, too. */
static void
go_full(struct strings *t)
{
	struct shared *s = t->s;
	size_t from = s->count == 0 ? 0 : s->ends[s->count - 1];

	s->full = true;
	if (s->text.len > from)
		made_text(t->m, span_skip(buf_span(&s->text), from));
}

static void
end_string(struct strings *t)
{
	struct shared *s = t->s;

	if (!s->full && s->count == s->room && !more_ends(s))
		go_full(t);
	if (s->full) {
		made_byte(t->m, '\n');
		return;
	}
	s->used[s->count] = false;
	s->ends[s->count++] = s->text.len;
}

static void
strings_close(void *arg, unsigned what)
{
	struct strings *t = arg;

	if (what == TEXT)
		t->text--;
	else if (what == PHONETIC)
		t->phonetic--;
	else if (what == STRING)
		end_string(t);
}

static void
strings_text(void *arg, struct span text)
{
	struct strings *t = arg;
	struct shared *s = t->s;

	if (t->text == 0 || text.len == 0)
		return;
	if (!s->full && t->phonetic > 0 && t->any &&
	    buf_add_byte(&s->text, ' ') != ST_OK)
		go_full(t);
	t->any = t->phonetic == 0;
	if (!s->full && buf_add(&s->text, text.ptr, text.len) == ST_OK)
		return;
	if (!s->full)
		go_full(t);
	made_text(t->m, text);
}

/* Behind <si><t>, as most begin; NULL: it is another kind. */
static inline const uint8_t *
plain_begin(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *at = scan_word(p, end, "<si><t>");

	return at != NULL ? at
			  : scan_word(p, end, "<si><t xml:space=\"preserve\">");
}

/* There is room for a string of n bytes. */
static inline bool
fits(const struct shared *s, size_t n)
{
	return !s->full && s->count < s->room &&
	       n <= s->text.room - s->text.len;
}

/* <si><t>text</t></si>; NULL: it is another kind. */
static inline const uint8_t *
take_string(struct strings *t, const uint8_t *p, const uint8_t *end)
{
	struct shared *s = t->s;
	const uint8_t *at = plain_begin(p, end), *next;

	if (at == NULL)
		return NULL;
	if (fits(s, (size_t)(end - at))) {
		p = t->ends->copy(s->text.data + s->text.len, at, end);
		next = scan_word(p, end, "</t></si>");
		if (next != NULL) {
			s->text.len += (size_t)(p - at);
			end_string(t);
		}
		return next;
	}
	p = t->ends->find(at, end);
	next = scan_word(p, end, "</t></si>");
	if (next != NULL) {
		t->text = 1;
		strings_text(t, span_of(at, (size_t)(p - at)));
		t->text = 0;
		end_string(t);
	}
	return next;
}

static struct xml_taken
take_strings(void *arg, const uint8_t *p, const uint8_t *end)
{
	struct strings *t = arg;
	const uint8_t *next;

	while (t->text == 0 && t->phonetic == 0 &&
	       (next = take_string(t, p, end)) != NULL)
		p = next;
	return (struct xml_taken){.to = p};
}

static enum status
read_strings(void *arg, struct extractor *x, struct part *p)
{
	static const struct xml_walk walk = {.open = strings_open,
					     .close = strings_close,
					     .text = strings_text,
					     .same = strings_same,
					     .take = take_strings};
	struct shared *s = arg;
	struct strings t = {.s = s, .ends = text_end_best()};
	size_t outer = job_enter(x, span_str("shared strings"));
	enum status st = made_begin(x, &t.m, NULL, NULL), end;
	bool whole = true;

	if (st == ST_OK) {
		st = xml_read(x, p, &walk, &t, &whole);
		end = made_end(t.m);
		st = st == ST_OK ? end : st;
	}
	if (st == ST_OK && !whole && !x->stop)
		st = job_rest(x, p);
	job_leave(x, outer);
	return st;
}

/* ---- styles ----------------------------------------------------------------
 */

struct styles {
	struct shared *s;
	struct numfmt *custom; /* by place in ids */
	unsigned *ids;
	size_t count;
	bool cells;
};

static void
add_custom(struct styles *t, const struct xml_tag *tag)
{
	struct span code = xml_attr(tag, "formatCode");
	char text[CODE_MAX];
	size_t n = t->count;
	unsigned *ids;
	struct numfmt *custom;

	if (code.ptr == NULL || n == FORMATS_MAX)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)code.len,
		 (const char *)code.ptr);
	ids = reallocarray(t->ids, n + 1, sizeof(*ids));
	if (ids != NULL)
		t->ids = ids;
	custom = reallocarray(t->custom, n + 1, sizeof(*custom));
	if (custom != NULL)
		t->custom = custom;
	if (ids == NULL || custom == NULL)
		return;
	ids[n] = xml_count(xml_attr(tag, "numFmtId"), 0, 1u << 30);
	custom[n] = numfmt_of(text);
	t->count++;
}

static struct numfmt
format_of(const struct styles *t, unsigned id)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->ids[i] == id)
			return t->custom[i];
	return numfmt_builtin(id);
}

static void
add_cell_style(struct styles *t, const struct xml_tag *tag)
{
	struct shared *s = t->s;
	struct numfmt *more;

	if (s->format_count == FORMATS_MAX)
		return;
	more = reallocarray(s->formats, s->format_count + 1, sizeof(*more));
	if (more == NULL)
		return;
	s->formats = more;
	more[s->format_count++] =
	    format_of(t, xml_count(xml_attr(tag, "numFmtId"), 0, 1u << 30));
}

static unsigned
styles_open(void *arg, const struct xml_tag *tag)
{
	struct styles *t = arg;
	bool list = xml_is(tag->name, "cellXfs");

	if (xml_is(tag->name, "numFmt"))
		add_custom(t, tag);
	else if (t->cells && xml_is(tag->name, "xf"))
		add_cell_style(t, tag);
	t->cells = t->cells || list;
	return list;
}

static void
styles_close(void *arg, unsigned list)
{
	struct styles *t = arg;

	if (list != 0)
		t->cells = false;
}

/* ---- both ------------------------------------------------------------------
 */

/* size: of the part that has the strings, as far as that is known. */
static void
limit_memory(struct shared *s, uint64_t size)
{
	uint64_t left = s->x->kept < s->x->budget.memory
			    ? s->x->budget.memory - s->x->kept
			    : 0;

	buf_init(&s->text, (size_t)(left / 2) + 1);
	s->most = (size_t)(left / 2) / (sizeof(*s->ends) + sizeof(*s->used));
	size = size < TEXT_AHEAD ? size : TEXT_AHEAD;
	if (size <= left / 2 && buf_reserve(&s->text, (size_t)size) != ST_OK)
		s->most = 0; /* no memory: they go out by themselves */
}

enum status
shared_open(struct zip_view *v, struct zip_entry *strings,
	    struct zip_entry *styles, struct shared *s)
{
	static const struct xml_walk walk = {.open = styles_open,
					     .close = styles_close};
	struct styles t = {.s = s};
	enum status st;

	*s = (struct shared){.x = v->x};
	limit_memory(s, strings != NULL ? strings->size : 0);
	st = rels_look(v, styles, &walk, &t);
	free(t.custom);
	free(t.ids);
	if (st == ST_OK && strings != NULL)
		st = zip_view_read(v, strings, read_strings, s);
	s->kept = s->text.len;
	s->x->kept += s->kept;
	s->lines =
	    s->kept > 0 && memchr(s->text.data, '\n', s->text.len) != NULL;
	return st == ST_EOF ? ST_OK : st;
}

void
shared_close(struct shared *s)
{
	s->x->kept -= s->kept;
	buf_fini(&s->text);
	free(s->ends);
	free(s->used);
	free(s->formats);
}

static struct span
string(const struct shared *s, size_t i)
{
	size_t from = i == 0 ? 0 : s->ends[i - 1];

	return span_of(s->text.data + from, s->ends[i] - from);
}

struct span
shared_string(struct shared *s, size_t i)
{
	if (i >= s->count || s->ends[i] == 0)
		return span_of(NULL, 0);
	s->used[i] = true;
	return string(s, i);
}

static size_t
say_rest(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	int n = snprintf(dst, room, "shared string %u", m->a);

	(void)arg;
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
}

enum status
shared_rest(struct shared *s)
{
	struct made *m;
	enum status st = made_begin(s->x, &m, say_rest, NULL);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < s->count && !s->x->stop; i++) {
		if (s->used[i] || s->ends[i] == 0)
			continue;
		made_mark(m, (uint32_t)i + 1, 0);
		made_text(m, string(s, i));
		made_byte(m, '\n');
	}
	return made_end(m);
}
