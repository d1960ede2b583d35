#include "proxy-agent/session/pop3.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"

/* More lines than a message has; what servers take as a number. */
#define ALL_LINES 1073741824

/* Where in a message we are: RFC 1939, 3, lines that begin with a dot. */
enum at {
	AT_END,    /* behind it, or none is open */
	AT_LINE,   /* at the beginning of a line */
	AT_DOT,    /* behind a dot there */
	AT_DOT_CR, /* behind a dot and CR there */
	AT_CR,     /* to be given again: CR after a dot was no end */
	AT_TEXT,
};

struct pop3 {
	struct stream *stream;
	struct buf can; /* capabilities, a line each, upper case as sent */
	enum at at;
	char trouble[160];
};

/* ---- answers ---- */

static void
keep_words(struct pop3 *p, struct span text)
{
	stream_words(p->trouble, sizeof(p->trouble), text);
}

const char *
pop3_trouble(struct pop3 *p, enum status st)
{
	if (st == ST_DENIED && p->trouble[0] != 0)
		return p->trouble;
	if (st == ST_MALFORMED)
		return "it answers, but not as POP3 has it";
	return stream_trouble(p->stream, st);
}

static enum status
next_line(struct pop3 *p, struct span *line)
{
	enum status st = stream_line(p->stream, line);

	return st == ST_EOF ? ST_CLOSED : st;
}

/* "+OK ..." or "-ERR ..."; ST_AGAIN: it asks on, "+ ". */
static enum status
answer(struct pop3 *p)
{
	struct span line;
	enum status st = next_line(p, &line);

	stream_answered(p->stream);
	if (st != ST_OK || str_starts(line, "+OK"))
		return st;
	if (str_starts(line, "+ ") || str_is(line, "+"))
		return ST_AGAIN;
	if (!str_starts(line, "-ERR"))
		return ST_MALFORMED;
	keep_words(p, str_trim(span_skip(line, 4)));
	return ST_DENIED;
}

static enum status
say(struct pop3 *p, const char *verb, struct span word)
{
	struct buf line;
	enum status st;

	if (memchr(word.ptr == NULL ? (const void *)"" : word.ptr, '\n',
		   word.len) != NULL)
		return ST_MALFORMED;
	buf_init(&line, STREAM_LINE);
	st = buf_add_str(&line, verb);
	if (st == ST_OK)
		st = buf_add(&line, word.ptr, word.len);
	if (st == ST_OK)
		st = buf_add_str(&line, "\r\n");
	if (st == ST_OK)
		st = stream_write(p->stream, buf_span(&line));
	if (st == ST_OK)
		stream_asked(p->stream);
	buf_fini(&line);
	return st;
}

static enum status
command(struct pop3 *p, const char *verb, struct span word)
{
	enum status st = say(p, verb, word);

	return st == ST_OK ? answer(p) : st;
}

typedef enum status on_line(void *arg, struct span line);

/* The lines of a list, without the dot that ends it. */
static enum status
each_line(struct pop3 *p, on_line *see, void *arg)
{
	struct span line;
	enum status st;

	while ((st = next_line(p, &line)) == ST_OK && !str_is(line, ".")) {
		st = see(arg, line);
		if (st != ST_OK)
			return st;
	}
	return st;
}

/* ---- who we are ---- */

static enum status
see_capability(void *arg, struct span line)
{
	struct buf *can = arg;
	enum status st = buf_add_byte(can, '\n');

	return st == ST_OK ? buf_add(can, line.ptr, line.len) : st;
}

/* A server without CAPA can what RFC 1939 has. */
static enum status
ask_capability(struct pop3 *p)
{
	enum status st = command(p, "CAPA", span_of(NULL, 0));

	buf_clear(&p->can);
	if (st == ST_DENIED)
		return ST_OK;
	return st == ST_OK ? each_line(p, see_capability, &p->can) : st;
}

/* A capability, and a word in its line unless that is NULL. */
static bool
can(const struct pop3 *p, const char *name, const char *word)
{
	struct span rest = buf_span(&p->can), line, one;

	while (str_next(&rest, '\n', &line)) {
		bool is = str_next(&line, ' ', &one) && str_is(one, name);

		if (is && word == NULL)
			return true;
		while (is && str_next(&line, ' ', &one))
			if (str_is(one, word))
				return true;
	}
	return false;
}

static enum status
by_token(struct pop3 *p, const struct pop3_login *l)
{
	struct buf plain, text;
	enum status st;

	buf_init(&plain, STREAM_LINE);
	buf_init(&text, STREAM_LINE);
	st = buf_addf(&plain, "user=%.*s\001auth=Bearer %.*s\001\001",
		      (int)l->user.len, (const char *)l->user.ptr,
		      (int)l->token.len, (const char *)l->token.ptr);
	if (st == ST_OK)
		st = codec_base64(CODEC_BASE64, buf_span(&plain), &text);
	if (st == ST_OK)
		st = command(p, "AUTH XOAUTH2 ", buf_span(&text));
	if (st == ST_AGAIN) /* it says why; an empty line hears it out */
		st = command(p, "", span_of(NULL, 0));
	buf_fini(&plain);
	buf_fini(&text);
	return st;
}

/* One try: an account is not locked by us. */
static enum status
sign_in(struct pop3 *p, const struct pop3_login *l)
{
	enum status st;

	if (!stream_private(p->stream)) {
		keep_words(p, span_str("it offers no TLS, and a password is "
				       "not sent in clear"));
		return ST_DENIED;
	}
	if (l->token.len > 0)
		return by_token(p, l);
	st = command(p, "USER ", l->user);
	return st == ST_OK ? command(p, "PASS ", l->password) : st;
}

static enum status
encrypt(struct pop3 *p, struct buf *why)
{
	enum status st;

	if (stream_encrypted(p->stream) || !can(p, "STLS", NULL))
		return ST_OK;
	st = command(p, "STLS", span_of(NULL, 0));
	if (st == ST_OK)
		st = stream_encrypt(p->stream, why);
	return st == ST_OK ? ask_capability(p) : st;
}

enum status
pop3_open(struct stream *stream, const struct pop3_login *login,
	  struct pop3 **out, struct buf *why)
{
	struct pop3 *p = calloc(1, sizeof(*p));
	enum status st;

	if (p == NULL) {
		stream_close(stream);
		return ST_NOMEM;
	}
	p->stream = stream;
	buf_init(&p->can, STREAM_LINE);
	st = answer(p);
	if (st == ST_OK)
		st = ask_capability(p);
	if (st == ST_OK)
		st = encrypt(p, why);
	if (st == ST_OK)
		st = sign_in(p, login);
	if (st == ST_OK) {
		stream_signed_in(stream);
		*out = p;
		return ST_OK;
	}
	if (why != NULL && why->len == 0)
		(void)!buf_add_str(why, pop3_trouble(p, st));
	pop3_close(p);
	return st;
}

void
pop3_close(struct pop3 *p)
{
	if (p == NULL)
		return;
	stream_close(p->stream);
	buf_fini(&p->can);
	free(p);
}

bool
pop3_pipelines(const struct pop3 *p)
{
	return can(p, "PIPELINING", NULL);
}

/* ---- what is there ---- */

struct lister {
	struct pop3_message *list;
	size_t count, room;
};

/* "7 1234" or "7 whqtswO00WBw418f9t5JxYwZ": the number and what follows. */
static bool
numbered(struct span line, uint32_t *number, struct span *word)
{
	struct span one;
	uint64_t n;

	if (!str_next(&line, ' ', &one) ||
	    str_to_u64(one, 1, UINT32_MAX, &n) != ST_OK ||
	    !str_next(&line, ' ', word))
		return false;
	*number = (uint32_t)n;
	return true;
}

static enum status
see_size(void *arg, struct span line)
{
	struct lister *l = arg;
	struct pop3_message m = {0};
	struct span size;

	if (!numbered(line, &m.number, &size) ||
	    str_to_u64(size, 0, UINT64_MAX, &m.size) != ST_OK)
		return ST_OK;
	if (l->count == POP3_MESSAGES)
		return ST_LIMIT;
	if (l->count == l->room) {
		size_t room = l->room == 0 ? 256 : l->room * 2;
		struct pop3_message *more =
		    reallocarray(l->list, room, sizeof(*more));

		if (more == NULL)
			return ST_NOMEM;
		l->list = more;
		l->room = room;
	}
	l->list[l->count++] = m;
	return ST_OK;
}

static int
by_number(const void *a, const void *b)
{
	const struct pop3_message *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static enum status
see_uid(void *arg, struct span line)
{
	struct lister *l = arg;
	struct pop3_message key = {0}, *m;
	struct span uid;

	if (l->count == 0 || !numbered(line, &key.number, &uid))
		return ST_OK;
	m = bsearch(&key, l->list, l->count, sizeof(key), by_number);
	if (m != NULL && str_copy(m->uid, sizeof(m->uid), uid) != ST_OK)
		m->uid[0] = 0;
	return ST_OK;
}

static enum status
list(struct pop3 *p, struct lister *l)
{
	enum status st = command(p, "LIST", span_of(NULL, 0));

	if (st == ST_OK)
		st = each_line(p, see_size, l);
	if (st != ST_OK)
		return st;
	if (l->count > 1)
		qsort(l->list, l->count, sizeof(*l->list), by_number);
	st = command(p, "UIDL", span_of(NULL, 0));
	if (st == ST_DENIED)
		return ST_OK; /* it has none */
	return st == ST_OK ? each_line(p, see_uid, l) : st;
}

enum status
pop3_list(struct pop3 *p, struct pop3_message **out, size_t *count)
{
	struct lister l = {0};
	enum status st = list(p, &l);

	if (st != ST_OK) {
		free(l.list);
		return st;
	}
	*out = l.list;
	*count = l.count;
	return ST_OK;
}

/* ---- messages ---- */

enum status
pop3_ask(struct pop3 *p, uint32_t number)
{
	struct buf line;
	enum status st;

	buf_init(&line, 64);
	st = buf_addf(&line, "TOP %u %d\r\n", number, ALL_LINES);
	if (st == ST_OK)
		st = stream_write(p->stream, buf_span(&line));
	if (st == ST_OK)
		stream_asked(p->stream);
	buf_fini(&line);
	return st;
}

enum status
pop3_next(struct pop3 *p)
{
	uint8_t rest[4096];
	enum status st = ST_OK;
	size_t got;

	while (st == ST_OK && p->at != AT_END)
		st = pop3_read(p, rest, sizeof(rest), &got);
	explicit_bzero(rest, sizeof(rest));
	if (st != ST_OK)
		return st;
	st = answer(p);
	if (st == ST_OK)
		p->at = AT_LINE;
	return st == ST_AGAIN ? ST_MALFORMED : st;
}

/*
 * One byte of the stream that may be no text of the message: at the beginning
 * of a line. True: it is text, and follows.
 */
static bool
is_text(struct pop3 *p, uint8_t c)
{
	switch (p->at) {
	case AT_LINE:
		if (c == '.')
			p->at = AT_DOT;
		return c != '.';
	case AT_DOT:
		if (c == '\n')
			p->at = AT_END;
		else if (c == '\r')
			p->at = AT_DOT_CR;
		return c != '\n' && c != '\r';
	case AT_DOT_CR:
		p->at = c == '\n' ? AT_END : AT_CR;
		return false;
	case AT_CR:
	case AT_TEXT:
	case AT_END:
		return true;
	}
	return true;
}

/* As much of a line as is there. */
static size_t
copy_text(struct pop3 *p, struct span from, uint8_t *dst, size_t room)
{
	size_t n = str_find(from, '\n');

	p->at = n < from.len && n < room ? AT_LINE : AT_TEXT;
	n = n < from.len ? n + 1 : n;
	n = n < room ? n : room;
	memcpy(dst, from.ptr, n);
	return n;
}

enum status
pop3_read(struct pop3 *p, void *dst, size_t n, size_t *got)
{
	uint8_t *to = dst;
	enum status st = ST_OK;
	struct span there;

	*got = 0;
	while (st == ST_OK && *got < n && p->at != AT_END) {
		size_t used = 0;

		st = stream_peek(p->stream, &there);
		while (st == ST_OK && used < there.len && *got < n &&
		       p->at != AT_END) {
			enum at was = p->at;

			if (was == AT_CR) {
				to[(*got)++] = '\r';
				p->at = AT_TEXT;
			} else if (is_text(p, there.ptr[used])) {
				size_t k = copy_text(p, span_skip(there, used),
						     to + *got, n - *got);

				*got += k;
				used += k;
			} else if (p->at != AT_CR) {
				used++;
			}
		}
		if (st == ST_OK)
			stream_take(p->stream, used);
		if (*got > 0)
			break;
	}
	return st == ST_EOF ? ST_CLOSED : st;
}
