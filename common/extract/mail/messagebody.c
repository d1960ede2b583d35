#include <stdio.h>
#include <string.h>

#include "extract/mail/message_impl.h"

static bool
is_text(const struct header *h)
{
	return h->type[0] == 0 || message_type_begins(h, "text/") ||
	       (h->type[0] != 0 && strchr(h->type, '/') == NULL);
}

/* What a person would call a part that has no name. */
static struct span
leaf_name(const struct message *m, char *dst, size_t room)
{
	const struct header *h = &m->header;

	if (h->name[0] != 0)
		return span_str(h->name);
	if (message_type_is(h, "text/html"))
		return span_str("html body");
	if (is_text(h) && !h->attached)
		return span_str("body");
	if (message_type_begins(h, "message/delivery-status"))
		return span_str("delivery status");
	if (message_type_begins(h, "message/") ||
	    message_type_is(h, "text/rfc822-headers"))
		return span_str("attached message");
	(void)snprintf(dst, room, "part %u", m->part);
	return span_str(dst);
}

/* ---- leaves ----------------------------------------------------------------
 */

static bool
holds_message(const struct header *h)
{
	return message_type_is(h, "message/rfc822") ||
	       message_type_is(h, "message/global") ||
	       message_type_is(h, "message/news") ||
	       message_type_is(h, "text/rfc822-headers");
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
	if (message_type_is(h, "message/partial"))
		job_note(x, COVER_VOLUME);
	if (message_type_is(h, "application/mac-binhex40"))
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
		st = message_part(x, p);
	} else {
		st = job_part(x, p);
	}
	x->parser = parser;
	return st;
}

enum status
message_leaf(struct extractor *x, struct message *m, struct span name,
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
		    message_type_is(&m->header, "text/html"));
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

void
message_drain(struct extractor *x, struct lines *l)
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
	st = message_leaf(x, m, s, uu ? CODING_UU : CODING_YENC);
	if (st == ST_OK && !m->transfer.ended)
		message_drain(x, &m->lines);
	m->lines.files = true;
	m->header = text;
	return st;
}

/* ---- all of it -------------------------------------------------------------
 */

enum status
message_body(struct extractor *x, struct message *m)
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
			st = message_leaf(
			    x, m, leaf_name(m, number, sizeof(number)), coding);
		} else if (m->lines.stop == LINES_UU ||
			   m->lines.stop == LINES_YENC) {
			st = file_in_text(x, m);
		} else {
			break;
		}
		if (st == ST_OK && m->lines.stop == LINES_GO && !m->lines.files)
			message_drain(x, &m->lines);
	}
	m->lines.files = false;
	return st;
}
