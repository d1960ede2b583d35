#include "extract/office/prose.h"

#include <stdio.h>
#include <string.h>

#define FRAME_MAX (256u * 1024) /* bytes of a paragraph that are joined */
#define IN_TABLE  0xff000000u
#define BEFORE    0x80000000u /* of mark.b: as it was */
#define WORD_NONE 0xffu

static struct prose_frame *
frame(struct prose *pr)
{
	unsigned i = pr->paras == 0 ? 0 : pr->paras - 1;

	return &pr->frames[i < PROSE_NEST ? i : PROSE_NEST - 1];
}

/* ---- places ----------------------------------------------------------------
 */

static void
mark(struct prose *pr, uint32_t flags)
{
	if (pr->item > 0)
		made_mark(pr->m,
			  pr->items[pr->item - 1 < PROSE_NEST ? pr->item - 1
							      : PROSE_NEST - 1],
			  flags);
	else if (pr->rows > 0)
		made_mark(pr->m, IN_TABLE | (pr->table & 0xffffffu),
			  pr->row | flags);
	else
		made_mark(pr->m, (uint32_t)WORD_NONE << 16,
			  pr->paragraph | flags);
}

static int
say_item(const struct prose *pr, const struct made_mark *m, const char *old,
	 char *dst, size_t room)
{
	const char *words = pr->words[m->a >> 16 & (PROSE_WORDS - 1)];
	int before = (int)strcspn(words, "#");
	const char *after = words + before + (words[before] != 0);

	char number[12] = "";

	if (words[before] == '#')
		snprintf(number, sizeof(number), "%u", m->a & 0xffffu);
	return snprintf(dst, room, "%s%s%.*s%s%s%s", pr->title,
			pr->title[0] != 0 ? " " : "", before, words, number,
			after, old);
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	const struct prose *pr = arg;
	const char *gap = pr->title[0] != 0 ? " " : "";
	const char *old = (m->b & BEFORE) ? " before changes" : "";
	unsigned n = m->b & ~BEFORE;
	int len;

	if ((m->a & IN_TABLE) == IN_TABLE)
		len = snprintf(dst, room, "%s%stable %u row %u%s", pr->title,
			       gap, m->a & 0xffffffu, n, old);
	else if (m->a >> 16 != WORD_NONE)
		len = say_item(pr, m, old, dst, room);
	else if (pr->title[0] != 0)
		len = snprintf(dst, room, "%s%s", pr->title, old);
	else
		len = snprintf(dst, room, "paragraph %u%s", n, old);
	if (len < 0)
		return 0;
	return (size_t)len < room ? (size_t)len : room;
}

/* ---- paragraphs ------------------------------------------------------------
 */

/* Between paragraphs: a line, in a row of a table a blank. */
static void
put_line(struct prose *pr, const struct buf *b, uint32_t flags)
{
	if (xml_blank(buf_span(b)))
		return;
	mark(pr, flags);
	made_text(pr->m, buf_span(b));
	made_byte(pr->m, pr->cells > 0 && flags == 0 ? ' ' : '\n');
}

/* What is kept is wiped at the end; until then it is written over. */
static void
put_frame(struct prose *pr, struct prose_frame *f)
{
	if (f->now.len > 0)
		put_line(pr, &f->now, 0);
	if (f->changed)
		put_line(pr, &f->before, BEFORE);
	if (f->aside.len > 0)
		put_line(pr, &f->aside, 0);
	f->now.len = f->before.len = f->aside.len = 0;
	f->changed = false;
}

/* What is too long to be held goes out as it is. */
static void
add_to(struct prose *pr, struct buf *b, struct span s)
{
	while (s.len > 0) {
		size_t room = FRAME_MAX - b->len;
		size_t n = s.len < room ? s.len : room;

		if (buf_add(b, s.ptr, n) != ST_OK)
			return;
		s = span_skip(s, n);
		if (b->len < FRAME_MAX)
			return;
		mark(pr, 0);
		made_text(pr->m, buf_span(b));
		buf_clear(b);
	}
}

/* As it was, a paragraph is told only when that is another one. */
static void
add(struct prose *pr, struct span s)
{
	struct prose_frame *f = frame(pr);

	if (!f->changed && (pr->gone > 0 || pr->new > 0)) {
		add_to(pr, &f->before, buf_span(&f->now));
		f->changed = true;
	}
	if (pr->gone == 0)
		add_to(pr, &f->now, s);
	if (f->changed && pr->new == 0)
		add_to(pr, &f->before, s);
}

static void
add_byte(struct prose *pr, uint8_t c, unsigned n)
{
	while (n-- > 0)
		add(pr, span_of(&c, 1));
}

void
prose_aside(struct prose *pr, struct span s)
{
	struct prose_frame *f = frame(pr);

	if (f->aside.len > 0 && f->aside.data[f->aside.len - 1] != '\n')
		add_to(pr, &f->aside, span_str("\n"));
	add_to(pr, &f->aside, s);
}

/* ---- attributes ------------------------------------------------------------
 */

static bool
begins(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && memcmp(s.ptr, with, n) == 0;
}

/* Names that only programs read. */
static bool
machine_name(struct span name)
{
	static const char *const names[] = {
	    "rsid", "paraId",    "textId", "durableId",
	    "uri",  "Ignorable", "fmtid",  "style-name"};

	name = xml_local(name);
	if (xml_is(name, "d") || xml_is(name, "points") ||
	    xml_is(name, "viewBox") || xml_is(name, "path"))
		return true; /* what is drawn */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (begins(name, names[i]))
			return true;
	return false;
}

/* A number with a point is a length. */
static bool
is_measure(struct span v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((v.ptr[i] < '0' || v.ptr[i] > '9') && v.ptr[i] != '-' &&
		    v.ptr[i] != '.')
			return false;
	return memchr(v.ptr, '.', v.len) != NULL;
}

static bool
says_something(struct span v)
{
	unsigned digits = 0, gaps = 0;

	if (v.len < 5)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.ptr[i];

		digits += (uint8_t)(c - '0') <= 9;
		gaps += c == ' ' || c == '@' || c >= 0x80;
	}
	return (gaps > 0 || digits >= 7) && !is_measure(v);
}

bool
prose_says(const struct xml_attr *a)
{
	return says_something(a->value) && !begins(a->name, "xmlns") &&
	       !machine_name(a->name);
}

/* False: none of them says anything. */
static bool
add_attributes(struct prose *pr, const struct xml_tag *t)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		const struct xml_attr *a = &t->attrs[i];

		if (!prose_says(a))
			continue;
		any = true;
		prose_aside(pr, xml_local(a->name));
		add_to(pr, &frame(pr)->aside, span_str(": "));
		add_to(pr, &frame(pr)->aside, a->value);
		add_to(pr, &frame(pr)->aside, span_str("\n"));
	}
	return any;
}

/* ---- elements --------------------------------------------------------------
 */

static void
open_para(struct prose *pr)
{
	pr->paras++;
	if (pr->paras > PROSE_NEST)
		put_frame(pr, frame(pr));
	if (pr->item == 0 && pr->paras == 1)
		pr->paragraph++;
}

static void
open_item(struct prose *pr, const char *word, bool side)
{
	uint32_t i = 0, n;

	while (i < PROSE_WORDS - 1 && pr->words[i] != NULL &&
	       strcmp(pr->words[i], word) != 0)
		i++;
	pr->words[i] = word;
	if (side)
		n = pr->item > 0 && pr->item <= PROSE_NEST
			? pr->items[pr->item - 1]
			: pr->counts[i];
	else
		n = ++pr->counts[i];
	if (pr->item < PROSE_NEST)
		pr->items[pr->item] = i << 16 | (n & 0xffffu);
	pr->item++;
	open_para(pr);
}

static void
open_row(struct prose *pr)
{
	if (pr->rows++ == 0)
		pr->row++;
}

static void
open_table(struct prose *pr)
{
	if (pr->rows > 0)
		return;
	pr->table++;
	pr->row = 0;
}

static bool
plain(const struct xml_tag *t)
{
	return xml_attr(t, "val").ptr == NULL && xml_attr(t, "pos").ptr == NULL;
}

/* The line above notes, which is written as a note. */
static bool
is_line(const struct xml_tag *t)
{
	struct span type = xml_attr(t, "type");

	return begins(type, "separator") || begins(type, "continuation");
}

static void
open_known(struct prose *pr, const struct prose_element *e,
	   const struct xml_tag *t)
{
	switch (e->class) {
	case PROSE_PARA:
		open_para(pr);
		break;
	case PROSE_LINE:
		open_para(pr);
		pr->text++;
		break;
	case PROSE_TEXT:
		pr->text++;
		break;
	case PROSE_CODE:
		pr->code++;
		prose_aside(pr, span_of(NULL, 0));
		break;
	case PROSE_TAB:
		if (plain(t))
			add_byte(pr, '\t', 1);
		break;
	case PROSE_BREAK:
		add_byte(pr, '\n', 1);
		break;
	case PROSE_BLANK:
		add_byte(pr, ' ', xml_count(xml_attr(t, "c"), 1, 256));
		break;
	case PROSE_DASH:
		add_byte(pr, '-', 1);
		break;
	case PROSE_CELL:
		pr->cells++;
		break;
	case PROSE_ROW:
		open_row(pr);
		break;
	case PROSE_TABLE:
		open_table(pr);
		break;
	case PROSE_GONE:
		pr->gone++;
		break;
	case PROSE_NEW:
		pr->new ++;
		break;
	case PROSE_ITEM:
	case PROSE_SIDE:
		open_item(pr, e->word, e->class == PROSE_SIDE || is_line(t));
		break;
	}
}

/* Of a list of values: what the next one is called. */
static void
name_value(struct prose *pr, const struct xml_tag *t)
{
	struct span name = xml_attr(t, "name");

	if (name.ptr == NULL && xml_is(t->name, "lpwstr"))
		return; /* it has the name around it */
	if (name.ptr == NULL)
		name = t->name;
	snprintf(pr->value, sizeof(pr->value), "%.*s", (int)name.len,
		 (const char *)name.ptr);
}

/* What opening it does has nothing to do with its attributes. */
static bool
by_name(const struct prose_element *e)
{
	return e->class != PROSE_TAB && e->class != PROSE_BLANK &&
	       e->class != PROSE_ITEM && e->class != PROSE_SIDE;
}

/* With XML_SAME when on_same() does the same for a tag of the same bytes. */
static unsigned
open_tag(struct prose *pr, const struct xml_tag *t)
{
	unsigned what = xml_names_of(&pr->names, t);
	const struct prose_element *e =
	    what != PROSE_OTHER ? &pr->elements[what - 1] : NULL;
	bool same = !pr->all_text && (e == NULL || by_name(e));

	pr->apart = true;
	if (e != NULL)
		open_known(pr, e, t);
	if (pr->all_text)
		name_value(pr, t);
	if (t->count > 0 && add_attributes(pr, t))
		same = false;
	return same ? what | XML_SAME : what;
}

unsigned
prose_open(struct prose *pr, const struct xml_tag *t)
{
	return open_tag(pr, t) & ~XML_SAME;
}

static void
less(unsigned *n)
{
	if (*n > 0)
		--*n;
}

static void
close_para(struct prose *pr)
{
	put_frame(pr, frame(pr));
	less(&pr->paras);
}

static void
close_row(struct prose *pr)
{
	less(&pr->rows);
	made_byte(pr->m, '\n');
}

static void
close_cell(struct prose *pr)
{
	less(&pr->cells);
	made_byte(pr->m, '\t');
}

static void
close_known(struct prose *pr, const struct prose_element *e)
{
	switch (e->class) {
	case PROSE_PARA:
		close_para(pr);
		break;
	case PROSE_LINE:
		close_para(pr);
		less(&pr->text);
		break;
	case PROSE_TEXT:
		less(&pr->text);
		break;
	case PROSE_CODE:
		less(&pr->code);
		break;
	case PROSE_CELL:
		close_cell(pr);
		break;
	case PROSE_ROW:
		close_row(pr);
		break;
	case PROSE_GONE:
		less(&pr->gone);
		break;
	case PROSE_NEW:
		less(&pr->new);
		break;
	case PROSE_ITEM:
	case PROSE_SIDE:
		close_para(pr);
		less(&pr->item);
		break;
	case PROSE_TAB:
	case PROSE_BREAK:
	case PROSE_BLANK:
	case PROSE_DASH:
	case PROSE_TABLE:
		break;
	}
}

void
prose_close(struct prose *pr, unsigned what)
{
	pr->apart = true;
	if (what != PROSE_OTHER)
		close_known(pr, &pr->elements[what - 1]);
	else if (pr->all_text && pr->paras == 0)
		put_frame(pr, frame(pr));
}

static struct xml_tag
tag_of(const char *name)
{
	return (struct xml_tag){.name = span_str(name), .key = xml_key(name)};
}

void
prose_enter(struct prose *pr, const char *name)
{
	struct xml_tag t = tag_of(name);

	prose_open(pr, &t);
}

void
prose_leave(struct prose *pr, const char *name)
{
	struct xml_tag t = tag_of(name);

	prose_close(pr, xml_names_of(&pr->names, &t));
}

static void
add_value(struct prose *pr, struct span s)
{
	struct buf *b = &frame(pr)->aside;

	if (pr->apart && b->len > 0 && b->data[b->len - 1] != '\n')
		add_to(pr, b, span_str("\n"));
	pr->apart = false;
	if (pr->all_text && b->len == 0) {
		add_to(pr, b, span_str(pr->value));
		add_to(pr, b, span_str(": "));
	}
	add_to(pr, b, s);
}

void
prose_text(void *arg, struct span s)
{
	struct prose *pr = arg;

	if (pr->code > 0)
		add_to(pr, &frame(pr)->aside, s);
	else if (pr->text > 0)
		add(pr, s);
	else if (!xml_blank(s))
		add_value(pr, s);
}

void
prose_other(void *arg, struct span s)
{
	if (!xml_blank(s))
		prose_aside(arg, s);
}

/* ---- a part ----------------------------------------------------------------
 */

enum status
prose_begin(struct prose *pr, struct extractor *x,
	    const struct prose_element *elements, const char *title)
{
	*pr = (struct prose){.x = x, .elements = elements};
	for (unsigned i = 0; elements[i].name != NULL; i++)
		xml_names_add(&pr->names, elements[i].name, i + 1);
	snprintf(pr->title, sizeof(pr->title), "%s",
		 title != NULL ? title : "");
	for (size_t i = 0; i < PROSE_NEST; i++) {
		buf_init(&pr->frames[i].now, FRAME_MAX);
		buf_init(&pr->frames[i].before, FRAME_MAX);
		buf_init(&pr->frames[i].aside, FRAME_MAX);
	}
	return made_begin(x, &pr->m, say, pr);
}

enum status
prose_end(struct prose *pr)
{
	enum status st;

	for (size_t i = PROSE_NEST; i-- > 0;)
		put_frame(pr, &pr->frames[i]);
	st = made_end(pr->m);
	for (size_t i = 0; i < PROSE_NEST; i++) {
		buf_fini(&pr->frames[i].now);
		buf_fini(&pr->frames[i].before);
		buf_fini(&pr->frames[i].aside);
	}
	return st;
}

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	return open_tag(arg, t);
}

static void
on_same(void *arg, unsigned what)
{
	struct prose *pr = arg;

	pr->apart = true;
	if (what != PROSE_OTHER)
		open_known(pr, &pr->elements[what - 1], NULL);
}

static void
on_close(void *arg, unsigned what)
{
	prose_close(arg, what);
}

enum status
prose_part(struct extractor *x, struct part *p,
	   const struct prose_element *elements, const char *title)
{
	static const struct xml_walk walk = {.open = on_open,
					     .close = on_close,
					     .text = prose_text,
					     .other = prose_other,
					     .same = on_same};
	struct prose pr;
	enum status st = prose_begin(&pr, x, elements, title), end;
	bool whole = true;

	if (st != ST_OK)
		return st;
	pr.all_text = elements->name == NULL;
	st = xml_read(x, p, &walk, &pr, &whole);
	end = prose_end(&pr);
	if (st == ST_OK)
		st = end;
	return st == ST_OK && !whole && !x->stop ? job_rest(x, p) : st;
}
