#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "proxy-agent/session/imap_impl.h"
#include "proxy-agent/session/imap_text.h"

/* ---- what it can ---- */

static bool
can(const struct imap *m, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i + n < m->can.len; i++)
		if (m->can.data[i] == ' ' &&
		    strncasecmp((const char *)m->can.data + i + 1, name, n) ==
			0 &&
		    (i + 1 + n == m->can.len || m->can.data[i + 1 + n] == ' '))
			return true;
	return false;
}

/* "CAPABILITY IMAP4rev1 SASL-IR ..." wherever it stands in a line. */
static enum status
see_capability(void *arg, struct imap *m, struct span line)
{
	static const char word[] = "CAPABILITY";
	const uint8_t *at = memmem(line.ptr, line.len, word, strlen(word));
	size_t n;

	(void)arg;
	if (at == NULL)
		return ST_OK;
	line = span_skip(line, (size_t)(at - line.ptr) + strlen(word));
	n = str_find(line, ']');
	buf_clear(&m->can);
	return buf_add(&m->can, line.ptr, n);
}

static enum status
ask_capability(struct imap *m)
{
	buf_clear(&m->can);
	return imap_command(m, "CAPABILITY", span_of(NULL, 0), see_capability,
			    NULL);
}

enum status
imap_greet(struct imap *m)
{
	enum status st = imap_reply(m);
	struct span line = buf_span(&m->line);

	if (st != ST_OK)
		return st;
	if (str_starts(line, "* BYE")) {
		imap_keep_words(m, str_trim(span_skip(line, 5)));
		return ST_DENIED;
	}
	if (!str_starts(line, "* OK") && !str_starts(line, "* PREAUTH"))
		return ST_MALFORMED;
	st = buf_add(&m->greeting, line.ptr + 2, line.len - 2);
	return st == ST_OK ? ask_capability(m) : st;
}

/* ---- who we are ---- */

/* A SASL exchange of one answer: with the command where that is allowed. */
static enum status
authenticate(struct imap *m, const char *how, struct span answer)
{
	struct buf line, text;
	enum status st;
	bool at_once = can(m, "SASL-IR");

	buf_init(&text, IMAP_LINE);
	st = imap_begin(m, &line, "AUTHENTICATE ");
	if (st == ST_OK)
		st = buf_add_str(&line, how);
	if (st == ST_OK)
		st = codec_base64(CODEC_BASE64, answer, &text);
	if (st == ST_OK && at_once)
		st = buf_add_byte(&line, ' ');
	if (st == ST_OK && at_once)
		st = buf_add(&line, text.data, text.len);
	if (st == ST_OK)
		st = imap_send(m, &line);
	if (st == ST_OK && !at_once) {
		st = imap_reply(m);
		if (st == ST_OK && !str_starts(buf_span(&m->line), "+"))
			st = ST_DENIED;
		if (st == ST_OK)
			st = imap_send(m, &text);
	}
	buf_fini(&text);
	buf_fini(&line);
	return st;
}

/* A server that refuses a token first says why, and waits for a line. */
static enum status
see_refusal(void *arg, struct imap *m, struct span line)
{
	(void)arg;
	return str_starts(line, "+") ? stream_write(m->stream, span_str("\r\n"))
				     : ST_OK;
}

static enum status
by_token(struct imap *m, const struct imap_login *l)
{
	struct buf answer;
	enum status st;

	buf_init(&answer, IMAP_LINE);
	st = buf_addf(&answer, "user=%.*s\001auth=Bearer %.*s\001\001",
		      (int)l->user.len, (const char *)l->user.ptr,
		      (int)l->token.len, (const char *)l->token.ptr);
	if (st == ST_OK)
		st = authenticate(m, "XOAUTH2", buf_span(&answer));
	buf_fini(&answer);
	return st == ST_OK ? imap_finish(m, see_refusal, NULL) : st;
}

static enum status
by_sasl(struct imap *m, const struct imap_login *l)
{
	struct buf answer;
	enum status st;

	buf_init(&answer, IMAP_LINE);
	st = buf_add_byte(&answer, 0);
	if (st == ST_OK)
		st = buf_add(&answer, l->user.ptr, l->user.len);
	if (st == ST_OK)
		st = buf_add_byte(&answer, 0);
	if (st == ST_OK)
		st = buf_add(&answer, l->password.ptr, l->password.len);
	if (st == ST_OK)
		st = authenticate(m, "PLAIN", buf_span(&answer));
	buf_fini(&answer);
	return st == ST_OK ? imap_finish(m, NULL, NULL) : st;
}

static enum status
by_login(struct imap *m, const struct imap_login *l)
{
	struct buf line;
	enum status st = imap_begin(m, &line, "LOGIN ");

	if (st == ST_OK)
		st = imap_quote(&line, l->user);
	if (st == ST_OK)
		st = buf_add_byte(&line, ' ');
	if (st == ST_OK)
		st = imap_quote(&line, l->password);
	if (st == ST_OK)
		st = imap_send(m, &line);
	buf_fini(&line);
	return st == ST_OK ? imap_finish(m, NULL, NULL) : st;
}

/* One try: an account is not locked by us. */
enum status
imap_sign_in(struct imap *m, const struct imap_login *l)
{
	if (!stream_private(m->stream)) {
		imap_keep_words(m,
				span_str("it offers no TLS, and a password is "
					 "not sent in clear"));
		return ST_DENIED;
	}
	if (l->token.len > 0)
		return by_token(m, l);
	if (can(m, "AUTH=PLAIN"))
		return by_sasl(m, l);
	if (!can(m, "LOGINDISABLED"))
		return by_login(m, l);
	imap_keep_words(m, span_str("it takes no password in this way"));
	return ST_DENIED;
}

enum status
imap_encrypt(struct imap *m, const struct imap_login *l, struct buf *why)
{
	enum status st;

	if (stream_encrypted(m->stream) || (!l->encrypt && !can(m, "STARTTLS")))
		return ST_OK;
	st = imap_command(m, "STARTTLS", span_of(NULL, 0), NULL, NULL);
	if (st == ST_OK)
		st = stream_encrypt(m->stream, why);
	return st == ST_OK ? ask_capability(m) : st;
}
