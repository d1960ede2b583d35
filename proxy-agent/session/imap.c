#include "proxy-agent/session/imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "proxy-agent/session/imap_text.h"

#define LINE_CAP ((size_t)1 << 20) /* a response with its short literals */
#define GONE_CAP ((size_t)1 << 20) /* deleted while we read: 262,144 */

struct imap {
	struct stream *stream;
	uint32_t tag;    /* of the last command */
	struct buf line; /* the response at hand */
	struct buf greeting;
	struct buf can;        /* capabilities, each with a blank before */
	struct buf gone;       /* numbers (u32) of messages deleted meanwhile */
	struct buf short_body; /* one that came as a string, not counted */
	uint64_t body_left; /* bytes of the body at hand, still in the stream */
	bool in_body;       /* the end of its response is still to come */
	char trouble[160];
};

/* ---- words of the server, for people ---- */

static void
keep_words(struct imap *m, struct span text)
{
	stream_words(m->trouble, sizeof(m->trouble), text);
}

const char *
imap_trouble(struct imap *m, enum status st)
{
	if (st == ST_DENIED && m->trouble[0] != 0)
		return m->trouble;
	if (st == ST_MALFORMED)
		return "it answers, but not as IMAP has it";
	return stream_trouble(m->stream, st);
}

/* ---- responses ---- */

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
	buf_init(&text, LINE_CAP);
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
static enum status
reply(struct imap *m)
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
static enum status
note(struct imap *m)
{
	struct span line = buf_span(&m->line), rest;
	uint8_t raw[4];
	uint64_t number;

	if (str_starts(line, "* BYE")) {
		keep_words(m, span_skip(line, 5));
		return ST_CLOSED;
	}
	if (!imap_numbered(line, span_str("EXPUNGE"), &number, &rest))
		return ST_OK;
	codec_put32(raw, (uint32_t)number);
	return buf_add(&m->gone, raw, sizeof(raw));
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
static enum status
ends_command(struct imap *m)
{
	struct span rest = buf_span(&m->line), word;

	if (rest.len == 0 || rest.ptr[0] != 't')
		return ST_AGAIN;
	(void)!imap_word(&rest, &word); /* the tag */
	if (!imap_word(&rest, &word))
		return ST_MALFORMED;
	if (str_is(word, "OK"))
		return ST_OK;
	keep_words(m, str_trim(rest));
	return ST_DENIED;
}

/* ---- commands ---- */

/* One command's line; secrets are wiped with the buffer. */
static enum status
send_line(struct imap *m, struct buf *line)
{
	enum status st = buf_add_str(line, "\r\n");

	if (st == ST_OK)
		st = stream_write(m->stream, buf_span(line));
	return st;
}

static enum status
begin(struct imap *m, struct buf *line, const char *verb)
{
	buf_init(line, LINE_CAP);
	m->tag++;
	return buf_addf(line, "t%u %s", m->tag, verb);
}

typedef enum status on_line(void *arg, struct imap *m, struct span line);

/* Until the command ends; each response before it goes to see(). */
static enum status
finish(struct imap *m, on_line *see, void *arg)
{
	enum status st, end;

	m->trouble[0] = 0;
	for (;;) {
		st = reply(m);
		if (st == ST_OK)
			st = note(m);
		if (st != ST_OK)
			return st;
		if (m->in_body)
			return ST_MALFORMED; /* nobody asked for one */
		end = ends_command(m);
		if (end != ST_AGAIN)
			return end;
		if (see != NULL)
			st = see(arg, m, buf_span(&m->line));
		if (st != ST_OK)
			return st;
	}
}

static enum status
command(struct imap *m, const char *verb, struct span word, on_line *see,
	void *arg)
{
	struct buf line;
	enum status st = begin(m, &line, verb);

	if (st == ST_OK && word.ptr != NULL)
		st = buf_add_byte(&line, ' ');
	if (st == ST_OK && word.ptr != NULL)
		st = imap_quote(&line, word);
	if (st == ST_OK)
		st = send_line(m, &line);
	buf_fini(&line);
	return st == ST_OK ? finish(m, see, arg) : st;
}

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
	return command(m, "CAPABILITY", span_of(NULL, 0), see_capability, NULL);
}

static enum status
greet(struct imap *m)
{
	enum status st = reply(m);
	struct span line = buf_span(&m->line);

	if (st != ST_OK)
		return st;
	if (str_starts(line, "* BYE")) {
		keep_words(m, str_trim(span_skip(line, 5)));
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

	buf_init(&text, LINE_CAP);
	st = begin(m, &line, "AUTHENTICATE ");
	if (st == ST_OK)
		st = buf_add_str(&line, how);
	if (st == ST_OK)
		st = codec_base64(CODEC_BASE64, answer, &text);
	if (st == ST_OK && at_once)
		st = buf_add_byte(&line, ' ');
	if (st == ST_OK && at_once)
		st = buf_add(&line, text.data, text.len);
	if (st == ST_OK)
		st = send_line(m, &line);
	if (st == ST_OK && !at_once) {
		st = reply(m);
		if (st == ST_OK && !str_starts(buf_span(&m->line), "+"))
			st = ST_DENIED;
		if (st == ST_OK)
			st = send_line(m, &text);
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

	buf_init(&answer, LINE_CAP);
	st = buf_addf(&answer, "user=%.*s\001auth=Bearer %.*s\001\001",
		      (int)l->user.len, (const char *)l->user.ptr,
		      (int)l->token.len, (const char *)l->token.ptr);
	if (st == ST_OK)
		st = authenticate(m, "XOAUTH2", buf_span(&answer));
	buf_fini(&answer);
	return st == ST_OK ? finish(m, see_refusal, NULL) : st;
}

static enum status
by_sasl(struct imap *m, const struct imap_login *l)
{
	struct buf answer;
	enum status st;

	buf_init(&answer, LINE_CAP);
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
	return st == ST_OK ? finish(m, NULL, NULL) : st;
}

static enum status
by_login(struct imap *m, const struct imap_login *l)
{
	struct buf line;
	enum status st = begin(m, &line, "LOGIN ");

	if (st == ST_OK)
		st = imap_quote(&line, l->user);
	if (st == ST_OK)
		st = buf_add_byte(&line, ' ');
	if (st == ST_OK)
		st = imap_quote(&line, l->password);
	if (st == ST_OK)
		st = send_line(m, &line);
	buf_fini(&line);
	return st == ST_OK ? finish(m, NULL, NULL) : st;
}

/* One try: an account is not locked by us. */
static enum status
sign_in(struct imap *m, const struct imap_login *l)
{
	if (!stream_private(m->stream)) {
		keep_words(m, span_str("it offers no TLS, and a password is "
				       "not sent in clear"));
		return ST_DENIED;
	}
	if (l->token.len > 0)
		return by_token(m, l);
	if (can(m, "AUTH=PLAIN"))
		return by_sasl(m, l);
	if (!can(m, "LOGINDISABLED"))
		return by_login(m, l);
	keep_words(m, span_str("it takes no password in this way"));
	return ST_DENIED;
}

static enum status
encrypt(struct imap *m, const struct imap_login *l, struct buf *why)
{
	enum status st;

	if (stream_encrypted(m->stream) || (!l->encrypt && !can(m, "STARTTLS")))
		return ST_OK;
	st = command(m, "STARTTLS", span_of(NULL, 0), NULL, NULL);
	if (st == ST_OK)
		st = stream_encrypt(m->stream, why);
	return st == ST_OK ? ask_capability(m) : st;
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
	buf_init(&m->line, LINE_CAP);
	buf_init(&m->greeting, STREAM_LINE);
	buf_init(&m->can, STREAM_LINE);
	buf_init(&m->gone, GONE_CAP);
	buf_init(&m->short_body, LINE_CAP);
	st = greet(m);
	if (st == ST_OK)
		st = encrypt(m, login, why);
	if (st == ST_OK)
		st = sign_in(m, login);
	if (st == ST_OK) {
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

/* ---- folders ---- */

struct folder_ear {
	imap_each_folder *each;
	void *arg;
	size_t count;
};

static bool
is_container(struct span flags)
{
	static const char *const words[] = {"\\Noselect", "\\NonExistent"};

	for (size_t i = 0; i < 2; i++)
		if (memmem(flags.ptr, flags.len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* The name with '/' between levels; a '/' within one is none, so '|'. */
static enum status
nice_name(struct buf *to, struct span raw, struct span level)
{
	size_t from = to->len;
	enum status st = imap_folder_name(to, raw);

	if (st != ST_OK || level.len != 1 || level.ptr[0] == '/')
		return st;
	for (size_t i = from; i < to->len; i++)
		if (to->data[i] == '/')
			to->data[i] = '|';
		else if (to->data[i] == level.ptr[0])
			to->data[i] = '/';
	return ST_OK;
}

/* "* LIST (\HasNoChildren) "." INBOX.Sent" */
static enum status
see_folder(void *arg, struct imap *m, struct span line)
{
	struct folder_ear *e = arg;
	struct imap_folder f = {0};
	struct buf raw, name;
	struct span level, word;
	size_t close;
	enum status st;

	(void)m;
	if (!str_starts(line, "* LIST (") || e->count >= IMAP_FOLDERS)
		return ST_OK;
	close = str_find(line, ')');
	f.container = is_container(span_of(line.ptr, close));
	line = span_skip(line, close + 1);
	if (!imap_word(&line, &level) || !imap_word(&line, &word))
		return ST_OK;
	buf_init(&raw, IMAP_NAME);
	buf_init(&name, (size_t)4 * IMAP_NAME);
	st = imap_plain(&raw, word);
	if (st == ST_OK)
		st = nice_name(&name, buf_span(&raw), level);
	f.raw = buf_span(&raw);
	f.name = buf_span(&name);
	if (st == ST_OK)
		e->each(e->arg, &f);
	e->count++;
	buf_fini(&raw);
	buf_fini(&name);
	return st == ST_LIMIT ? ST_OK : st;
}

enum status
imap_folders(struct imap *m, imap_each_folder *each, void *arg)
{
	struct folder_ear e = {.each = each, .arg = arg};

	return command(m, "LIST \"\" \"*\"", span_of(NULL, 0), see_folder, &e);
}

static uint32_t
small(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static enum status
see_box(void *arg, struct imap *m, struct span line)
{
	struct imap_box *box = arg;
	struct span rest;
	uint64_t n;

	(void)m;
	if (imap_numbered(line, span_str("EXISTS"), &n, &rest))
		box->exists = small(n);
	else if (str_starts(line, "* OK [UIDVALIDITY ") ||
		 str_starts(line, "* OK [UIDNEXT ")) {
		struct span code = span_skip(line, strlen("* OK ["));

		code.len = str_find(code, ']');
		if (imap_number_of(code, "UIDVALIDITY", &n))
			box->validity = small(n);
		else if (imap_number_of(code, "UIDNEXT", &n))
			box->next = small(n);
	}
	return ST_OK;
}

enum status
imap_examine(struct imap *m, struct span raw, struct imap_box *box)
{
	*box = (struct imap_box){0};
	buf_clear(&m->gone);
	return command(m, "EXAMINE", raw, see_box, box);
}

/* ---- messages ---- */

struct size_ear {
	struct imap_message *list;
	size_t room, count;
};

static enum status
see_size(void *arg, struct imap *m, struct span line)
{
	struct size_ear *e = arg;
	struct imap_message *to = &e->list[e->count];
	uint64_t number, uid, size;
	struct span rest;

	(void)m;
	if (!imap_numbered(line, span_str("FETCH"), &number, &rest) ||
	    !imap_number_of(rest, "UID", &uid) ||
	    !imap_number_of(rest, "RFC822.SIZE", &size) || e->count == e->room)
		return ST_OK;
	to->number = small(number);
	to->uid = small(uid);
	to->size = size;
	e->count++;
	return ST_OK;
}

static int
by_number(const void *a, const void *b)
{
	const struct imap_message *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

enum status
imap_sizes(struct imap *m, uint32_t first, uint32_t last,
	   struct imap_message *list, size_t *count)
{
	struct size_ear e = {.list = list, .room = (size_t)last - first + 1};
	char verb[64];
	enum status st;

	snprintf(verb, sizeof(verb), "FETCH %u:%u (UID RFC822.SIZE)", first,
		 last);
	st = command(m, verb, span_of(NULL, 0), see_size, &e);
	if (st != ST_OK)
		return st;
	qsort(list, e.count, sizeof(*list), by_number);
	*count = e.count;
	return ST_OK;
}

static enum status
ask(struct imap *m, struct span uids, const char *part)
{
	struct buf line;
	enum status st = begin(m, &line, "UID FETCH ");

	if (st == ST_OK)
		st = buf_add(&line, uids.ptr, uids.len);
	if (st == ST_OK)
		st = buf_addf(&line, " (UID BODY.PEEK[]%s)", part);
	if (st == ST_OK)
		st = send_line(m, &line);
	buf_fini(&line);
	return st;
}

enum status
imap_ask(struct imap *m, struct span uids)
{
	return ask(m, uids, "");
}

enum status
imap_ask_range(struct imap *m, uint32_t uid, uint64_t from, uint32_t count)
{
	char one[16], part[64];

	snprintf(one, sizeof(one), "%u", uid);
	snprintf(part, sizeof(part), "<%llu.%u>", (unsigned long long)from,
		 count);
	return ask(m, span_str(one), part);
}

/* The rest of the body at hand, and of its response. */
static enum status
pass_body(struct imap *m)
{
	uint8_t rest[4096];
	enum status st = ST_OK;
	size_t got;

	while (st == ST_OK && m->body_left > 0)
		st = imap_read(m, rest, sizeof(rest), &got);
	explicit_bzero(rest, sizeof(rest));
	buf_clear(&m->short_body);
	if (st == ST_OK && m->in_body)
		st = reply(m); /* " FLAGS ())" */
	m->in_body = false;
	return st;
}

/* BODY[] "text" or NIL: what is small may come as a string. */
static enum status
take_string(struct imap *m, struct span rest)
{
	const uint8_t *at = memmem(rest.ptr, rest.len, "BODY[]", 6);
	struct span word;

	rest = span_skip(rest, (size_t)(at - rest.ptr) + 6);
	rest = span_skip(rest, str_find(rest, ' '));
	if (!imap_word(&rest, &word) || str_is(word, "NIL"))
		return ST_OK;
	return imap_plain(&m->short_body, word);
}

/* A response that brings a body; ST_AGAIN: it brings none. */
static enum status
see_body(struct imap *m, struct imap_body *body)
{
	struct span line = buf_span(&m->line), rest;
	uint64_t number, uid = 0;
	enum status st = ST_OK;

	if (!imap_numbered(line, span_str("FETCH"), &number, &rest) ||
	    memmem(rest.ptr, rest.len, "BODY[]", 6) == NULL)
		return m->in_body ? ST_MALFORMED : ST_AGAIN;
	(void)!imap_number_of(rest, "UID", &uid);
	if (!m->in_body)
		st = take_string(m, rest);
	if (!m->in_body)
		m->body_left = m->short_body.len;
	body->number = small(number);
	body->uid = small(uid);
	body->size = m->body_left;
	return st;
}

enum status
imap_next(struct imap *m, struct imap_body *body)
{
	enum status st = pass_body(m);

	while (st == ST_OK) {
		st = reply(m);
		if (st == ST_OK)
			st = note(m);
		if (st != ST_OK)
			break;
		st = see_body(m, body);
		if (st != ST_AGAIN)
			return st;
		st = ends_command(m);
		if (st == ST_OK)
			return ST_EOF;
		if (st == ST_AGAIN)
			st = ST_OK;
	}
	return st;
}

enum status
imap_read(struct imap *m, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	if (m->body_left == 0)
		return ST_OK;
	if (n > m->body_left)
		n = (size_t)m->body_left;
	if (m->in_body) {
		st = stream_read(m->stream, dst, n, got);
	} else {
		memcpy(dst, m->short_body.data, n);
		buf_drop(&m->short_body, n);
		*got = n;
	}
	m->body_left -= *got;
	return st == ST_EOF ? ST_CLOSED : st;
}
