#include "extract/ole/ole.h"

#include <string.h>

#include "extract/ole/le.h"
#include "extract/ole/props.h"

static enum status encrypted_read(struct extractor *x, struct cfb *c,
				  uint32_t in);
static enum status native_read(struct extractor *x, struct cfb *c, uint32_t in);

static const struct ole_kind kinds[] = {
    {"EncryptedPackage", "ole", encrypted_read},
    {"WordDocument", "doc", doc_read},
    {"Workbook", "xls", xls_read},
    {"Book", "xls", xls_read},
    {"PowerPoint Document", "ppt", ppt_read},
    {"__properties_version1.0", "msg", msg_read},
    {"Ole10Native", "ole", native_read},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* ---- members ---------------------------------------------------------------
 */

static enum status
stream_member(struct extractor *x, struct cfb *c, uint32_t entry,
	      struct span name, bool ask)
{
	struct cfb_entry *e = &c->entries[entry];
	enum status st = ST_NOMEM;
	struct cfb_stream s;
	struct job_outer o;
	struct part part;

	e->taken = true;
	if (!job_count(x))
		return ST_OK;
	cfb_part(c, entry, &s, &part);
	part.name = name;
	job_begin_member(x, name, &o);
	part.buf = job_buf(x);
	if (part.buf != NULL)
		st = ask ? job_part(x, &part) : job_rest(x, &part);
	if (st == ST_OK && !x->stop && e->size < e->want)
		job_note_words(x, COVER_MALFORMED, "%llu of %llu bytes",
			       (unsigned long long)e->size,
			       (unsigned long long)e->want);
	job_end_member(x, &o);
	return st;
}

enum status
ole_member(struct extractor *x, struct cfb *c, uint32_t entry, struct span name)
{
	return stream_member(x, c, entry, name, true);
}

enum status
ole_bytes(struct extractor *x, struct cfb *c, uint32_t entry, struct span name)
{
	return stream_member(x, c, entry, name, false);
}

/* Office documents with a password are packages in here. */
static enum status
encrypted_read(struct extractor *x, struct cfb *c, uint32_t in)
{
	job_note_words(x, COVER_ENCRYPTED, "an office document");
	return ole_bytes(x, c, cfb_find(c, in, "EncryptedPackage"),
			 span_str("EncryptedPackage"));
}

/* The n-th of the strings behind each other; empty: it is not there. */
static struct span
string_at(struct span s, size_t *at)
{
	const uint8_t *end =
	    *at < s.len ? memchr(s.ptr + *at, 0, s.len - *at) : NULL;
	struct span out = span_of(NULL, 0);

	if (end == NULL) {
		*at = s.len;
		return out;
	}
	out = span_of(s.ptr + *at, (size_t)(end - s.ptr) - *at);
	*at += out.len + 1;
	return out;
}

/* A file that was put into a document: its label, two paths, its bytes. */
static bool
native_head(struct span s, struct span *label, size_t *from, uint32_t *len)
{
	size_t at = 6;

	if (s.len < 16)
		return false;
	*label = string_at(s, &at);
	(void)string_at(s, &at);
	at += 4; /* flags */
	if (at + 4 > s.len)
		return false;
	at += 4 + (size_t)le32(s.ptr + at); /* a path */
	if (at + 4 > s.len)
		return false;
	*len = le32(s.ptr + at);
	*from = at + 4;
	return true;
}

static enum status
native_read(struct extractor *x, struct cfb *c, uint32_t in)
{
	uint32_t entry = cfb_find(c, in, "Ole10Native"), len;
	struct part whole, inner;
	struct part_range range;
	struct span label;
	struct cfb_stream s;
	uint8_t head[2048];
	size_t from, have;

	cfb_part(c, entry, &s, &whole);
	have = part_read(&whole, head, sizeof(head));
	if (!native_head(span_of(head, have), &label, &from, &len) ||
	    label.len == 0 || from > whole.size)
		return ST_OK; /* a stream like any other */
	c->entries[entry].taken = true;
	if (!job_count(x))
		return ST_OK;
	part_range(&whole, from, whole.size - from, &range, &inner);
	return job_member(x, &inner, label);
}

/* ---- all of it -------------------------------------------------------------
 */

static enum status
document(struct extractor *x, struct cfb *c, uint32_t in)
{
	const char *parser = x->parser;
	enum status st = ST_OK;

	for (size_t i = 0; i < KINDS && st == ST_OK && !x->stop; i++) {
		uint32_t found = cfb_find(c, in, kinds[i].stream);

		if (found == CFB_NONE || c->entries[found].kind != CFB_STREAM ||
		    c->entries[found].taken)
			continue;
		x->parser = kinds[i].name;
		job_say_where(x);
		st = kinds[i].read(x, c, in);
	}
	x->parser = parser;
	return st;
}

static bool
holds_document(const struct cfb *c, uint32_t in)
{
	for (size_t i = 0; i < KINDS; i++) {
		uint32_t found = cfb_find(c, in, kinds[i].stream);

		if (found != CFB_NONE && !c->entries[found].taken)
			return true;
	}
	return false;
}

/* Documents within: each at the path of its storage. */
static enum status
inner_documents(struct extractor *x, struct cfb *c)
{
	char path[CFB_PATH_MAX];
	enum status st = ST_OK;
	struct job_outer o;

	for (uint32_t i = 1; i < c->count && st == ST_OK && !x->stop; i++) {
		if (c->entries[i].kind != CFB_STORAGE || c->entries[i].taken ||
		    !holds_document(c, i))
			continue;
		if (!job_count(x) || !job_in_time(x))
			break;
		job_begin_member(x, span_of(path, cfb_path(c, i, 0, path)), &o);
		st = document(x, c, i);
		job_end_member(x, &o);
	}
	return st;
}

/* "SummaryInformation" and its like, by what people call them. */
static struct span
name_properties(const struct cfb_entry *e, char *path, size_t n)
{
	static const char last[] = "SummaryInformation";
	static const char word[] = "properties";
	size_t own = strlen(e->name), tail = sizeof(last) - 1;

	if (own < tail || own > n || strcmp(e->name + own - tail, last) != 0)
		return span_of(path, n);
	memcpy(path + n - own, word, sizeof(word) - 1);
	return span_of(path, n - own + sizeof(word) - 1);
}

static enum status
other_stream(struct extractor *x, struct cfb *c, uint32_t i)
{
	char path[CFB_PATH_MAX];
	size_t n = cfb_path(c, i, 0, path);

	return props_is(c, i)
		   ? props_member(x, c, i,
				  name_properties(&c->entries[i], path, n))
		   : ole_member(x, c, i, span_of(path, n));
}

static enum status
other_streams(struct extractor *x, struct cfb *c)
{
	enum status st = ST_OK;

	for (uint32_t i = 1; i < c->count && st == ST_OK && !x->stop; i++) {
		const struct cfb_entry *e = &c->entries[i];

		if (e->kind == CFB_STREAM && !e->taken && e->want > 0)
			st = other_stream(x, c, i);
	}
	return st;
}

/* Deleted text lies in sectors that belong to nothing. */
static enum status
unused_sectors(struct extractor *x, const struct cfb *c)
{
	struct cfb_unused u = {.c = c};
	struct part inner = {
	    .arg = &u, .read = cfb_unused_read, .size = cfb_unused_size(c)};
	enum status st = ST_NOMEM;
	struct job_outer o;

	if (inner.size == 0 || !job_count(x))
		return ST_OK;
	job_begin_member(x, span_str("unused sectors"), &o);
	inner.buf = job_buf(x);
	if (inner.buf != NULL)
		st = job_rest(x, &inner);
	job_end_member(x, &o);
	return st;
}

enum status
ole_part(struct extractor *x, struct part *p)
{
	enum status st;
	struct cfb c;

	st = cfb_open(p, &c);
	if (st == ST_MALFORMED) {
		cfb_close(&c);
		job_note_words(x, COVER_MALFORMED, "no directory");
		return job_rest(x, p);
	}
	if (st == ST_OK && c.broken)
		job_note_words(x, COVER_TRUNCATED, "sectors are missing");
	if (st == ST_OK)
		st = document(x, &c, 0);
	if (st == ST_OK && !x->stop)
		st = inner_documents(x, &c);
	if (st == ST_OK && !x->stop)
		st = other_streams(x, &c);
	if (st == ST_OK && !x->stop)
		st = unused_sectors(x, &c);
	cfb_close(&c);
	return st;
}
