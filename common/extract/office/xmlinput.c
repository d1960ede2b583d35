#include "extract/office/xmlinput.h"

#include <stdlib.h>
#include <string.h>

#include "extract/office/xml.h"
#include "extract/utf8.h"

#define PEEK       (PART_BUF - PART_BACK) /* as much as a buffer can show */
#define CHAR_BYTES 4                      /* of the longest character */
#define HEAD       256                    /* where an encoding is named */
#define DECODED    (3 * (size_t)PART_BUF)
#define OWN_MAX    (XML_TOKEN + 4 * DECODED)

/* ---- encodings -------------------------------------------------------------
 */

/* The declaration, as far as it says an encoding; empty: it does not. */
static struct span
declaration(struct span head)
{
	static const char begin[] = "<?xml";
	const uint8_t *end;

	if (head.len < 6 || memcmp(head.ptr, begin, 5) != 0)
		return span_of(NULL, 0);
	end = memchr(head.ptr, '>', head.len);
	if (end == NULL)
		return span_of(NULL, 0);
	head.len = (size_t)(end - head.ptr);
	return memmem(head.ptr, head.len, "encoding", 8) != NULL
		   ? head
		   : span_of(NULL, 0);
}

static bool
names_utf(struct span head)
{
	for (size_t i = 0; i + 3 <= head.len; i++)
		if ((head.ptr[i] | 0x20) == 'u' &&
		    (head.ptr[i + 1] | 0x20) == 't' &&
		    (head.ptr[i + 2] | 0x20) == 'f')
			return true;
	return false;
}

static enum status
named(struct xml_input *in, struct span head)
{
	head = declaration(head);
	if (head.len == 0 || names_utf(head))
		return ST_OK;
	in->page = charset_label(head);
	if (in->page == NULL || in->page->pair != PAIR_NONE)
		return ST_UNSUPPORTED;
	in->coding = XML_PAGE;
	return ST_OK;
}

enum status
xml_input_begin(struct xml_input *in, struct part *p)
{
	static const struct {
		const char *bytes;
		size_t len, skip;
		enum xml_coding coding;
	} marks[] = {
	    {"\xef\xbb\xbf", 3, 3, XML_UTF8}, {"\xff\xfe", 2, 2, XML_UTF16LE},
	    {"\xfe\xff", 2, 2, XML_UTF16BE},  {"<\0", 2, 0, XML_UTF16LE},
	    {"\0<", 2, 0, XML_UTF16BE},
	};
	struct span s = part_peek(p, HEAD);
	size_t i = 0, n = sizeof(marks) / sizeof(marks[0]);

	*in = (struct xml_input){.p = p, .window = PEEK};
	buf_init(&in->own, OWN_MAX);
	if (s.len > HEAD)
		s.len = HEAD;
	while (i < n && (s.len < marks[i].len ||
			 memcmp(s.ptr, marks[i].bytes, marks[i].len) != 0))
		i++;
	if (i == n)
		return named(in, s);
	if (i > 0 && s.len >= 4 && s.ptr[2] == 0 && s.ptr[3] == 0)
		return ST_MALFORMED; /* four bytes a character */
	in->coding = marks[i].coding;
	part_consume(p, marks[i].skip);
	return ST_OK;
}

static uint32_t
unit(const struct xml_input *in, const uint8_t *p)
{
	return in->coding == XML_UTF16LE ? (uint32_t)p[0] | (uint32_t)p[1] << 8
					 : (uint32_t)p[1] | (uint32_t)p[0] << 8;
}

/* One character and the bytes it has; 0: it is cut. */
static size_t
character(const struct xml_input *in, struct span s, uint32_t *c)
{
	uint32_t low;

	if (in->coding == XML_PAGE) {
		*c = charset_char(in->page, s.ptr[0]);
		return 1;
	}
	if (s.len < 2)
		return 0;
	*c = unit(in, s.ptr);
	if ((*c & 0xfc00) != 0xd800)
		return 2;
	if (s.len < 4)
		return 0;
	low = unit(in, s.ptr + 2);
	if ((low & 0xfc00) != 0xdc00)
		return 2;
	*c = 0x10000 + ((*c & 0x3ff) << 10) + (low & 0x3ff);
	return 4;
}

/* As UTF-8, at most DECODED bytes; *raw: of how many bytes it is made. */
static struct span
decode(struct xml_input *in, struct span s, size_t *raw)
{
	size_t n = 0, used;
	uint32_t c;

	*raw = 0;
	while (s.len > 0 && n + UTF8_MAX <= DECODED) {
		used = character(in, s, &c);
		if (used == 0)
			break;
		n += utf8_put(in->decoded + n, c);
		*raw += used;
		s = span_skip(s, used);
	}
	return span_of(in->decoded, n);
}

/* The bytes that decoded ones were made of. */
static size_t
raw_length(const struct xml_input *in, struct span s)
{
	size_t unit_len = in->coding == XML_PAGE ? 1 : 2, n = 0;

	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] & 0xc0) != 0x80)
			n += s.ptr[i] >= 0xf0 ? 2 * unit_len : unit_len;
	return n;
}

/* ---- windows ---------------------------------------------------------------
 */

static void
count_lines(struct xml_input *in, struct span s)
{
	const uint8_t *at;

	while (s.len > 0 && (at = memchr(s.ptr, '\n', s.len)) != NULL) {
		in->line++;
		s = span_skip(s, (size_t)(at - s.ptr) + 1);
	}
}

static void
drop(struct xml_input *in, size_t used)
{
	struct span s = span_of(in->now.ptr, used);

	if (used == 0)
		return;
	count_lines(in, s);
	if (in->own.len > 0)
		buf_drop(&in->own, used);
	else
		part_consume(in->p,
			     in->coding == XML_UTF8 ? used : raw_length(in, s));
	in->now = span_skip(in->now, used);
}

/* What the part shows next, not consumed; *raw: how many bytes that is. */
static enum status
show(struct xml_input *in, struct span *out, size_t *raw)
{
	size_t ask = in->window < CHAR_BYTES ? CHAR_BYTES : in->window;
	size_t most = in->coding == XML_UTF8 ? in->want : ask;
	struct span s = part_peek(in->p, ask);

	in->last = s.len <= most && (in->p->whole.ptr != NULL || s.len < ask);
	if (s.len > most)
		s.len = most;
	*raw = s.len;
	*out = s;
	if (in->coding == XML_UTF8)
		return ST_OK;
	if (in->decoded == NULL)
		in->decoded = malloc(DECODED);
	if (in->decoded == NULL)
		return ST_NOMEM;
	*out = decode(in, s, raw);
	return ST_OK;
}

/* One more buffer behind what is held. */
static enum status
hold_more(struct xml_input *in)
{
	struct span s;
	size_t raw;
	enum status st = show(in, &s, &raw);

	if (st == ST_OK)
		st = buf_add(&in->own, s.ptr, s.len);
	if (st == ST_OK)
		part_consume(in->p, raw);
	in->now = buf_span(&in->own);
	return st;
}

/* A window was not enough: the next has twice as much. */
static enum status
widen(struct xml_input *in)
{
	size_t have = in->now.len;
	enum status st = ST_OK;

	if (have >= XML_TOKEN)
		return ST_LIMIT;
	if (in->own.len == 0 && in->p->whole.ptr != NULL &&
	    in->coding == XML_UTF8) {
		in->want = have < XML_TOKEN / 2 ? 2 * have : XML_TOKEN;
		return ST_OK;
	}
	do
		st = hold_more(in);
	while (st == ST_OK && !in->last && in->own.len < 2 * have &&
	       in->own.len < XML_TOKEN);
	return st;
}

/* What is held and was not used can be that of the part again. */
static void
give_back(struct xml_input *in)
{
	size_t n = in->own.len;

	if (n == 0 || n > PART_BACK || in->coding != XML_UTF8)
		return;
	part_unread(in->p, n);
	buf_clear(&in->own);
}

enum status
xml_input_next(struct xml_input *in, size_t used)
{
	bool stuck = used == 0 && in->now.len > 0;
	enum status st = ST_OK;
	size_t raw;

	drop(in, used);
	if (stuck)
		st = widen(in);
	else
		in->want = in->window;
	if (st != ST_OK || (stuck && in->own.len > 0))
		return st;
	give_back(in);
	if (in->own.len > 0)
		return hold_more(in);
	return show(in, &in->now, &raw);
}

void
xml_input_end(struct xml_input *in, size_t used)
{
	drop(in, used);
	if (in->own.len > PART_BACK)
		buf_drop(&in->own, in->own.len - PART_BACK);
	give_back(in);
	buf_fini(&in->own);
	free(in->decoded);
	in->decoded = NULL;
}
