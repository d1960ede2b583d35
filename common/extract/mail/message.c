#include "extract/mail/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/mail/message_impl.h"

static void
message_init(struct message *m, struct part *p)
{
	m->lines = (struct lines){.p = p, .around = m->around, .blank = true};
	m->part = 0;
}

/* ---- parts -----------------------------------------------------------------
 */

/* Text before the first part and behind the last, for readers of old. */
static enum status
between(struct extractor *x, struct message *m, const char *name, bool adopt)
{
	enum status st = ST_OK;

	m->header = (struct header){.type = "text/plain"};
	m->lines.adopt = adopt;
	if (lines_more(&m->lines))
		st = message_leaf(x, m, span_str(name), CODING_NONE);
	if (st == ST_OK)
		message_drain(x, &m->lines);
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

	if (message_type_is(&m->header, "multipart/encrypted"))
		job_note_words(x, COVER_ENCRYPTED, "%s", m->header.type);
	if (l->depth == LINES_NEST) {
		job_note_words(x, COVER_DEPTH, "%u multiparts in each other",
			       LINES_NEST);
		return message_body(x, m);
	}
	b = &l->around[l->depth++];
	*b = (struct lines_boundary){
	    .len = len,
	    .digest = message_type_is(&m->header, "multipart/digest")};
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
	if (message_type_begins(&m->header, "multipart/"))
		return begin_parts(x, m);
	return message_body(x, m);
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

enum status
message_part(struct extractor *x, struct part *p)
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
		message_drain(x, &m->lines);
	}
	free(m);
	return st;
}
