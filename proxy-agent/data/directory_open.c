#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/data/directory_impl.h"
#include "proxy-agent/session/net.h"
#include "source/url.h"

#define NAME_CAP  ((size_t)64 << 10)
#define ENTRY_CAP (DIRECTORY_ANSWER + ((size_t)1 << 20))

/* ---- connections ---- */

enum status
directory_dial(struct source *s, struct buf *why)
{
	directory_link_close(s->link);
	s->link = NULL;
	return directory_link_open(&s->to, &s->link, why);
}

enum status
directory_come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	s->asked = s->at;
	for (unsigned i = 0; i < TRIES; i++) {
		account_rest(i);
		st = directory_dial(s, NULL);
		/* a sign-in that is refused is not tried again */
		if (st == ST_OK || (s->link != NULL && !account_again(st)))
			break;
	}
	s->broken = st != ST_OK;
	s->lost = s->broken;
	return st;
}

/* ---- options ---- */

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

/* ---- bases ---- */

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
	    .base = directory_base(s),
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
			directory_base(s));
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

/* ---- the target ---- */

void
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
		st = directory_dial(s, t->why);
	if (st == ST_OK)
		st = find_bases(s, t->why);
	if (st == ST_OK && t->cursor.len > 0)
		st = directory_go_behind(s, t->cursor);
	if (st != ST_OK) {
		directory_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

enum status
directory_open_plain(const struct source_target *t, struct source **out)
{
	return open_with(t, false, out);
}

enum status
directory_open_tls(const struct source_target *t, struct source **out)
{
	return open_with(t, true, out);
}
