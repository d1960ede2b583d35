#include <string.h>

#include "proxy-agent/source/mail/imap_impl.h"

void
imap_window_forget(struct source *s)
{
	s->count = s->at = 0;
	s->next_number = 1;
	s->asked = s->answered = 0;
	s->waiting = false;
}

enum status
imap_window_examine(struct source *s)
{
	const struct imap_place *f = &s->folders.list[s->folder];
	uint32_t was = s->box.validity;
	enum status st = imap_examine(s->imap, f->raw, &s->box);

	if (s->opened && st == ST_DENIED)
		return ST_NOTFOUND; /* it was there: few servers say it */
	if (st == ST_OK && s->opened && s->box.validity != was)
		return ST_NOTFOUND; /* another one has its name */
	return st;
}

void
imap_window_follow(struct source *s)
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

enum status
imap_window_finish(struct source *s)
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

/* What an earlier scan read need not come again. */
static void
pass_over_known(struct source *s)
{
	struct buf path;

	buf_init(&path, IMAP_PATH);
	for (size_t i = 0; s->known != NULL && i < s->count; i++) {
		char version[IMAP_VERSION];
		const struct imap_message *m = &s->list[i];

		if (imap_path(s, m->uid, &path) == ST_OK &&
		    s->known->has(s->known->arg, buf_span(&path),
				  imap_version(s, m, version)))
			s->question[i] = UNWANTED;
	}
	buf_fini(&path);
}

static enum status
next_window(struct source *s)
{
	uint32_t last;
	enum status st = imap_window_finish(s);

	if (st != ST_OK)
		return st;
	imap_window_follow(s);
	s->count = s->at = 0;
	if (s->next_number > s->box.exists)
		return ST_EOF;
	last = s->box.exists - s->next_number < WINDOW
		   ? s->box.exists
		   : s->next_number + WINDOW - 1;
	st = imap_sizes(s->imap, s->next_number, last, s->list, &s->count);
	if (st == ST_OK && s->days.len > 0)
		st = imap_search(s->imap, buf_span(&s->days), s->list,
				 &s->count);
	if (st != ST_OK)
		return st;
	memset(s->question, 0, sizeof(s->question));
	pass_over_known(s);
	s->next_number = last + 1;
	return ST_OK;
}

enum status
imap_window_next(struct source *s)
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
