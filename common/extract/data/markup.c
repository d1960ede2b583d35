#include "extract/data/markup.h"

#include <string.h>
#include <strings.h>

#define LEVELS    32
#define NAMES_MAX 1024
#define NAME_MAX  64

enum where {
	TEXT,
	OPENED, /* behind '<' */
	NAME,   /* of a tag */
	TAG,    /* between attributes */
	ATTRIBUTE,
	VALUE,
	BANG, /* behind "<!" */
	COMMENT,
	CDATA,
	OTHER, /* <!DOCTYPE, <? */
};

struct markup {
	uint64_t line;
	enum where where;
	bool html, closing, empty;
	uint8_t quote;
	uint8_t last[2]; /* bytes before this one */
	uint8_t tag_len, attribute_len;
	uint8_t tag[NAME_MAX], attribute[NAME_MAX];
	uint32_t depth; /* deeper ones than LEVELS have no names */
	uint16_t starts[LEVELS + 1];
	uint8_t names[NAMES_MAX];
};

/* ---- elements --------------------------------------------------------------
 */

static struct span
name_at(const struct markup *m, uint32_t level)
{
	size_t from = m->starts[level];

	return span_of(m->names + from, m->starts[level + 1] - from);
}

static bool
is_one_of(const struct markup *m, const char *const names[])
{
	for (size_t i = 0; m->html && names[i] != NULL; i++)
		if (m->tag_len == strlen(names[i]) &&
		    strncasecmp((const char *)m->tag, names[i], m->tag_len) ==
			0)
			return true;
	return false;
}

static bool
has_no_end(const struct markup *m)
{
	static const char *const names[] = {
	    "area", "base", "br",    "col",    "embed", "hr",    "img", "input",
	    "link", "meta", "param", "source", "wbr",   "track", NULL};

	return is_one_of(m, names);
}

/* An element that ends where the next of its name begins. */
static bool
ends_the_last(const struct markup *m)
{
	static const char *const names[] = {"p",  "li", "td",     "th", "tr",
					    "dt", "dd", "option", NULL};
	struct span s;

	if (m->depth == 0 || m->depth > LEVELS || !is_one_of(m, names))
		return false;
	s = name_at(m, m->depth - 1);
	return s.len == m->tag_len && memcmp(s.ptr, m->tag, s.len) == 0;
}

static void
open_element(struct markup *m)
{
	if (ends_the_last(m))
		m->depth--;
	if (m->depth < LEVELS) {
		size_t from = m->starts[m->depth], n = m->tag_len;

		if (n > NAMES_MAX - from)
			n = NAMES_MAX - from;
		memcpy(m->names + from, m->tag, n);
		m->starts[m->depth + 1] = (uint16_t)(from + n);
	}
	m->depth++;
}

/* Elements that were never closed end with the one around them. */
static void
close_element(struct markup *m)
{
	if (m->depth > LEVELS) {
		m->depth--;
		return;
	}
	for (uint32_t i = m->depth; i > 0; i--) {
		struct span s = name_at(m, i - 1);

		if (s.len == m->tag_len && memcmp(s.ptr, m->tag, s.len) == 0) {
			m->depth = i - 1;
			return;
		}
	}
}

static void
end_tag(struct markup *m)
{
	if (m->closing)
		close_element(m);
	else if (!m->empty && !has_no_end(m))
		open_element(m);
	m->where = TEXT;
	m->attribute_len = 0;
}

/* ---- following -------------------------------------------------------------
 */

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
feed_opened(struct markup *m, uint8_t c)
{
	m->closing = c == '/';
	m->empty = false;
	m->tag_len = m->attribute_len = 0;
	if (c == '!')
		m->where = BANG;
	else if (c == '?')
		m->where = OTHER;
	else if (c == '/')
		m->where = NAME;
	else if ((uint8_t)((c | 32) - 'a') < 26 || c == '_' || c >= 0x80) {
		m->where = NAME;
		m->tag[m->tag_len++] = c;
	} else {
		m->where = TEXT;
	}
}

static void
feed_tag(struct markup *m, uint8_t c)
{
	if (c == '>') {
		end_tag(m);
	} else if (c == '"' || c == '\'') {
		m->quote = c;
		m->where = VALUE;
	} else if (c == '/') {
		m->empty = true;
	} else if (c != '=' && !is_space(c)) {
		/* a name, or a value without quotes */
		if (m->last[0] != '=')
			m->attribute_len = 0;
		m->where = m->last[0] == '=' ? VALUE : ATTRIBUTE;
		m->quote = 0;
		if (m->where == ATTRIBUTE)
			m->attribute[m->attribute_len++] = c;
		m->empty = false;
	}
}

static void
feed_name(struct markup *m, uint8_t c)
{
	if (c == '>' || c == '/' || is_space(c)) {
		m->where = TAG;
		feed_tag(m, c);
	} else if (m->tag_len < NAME_MAX) {
		m->tag[m->tag_len++] = c;
	}
}

static void
feed_attribute(struct markup *m, uint8_t c)
{
	if (c == '=' || c == '>' || c == '/' || is_space(c)) {
		m->where = TAG;
		feed_tag(m, c);
	} else if (m->attribute_len < NAME_MAX) {
		m->attribute[m->attribute_len++] = c;
	}
}

static void
feed_value(struct markup *m, uint8_t c)
{
	if (m->quote != 0 ? c != m->quote : c != '>' && !is_space(c))
		return;
	m->where = TAG;
	if (m->quote == 0)
		feed_tag(m, c);
}

static void
feed_bang(struct markup *m, uint8_t c)
{
	if (c == '-' && m->last[0] == '-')
		m->where = COMMENT;
	else if (c == '[')
		m->where = CDATA;
	else if (c != '-')
		m->where = OTHER;
}

static void
feed_special(struct markup *m, uint8_t c)
{
	const uint8_t *last = m->last;

	if (c != '>')
		return;
	if ((m->where == COMMENT && last[0] == '-' && last[1] == '-') ||
	    (m->where == CDATA && last[0] == ']' && last[1] == ']') ||
	    m->where == OTHER)
		m->where = TEXT;
}

static void
feed_byte(struct markup *m, uint8_t c)
{
	switch (m->where) {
	case TEXT:
		if (c == '<')
			m->where = OPENED;
		break;
	case OPENED:
		feed_opened(m, c);
		break;
	case NAME:
		feed_name(m, c);
		break;
	case TAG:
		feed_tag(m, c);
		break;
	case ATTRIBUTE:
		feed_attribute(m, c);
		break;
	case VALUE:
		feed_value(m, c);
		break;
	case BANG:
		feed_bang(m, c);
		break;
	case COMMENT:
	case CDATA:
	case OTHER:
		feed_special(m, c);
		break;
	}
}

static void
feed(void *state, struct span s)
{
	struct markup *m = state;

	for (size_t i = 0; i < s.len; i++) {
		feed_byte(m, s.ptr[i]);
		m->line += s.ptr[i] == '\n';
		m->last[1] = m->last[0];
		m->last[0] = s.ptr[i];
	}
}

static void
feed_html(void *state, struct span s)
{
	((struct markup *)state)->html = true;
	feed(state, s);
}

/* ---- saying ----------------------------------------------------------------
 */

static bool
in_attributes(const struct markup *m)
{
	return m->where == TAG || m->where == ATTRIBUTE || m->where == VALUE;
}

static size_t
say(const void *state, char *dst, size_t room)
{
	const struct markup *m = state;
	uint32_t depth = m->depth < LEVELS ? m->depth : LEVELS;
	size_t n = track_print(dst, room, 0, "line %llu",
			       (unsigned long long)m->line + 1);

	for (uint32_t i = 0; i < depth; i++) {
		n = track_add(dst, room, n, span_str(i == 0 ? " " : "/"));
		n = track_add(dst, room, n, name_at(m, i));
	}
	if (in_attributes(m)) {
		n = track_add(dst, room, n, span_str(depth == 0 ? " " : "/"));
		n = track_add(dst, room, n, span_of(m->tag, m->tag_len));
	}
	if (in_attributes(m) && m->attribute_len > 0) {
		n = track_add(dst, room, n, span_str("@"));
		n = track_add(dst, room, n,
			      span_of(m->attribute, m->attribute_len));
	}
	if (m->where == COMMENT)
		n = track_add(dst, room, n, span_str(" comment"));
	return n;
}

/* ---- telling ---------------------------------------------------------------
 */

static struct span
skip_space(struct span s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = span_skip(s, 1);
	return s;
}

static bool
begins(struct span s, const char *words)
{
	size_t n = strlen(words);

	return s.len >= n && strncasecmp((const char *)s.ptr, words, n) == 0;
}

/*
 * The body of a mail is read as it is shown: its lines tell nobody anything.
 * What is attached is a file as any other.
 */
static bool
is_of_mail(const struct format_look *l)
{
	static const char *const parsers[] = {"mail", "mbox", "tnef", "ole"};
	struct span name = l->part->name;

	if (name.len > 0 && !span_eq(name, span_str("html body")) &&
	    !span_eq(name, span_str("body")))
		return false;
	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++)
		if (strcmp(l->parent, parsers[i]) == 0)
			return true;
	return false;
}

bool
xml_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];
	struct span s = skip_space(track_head(l, head));
	const uint8_t *end;

	if (is_of_mail(l))
		return false;
	if (begins(s, "<?xml"))
		return true;
	if (s.len < 4 || s.ptr[0] != '<' ||
	    (uint8_t)((s.ptr[1] | 32) - 'a') >= 26)
		return begins(s, "<!--");
	end = memchr(s.ptr, '>', s.len);
	return end != NULL && memchr(end, '<', (size_t)(s.ptr + s.len - end));
}

bool
html_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];
	struct span s = skip_space(track_head(l, head));

	if (is_of_mail(l))
		return false;
	return begins(s, "<!doctype html") || begins(s, "<html") ||
	       begins(s, "<head") || begins(s, "<body");
}

const struct track_kind xml_places = {sizeof(struct markup), feed, say};

const struct track_kind html_places = {sizeof(struct markup), feed_html, say};
