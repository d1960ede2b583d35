#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "proxy-agent/session/imap_impl.h"
#include "proxy-agent/session/imap_text.h"

/* ---- responses ---- */

void
imap_keep_words(struct imap *m, struct span text)
{
	stream_words(m->trouble, sizeof(m->trouble), text);
}

/* "* 12 FETCH (... BODY[]<0> {123}": the body follows, counted. */
static bool
begins_body(struct span line)
{
	struct span rest;
	uint64_t number;

	return imap_numbered(line, span_str("FETCH"), &number, &rest) &&
	       memmem(rest.ptr, rest.len, "BODY[", 5) != NULL;
}

/* The "{5}" at the end of the line becomes a quoted word of those bytes. */
static enum status
take_literal(struct imap *m, uint64_t len)
{
	const uint8_t *open = memrchr(m->line.data, '{', m->line.len);
	struct buf text;
	enum status st = ST_OK;

	m->line.len = (size_t)(open - m->line.data);
	buf_init(&text, IMAP_LINE);
	while (st == ST_OK && text.len < len) {
		size_t got = 0;

		st = buf_reserve(&text, (size_t)len - text.len);
		if (st == ST_OK)
			st = stream_read(m->stream, text.data + text.len,
					 (size_t)len - text.len, &got);
		text.len += got;
	}
	if (st == ST_OK)
		st = imap_quote(&m->line, buf_span(&text));
	buf_fini(&text);
	return st;
}

/* One whole response to m->line, or as far as a body. */
enum status
imap_reply(struct imap *m)
{
	enum status st = ST_OK;
	struct span line;
	uint64_t len;

	buf_clear(&m->line);
	while (st == ST_OK) {
		st = stream_line(m->stream, &line);
		if (st == ST_OK)
			st = buf_add(&m->line, line.ptr, line.len);
		if (st != ST_OK || !imap_literal(buf_span(&m->line), &len))
			break;
		if (begins_body(buf_span(&m->line))) {
			m->in_body = true;
			m->body_left = len;
			break;
		}
		st = take_literal(m, len);
	}
	return st == ST_EOF ? ST_CLOSED : st;
}

/* What any response may tell besides. ST_CLOSED: it says good-bye. */
enum status
imap_note(struct imap *m)
{
	struct span line = buf_span(&m->line), rest;
	uint64_t number;

	if (str_starts(line, "* BYE")) {
		imap_keep_words(m, span_skip(line, 5));
		return ST_CLOSED;
	}
	if (!imap_numbered(line, span_str("EXPUNGE"), &number, &rest))
		return ST_OK;
	return codec_add32(&m->gone, (uint32_t)number);
}

uint32_t
imap_gone(struct imap *m)
{
	uint32_t number;

	if (m->gone.len < 4)
		return 0;
	number = codec_get32(m->gone.data);
	buf_drop(&m->gone, 4);
	return number;
}

/* "t7 OK ...": ST_OK or ST_DENIED; ST_AGAIN: it ends no command. */
enum status
imap_ends(struct imap *m)
{
	struct span rest = buf_span(&m->line), word;

	if (rest.len == 0 || rest.ptr[0] != 't')
		return ST_AGAIN;
	stream_answered(m->stream);
	(void)!imap_word(&rest, &word); /* the tag */
	if (!imap_word(&rest, &word))
		return ST_MALFORMED;
	if (str_is(word, "OK"))
		return ST_OK;
	imap_keep_words(m, str_trim(rest));
	return ST_DENIED;
}

/* ---- commands ---- */

/* One command's line; secrets are wiped with the buffer. */
enum status
imap_send(struct imap *m, struct buf *line)
{
	enum status st = buf_add_str(line, "\r\n");

	if (st == ST_OK)
		st = stream_write(m->stream, buf_span(line));
	if (st == ST_OK)
		stream_asked(m->stream);
	return st;
}

enum status
imap_begin(struct imap *m, struct buf *line, const char *verb)
{
	buf_init(line, IMAP_LINE);
	m->tag++;
	return buf_addf(line, "t%u %s", m->tag, verb);
}

/* Until the command ends; each response before it goes to see(). */
enum status
imap_finish(struct imap *m, imap_on_line *see, void *arg)
{
	enum status st, end;

	m->trouble[0] = 0;
	for (;;) {
		st = imap_reply(m);
		if (st == ST_OK)
			st = imap_note(m);
		if (st != ST_OK)
			return st;
		if (m->in_body)
			return ST_MALFORMED; /* nobody asked for one */
		end = imap_ends(m);
		if (end != ST_AGAIN)
			return end;
		if (see != NULL)
			st = see(arg, m, buf_span(&m->line));
		if (st != ST_OK)
			return st;
	}
}

enum status
imap_command(struct imap *m, const char *verb, struct span word,
	     imap_on_line *see, void *arg)
{
	struct buf line;
	enum status st = imap_begin(m, &line, verb);

	if (st == ST_OK && word.ptr != NULL)
		st = buf_add_byte(&line, ' ');
	if (st == ST_OK && word.ptr != NULL)
		st = imap_quote(&line, word);
	if (st == ST_OK)
		st = imap_send(m, &line);
	buf_fini(&line);
	return st == ST_OK ? imap_finish(m, see, arg) : st;
}
