#include "proxy-agent/session/imap.h"

#include <stdlib.h>

#include "proxy-agent/session/imap_impl.h"

const char *
imap_trouble(struct imap *m, enum status st)
{
	if (st == ST_DENIED && m->trouble[0] != 0)
		return m->trouble;
	if (st == ST_MALFORMED)
		return "it answers, but not as IMAP has it";
	return stream_trouble(m->stream, st);
}

enum status
imap_open(struct stream *stream, const struct imap_login *login,
	  struct imap **out, struct buf *why)
{
	struct imap *m = calloc(1, sizeof(*m));
	enum status st;

	if (m == NULL) {
		stream_close(stream);
		return ST_NOMEM;
	}
	m->stream = stream;
	buf_init(&m->line, IMAP_LINE);
	buf_init(&m->greeting, STREAM_LINE);
	buf_init(&m->can, STREAM_LINE);
	buf_init(&m->gone, IMAP_GONE);
	buf_init(&m->short_body, IMAP_LINE);
	st = imap_greet(m);
	if (st == ST_OK)
		st = imap_encrypt(m, login, why);
	if (st == ST_OK)
		st = imap_sign_in(m, login);
	if (st == ST_OK) {
		stream_signed_in(stream);
		*out = m;
		return ST_OK;
	}
	if (why != NULL && why->len == 0)
		(void)!buf_add_str(why, imap_trouble(m, st));
	imap_close(m);
	return st;
}

void
imap_close(struct imap *m)
{
	if (m == NULL)
		return;
	stream_close(m->stream);
	buf_fini(&m->line);
	buf_fini(&m->greeting);
	buf_fini(&m->can);
	buf_fini(&m->gone);
	buf_fini(&m->short_body);
	free(m);
}

struct span
imap_greeting(const struct imap *m)
{
	return buf_span(&m->greeting);
}
