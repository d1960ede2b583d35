#include "extract/mail/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "extract/mail/header.h"
#include "extract/mail/transfer.h"

#define FROM_MAX 512

/* One message while it is read. */
struct message {
	struct lines lines;
	struct lines_boundary around[LINES_NEST];
	struct header header; /* of the part at hand */
	struct transfer transfer;
	unsigned part;          /* number of the leaf at hand */
	uint8_t from[FROM_MAX]; /* the line before the header, in a mailbox */
	size_t from_len;
};

static void
message_init(struct message *m, struct part *p)
{
	m->lines = (struct lines){.p = p, .around = m->around, .blank = true};
	m->part = 0;
}

static bool
type_is(const struct header *h, const char *type)
{
	return strcmp(h->type, type) == 0;
}

static bool
type_begins(const struct header *h, const char *with)
{
	return strncmp(h->type, with, strlen(with)) == 0;
}

static bool
is_text(const struct header *h)
{
	return h->type[0] == 0 || type_begins(h, "text/") ||
	       (h->type[0] != 0 && strchr(h->type, '/') == NULL);
}

/* What a person would call a part that has no name. */
static struct span
leaf_name(const struct message *m, char *dst, size_t room)
{
	const struct header *h = &m->header;

	if (h->name[0] != 0)
		return span_str(h->name);
	if (type_is(h, "text/html"))
		return span_str("html body");
	if (is_text(h) && !h->attached)
		return span_str("body");
	if (type_begins(h, "message/delivery-status"))
		return span_str("delivery status");
	if (type_begins(h, "message/") || type_is(h, "text/rfc822-headers"))
		return span_str("attached message");
	(void)snprintf(dst, room, "part %u", m->part);
	return span_str(dst);
}

/* ---- leaves ----------------------------------------------------------------
 */

static enum status read_message(struct extractor *x, struct part *p);

static bool
holds_message(const struct header *h)
{
	return type_is(h, "message/rfc822") || type_is(h, "message/global") ||
	       type_is(h, "message/news") || type_is(h, "text/rfc822-headers");
}

static void
note_leaf(struct extractor *x, const struct message *m, bool noted)
{
	const struct header *h = &m->header;

	if (m->lines.pgp && !noted)
		job_note_words(x, COVER_ENCRYPTED, "a PGP message");
	if (m->transfer.cut)
		job_note_words(x, COVER_TRUNCATED, "base64 ends early");
	if (h->coding == CODING_OTHER)
		job_note_words(x, COVER_UNSUPPORTED, "transfer encoding %s",
			       h->coding_word);
	if (type_is(h, "message/partial"))
		job_note(x, COVER_VOLUME);
	if (type_is(h, "application/mac-binhex40"))
		job_note_words(x, COVER_UNSUPPORTED, "BinHex");
}

/* What the transfer decodes to, at the place of the leaf. */
static enum status
leaf_content(struct extractor *x, struct message *m, struct part *p)
{
	const char *parser = x->parser;
	enum status st;

	if (holds_message(&m->header)) {
		x->parser = "mail";
		job_say_where(x);
		st = read_message(x, p);
	} else {
		st = job_part(x, p);
	}
	x->parser = parser;
	return st;
}

static enum status
leaf(struct extractor *x, struct message *m, struct span name,
     enum coding coding)
{
	struct part inner = {.arg = &m->transfer,
			     .read = transfer_read,
			     .size = UINT64_MAX,
			     .name = name};
	enum status st = ST_NOMEM;
	struct job_outer outer;

	m->lines.pgp = false;
	transfer_init(&m->transfer, &m->lines, coding);
	if (is_text(&m->header))
		transfer_charset(
		    &m->transfer,
		    chars_label(chars_of(x), span_str(m->header.charset)),
		    type_is(&m->header, "text/html"));
	job_begin_member(x, name, &outer);
	inner.buf = job_buf(x);
	if (inner.buf != NULL)
		st = leaf_content(x, m, &inner);
	transfer_fini(&m->transfer);
	if (st == ST_OK && !x->stop)
		note_leaf(x, m, x->notes > outer.notes);
	job_end_member(x, &outer);
	return st;
}

/* What a parser left of a leaf that ended before its time. */
static void
drain(struct extractor *x, struct lines *l)
{
	unsigned n = 0;

	while (!x->stop && lines_next(l).len > 0)
		if (++n % 4096 == 0 && !job_in_time(x))
			return;
}

/* ---- files within text -----------------------------------------------------
 */

/* The name behind "begin 644 " or " name=" of yEnc. */
static struct span
file_name(struct span line, bool uu, char *dst, size_t room)
{
	size_t at = 10;

	if (uu)
		at = line.len > 9 && line.ptr[9] == ' ' ? 10 : 11;
	for (size_t i = 0; !uu && i + 6 < line.len; i++)
		if (memcmp(line.ptr + i, " name=", 6) == 0)
			at = i + 6;
	line = span_skip(line, at);
	if (line.len > room)
		line.len = room;
	if (line.len > 0)
		memcpy(dst, line.ptr, line.len);
	return span_of(dst, line.len);
}

static enum status
file_in_text(struct extractor *x, struct message *m)
{
	bool uu = m->lines.stop == LINES_UU;
	char name[JOB_NAME_MAX];
	struct span s =
	    file_name(lines_stopper(&m->lines), uu, name, sizeof(name));
	struct header text = m->header;
	enum status st;

	lines_pass(&m->lines);
	if (!job_count(x))
		return ST_OK;
	if (s.len == 0)
		s = span_str("file");
	m->header = (struct header){.type = "application/octet-stream"};
	m->lines.files = false;
	st = leaf(x, m, s, uu ? CODING_UU : CODING_YENC);
	if (st == ST_OK && !m->transfer.ended)
		drain(x, &m->lines);
	m->lines.files = true;
	m->header = text;
	return st;
}

/* ---- parts -----------------------------------------------------------------
 */

/* A leaf, and the files that stand in it; it ends where its lines stop. */
static enum status
body(struct extractor *x, struct message *m)
{
	enum coding coding = m->header.coding;
	enum status st = ST_OK;
	char number[32];

	m->part++;
	/* they say what they are in a line of their own */
	m->lines.files = coding == CODING_UU || coding == CODING_YENC ||
			 (is_text(&m->header) && coding == CODING_NONE);
	if (m->lines.files)
		coding = CODING_NONE;
	while (st == ST_OK && !x->stop) {
		if (lines_more(&m->lines)) {
			if (!job_count(x))
				break;
			st = leaf(x, m, leaf_name(m, number, sizeof(number)),
				  coding);
		} else if (m->lines.stop == LINES_UU ||
			   m->lines.stop == LINES_YENC) {
			st = file_in_text(x, m);
		} else {
			break;
		}
		if (st == ST_OK && m->lines.stop == LINES_GO && !m->lines.files)
			drain(x, &m->lines);
	}
	m->lines.files = false;
	return st;
}

/* Text before the first part and behind the last, for readers of old. */
static enum status
between(struct extractor *x, struct message *m, const char *name, bool adopt)
{
	enum status st = ST_OK;

	m->header = (struct header){.type = "text/plain"};
	m->lines.adopt = adopt;
	if (lines_more(&m->lines))
		st = leaf(x, m, span_str(name), CODING_NONE);
	if (st == ST_OK)
		drain(x, &m->lines);
	m->lines.adopt = false;
	if (m->lines.adopted)
		job_note_words(x, COVER_MALFORMED,
			       "parts have another boundary than was said");
	m->lines.adopted = false;
	return st;
}

/* A multipart begins: its parts follow. */
static enum status
begin_parts(struct extractor *x, struct message *m)
{
	struct lines *l = &m->lines;
	struct lines_boundary *b;
	size_t len = strlen(m->header.boundary);

	if (type_is(&m->header, "multipart/encrypted"))
		job_note_words(x, COVER_ENCRYPTED, "%s", m->header.type);
	if (l->depth == LINES_NEST) {
		job_note_words(x, COVER_DEPTH, "%u multiparts in each other",
			       LINES_NEST);
		return body(x, m);
	}
	b = &l->around[l->depth++];
	*b = (struct lines_boundary){
	    .len = len, .digest = type_is(&m->header, "multipart/digest")};
	memcpy(b->text, m->header.boundary, len);
	return between(x, m, "preamble", true);
}

static enum status
one_part(struct extractor *x, struct message *m)
{
	const struct lines *l = &m->lines;
	bool digest = l->depth > 0 && l->around[l->depth - 1].digest;
	struct span from = span_of(m->from, m->from_len);
	enum status st = header_read(x, &m->lines, from, &m->header);

	m->from_len = 0;
	if (st != ST_OK || x->stop)
		return st;
	if (m->header.type[0] == 0 && digest)
		snprintf(m->header.type, sizeof(m->header.type),
			 "message/rfc822");
	if (type_begins(&m->header, "multipart/"))
		return begin_parts(x, m);
	return body(x, m);
}

/* All parts up to the end of the message; l->stop tells which end. */
static enum status
parts(struct extractor *x, struct message *m)
{
	struct lines *l = &m->lines;
	enum status st = one_part(x, m);
	bool last;

	while (st == ST_OK && !x->stop && job_in_time(x) &&
	       (l->stop == LINES_BETWEEN || l->stop == LINES_LAST)) {
		last = l->stop == LINES_LAST;
		l->depth = l->at + 1;
		l->around[l->at].found = true;
		lines_pass(l);
		if (last)
			l->depth--;
		st = last ? between(x, m, "epilogue", false) : one_part(x, m);
	}
	if (st == ST_OK && !x->stop && l->depth > 0)
		job_note_words(x,
			       l->around[l->depth - 1].found ? COVER_TRUNCATED
							     : COVER_MALFORMED,
			       "the parts do not end");
	return st;
}

static enum status
read_message(struct extractor *x, struct part *p)
{
	struct message *m;
	enum status st;

	if (x->depth >= x->budget.depth) {
		job_note(x, COVER_DEPTH);
		return job_rest(x, p);
	}
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return ST_NOMEM;
	message_init(m, p);
	st = parts(x, m);
	free(m);
	return st;
}

/* ---- what it is ------------------------------------------------------------
 */

/* Fields that stand in messages and hardly anywhere else count more. */
static unsigned
weight(struct span name)
{
	static const struct {
		const char *name;
		unsigned weight;
	} fields[] = {
	    {"Received", 3},
	    {"Return-Path", 3},
	    {"Message-ID", 3},
	    {"MIME-Version", 3},
	    {"Delivered-To", 3},
	    {"DKIM-Signature", 3},
	    {"X-Mailer", 3},
	    {"Envelope-To", 3},
	    {"X-Mozilla-Status", 3},
	    {"X-Original-To", 3},
	    {"In-Reply-To", 3},
	    {"X-UIDL", 3},
	    {"From", 1},
	    {"To", 1},
	    {"Cc", 1},
	    {"Subject", 1},
	    {"Date", 1},
	    {"Reply-To", 1},
	    {"Content-Type", 1},
	    {"Sender", 1},
	    {"Newsgroups", 2},
	    {"ARC-Seal", 3},
	    {"Bcc", 1},
	    {"References", 1},
	    {"Authentication-Results", 3},
	    {"Content-Transfer-Encoding", 2},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (name.len == strlen(fields[i].name) &&
		    strncasecmp((const char *)name.ptr, fields[i].name,
				name.len) == 0)
			return fields[i].weight;
	return 0;
}

/* The name of a field at the beginning of a line; empty: there is none. */
static struct span
field_name(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] < 0x7f &&
	       line.ptr[n] != ':')
		n++;
	return n > 0 && n < line.len && line.ptr[n] == ':'
		   ? span_of(line.ptr, n)
		   : span_of(NULL, 0);
}

/* Nothing but fields up to an empty line or to what we see of it. */
bool
message_is(struct span head, unsigned least)
{
	unsigned sum = 0;
	bool first = true;

	while (head.len > 0) {
		const uint8_t *nl = memchr(head.ptr, '\n', head.len);
		size_t n = nl == NULL ? head.len : (size_t)(nl - head.ptr);
		struct span line = span_of(head.ptr, n), name;

		head = span_skip(head, n + 1);
		if (n == 0 || (n == 1 && line.ptr[0] == '\r'))
			break;
		name = field_name(line);
		if (nl == NULL && name.len == 0)
			break; /* cut */
		if (!first && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
			continue;
		if (name.len == 0)
			return false;
		sum += weight(name);
		first = false;
	}
	return sum >= least;
}

bool
message_is_mailbox(struct span head)
{
	const uint8_t *nl;
	struct span next;

	if (!lines_from(head))
		return false;
	nl = memchr(head.ptr, '\n', head.len);
	if (nl == NULL)
		return false;
	next = span_skip(head, (size_t)(nl - head.ptr) + 1);
	if (next.len > 0 && next.ptr[0] == '>')
		next = span_skip(next, 1);
	return field_name(next).len > 0;
}

enum status
message_part(struct extractor *x, struct part *p)
{
	return read_message(x, p);
}

/* ---- mailboxes -------------------------------------------------------------
 */

/* "From a@b Thu Jan  1 00:00:00 1970" */
static void
take_from(struct message *m)
{
	struct span s;

	if (m->lines.stop != LINES_MESSAGE)
		return;
	s = lines_stopper(&m->lines);
	m->from_len = s.len < FROM_MAX ? s.len : FROM_MAX;
	memcpy(m->from, s.ptr, m->from_len);
	lines_pass(&m->lines);
}

static enum status
numbered(struct extractor *x, struct message *m, unsigned n)
{
	const char *parser = x->parser;
	struct job_outer outer;
	char name[24];
	enum status st;

	(void)snprintf(name, sizeof(name), "message %u", n);
	job_begin_member(x, span_str(name), &outer);
	x->parser = "mail";
	job_say_where(x);
	m->lines.depth = 0;
	m->part = 0;
	take_from(m);
	st = parts(x, m);
	x->parser = parser;
	job_end_member(x, &outer);
	return st;
}

enum status
message_mailbox(struct extractor *x, struct part *p)
{
	struct message *m = calloc(1, sizeof(*m));
	enum status st = ST_OK;

	if (m == NULL)
		return ST_NOMEM;
	message_init(m, p);
	m->lines.mailbox = true;
	for (unsigned n = 1; st == ST_OK && !x->stop; n++) {
		if (lines_more(&m->lines) == false &&
		    m->lines.stop != LINES_MESSAGE)
			break;
		if (!job_count(x))
			break;
		st = numbered(x, m, n);
		drain(x, &m->lines);
	}
	free(m);
	return st;
}
