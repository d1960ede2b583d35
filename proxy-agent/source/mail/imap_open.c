#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/days.h"
#include "proxy-agent/source/mail/imap_impl.h"
#include "proxy-agent/source/mail/sign_in.h"

static enum status
enter(void *arg, struct stream *to, struct span token, struct buf *why)
{
	struct source *s = arg;
	const struct imap_login login = {.user = s->login.user,
					 .password = s->login.password,
					 .token = token};

	return imap_open(to, &login, &s->imap, why);
}

static struct mail_door
door_of(struct source *s)
{
	return (struct mail_door){.account = &s->login,
				  .oauth = s->oauth,
				  .secure = "imaps",
				  .secure_port = 993,
				  .port = 143,
				  .enter = enter,
				  .arg = s};
}

static enum status
sign_in(struct source *s, struct buf *why)
{
	const struct mail_door d = door_of(s);

	return mail_dial(&d, why);
}

enum status
imap_come_back(struct source *s)
{
	const struct mail_door d = door_of(s);
	enum status st;

	imap_close(s->imap);
	s->imap = NULL;
	st = mail_dial_again(&d);
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
		st = sign_in(s, t->why);
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
