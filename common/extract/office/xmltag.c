#include "extract/office/xmltag.h"

#include <stdlib.h>

#include "extract/office/xmlscan.h"
#include "extract/utf8.h"

void
xml_tags_init(struct xml_tags *t)
{
	*t = (struct xml_tags){.attrs = NULL};
	buf_init(&t->text, 2 * XML_TOKEN); /* a window may have more */
}

void
xml_tags_fini(struct xml_tags *t)
{
	free(t->attrs);
	buf_fini(&t->text);
}

/* ---- references ------------------------------------------------------------
 */

/* The number of a character; 0: it is none. */
static uint32_t
character(const uint8_t *p, const uint8_t *end)
{
	uint32_t base = 10, c = 0;

	if (p < end && *p == 'x') {
		base = 16;
		p++;
	}
	for (; p < end && c <= 0x10ffff; p++) {
		uint8_t low = *p | 0x20;

		if (*p >= '0' && *p <= '9')
			c = c * base + *p - '0';
		else if (base == 16 && low >= 'a' && low <= 'f')
			c = c * base + low - 'a' + 10;
		else
			return 0;
	}
	return c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : c;
}

static uint8_t
entity(struct span name)
{
	static const struct {
		const char *name;
		uint8_t c;
	} known[] = {{"amp", '&'},
		     {"lt", '<'},
		     {"gt", '>'},
		     {"quot", '"'},
		     {"apos", '\''}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_eq(name, span_str(known[i].name)))
			return known[i].c;
	return 0;
}

size_t
xml_reference(const uint8_t *p, const uint8_t *end, uint8_t out[4],
	      size_t *used)
{
	size_t n = (size_t)(end - p) < XML_REFERENCE ? (size_t)(end - p)
						     : XML_REFERENCE;
	const uint8_t *semicolon = memchr(p, ';', n);
	uint32_t c;

	*used = 1;
	if (semicolon == NULL)
		return 0;
	if (p[1] == '#')
		c = character(p + 2, semicolon);
	else
		c = entity(span_of(p + 1, (size_t)(semicolon - p) - 1));
	if (c == 0)
		return 0;
	*used = (size_t)(semicolon - p) + 1;
	return utf8_put(out, c);
}

/* ---- attributes ------------------------------------------------------------
 */

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Values with references, when all of them are known. */
static bool
decode(struct xml_tags *t, size_t most)
{
	buf_clear(&t->text);
	if (buf_reserve(&t->text, most) != ST_OK)
		return false;
	for (size_t i = 0; i < t->count; i++) {
		struct span *v = &t->attrs[i].value;
		const uint8_t *p = v->ptr, *end = p + v->len;
		uint8_t *to = t->text.data + t->text.len, *from = to;

		while (p < end) {
			size_t used = 1, n = 0;

			if (*p == '&')
				n = xml_reference(p, end, to, &used);
			if (n == 0)
				*to++ = blank(*p) ? ' ' : *p;
			to += n;
			p += used;
		}
		*v = span_of(from, (size_t)(to - from));
		t->text.len += v->len;
	}
	return true;
}

static bool
room(struct xml_tags *t)
{
	size_t more = t->room == 0 ? 32 : 2 * t->room;
	struct xml_attr *a;

	if (t->count < t->room)
		return true;
	a = reallocarray(t->attrs, more, sizeof(*a));
	if (a == NULL)
		return false;
	t->attrs = a;
	t->room = more;
	return true;
}

/* The name between a value and the next quote; empty: there is none. */
static struct span
name_of(const uint8_t *p, const uint8_t *quote)
{
	while (p < quote && blank(*p))
		p++;
	while (quote > p && blank(quote[-1]))
		quote--;
	if (quote == p || quote[-1] != '=')
		return span_of(p, 0);
	quote--;
	while (quote > p && blank(quote[-1]))
		quote--;
	return span_of(p, (size_t)(quote - p));
}

/* One attribute at its quote; NULL: the input ends, or it is none. */
static const uint8_t *
read_value(struct xml_tags *t, const uint8_t *name, const uint8_t *quote,
	   const uint8_t *end)
{
	const uint8_t *to = scan_value(quote + 1, end, *quote);

	if (to < end && *to != *quote) {
		t->decode = true;
		to = memchr(to, *quote, (size_t)(end - to));
	}
	if (to == NULL || to == end)
		return NULL;
	t->attrs[t->count++] = (struct xml_attr){
	    name_of(name, quote), span_of(quote + 1, (size_t)(to - quote) - 1)};
	return to + 1;
}

/* Nothing but blanks and one stroke before the end of the tag at q. */
static enum xml_tag_end
end_of(const uint8_t *p, const uint8_t *q)
{
	enum xml_tag_end end = XML_TAG_OPEN;

	if (q > p && q[-1] == '/') {
		end = XML_TAG_EMPTY;
		q--;
	}
	while (p < q && blank(*p))
		p++;
	return p == q ? end : XML_TAG_WRONG;
}

enum xml_tag_end
xml_tags_read(struct xml_tags *t, const uint8_t **at, const uint8_t *end)
{
	const uint8_t *begin = *at, *p = begin, *q;
	enum xml_tag_end how;

	t->count = 0;
	t->decode = false;
	for (;;) {
		q = scan_tag(p, end);
		if (q == end)
			return XML_TAG_MORE;
		if (*q == '>')
			break;
		if (*q == '<')
			return XML_TAG_WRONG;
		if (!room(t))
			return XML_TAG_NOMEM;
		p = read_value(t, p, q, end);
		if (p == NULL)
			return XML_TAG_MORE;
		if (t->attrs[t->count - 1].name.len == 0)
			return XML_TAG_WRONG;
	}
	how = end_of(p, q);
	if (t->decode && !decode(t, (size_t)(q - begin)))
		return XML_TAG_NOMEM;
	*at = q + 1;
	return how;
}
