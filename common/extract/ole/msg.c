#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/ole/le.h"
#include "extract/ole/lzfu.h"
#include "extract/ole/mapi.h"
#include "extract/ole/ole.h"
#include "extract/ole/oletext.h"
#include "extract/utf8.h"

/*
 * msg: a message of Outlook ([MS-OXMSG]). A storage holds the properties of
 * the message, one each for its recipients and its attachments, which may be
 * messages again. Each property is a stream "__substg1.0_IIIITTTT".
 */
#define PROPERTY     "__substg1.0_"
#define PROPERTIES   "__properties_version1.0"
#define RECIPIENT    "__recip_version1.0_#"
#define ATTACHMENT   "__attach_version1.0_#"
#define CHUNK        4096
#define NAME_MAX_LEN 512 /* bytes of a property that is a name */

enum whose { OF_MESSAGE, OF_RECIPIENT };

/* "subject", "recipient 2 address" */
static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	char name[MAPI_NAME_MAX];
	int n;

	(void)arg;
	(void)mapi_name(m->a, name);
	n = m->b == OF_MESSAGE
		? snprintf(dst, room, "%s", name)
		: snprintf(dst, room, "recipient %u %s", m->b, name);
	return (size_t)n < room ? (size_t)n : room - 1;
}

/* Which property a stream is; false: none. */
static bool
property(const struct cfb_entry *e, unsigned *id, unsigned *type)
{
	char *end;
	unsigned long v;

	if (strncmp(e->name, PROPERTY, sizeof(PROPERTY) - 1) != 0 ||
	    strlen(e->name) < sizeof(PROPERTY) - 1 + 8)
		return false;
	v = strtoul(e->name + sizeof(PROPERTY) - 1, &end, 16);
	*id = (unsigned)(v >> 16) & 0xffff;
	*type = (unsigned)v & 0xffff;
	return end == e->name + sizeof(PROPERTY) - 1 + 8;
}

static bool
begins(const struct cfb_entry *e, const char *with)
{
	return strncmp(e->name, with, strlen(with)) == 0;
}

/* The code page of text that is not wide, from the fixed properties. */
static struct chars_page *
page_of(struct extractor *x, const struct cfb *c, uint32_t in)
{
	uint32_t entry = cfb_find(c, in, PROPERTIES), number = 0;
	struct cfb_stream s;
	struct part p;
	uint8_t raw[16];

	if (entry == CFB_NONE)
		return NULL;
	cfb_part(c, entry, &s, &p);
	for (uint64_t at = 8; part_pread(&p, raw, sizeof(raw), at); at += 8) {
		uint32_t tag = le32(raw);

		if (tag == (MAPI_MESSAGE_CODEPAGE << 16 | 3) ||
		    (tag == (MAPI_INTERNET_CODEPAGE << 16 | 3) && number == 0))
			number = le32(raw + 8);
		if (at > CHUNK)
			break;
	}
	return chars_codepage(chars_of(x), number);
}

/* ---- text ------------------------------------------------------------------
 */

static void
property_text(struct made *m, struct cfb *c, uint32_t entry, bool wide,
	      struct chars_page *page)
{
	uint8_t raw[CHUNK];
	struct cfb_stream s;
	struct part p;
	size_t got;

	cfb_part(c, entry, &s, &p);
	c->entries[entry].taken = true;
	while ((got = part_read(&p, raw, sizeof(raw))) > 0)
		if (wide)
			oletext_wide(m, span_of(raw, got));
		else
			oletext_bytes(m, page, span_of(raw, got));
	if (p.pos > 0) /* what is empty, or not there, says nothing */
		made_byte(m, '\n');
}

static void
properties_text(struct made *m, struct cfb *c, uint32_t in, unsigned number,
		struct chars_page *page)
{
	for (uint32_t i = c->entries[in].first; i != CFB_NONE;
	     i = c->entries[i].next) {
		const struct cfb_entry *e = &c->entries[i];
		unsigned id, type;

		if (e->kind != CFB_STREAM || e->size == 0 ||
		    e->size < e->want || !property(e, &id, &type))
			continue;
		type &= ~(unsigned)MAPI_MANY;
		if (type != MAPI_WIDE && type != MAPI_BYTES8)
			continue;
		made_mark(m, id, number);
		property_text(m, c, i, type == MAPI_WIDE, page);
	}
}

static enum status
message_text(struct extractor *x, struct cfb *c, uint32_t in,
	     struct chars_page *page)
{
	unsigned number = 0;
	struct made *m;
	enum status st = made_begin(x, &m, say, NULL);

	if (st != ST_OK)
		return st;
	properties_text(m, c, in, OF_MESSAGE, page);
	for (uint32_t i = c->entries[in].first; i != CFB_NONE && !x->stop;
	     i = c->entries[i].next)
		if (begins(&c->entries[i], RECIPIENT)) {
			c->entries[i].taken = true;
			properties_text(m, c, i, ++number, page);
		}
	return made_end(m);
}

/* ---- bodies and attachments ------------------------------------------------
 */

static enum status
rtf_body(struct extractor *x, struct cfb *c, uint32_t entry)
{
	struct cfb_stream s;
	struct part packed;

	c->entries[entry].taken = true;
	cfb_part(c, entry, &s, &packed);
	return lzfu_member(x, &packed, span_str("rtf body"));
}

static enum status
bodies(struct extractor *x, struct cfb *c, uint32_t in)
{
	enum status st = ST_OK;
	unsigned id, type;

	for (uint32_t i = c->entries[in].first;
	     i != CFB_NONE && st == ST_OK && !x->stop; i = c->entries[i].next) {
		const struct cfb_entry *e = &c->entries[i];

		if (e->kind != CFB_STREAM || !property(e, &id, &type) ||
		    type != MAPI_BINARY)
			continue;
		if (id == MAPI_RTF)
			st = rtf_body(x, c, i);
		else if (id == MAPI_HTML)
			st = ole_member(x, c, i, span_str("html body"));
	}
	return st;
}

/* A property that is short text, as UTF-8; 0: there is none. */
static size_t
short_text(const struct cfb *c, uint32_t in, unsigned id,
	   struct chars_page *page, uint8_t *dst, size_t room)
{
	char name[CFB_NAME_MAX];
	uint8_t raw[NAME_MAX_LEN];
	struct cfb_stream s;
	struct part p;
	size_t n = 0, len;
	uint32_t entry;
	bool wide;

	snprintf(name, sizeof(name), PROPERTY "%04X%04X", id, MAPI_WIDE);
	entry = cfb_find(c, in, name);
	wide = entry != CFB_NONE;
	snprintf(name, sizeof(name), PROPERTY "%04X%04X", id, MAPI_BYTES8);
	if (!wide)
		entry = cfb_find(c, in, name);
	if (entry == CFB_NONE)
		return 0;
	cfb_part(c, entry, &s, &p);
	len = part_read(&p, raw, sizeof(raw));
	if (!wide && page != NULL && chars_begin(page)) {
		struct span in_page = span_of(raw, len);

		n = chars_put(page, &in_page, true, dst, room);
		chars_end(page);
		return n;
	}
	for (size_t i = 0; i + wide < len && n + UTF8_MAX < room; i += 1 + wide)
		n += utf8_put(dst + n, wide ? le16(raw + i) : raw[i]);
	return n;
}

/* What an attachment is called. */
static struct span
attachment_name(const struct cfb *c, uint32_t in, struct chars_page *page,
		uint8_t *dst, size_t room)
{
	static const unsigned ids[] = {MAPI_LONG_FILE_NAME, MAPI_FILE_NAME,
				       MAPI_DISPLAY_NAME};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && n == 0; i++)
		n = short_text(c, in, ids[i], page, dst, room);
	while (n > 0 && dst[n - 1] == 0)
		n--;
	return n > 0 ? span_of(dst, n) : span_str("attachment");
}

static enum status
inner_message(struct extractor *x, struct cfb *c, uint32_t in, struct span name)
{
	enum status st = ST_OK;
	struct job_outer o;

	if (!job_count(x))
		return ST_OK;
	job_begin_member(x, name, &o);
	c->entries[in].taken = true;
	if (x->depth >= x->budget.depth)
		job_note(x, COVER_DEPTH); /* its streams are read as they are */
	else
		st = msg_read(x, c, in);
	job_end_member(x, &o);
	return st;
}

static enum status
attachment(struct extractor *x, struct cfb *c, uint32_t in,
	   struct chars_page *page)
{
	uint32_t data = cfb_find(c, in, PROPERTY "37010102");
	uint32_t object = cfb_find(c, in, PROPERTY "3701000D");
	uint8_t dst[NAME_MAX_LEN * 2];
	struct span name = attachment_name(c, in, page, dst, sizeof(dst));
	enum status st = ST_OK;
	struct made *m;
	size_t place;

	if (data != CFB_NONE && c->entries[data].kind == CFB_STREAM)
		st = ole_member(x, c, data, name);
	if (st == ST_OK && !x->stop && object != CFB_NONE &&
	    cfb_find(c, object, PROPERTIES) != CFB_NONE)
		st = inner_message(x, c, object, name);
	if (st != ST_OK || x->stop)
		return st;
	place = job_enter(x, name);
	st = made_begin(x, &m, say, NULL);
	if (st == ST_OK) {
		properties_text(m, c, in, OF_MESSAGE, page);
		st = made_end(m);
	}
	job_leave(x, place);
	return st;
}

enum status
msg_read(struct extractor *x, struct cfb *c, uint32_t in)
{
	struct chars_page *page = page_of(x, c, in);
	uint32_t properties = cfb_find(c, in, PROPERTIES);
	enum status st;

	if (c->entries[properties].taken)
		return ST_OK; /* trees that lead back */
	c->entries[properties].taken = true;
	st = message_text(x, c, in, page);
	if (st == ST_OK && !x->stop)
		st = bodies(x, c, in);
	for (uint32_t i = c->entries[in].first;
	     i != CFB_NONE && st == ST_OK && !x->stop; i = c->entries[i].next)
		if (c->entries[i].kind == CFB_STORAGE &&
		    begins(&c->entries[i], ATTACHMENT)) {
			c->entries[i].taken = true;
			st = attachment(x, c, i, page);
		}
	return st;
}
