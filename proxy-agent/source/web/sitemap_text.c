#include "proxy-agent/source/web/sitemap_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "proxy-agent/session/gunzip.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/xml.h"

struct sitemap_text {
	struct sitemap_hear hear;
	struct xml *xml;
	struct gunzip *gunzip; /* NULL: it is not packed */
	struct buf line;       /* of a plain list */
	uint8_t head[2];       /* of what came: whether it is packed */
	size_t heads;
	uint64_t out; /* unpacked bytes */
	bool plain;
	bool over; /* this line is longer than any address */
};

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct sitemap_text *t = arg;

	text = str_trim(text);
	if (strcmp(name, "loc") != 0 || text.len == 0)
		return;
	if (strcmp(in, "url") == 0)
		t->hear.page(t->hear.arg, text);
	else if (strcmp(in, "sitemap") == 0)
		t->hear.file(t->hear.arg, text);
}

static void
plain_lines(struct sitemap_text *t, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '\n' && s.ptr[i] != '\r') {
			t->over = t->over ||
				  buf_add_byte(&t->line, s.ptr[i]) != ST_OK;
			continue;
		}
		if (t->line.len > 0 && !t->over)
			t->hear.page(t->hear.arg, buf_span(&t->line));
		buf_clear(&t->line);
		t->over = false;
	}
}

/* Unpacked bytes. */
static enum status
on_bytes(void *arg, struct span s)
{
	struct sitemap_text *t = arg;

	if (s.len > SITEMAP_BYTES - t->out)
		return ST_LIMIT;
	if (t->out == 0 && s.len > 0)
		t->plain = s.ptr[0] == 'h'; /* http..., and no markup */
	t->out += s.len;
	if (!t->plain)
		return xml_feed(t->xml, s, false);
	plain_lines(t, s);
	return ST_OK;
}

static enum status
on_raw(struct sitemap_text *t, struct span s)
{
	if (s.len == 0)
		return ST_OK;
	return t->gunzip == NULL ? on_bytes(t, s)
				 : gunzip_feed(t->gunzip, s, on_bytes, t);
}

/* Two bytes say whether it is packed, however few come at a time. */
static enum status
on_head(struct sitemap_text *t, struct span *s, bool last)
{
	enum status st = ST_OK;

	while (t->heads < 2 && s->len > 0) {
		t->head[t->heads++] = s->ptr[0];
		*s = span_skip(*s, 1);
	}
	if (t->heads < 2 && !last)
		return ST_OK;
	if (t->heads == 2 && t->head[0] == 0x1F && t->head[1] == 0x8B)
		st = gunzip_open(&t->gunzip);
	if (st == ST_OK)
		st = on_raw(t, span_of(t->head, t->heads));
	t->heads = 3; /* known */
	return st;
}

enum status
sitemap_text_feed(struct sitemap_text *t, struct span s, bool last)
{
	static const uint8_t line_end[] = {'\n'};
	enum status st = ST_OK;

	if (t->heads < 3)
		st = on_head(t, &s, last);
	if (st == ST_OK)
		st = on_raw(t, s);
	if (st != ST_OK || !last)
		return st;
	if (!t->plain)
		return xml_feed(t->xml, span_of("", 0), true);
	plain_lines(t, span_of(line_end, 1));
	return ST_OK;
}

void
sitemap_text_close(struct sitemap_text *t)
{
	if (t == NULL)
		return;
	xml_close(t->xml);
	gunzip_close(t->gunzip);
	buf_fini(&t->line);
	free(t);
}

enum status
sitemap_text_open(const struct sitemap_hear *hear, struct sitemap_text **out)
{
	struct sitemap_text *t = calloc(1, sizeof(*t));
	struct xml_hear h = {.close = on_close};
	enum status st;

	if (t == NULL)
		return ST_NOMEM;
	t->hear = *hear;
	h.arg = t;
	buf_init(&t->line, HREF_MAX);
	st = xml_open(&h, &t->xml);
	if (st != ST_OK)
		sitemap_text_close(t);
	else
		*out = t;
	return st;
}
