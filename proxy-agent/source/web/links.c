#include "proxy-agent/source/web/links.h"

#include <string.h>

#include "base/str.h"
#include "base/utf.h"

enum {
	IN_TEXT,
	IN_OPEN,    /* behind < */
	IN_MARK,    /* behind <! */
	IN_COMMENT, /* match: of --> */
	IN_SKIP,    /* until > */
	IN_TAG,     /* its name */
	IN_GAP,     /* before an attribute */
	IN_ATTR,    /* its name */
	IN_EQUALS,  /* behind the name */
	IN_BEFORE,  /* before the value */
	IN_VALUE,
	IN_RAW, /* text that only </until> ends */
};

static const char raw_tags[] = "script style textarea title xmp";

void
links_init(struct links *l, const struct links_hear *hear)
{
	memset(l, 0, sizeof(*l));
	l->hear = *hear;
	buf_init(&l->value, LINKS_VALUE);
	buf_init(&l->content, LINKS_VALUE);
}

void
links_fini(struct links *l)
{
	buf_fini(&l->value);
	buf_fini(&l->content);
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* A name that is too long stays cut, and is then none that we know. */
static void
add_name(char *name, size_t *len, uint8_t c)
{
	if (*len < LINKS_NAME - 1) {
		name[(*len)++] = (char)lower(c);
		name[*len] = 0;
	}
}

/* ---- what a value says -----------------------------------------------------
 */

/* "&amp;" and numbers; other names do not stand in addresses. */
static size_t
reference(struct span s, uint8_t out[4], size_t *n)
{
	size_t end = str_find(s, ';');
	struct span name = span_of(s.ptr + 1, end == 0 ? 0 : end - 1);
	uint64_t cp = 0;

	if (end == s.len || end > 10)
		return 0;
	if (str_is(name, "amp"))
		cp = '&';
	else if (str_is(name, "quot"))
		cp = '"';
	else if (str_starts(name, "#x") || str_starts(name, "#X")) {
		if (str_to_hex(span_skip(name, 2), &cp) != ST_OK)
			return 0;
	} else if (!str_starts(name, "#") ||
		   str_to_u64(span_skip(name, 1), 1, 0x10FFFF, &cp) != ST_OK)
		return 0;
	*n = cp > 0x10FFFF ? 0 : utf_encode((uint32_t)cp, out);
	return *n == 0 ? 0 : end + 1;
}

/* Only ever shorter: in place. */
static struct span
resolved(struct buf *value)
{
	size_t to = 0, n = 0;
	uint8_t is[4];

	for (size_t i = 0; i < value->len;) {
		struct span rest = span_of(value->data + i, value->len - i);
		size_t used = rest.ptr[0] == '&' ? reference(rest, is, &n) : 0;

		if (used == 0) {
			value->data[to++] = rest.ptr[0];
			i++;
			continue;
		}
		memcpy(value->data + to, is, n);
		to += n;
		i += used;
	}
	value->len = to;
	return str_trim(buf_span(value));
}

static void
tell(struct links *l, struct span ref)
{
	if (ref.len > 0 && ref.ptr[0] != '#')
		l->hear.link(l->hear.arg, ref);
}

/* "a.png 1x, b.png 2x": a comma may stand in an address, but not end it. */
static void
tell_srcset(struct links *l, struct span s)
{
	size_t i = 0, from;

	while (i < s.len) {
		while (i < s.len && (is_blank(s.ptr[i]) || s.ptr[i] == ','))
			i++;
		from = i;
		while (i < s.len && !is_blank(s.ptr[i]))
			i++;
		if (i > from && s.ptr[i - 1] == ',') {
			tell(l, span_of(s.ptr + from, i - 1 - from));
			continue;
		}
		tell(l, span_of(s.ptr + from, i - from));
		while (i < s.len && s.ptr[i] != ',')
			i++;
	}
}

/* "5; url='next.html'" */
static void
tell_refresh(struct links *l, struct span s)
{
	size_t at = str_find(s, ';');
	struct span v = str_trim(span_skip(s, at + 1));

	if (v.len >= 4 && (lower(v.ptr[0]) == 'u') && lower(v.ptr[1]) == 'r' &&
	    lower(v.ptr[2]) == 'l') {
		v = str_trim(span_skip(v, 3));
		if (v.len == 0 || v.ptr[0] != '=')
			return;
		v = str_trim(span_skip(v, 1));
	}
	if (v.len >= 2 && (v.ptr[0] == '"' || v.ptr[0] == '\''))
		v = span_of(v.ptr + 1, str_find(span_skip(v, 1), v.ptr[0]));
	tell(l, v);
}

static void
on_meta(struct links *l, struct span v)
{
	if (strcmp(l->attr, "http-equiv") == 0) {
		l->refresh = v.len == 7;
		for (size_t i = 0; l->refresh && i < 7; i++)
			l->refresh = lower(v.ptr[i]) == (uint8_t) "refresh"[i];
	} else if (strcmp(l->attr, "content") == 0) {
		buf_clear(&l->content);
		if (buf_add(&l->content, v.ptr, v.len) != ST_OK)
			buf_clear(&l->content);
	}
}

static void
on_value(struct links *l)
{
	static const char plain[] = "href src action data poster cite "
				    "formaction longdesc background codebase "
				    "xlink:href data-src data-href";
	struct span name = span_str(l->attr), v;

	if (l->too_long || l->closing)
		return;
	v = resolved(&l->value);
	if (strcmp(l->tag, "base") == 0 && str_is(name, "href"))
		l->hear.base(l->hear.arg, v);
	else if (str_listed(plain, name))
		tell(l, v);
	else if (str_is(name, "srcset") || str_is(name, "imagesrcset"))
		tell_srcset(l, v);
	else if (strcmp(l->tag, "meta") == 0)
		on_meta(l, v);
}

/* ---- tags ------------------------------------------------------------------
 */

static void
begin_tag(struct links *l)
{
	l->tag_len = l->attr_len = 0;
	l->tag[0] = l->attr[0] = 0;
	l->refresh = false;
	buf_clear(&l->content);
	l->state = IN_TAG;
}

static void
end_tag(struct links *l)
{
	if (l->refresh && l->content.len > 0)
		tell_refresh(l, buf_span(&l->content));
	l->state = IN_TEXT;
	if (!l->closing && str_listed(raw_tags, span_str(l->tag))) {
		memcpy(l->until, l->tag, sizeof(l->until));
		l->state = IN_RAW;
		l->match = 0;
	}
}

static void
begin_attr(struct links *l, uint8_t c)
{
	l->attr_len = 0;
	l->attr[0] = 0;
	buf_clear(&l->value);
	l->too_long = false;
	add_name(l->attr, &l->attr_len, c);
	l->state = IN_ATTR;
}

/* Between attributes: what comes next. */
static void
step_gap(struct links *l, uint8_t c)
{
	if (c == '>')
		end_tag(l);
	else if (!is_blank(c) && c != '/')
		begin_attr(l, c);
	else
		l->state = IN_GAP;
}

static void
step_name(struct links *l, uint8_t c)
{
	if (l->state == IN_TAG) {
		if (is_blank(c) || c == '/' || c == '>')
			step_gap(l, c);
		else
			add_name(l->tag, &l->tag_len, c);
	} else if (c == '=') {
		l->state = IN_BEFORE;
	} else if (is_blank(c)) {
		l->state = IN_EQUALS;
	} else if (c == '>' || c == '/') {
		step_gap(l, c);
	} else if (l->state == IN_EQUALS) {
		begin_attr(l, c);
	} else {
		add_name(l->attr, &l->attr_len, c);
	}
}

static void
step_value(struct links *l, uint8_t c)
{
	if (l->state == IN_BEFORE) {
		if (is_blank(c))
			return;
		if (c == '>') {
			end_tag(l);
			return;
		}
		l->state = IN_VALUE;
		l->quote = c == '"' || c == '\'' ? c : 0;
		if (l->quote != 0)
			return;
	}
	if (l->quote != 0 ? c == l->quote : is_blank(c) || c == '>') {
		on_value(l);
		l->state = IN_GAP;
		if (c == '>')
			end_tag(l);
	} else if (!l->too_long && buf_add_byte(&l->value, c) != ST_OK) {
		l->too_long = true;
	}
}

/* Behind "<", and behind "<!". */
static void
step_open(struct links *l, uint8_t c)
{
	if (l->state == IN_MARK) {
		l->match = c == '-' ? l->match + 1 : 0;
		if (c == '>')
			l->state = IN_TEXT;
		else if (c != '-')
			l->state = IN_SKIP;
		else if (l->match == 2)
			l->state = IN_COMMENT;
		return;
	}
	if (c == '/' && !l->closing) {
		l->closing = true;
	} else if (c == '!' && !l->closing) {
		l->match = 0;
		l->state = IN_MARK;
	} else if (c == '?') {
		l->state = IN_SKIP;
	} else if (lower(c) >= 'a' && lower(c) <= 'z') {
		begin_tag(l);
		add_name(l->tag, &l->tag_len, c);
	} else {
		l->state = c == '<' ? IN_OPEN : IN_TEXT;
		l->closing = false;
	}
}

/* Comments end at "-->", texts at "</name" and then the tag's ">". */
static void
step_until(struct links *l, uint8_t c)
{
	size_t n = strlen(l->until);

	if (l->state == IN_COMMENT) {
		if (c == '>' && l->match >= 2)
			l->state = IN_TEXT;
		l->match = c == '-' ? l->match + 1 : 0;
	} else if (l->match == n + 2) {
		if (c == '>')
			l->state = IN_TEXT;
		else if (!is_blank(c) && c != '/')
			l->match = 0;
	} else if (l->match < 2 ? c == (uint8_t) "</"[l->match]
				: lower(c) == (uint8_t)l->until[l->match - 2]) {
		l->match++;
	} else {
		l->match = c == '<';
	}
}

void
links_feed(struct links *l, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t c = bytes.ptr[i];

		switch (l->state) {
		case IN_TEXT:
			if (c == '<') {
				l->state = IN_OPEN;
				l->closing = false;
			}
			break;
		case IN_SKIP:
			if (c == '>')
				l->state = IN_TEXT;
			break;
		case IN_OPEN:
		case IN_MARK:
			step_open(l, c);
			break;
		case IN_COMMENT:
		case IN_RAW:
			step_until(l, c);
			break;
		case IN_GAP:
			step_gap(l, c);
			break;
		case IN_BEFORE:
		case IN_VALUE:
			step_value(l, c);
			break;
		default:
			step_name(l, c);
		}
	}
}
