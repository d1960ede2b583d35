#include "proxy-agent/source/mail/pop3.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/pop3.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/mail/sign_in.h"
#include "source/url.h"

#define AHEAD       16 /* messages asked for at a time, where that is allowed */
#define AHEAD_BYTES ((uint64_t)2 << 20)
#define PATH_CAP    8192
#define VERSION_CAP (POP3_UID + 24)

struct source {
	struct account login;
	struct oauth *oauth; /* that gives its tokens; or NULL */
	struct pop3 *pop3;
	struct pop3_message *list;
	size_t count, at; /* at: behind the item */
	size_t asked;     /* messages below were asked for */
	uint64_t given;   /* bytes of the item */
	struct buf path, detail;
	char version[VERSION_CAP];
	const struct source_known *known; /* versions are wanted; or NULL */
	bool count_only, browse, lost;
};

/* ---- connecting ---- */

static enum status
enter(void *arg, struct stream *to, struct span token, struct buf *why)
{
	struct source *s = arg;
	const struct pop3_login login = {.user = s->login.user,
					 .password = s->login.password,
					 .token = token};
	enum status st;

	pop3_close(s->pop3);
	s->pop3 = NULL;
	st = pop3_open(to, &login, &s->pop3, why);
	if (st != ST_OK)
		return st;
	free(s->list);
	s->list = NULL;
	s->count = 0;
	st = pop3_list(s->pop3, &s->list, &s->count);
	if (st != ST_OK && why != NULL && why->len == 0)
		(void)!buf_add_str(why, pop3_trouble(s->pop3, st));
	return st;
}

static struct mail_door
door_of(struct source *s)
{
	return (struct mail_door){.account = &s->login,
				  .oauth = s->oauth,
				  .secure = "pop3s",
				  .secure_port = 995,
				  .port = 110,
				  .enter = enter,
				  .arg = s};
}

static enum status
sign_in(struct source *s, struct buf *why)
{
	const struct mail_door d = door_of(s);

	return mail_dial(&d, why);
}

/* Behind the message with that id; from the start when it is gone. */
static void
go_behind(struct source *s, struct span uid)
{
	s->at = s->asked = 0;
	for (size_t i = 0; uid.len > 0 && i < s->count; i++)
		if (str_is(uid, s->list[i].uid))
			s->at = s->asked = i + 1;
}

static enum status
come_back(struct source *s, struct span uid)
{
	const struct mail_door d = door_of(s);
	enum status st;

	pop3_close(s->pop3); /* it may hold the mailbox */
	s->pop3 = NULL;
	st = mail_dial_again(&d);
	s->lost = st != ST_OK;
	if (st == ST_OK)
		go_behind(s, uid);
	return st;
}

/* ---- items ---- */

static enum status
path_of(const struct source *s, const struct pop3_message *m, struct buf *to)
{
	enum status st;

	buf_clear(to);
	st = url_root(&s->login.url, to);
	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK && m != NULL && m->uid[0] != 0)
		st = url_encode(span_str(m->uid), to);
	else if (st == ST_OK && m != NULL)
		st = buf_addf(to, "%u", m->number);
	return st;
}

/* RFC 1939, 7: an id stays with its message. Without one nothing tells. */
static struct span
version_of(const struct source *s, const struct pop3_message *m,
	   char to[VERSION_CAP])
{
	int n;

	if (s->known == NULL || m->uid[0] == 0)
		return span_of(NULL, 0);
	n = snprintf(to, VERSION_CAP, "%s %" PRIu64, m->uid, m->size);
	return span_of(to, (size_t)n);
}

/* It need not be read again, and is not asked for. */
static bool
is_same(const struct source *s, const struct pop3_message *m)
{
	char text[VERSION_CAP];
	struct span version = version_of(s, m, text);
	struct buf path;
	bool same;

	if (version.len == 0)
		return false;
	buf_init(&path, PATH_CAP);
	same = path_of(s, m, &path) == ST_OK &&
	       s->known->has(s->known->arg, buf_span(&path), version);
	buf_fini(&path);
	return same;
}

static enum status
ask_ahead(struct source *s)
{
	size_t last = pop3_pipelines(s->pop3) ? s->at - 1 + AHEAD : s->at;
	uint64_t bytes = 0;
	enum status st = ST_OK;

	for (size_t i = s->at - 1; i < s->asked; i++)
		bytes += s->list[i].size;
	while (st == ST_OK && s->asked < s->count && s->asked < last &&
	       (bytes < AHEAD_BYTES || s->asked < s->at)) {
		const struct pop3_message *m = &s->list[s->asked++];

		if (is_same(s, m))
			continue;
		bytes += m->size;
		st = pop3_ask(s->pop3, m->number);
	}
	return st;
}

static enum status
begin_body(struct source *s)
{
	enum status st = ask_ahead(s);

	s->given = 0;
	return st == ST_OK ? pop3_next(s->pop3) : st;
}

static enum status
give(struct source *s, struct source_item *item, const struct pop3_message *m,
     enum status st)
{
	*item = (struct source_item){.folder = m == NULL, .trickle = true};
	item->size = m == NULL ? 0 : m->size;
	if (m != NULL)
		item->version = version_of(s, m, s->version);
	buf_clear(&s->detail);
	if (st != ST_OK) {
		item->reason = COVER_IO;
		(void)!buf_add_str(&s->detail, s->pop3 == NULL
						   ? mail_lost(s->oauth)
						   : pop3_trouble(s->pop3, st));
		item->detail = buf_span(&s->detail);
	}
	st = path_of(s, m, &s->path);
	item->path = buf_span(&s->path);
	return st;
}

static struct span
last_uid(const struct source *s)
{
	return s->at == 0 ? span_of(NULL, 0) : span_str(s->list[s->at - 1].uid);
}

static enum status
pop3_next_item(struct source *s, struct source_item *item)
{
	while (s->at < s->count && !s->lost && !s->browse) {
		char uid[POP3_UID + 1];
		enum status st = str_copy(uid, sizeof(uid), last_uid(s));

		s->at++;
		if (st == ST_OK && !s->count_only &&
		    !is_same(s, &s->list[s->at - 1]))
			st = begin_body(s);
		if (!account_again(st))
			return give(s, item, &s->list[s->at - 1], st);
		if (come_back(s, span_str(uid)) != ST_OK)
			return give(s, item, NULL, ST_IO);
	}
	return ST_EOF;
}

/* As many bytes of the message as were given already. */
static enum status
pass(struct source *s, uint64_t n)
{
	uint8_t rest[4096];
	enum status st = ST_OK;
	size_t got = 1;

	while (st == ST_OK && n > 0 && got > 0) {
		st = pop3_read(s->pop3, rest,
			       n < sizeof(rest) ? n : sizeof(rest), &got);
		n -= got;
	}
	explicit_bzero(rest, sizeof(rest));
	return st;
}

/* The item again over a new connection, as far as it was given. */
static enum status
resume_item(struct source *s)
{
	uint64_t given = s->given;
	char uid[POP3_UID + 1];
	enum status st = str_copy(uid, sizeof(uid), last_uid(s));

	if (st == ST_OK && uid[0] == 0)
		return ST_IO; /* without an id it cannot be found again */
	if (st == ST_OK)
		st = come_back(s, span_str(uid));
	if (st == ST_OK && s->at == 0)
		return ST_IO; /* deleted meanwhile */
	if (st == ST_OK) {
		s->asked = s->at - 1;
		st = begin_body(s);
	}
	s->given = given;
	return st == ST_OK ? pass(s, given) : ST_IO;
}

static enum status
pop3_read_item(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st;

	*got = 0;
	if (s->lost)
		return ST_IO;
	st = pop3_read(s->pop3, dst, n, got);
	if (account_again(st)) {
		st = resume_item(s);
		if (st == ST_OK)
			st = pop3_read(s->pop3, dst, n, got);
	}
	s->given += *got;
	return st;
}

/* ---- the target ---- */

static enum status
pop3_cursor(const struct source *s, struct buf *to)
{
	struct span uid = last_uid(s);

	return buf_add(to, uid.ptr, uid.len);
}

static void
pop3_close_source(struct source *s)
{
	if (s == NULL)
		return;
	pop3_close(s->pop3);
	oauth_close(s->oauth);
	account_fini(&s->login);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	free(s->list);
	free(s);
}

static enum status
pop3_open_source(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->count_only = t->count;
	s->browse = t->browse;
	s->known = t->known;
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->detail, 512);
	st = account_read(&s->login, t);
	if (st == ST_OK)
		st = mail_oauth_open(t, &s->login, &s->oauth);
	if (st == ST_OK)
		st = sign_in(s, t->why);
	/* we were let in, but the list broke off */
	if (s->pop3 != NULL && account_again(st))
		st = come_back(s, t->cursor);
	if (st != ST_OK) {
		pop3_close_source(s);
		return st;
	}
	go_behind(s, t->cursor);
	*out = s;
	return ST_OK;
}

#define POP3_SOURCE(name)                                                      \
	{                                                                      \
		.scheme = (name), .open = pop3_open_source,                    \
		.next = pop3_next_item, .read = pop3_read_item,                \
		.cursor = pop3_cursor, .close = pop3_close_source,             \
		.paced = true,                                                 \
	}

const struct source_ops pop3_source = POP3_SOURCE("pop3");
const struct source_ops pop3s_source = POP3_SOURCE("pop3s");
