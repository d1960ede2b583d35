#include "proxy-agent/source/imap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "proxy-agent/session/imap.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/imap_folders.h"
#include "source/url.h"

#define WINDOW      500 /* messages listed at a time */
#define BATCH       64  /* messages of one question */
#define BATCH_BYTES ((uint64_t)2 << 20)
#define AHEAD       2                   /* questions on their way */
#define RANGE       ((uint32_t)4 << 20) /* larger messages come in pieces */
#define TRIES       3                   /* connections in a row */
#define PATH_CAP    8192

struct source {
	struct account login;
	struct imap *imap; /* NULL: the connection is lost */
	struct imap_folders folders;
	size_t folder; /* at hand; folders.count: behind the last */
	bool opened;   /* the folder at hand is */
	struct imap_box box;

	struct imap_message list[WINDOW];
	unsigned question[WINDOW]; /* that asked for it, 0: none did yet */
	size_t count, at;          /* of list; at: behind the item */
	uint32_t next_number;      /* first one of the next window */
	uint32_t after;            /* UIDs up to here are done */

	unsigned asked, answered; /* questions, ever */
	struct imap_body body;    /* that came and whose turn is not yet */
	bool waiting;             /* there is such a one */
	bool ranges;              /* the item comes in pieces */
	uint64_t given;           /* bytes of the item, to whoever reads */
	uint64_t range_from;      /* of the next piece to ask for */
	unsigned pieces;          /* that came, of questions not answered yet */
	bool ended;               /* of the item: no more */

	char version[64];
	struct buf path, detail;
	bool count_only, browse, lost;
};

/* ---- connecting ---- */

static enum status
dial(struct source *s, struct buf *why)
{
	const struct account *l = &s->login;
	const struct imap_login login = {
	    .user = l->user, .password = l->password, .token = l->token};
	bool tls = str_is(l->url.scheme, "imaps");
	struct stream *stream;
	enum status st = account_dial(l, tls, tls ? 993 : 143, &stream, why);

	return st == ST_OK ? imap_open(stream, &login, &s->imap, why) : st;
}

/* ---- the folder at hand ---- */

static void
forget_window(struct source *s)
{
	s->count = s->at = 0;
	s->next_number = 1;
	s->asked = s->answered = 0;
	s->waiting = false;
}

static enum status
examine(struct source *s)
{
	const struct imap_place *f = &s->folders.list[s->folder];
	uint32_t was = s->box.validity;
	enum status st = imap_examine(s->imap, f->raw, &s->box);

	if (st == ST_OK && s->opened && s->box.validity != was)
		return ST_MALFORMED; /* made anew while we read it */
	return st;
}

/* Again from the message at hand, in this folder. ST_OK: it goes on. */
static enum status
come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	imap_close(s->imap);
	s->imap = NULL;
	for (unsigned i = 0; i < TRIES && account_again(st); i++) {
		account_rest(i);
		st = dial(s, NULL);
	}
	if (st == ST_OK && s->opened)
		st = examine(s);
	if (st == ST_OK)
		forget_window(s);
	else
		s->lost = true;
	return st;
}

/* Numbers go down by one behind a message that was deleted. */
static void
follow_deletions(struct source *s)
{
	uint32_t gone;

	while ((gone = imap_gone(s->imap)) != 0) {
		for (size_t i = 0; i < s->count; i++)
			if (s->list[i].number > gone)
				s->list[i].number--;
		if (s->next_number > gone)
			s->next_number--;
		if (s->box.exists > 0)
			s->box.exists--;
	}
}

/* All that was asked has been answered. */
static enum status
finish_questions(struct source *s)
{
	struct imap_body body;
	enum status st = ST_OK;

	while (s->answered < s->asked) {
		st = imap_next(s->imap, &body);
		if (st == ST_EOF || st == ST_DENIED)
			s->answered++;
		else if (st != ST_OK)
			return st;
	}
	s->waiting = false;
	return ST_OK;
}

static enum status
next_window(struct source *s)
{
	uint32_t last;
	enum status st = finish_questions(s);

	if (st != ST_OK)
		return st;
	follow_deletions(s);
	s->count = s->at = 0;
	if (s->next_number > s->box.exists)
		return ST_EOF;
	last = s->box.exists - s->next_number < WINDOW
		   ? s->box.exists
		   : s->next_number + WINDOW - 1;
	st = imap_sizes(s->imap, s->next_number, last, s->list, &s->count);
	if (st != ST_OK)
		return st;
	memset(s->question, 0, sizeof(s->question));
	s->next_number = last + 1;
	return ST_OK;
}

/* The next message of the folder, in s->list[s->at - 1]. */
static enum status
next_message(struct source *s)
{
	for (;;) {
		while (s->at < s->count) {
			const struct imap_message *m = &s->list[s->at++];

			if (m->uid > s->after &&
			    (s->box.next == 0 || m->uid < s->box.next))
				return ST_OK;
		}
		enum status st = next_window(s);

		if (st != ST_OK)
			return st;
	}
}

/* ---- asking ahead ---- */

/* One question for the small ones from list[from] on; none: a large one. */
static enum status
ask_some(struct source *s, size_t from)
{
	uint64_t bytes = 0;
	struct buf uids;
	enum status st = ST_OK;
	size_t n = 0;

	buf_init(&uids, BATCH * 12);
	while (st == ST_OK && n < BATCH && from + n < s->count) {
		const struct imap_message *m = &s->list[from + n];

		if (m->size > RANGE || (n > 0 && bytes + m->size > BATCH_BYTES))
			break;
		bytes += m->size;
		st = buf_addf(&uids, "%s%u", n > 0 ? "," : "", m->uid);
		s->question[from + n++] = s->asked + 1;
	}
	if (st == ST_OK && n > 0)
		st = imap_ask(s->imap, buf_span(&uids));
	if (st == ST_OK && n > 0)
		s->asked++;
	buf_fini(&uids);
	return st;
}

static enum status
ask_ahead(struct source *s)
{
	enum status st = ST_OK;

	while (st == ST_OK && s->asked - s->answered < AHEAD) {
		size_t i = s->at - 1;
		unsigned before = s->asked;

		while (i < s->count && s->question[i] != 0)
			i++;
		if (i == s->count)
			break;
		st = ask_some(s, i);
		if (s->asked == before)
			break; /* large: asked when its turn comes */
	}
	return st;
}

/* ---- the body of the item ---- */

static bool
is_body_of(const struct imap_body *b, const struct imap_message *m)
{
	return b->uid != 0 ? b->uid == m->uid : b->number == m->number;
}

static bool
is_later(const struct source *s, const struct imap_body *b)
{
	for (size_t i = s->at; i < s->count; i++)
		if (is_body_of(b, &s->list[i]))
			return true;
	return false;
}

/*
 * ST_NOTFOUND: its question was answered without it. A server may bring all
 * bodies of several questions before it says that the first one is answered:
 * then this message could not be asked for yet.
 */
static enum status
wait_for_body(struct source *s)
{
	const struct imap_message *m = &s->list[s->at - 1];
	const unsigned *question = &s->question[s->at - 1];
	enum status st;

	for (;;) {
		st = *question == 0 ? ask_ahead(s) : ST_OK;
		if (st != ST_OK)
			return st;
		if (s->waiting && is_body_of(&s->body, m)) {
			s->waiting = false;
			return ST_OK;
		}
		if (s->waiting && is_later(s, &s->body))
			return ST_NOTFOUND;
		if (*question != 0 && s->answered >= *question)
			return ST_NOTFOUND;
		st = imap_next(s->imap, &s->body);
		s->waiting = st == ST_OK;
		if (st == ST_EOF || st == ST_DENIED)
			s->answered++;
		else if (st != ST_OK)
			return st;
		follow_deletions(s);
	}
}

/* The next piece of a large message and the one behind it are asked for. */
static enum status
ask_pieces(struct source *s)
{
	enum status st = ST_OK;
	uint32_t uid = s->list[s->at - 1].uid;

	while (st == ST_OK && s->asked - s->answered < AHEAD) {
		st = imap_ask_range(s->imap, uid, s->range_from, RANGE);
		s->range_from += RANGE;
		s->asked += st == ST_OK;
	}
	return st;
}

/*
 * To the first byte of a piece. The end is one without bytes, or a question
 * that is answered without one. A server may bring the pieces of several
 * questions before it says that the first one is answered.
 */
static enum status
next_piece(struct source *s)
{
	enum status st = ask_pieces(s);

	while (st == ST_OK && !s->ended) {
		st = imap_next(s->imap, &s->body);
		if (st == ST_OK) {
			s->pieces++;
			s->ended = s->body.size == 0;
			return ST_OK;
		}
		if (st != ST_EOF)
			return st;
		s->answered++;
		s->ended = s->pieces == 0;
		s->pieces -= s->pieces > 0;
		st = s->ended ? ST_OK : ask_pieces(s);
	}
	return st;
}

static enum status
begin_pieces(struct source *s)
{
	enum status st = finish_questions(s);

	s->ranges = true;
	s->pieces = 0;
	s->range_from = s->given;
	return st == ST_OK ? next_piece(s) : st;
}

static enum status
begin_body(struct source *s)
{
	enum status st;

	s->ranges = s->ended = false;
	s->given = 0;
	if (s->question[s->at - 1] == 0 && s->list[s->at - 1].size > RANGE)
		return begin_pieces(s);
	st = ask_ahead(s);
	return st == ST_OK ? wait_for_body(s) : st;
}

/* ---- items ---- */

static enum status
set_path(struct source *s, uint32_t uid)
{
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->login.url, &s->path);
	if (st == ST_OK)
		st = buf_add_byte(&s->path, '/');
	if (st == ST_OK)
		st = url_encode(s->folders.list[s->folder].name, &s->path);
	if (st == ST_OK && uid != 0)
		st = buf_addf(&s->path, "/%u", uid);
	return st;
}

static uint8_t
reason_of(enum status st)
{
	return st == ST_NOTFOUND ? COVER_VANISHED
	       : st == ST_DENIED ? COVER_DENIED
				 : COVER_IO;
}

static enum status
give(struct source *s, struct source_item *item, uint32_t uid, enum status st)
{
	*item = (struct source_item){.folder = uid == 0, .trickle = true};
	buf_clear(&s->detail);
	if (st != ST_OK) {
		item->reason = reason_of(st);
		(void)!buf_add_str(&s->detail,
				   s->imap == NULL
				       ? "the connection was lost and did not "
					 "come back"
				       : imap_trouble(s->imap, st));
		item->detail = buf_span(&s->detail);
	}
	st = set_path(s, uid);
	item->path = buf_span(&s->path);
	return st;
}

static enum status
open_folder(struct source *s)
{
	const struct imap_place *f = &s->folders.list[s->folder];
	enum status st;

	forget_window(s);
	st = examine(s);
	s->opened = st == ST_OK;
	if (st != ST_OK)
		return st;
	if (!imap_folders_resumed(&s->folders, f, s->box.validity, &s->after))
		s->after = 0;
	return ST_OK;
}

static void
leave_folder(struct source *s)
{
	s->folder++;
	s->opened = false;
	s->after = 0;
}

/* As far as a message (*found) that can be read, or a reason why not. */
static enum status
to_message(struct source *s, bool *found)
{
	enum status st = s->opened ? ST_OK : open_folder(s);

	if (st == ST_OK)
		st = next_message(s);
	*found = st == ST_OK;
	if (st == ST_OK && !s->count_only)
		st = begin_body(s);
	return st;
}

static enum status
give_folder(struct source *s, struct source_item *item)
{
	enum status st = give(s, item, 0, ST_OK);

	leave_folder(s);
	return st;
}

/* RFC 9051, 2.3.1.1: a message never changes under its numbers. */
static struct span
version_of(struct source *s, uint64_t size, uint32_t uid)
{
	int n = snprintf(s->version, sizeof(s->version), "%u %u %" PRIu64,
			 s->box.validity, uid, size);

	return span_of(s->version, (size_t)n);
}

static enum status
imap_next_item(struct source *s, struct source_item *item)
{
	while (s->folder < s->folders.count && !s->lost) {
		uint32_t uid;
		bool found;
		enum status st;

		if (s->browse)
			return give_folder(s, item);
		st = to_message(s, &found);
		if (account_again(st)) {
			if (come_back(s) == ST_OK)
				continue;
			return give(s, item, 0, ST_IO);
		}
		if (st == ST_EOF) {
			leave_folder(s);
			continue;
		}
		if (!found) { /* the folder itself */
			st = give(s, item, 0, st);
			leave_folder(s);
			return st;
		}
		uid = s->list[s->at - 1].uid;
		st = give(s, item, uid, st);
		item->size = s->list[s->at - 1].size;
		item->version = version_of(s, item->size, uid);
		s->after = uid;
		return st;
	}
	return ST_EOF;
}

/* The rest of the item over a new connection. */
static enum status
resume_item(struct source *s)
{
	struct imap_message m = s->list[s->at - 1];
	enum status st = come_back(s);

	s->list[0] = m;
	s->question[0] = 0;
	s->count = s->at = 1;
	return st == ST_OK ? begin_pieces(s) : ST_IO;
}

static enum status
read_once(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = imap_read(s->imap, dst, n, got);

	while (st == ST_OK && *got == 0 && s->ranges && !s->ended) {
		st = next_piece(s);
		if (st == ST_OK && !s->ended)
			st = imap_read(s->imap, dst, n, got);
	}
	return st;
}

static enum status
imap_read_item(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st;

	*got = 0;
	if (s->lost || s->ended)
		return s->lost ? ST_IO : ST_OK;
	st = read_once(s, dst, n, got);
	if (account_again(st)) {
		st = resume_item(s);
		if (st == ST_OK && !s->ended)
			st = read_once(s, dst, n, got);
	}
	s->given += *got;
	return st;
}

/* ---- the target ---- */

static enum status
imap_cursor(const struct source *s, struct buf *to)
{
	struct span raw;
	enum status st;

	if (s->folder >= s->folders.count)
		return ST_OK;
	raw = s->folders.list[s->folder].raw;
	st = buf_addf(to, "%u %u ", s->box.validity, s->after);
	return st == ST_OK ? buf_add(to, raw.ptr, raw.len) : st;
}

static void
imap_close_source(struct source *s)
{
	if (s == NULL)
		return;
	imap_close(s->imap);
	imap_folders_fini(&s->folders);
	account_fini(&s->login);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	free(s);
}

static enum status
imap_open_source(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->count_only = t->count;
	s->browse = t->browse;
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->detail, 512);
	st = account_read(&s->login, t);
	if (st == ST_OK)
		st = dial(s, t->why);
	if (st == ST_OK)
		st = imap_folders_read(&s->folders, s->imap, s->login.url.path,
				       t->cursor);
	if (st == ST_NOTFOUND && t->why != NULL)
		(void)!buf_add_str(t->why, "the mailbox has no such folder");
	if (st != ST_OK) {
		imap_close_source(s);
		return st;
	}
	s->folder = s->folders.first;
	*out = s;
	return ST_OK;
}

#define IMAP_SOURCE(name)                                                      \
	{                                                                      \
		.scheme = (name), .open = imap_open_source,                    \
		.next = imap_next_item, .read = imap_read_item,                \
		.cursor = imap_cursor, .close = imap_close_source,             \
		.paced = true,                                                 \
	}

const struct source_ops imap_source = IMAP_SOURCE("imap");
const struct source_ops imaps_source = IMAP_SOURCE("imaps");
