#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/days.h"
#include "proxy-agent/source/mail/imap_impl.h"
#include "proxy-agent/source/mail/sign_in.h"

static enum status
dial_once(struct source *s, struct buf *why, unsigned *stood)
{
	const struct account *l = &s->login;
	struct imap_login login = {.user = l->user, .password = l->password};
	bool tls = str_is(l->url.scheme, "imaps");
	struct stream *stream;
	enum status st = mail_token(s->oauth, l, &login.token, why);

	if (st == ST_OK)
		st = account_dial(l, tls, tls ? 993 : 143, &stream, why);
	if (st != ST_OK)
		return st;
	(*stood)++;
	return imap_open(stream, &login, &s->imap, why);
}

static enum status
dial(struct source *s, struct buf *why, unsigned *stood)
{
	enum status st = dial_once(s, why, stood);

	return mail_renew(s->oauth, st, why) ? dial_once(s, why, stood) : st;
}

enum status
imap_come_back(struct source *s)
{
	enum status st = ST_CLOSED;
	unsigned stood = 0;

	imap_close(s->imap);
	s->imap = NULL;
	for (unsigned i = 0; i < ACCOUNT_TRIES && stood < ACCOUNT_SIGN_INS;
	     i++) {
		unsigned before = stood;

		account_rest(i);
		st = dial(s, NULL, &stood);
		/* who does not listen now may soon; who refuses us will not */
		if (st == ST_OK || (stood > before && !account_again(st)))
			break;
	}
	s->lost = st != ST_OK;
	if (st == ST_OK && s->opened)
		st = imap_window_examine(s);
	if (st == ST_OK)
		imap_window_forget(s);
	else if (account_again(st))
		s->lost = true;
	else if (!s->lost)
		s->gone = st;
	return st;
}

void
imap_source_close(struct source *s)
{
	if (s == NULL)
		return;
	imap_close(s->imap);
	imap_folders_fini(&s->folders);
	buf_fini(&s->days);
	oauth_close(s->oauth);
	account_fini(&s->login);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	free(s);
}

static enum status
read_filters(struct source *s, const struct source_target *t)
{
	struct days days;
	enum status st = days_read(t, &days);

	s->folders.filter = (struct filter){
	    .include = source_option(t, "include"),
	    .exclude = source_option(t, "exclude"),
	    .max_size = UINT64_MAX,
	    .since = INT64_MIN,
	    .until = INT64_MAX,
	};
	return st == ST_OK ? days_imap(&days, &s->days) : st;
}

static enum status
read_folders(struct source *s, const struct source_target *t)
{
	struct span path = s->login.url.path;
	enum status st =
	    imap_folders_read(&s->folders, s->imap, path, t->cursor);

	/* we were let in, but the list broke off */
	if (account_again(st)) {
		st = imap_come_back(s);
		if (st == ST_OK)
			st = imap_folders_read(&s->folders, s->imap, path,
					       t->cursor);
	}
	if (st == ST_NOTFOUND && t->why != NULL)
		(void)!buf_add_str(t->why, "the mailbox has no such folder");
	return st;
}

enum status
imap_source_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	unsigned stood = 0;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->count_only = t->count;
	s->browse = t->browse;
	s->known = t->known;
	buf_init(&s->path, IMAP_PATH);
	buf_init(&s->detail, 512);
	buf_init(&s->days, 64);
	st = read_filters(s, t);
	if (st == ST_OK)
		st = account_read(&s->login, t);
	if (st == ST_OK)
		st = mail_oauth_open(t, &s->login, &s->oauth);
	if (st == ST_OK)
		st = dial(s, t->why, &stood);
	if (st == ST_OK)
		st = read_folders(s, t);
	if (st != ST_OK) {
		imap_source_close(s);
		return st;
	}
	s->folder = s->folders.first;
	*out = s;
	return ST_OK;
}
