#include "proxy-agent/data/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/data/directory_link.h"
#include "proxy-agent/data/roster.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/source/account.h"
#include "source/url.h"

#define AHEAD       32 /* entries asked for at once, at most */
#define AHEAD_BYTES ((size_t)8 << 20)
#define TRIES       5
#define NAME_CAP    ((size_t)64 << 10)
#define ENTRY_CAP   ((size_t)64 << 20)
#define WORDS       64 /* attributes that an option may name */

struct source {
	struct account login;
	struct directory_to to;
	struct directory_link *link;
	struct buf bases; /* each with a NUL */
	size_t base;      /* where the one at hand begins */
	enum directory_scope scope;
	struct buf filter, attributes; /* C strings; attributes many */
	char *wanted[WORDS + 2];
	bool count_only, browse, folders, lost, broken;
	bool listed;          /* the names of the part at hand are there */
	unsigned failures;    /* in a row */
	uint8_t limit;        /* that the server set, to be told */
	struct roster names;  /* of the part at hand */
	size_t at, asked;     /* behind the item, and behind what was asked */
	int ids[AHEAD];       /* of what was asked, by its place */
	size_t largest;       /* bytes of an entry of late */
	struct buf referrals; /* a line each, to be told */
	size_t referrals_at;
	struct buf entry; /* the one at hand */
	size_t entry_at;
	bool is_behind;    /* until its part was listed: */
	struct buf behind; /* the name of the cursor */
	struct buf path, detail, word;
};

static const char *
base_of(const struct source *s)
{
	return (const char *)s->bases.data + s->base;
}

/* ---- connections ---- */

static enum status
dial(struct source *s, struct buf *why)
{
	directory_link_close(s->link);
	s->link = NULL;
	return directory_link_open(&s->to, &s->link, why);
}

static enum status
come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	s->asked = s->at;
	for (unsigned i = 0; i < TRIES; i++) {
		account_rest(i);
		st = dial(s, NULL);
		/* a sign-in that is refused is not tried again */
		if (st == ST_OK || (s->link != NULL && !account_again(st)))
			break;
	}
	s->broken = st != ST_OK;
	s->lost = s->broken;
	return st;
}

/* ---- names ---- */

static enum status
take_name(void *arg, struct span dn)
{
	struct source *s = arg;

	return roster_add(&s->names, dn);
}

static enum status
take_referral(void *arg, struct span url)
{
	struct source *s = arg;
	enum status st;

	if (s->names.part > 0)
		return ST_OK; /* it was told with the first */
	st = buf_add(&s->referrals, url.ptr, url.len);
	if (st == ST_OK)
		st = buf_add_byte(&s->referrals, '\n');
	return st == ST_LIMIT ? ST_OK : st;
}

static enum status
list_part(struct source *s, uint32_t part, uint32_t parts)
{
	struct directory_search search = {
	    .base = base_of(s),
	    .filter = s->filter.len > 0 ? (const char *)s->filter.data : NULL,
	    .scope = s->browse ? DIRECTORY_LEVEL : s->scope,
	    .name = take_name,
	    .referral = take_referral,
	    .arg = s,
	};
	enum status st;

	roster_begin(&s->names, part, parts);
	buf_clear(&s->referrals);
	s->referrals_at = 0;
	st = directory_link_list(s->link, &search);
	s->limit = search.limit;
	return st;
}

/* When they are too many for one part, smaller ones: all from the start. */
static enum status
list_base(struct source *s, uint32_t part, uint32_t parts)
{
	enum status st = list_part(s, part, parts);

	while (st == ST_LIMIT && part == 0 && parts < ROSTER_PARTS) {
		parts *= 2;
		st = list_part(s, part, parts);
	}
	roster_sort(&s->names);
	s->at = s->asked = 0;
	s->listed = st == ST_OK;
	if (st == ST_OK && s->is_behind) {
		s->at = s->asked =
		    roster_behind(&s->names, buf_span(&s->behind));
		buf_clear(&s->referrals); /* they were told before it */
		s->is_behind = false;
	}
	return st;
}

static void
leave_base(struct source *s)
{
	roster_begin(&s->names, 0, 1);
	s->at = s->asked = 0;
	s->listed = false;
	s->base += strlen(base_of(s)) + 1;
}

/* ---- items ---- */

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
	return give(s, item, COVER_IO, true, span_str(base_of(s)));
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
	return give(s, item, reason, true, span_str(base_of(s)));
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
		return list_base(s, s->names.part, s->names.parts);
	if (s->at >= s->names.count && s->limit == COVER_OK &&
	    s->referrals_at >= s->referrals.len) {
		if (s->names.part + 1 < s->names.parts)
			return list_base(s, s->names.part + 1, s->names.parts);
		leave_base(s);
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
	st = give(s, item, reason_of(st), true, span_str(base_of(s)));
	leave_base(s);
	s->failures = 0;
	return st;
}

static enum status
give_folder(struct source *s, struct source_item *item)
{
	enum status st;

	buf_clear(&s->detail);
	st = give(s, item, COVER_OK, true, span_str(base_of(s)));
	leave_base(s);
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
			if (come_back(s) != ST_OK)
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

/* "0 1 BASE", and behind a NUL the last DN; none: from its start. */
static enum status
directory_cursor(const struct source *s, struct buf *to)
{
	struct span name;
	enum status st;

	if (s->base >= s->bases.len)
		return ST_OK;
	st =
	    buf_addf(to, "%u %u %s", s->names.part, s->names.parts, base_of(s));
	if (st != ST_OK || !s->listed || s->at == 0)
		return st;
	name = roster_name(&s->names, s->at - 1);
	st = buf_add_byte(to, 0);
	return st == ST_OK ? buf_add(to, name.ptr, name.len) : st;
}

static bool
take_number(struct span *rest, uint64_t high, uint32_t *n)
{
	struct span word;
	uint64_t got;

	if (!str_next(rest, ' ', &word) ||
	    str_to_u64(word, 0, high, &got) != ST_OK)
		return false;
	*n = (uint32_t)got;
	return true;
}

static enum status
go_behind(struct source *s, struct span cursor)
{
	uint32_t part, parts;
	struct span base;
	size_t end, at = 0;

	if (!take_number(&cursor, ROSTER_PARTS - 1, &part) ||
	    !take_number(&cursor, ROSTER_PARTS, &parts) || part >= parts)
		return ST_OK;
	end = str_find(cursor, 0);
	base = span_of(cursor.ptr, end);
	while (at < s->bases.len &&
	       !str_is(base, (const char *)s->bases.data + at))
		at += strlen((const char *)s->bases.data + at) + 1;
	if (at >= s->bases.len)
		return ST_OK; /* it is gone: all again */
	s->base = at;
	if (end == cursor.len)
		return ST_OK;
	roster_begin(&s->names, part, parts);
	s->is_behind = true;
	cursor = span_skip(cursor, end + 1);
	return buf_add(&s->behind, cursor.ptr, cursor.len);
}

static enum status
bad_option(const struct source_target *t, const char *name, const char *want)
{
	net_say(t->why, "the option %s cannot be read: %s", name, want);
	return ST_USAGE;
}

/* "mail,cn" becomes a list for the library; all: its "*". */
static enum status
read_attributes(struct source *s, const struct source_target *t)
{
	struct span list = source_option(t, "attributes"), word;
	struct span operational = source_option(t, "operational");
	size_t at[WORDS + 1], count = 0;
	bool more = false;
	enum status st = ST_OK;

	if (operational.ptr != NULL && str_to_bool(operational, &more) != ST_OK)
		return bad_option(t, "operational", "yes or no");
	if (list.len == 0)
		list = span_str("*");
	while (st == ST_OK && str_next(&list, ',', &word)) {
		if (count == WORDS)
			return bad_option(t, "attributes", "too many");
		at[count++] = s->attributes.len;
		st = buf_add(&s->attributes, word.ptr, word.len);
		if (st == ST_OK)
			st = buf_add_byte(&s->attributes, 0);
	}
	if (st == ST_OK && more) {
		at[count++] = s->attributes.len;
		st = buf_add(&s->attributes, "+", 2);
	}
	for (size_t i = 0; i < count; i++)
		s->wanted[i] = (char *)s->attributes.data + at[i];
	return st;
}

static enum status
read_options(struct source *s, const struct source_target *t)
{
	struct span filter = source_option(t, "filter"),
		    scope = source_option(t, "scope"),
		    tls = source_option(t, "tls");
	bool wants = false;
	enum status st = ST_OK;

	s->scope = str_is(scope, "entry")   ? DIRECTORY_ENTRY
		   : str_is(scope, "level") ? DIRECTORY_LEVEL
					    : DIRECTORY_ALL;
	if (scope.len > 0 && s->scope == DIRECTORY_ALL && !str_is(scope, "all"))
		return bad_option(t, "scope", "all, level or entry");
	if (tls.len > 0 && str_to_bool(tls, &wants) != ST_OK)
		return bad_option(t, "tls", "yes or no");
	s->to.start = wants && !s->to.tls;
	s->to.clear = tls.len > 0 && !wants && !s->to.tls;
	if (filter.len > 0) {
		st = buf_add(&s->filter, filter.ptr, filter.len);
		if (st == ST_OK)
			st = buf_add_byte(&s->filter, 0);
	}
	return st == ST_OK ? read_attributes(s, t) : st;
}

static enum status
no_name(void *arg, struct span s)
{
	(void)arg;
	(void)s;
	return ST_OK;
}

/* The base is there, the filter is one: while somebody waits to be told. */
static enum status
try_base(struct source *s, struct buf *why)
{
	struct directory_search search = {
	    .base = base_of(s),
	    .filter = s->filter.len > 0 ? (const char *)s->filter.data : NULL,
	    .scope = DIRECTORY_ENTRY,
	    .name = no_name,
	    .referral = no_name,
	};
	enum status st = directory_link_list(s->link, &search);

	if (st == ST_USAGE)
		net_say(why, "the option filter is none, as in "
			     "(objectClass=person)");
	else if (st == ST_NOTFOUND)
		net_say(why, "there is no entry %s that this account may see",
			base_of(s));
	else if (st != ST_OK)
		net_say(why, "%s", directory_link_trouble(s->link));
	return st;
}

static enum status
find_bases(struct source *s, struct buf *why)
{
	enum status st = url_decode(span_skip(s->login.url.path, 1), &s->bases);

	if (st == ST_OK && s->bases.len > 0) {
		st = buf_add_byte(&s->bases, 0);
		return st == ST_OK ? try_base(s, why) : st;
	}
	s->folders = s->browse;
	if (st == ST_OK)
		st = directory_link_roots(s->link, &s->bases);
	if (st != ST_OK)
		net_say(why, "what the server holds cannot be listed: %s",
			directory_link_trouble(s->link));
	if (st == ST_OK && s->bases.len == 0) {
		net_say(why, "the server does not say what it holds: name a "
			     "base, as in ldap://HOST/dc=example,dc=org");
		st = ST_USAGE;
	}
	return st;
}

static void
directory_close(struct source *s)
{
	if (s == NULL)
		return;
	directory_link_close(s->link);
	account_fini(&s->login);
	roster_fini(&s->names);
	buf_fini(&s->bases);
	buf_fini(&s->filter);
	buf_fini(&s->attributes);
	buf_fini(&s->referrals);
	buf_fini(&s->entry);
	buf_fini(&s->behind);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	buf_fini(&s->word);
	free(s);
}

static struct source *
make(const struct source_target *t, bool tls)
{
	struct source *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->to = (struct directory_to){.account = &s->login, .tls = tls};
	s->count_only = t->count;
	s->browse = t->browse;
	roster_init(&s->names, ROSTER_BYTES);
	buf_init(&s->bases, NAME_CAP);
	buf_init(&s->filter, NAME_CAP);
	buf_init(&s->attributes, NAME_CAP);
	buf_init(&s->referrals, NAME_CAP);
	buf_init(&s->entry, ENTRY_CAP);
	buf_init(&s->behind, NAME_CAP);
	buf_init(&s->path, NAME_CAP * 4);
	buf_init(&s->detail, 512);
	buf_init(&s->word, NAME_CAP);
	return s;
}

static enum status
open_with(const struct source_target *t, bool tls, struct source **out)
{
	struct source *s = make(t, tls);
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	st = account_read_open(&s->login, t);
	if (st == ST_OK)
		st = read_options(s, t);
	if (st == ST_OK)
		st = dial(s, t->why);
	if (st == ST_OK)
		st = find_bases(s, t->why);
	if (st == ST_OK && t->cursor.len > 0)
		st = go_behind(s, t->cursor);
	if (st != ST_OK) {
		directory_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

static enum status
open_plain(const struct source_target *t, struct source **out)
{
	return open_with(t, false, out);
}

static enum status
open_tls(const struct source_target *t, struct source **out)
{
	return open_with(t, true, out);
}

const struct source_ops ldap_source = {
    .scheme = "ldap",
    .open = open_plain,
    .next = directory_next,
    .read = directory_read,
    .cursor = directory_cursor,
    .close = directory_close,
    .paced = true,
};

const struct source_ops ldaps_source = {
    .scheme = "ldaps",
    .open = open_tls,
    .next = directory_next,
    .read = directory_read,
    .cursor = directory_cursor,
    .close = directory_close,
    .paced = true,
};
