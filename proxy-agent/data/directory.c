#include <string.h>

#include "base/str.h"
#include "proxy-agent/data/directory_impl.h"
#include "source/url.h"

#define AHEAD_BYTES ((size_t)8 << 20)

static enum status
set_path(struct source *s, struct span name)
{
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->login.url, &s->path);
	if (st == ST_OK)
		st = buf_add_byte(&s->path, '/');
	return st == ST_OK ? url_encode(name, &s->path) : st;
}

static enum status
give(struct source *s, struct source_item *item, uint8_t reason, bool folder,
     struct span name)
{
	enum status st = set_path(s, name);

	*item = (struct source_item){
	    .path = buf_span(&s->path),
	    .reason = reason,
	    .folder = folder,
	    .trickle = true,
	    .size = s->entry.len,
	    .detail = buf_span(&s->detail),
	};
	return st;
}

static void
say(struct source *s, const char *words)
{
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, words);
}

static enum status
give_lost(struct source *s, struct source_item *item)
{
	s->lost = true;
	buf_clear(&s->entry);
	say(s, "the connection was lost and did not come back");
	return give(s, item, COVER_IO, true, span_str(directory_base(s)));
}

static enum status
give_referral(struct source *s, struct source_item *item)
{
	struct span rest = span_skip(buf_span(&s->referrals), s->referrals_at),
		    line;

	(void)str_next(&rest, '\n', &line);
	s->referrals_at += line.len + 1;
	say(s, "a referral to what another server holds, which is a target of "
	       "its own");
	buf_clear(&s->path);
	*item = (struct source_item){.folder = true,
				     .reason = COVER_LINK,
				     .detail = buf_span(&s->detail)};
	if (buf_add(&s->path, line.ptr, line.len) != ST_OK)
		return ST_NOMEM;
	item->path = buf_span(&s->path);
	return ST_OK;
}

static enum status
give_limit(struct source *s, struct source_item *item)
{
	uint8_t reason = s->limit;

	s->limit = COVER_OK;
	buf_clear(&s->entry);
	buf_clear(&s->detail);
	(void)!buf_addf(&s->detail,
			"the server gives %zu entries and no more: its limit "
			"for this account (%s)",
			s->names.count, directory_link_trouble(s->link));
	return give(s, item, reason, true, span_str(directory_base(s)));
}

static enum status
c_string(struct source *s, size_t i)
{
	struct span name = roster_name(&s->names, i);
	enum status st;

	buf_clear(&s->word);
	st = buf_add(&s->word, name.ptr, name.len);
	return st == ST_OK ? buf_add_byte(&s->word, 0) : st;
}

/* As many ahead as may be held: entries with pictures are large. */
static enum status
ask_ahead(struct source *s)
{
	size_t window = AHEAD_BYTES / (s->largest + 1);
	enum status st = ST_OK;

	window = window > AHEAD ? AHEAD : window < 1 ? 1 : window;
	while (st == ST_OK && s->asked < s->names.count &&
	       s->asked < s->at + window) {
		st = c_string(s, s->asked);
		if (st == ST_OK)
			st = directory_link_ask(
			    s->link, (const char *)s->word.data, s->wanted,
			    &s->ids[s->asked % AHEAD]);
		s->asked += st == ST_OK;
	}
	return st;
}

static uint8_t
reason_of(enum status st)
{
	return st == ST_NOTFOUND ? COVER_VANISHED
	       : st == ST_DENIED ? COVER_DENIED
	       : st == ST_LIMIT  ? COVER_MEMORY
				 : COVER_IO;
}

/*
 * An answer was too large, and one of several that were asked for: each once
 * more alone, to learn which. True: of the one that was alone.
 */
static bool
was_alone(struct source *s)
{
	bool alone = s->asked == s->at + 1;

	s->largest = AHEAD_BYTES;
	return alone;
}

static enum status
next_entry(struct source *s, struct source_item *item)
{
	struct span name = roster_name(&s->names, s->at);
	bool only_names = s->count_only || s->browse;
	enum status st = ST_OK;

	buf_clear(&s->entry);
	buf_clear(&s->detail);
	s->entry_at = 0;
	if (!only_names) {
		st = ask_ahead(s);
		if (st == ST_OK)
			st = directory_link_take(s->link, s->ids[s->at % AHEAD],
						 &s->entry);
	}
	if (st == ST_LIMIT && !was_alone(s))
		return ST_CLOSED;
	if (account_again(st) && st != ST_IO)
		return st;
	s->at++;
	s->largest = s->entry.len > s->largest ? s->entry.len
					       : s->largest - s->largest / 16;
	if (st == ST_OK)
		return give(s, item, COVER_OK, s->browse, name);
	if (st != ST_NOTFOUND)
		say(s, directory_link_trouble(s->link));
	buf_clear(&s->entry);
	return give(s, item, reason_of(st), false, name);
}

/* The next item when there is one; else something was done towards it. */
static enum status
step(struct source *s, struct source_item *item, bool *given)
{
	enum status st;

	*given = false;
	if (s->broken)
		return ST_CLOSED;
	if (!s->listed)
		return directory_list_base(s, s->names.part, s->names.parts);
	if (s->at >= s->names.count && s->limit == COVER_OK &&
	    s->referrals_at >= s->referrals.len) {
		if (s->names.part + 1 < s->names.parts)
			return directory_list_base(s, s->names.part + 1,
						   s->names.parts);
		directory_leave_base(s);
		return ST_OK;
	}
	if (s->referrals_at < s->referrals.len)
		st = give_referral(s, item);
	else if (s->limit != COVER_OK)
		st = give_limit(s, item);
	else
		st = next_entry(s, item);
	*given = st == ST_OK;
	return st;
}

/* What keeps a whole base from being read. */
static enum status
give_trouble(struct source *s, struct source_item *item, enum status st)
{
	buf_clear(&s->entry);
	say(s, s->link == NULL ? status_text(st)
			       : directory_link_trouble(s->link));
	st = give(s, item, reason_of(st), true, span_str(directory_base(s)));
	directory_leave_base(s);
	s->failures = 0;
	return st;
}

static enum status
give_folder(struct source *s, struct source_item *item)
{
	enum status st;

	buf_clear(&s->detail);
	st = give(s, item, COVER_OK, true, span_str(directory_base(s)));
	directory_leave_base(s);
	return st;
}

static enum status
directory_next(struct source *s, struct source_item *item)
{
	bool given = false;
	enum status st;

	while (!given && !s->lost && s->base < s->bases.len) {
		if (s->folders)
			return give_folder(s, item);
		st = step(s, item, &given);
		if (st == ST_OK)
			continue;
		if (account_again(st) && st != ST_IO && s->failures++ < TRIES) {
			if (directory_come_back(s) != ST_OK)
				return give_lost(s, item);
			continue;
		}
		return give_trouble(s, item, st);
	}
	s->failures = 0;
	return given ? ST_OK : ST_EOF;
}

static enum status
directory_read(struct source *s, void *dst, size_t n, size_t *got)
{
	size_t left = s->entry.len - s->entry_at;

	*got = n < left ? n : left;
	if (*got > 0)
		memcpy(dst, s->entry.data + s->entry_at, *got);
	s->entry_at += *got;
	return ST_OK;
}

/* ---- the target ---- */

const struct source_ops ldap_source = {
    .scheme = "ldap",
    .open = directory_open_plain,
    .next = directory_next,
    .read = directory_read,
    .cursor = directory_cursor,
    .close = directory_close,
    .paced = true,
};

const struct source_ops ldaps_source = {
    .scheme = "ldaps",
    .open = directory_open_tls,
    .next = directory_next,
    .read = directory_read,
    .cursor = directory_cursor,
    .close = directory_close,
    .paced = true,
};
