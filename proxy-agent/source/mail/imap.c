#include <inttypes.h>
#include <stdio.h>

#include "proxy-agent/source/mail/imap_impl.h"
#include "proxy-agent/source/mail/sign_in.h"
#include "source/url.h"

enum status
imap_path(const struct source *s, uint32_t uid, struct buf *to)
{
	enum status st;

	buf_clear(to);
	st = url_root(&s->login.url, to);
	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = url_encode(s->folders.list[s->folder].name, to);
	if (st == ST_OK && uid != 0)
		st = buf_addf(to, "/%u", uid);
	return st;
}

/* RFC 9051, 2.3.1.1: a message never changes under its numbers. */
struct span
imap_version(const struct source *s, const struct imap_message *m,
	     char to[IMAP_VERSION])
{
	int n = snprintf(to, IMAP_VERSION, "%u %u %" PRIu64, s->box.validity,
			 m->uid, m->size);

	return span_of(to, (size_t)n);
}

static uint8_t
reason_of(enum status st)
{
	return st == ST_NOTFOUND ? COVER_VANISHED
	       : st == ST_DENIED ? COVER_DENIED
				 : COVER_IO;
}

static const char *
words_for(const struct source *s, uint32_t uid, enum status st)
{
	if (s->imap == NULL)
		return mail_lost(s->oauth);
	if (uid == 0 && st == ST_NOTFOUND)
		return "the folder was deleted, or made anew, while the "
		       "mailbox was read";
	return imap_trouble(s->imap, st);
}

static enum status
give(struct source *s, struct source_item *item, uint32_t uid, enum status st)
{
	*item = (struct source_item){.folder = uid == 0, .trickle = true};
	buf_clear(&s->detail);
	if (st != ST_OK) {
		item->reason = reason_of(st);
		(void)!buf_add_str(&s->detail, words_for(s, uid, st));
		item->detail = buf_span(&s->detail);
	}
	st = imap_path(s, uid, &s->path);
	item->path = buf_span(&s->path);
	return st;
}

static enum status
open_folder(struct source *s)
{
	const struct imap_place *f = &s->folders.list[s->folder];
	enum status st;

	imap_window_forget(s);
	st = imap_window_examine(s);
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
	s->gone = ST_OK;
	s->after = 0;
}

/* As far as a message (*found) that can be read, or a reason why not. */
static enum status
to_message(struct source *s, bool *found)
{
	enum status st = s->opened ? ST_OK : open_folder(s);

	if (st == ST_OK)
		st = imap_window_next(s);
	*found = st == ST_OK;
	if (st == ST_OK && !s->count_only && s->question[s->at - 1] != UNWANTED)
		st = imap_body_begin(s);
	return st;
}

static enum status
give_folder(struct source *s, struct source_item *item, enum status why)
{
	enum status st = give(s, item, 0, why);

	leave_folder(s);
	return st;
}

static enum status
imap_next_item(struct source *s, struct source_item *item)
{
	while (s->folder < s->folders.count && !s->lost) {
		uint32_t uid;
		bool found;
		enum status st;

		if (s->browse || s->gone != ST_OK)
			return give_folder(s, item, s->gone);
		st = to_message(s, &found);
		if (account_again(st)) {
			if (imap_come_back(s) == ST_OK || !s->lost)
				continue;
			return give(s, item, 0, ST_IO);
		}
		if (st == ST_EOF) {
			leave_folder(s);
			continue;
		}
		if (!found) /* the folder itself */
			return give_folder(s, item, st);
		uid = s->list[s->at - 1].uid;
		st = give(s, item, uid, st);
		item->size = s->list[s->at - 1].size;
		item->version =
		    imap_version(s, &s->list[s->at - 1], s->version);
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
	enum status st = imap_come_back(s);

	s->list[0] = m;
	s->question[0] = 0;
	s->count = s->at = 1;
	return st == ST_OK ? imap_body_resume(s) : ST_IO;
}

static enum status
imap_read_item(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st;

	*got = 0;
	if (s->lost || s->ended)
		return s->lost ? ST_IO : ST_OK;
	st = imap_body_read(s, dst, n, got);
	if (account_again(st)) {
		st = resume_item(s);
		if (st == ST_OK && !s->ended)
			st = imap_body_read(s, dst, n, got);
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

#define IMAP_SOURCE(name)                                                      \
	{                                                                      \
		.scheme = (name), .open = imap_source_open,                    \
		.next = imap_next_item, .read = imap_read_item,                \
		.cursor = imap_cursor, .close = imap_source_close,             \
		.paced = true,                                                 \
	}

const struct source_ops imap_source = IMAP_SOURCE("imap");
const struct source_ops imaps_source = IMAP_SOURCE("imaps");
