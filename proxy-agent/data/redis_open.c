#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/data/redis_impl.h"
#include "proxy-agent/session/net.h"
#include "source/url.h"

#define PATH_CAP ((size_t)4 << 20)

/* ---- connections ---- */

static enum status
dial_one(struct source *s, struct redis **out, struct buf *why)
{
	enum status st;

	redis_close(*out);
	*out = NULL;
	s->reached = false;
	st = redis_server_reach(&s->login, s->tls, out, why);
	s->reached = st == ST_OK;
	if (st == ST_OK)
		st = redis_server_sign_in(*out, &s->login, why);
	if (st == ST_OK && s->base < s->bases.count)
		st = redis_server_select(*out, s->bases.list[s->base].number);
	return st;
}

static enum status
dial(struct source *s, struct buf *why)
{
	enum status st = dial_one(s, &s->first, why);

	return st == ST_OK && !s->count_only && !s->browse
		   ? dial_one(s, &s->rest, why)
		   : st;
}

bool
redis_is_gone(enum status st)
{
	return account_again(st) || st == ST_MALFORMED;
}

/*
 * The connections anew; what was asked for is asked again. A server that starts
 * refuses connections at first, one that refuses a sign-in is not asked again.
 */
enum status
redis_come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	s->asked = s->at;
	s->value.step = VALUE_DONE;
	s->value.waiting = 0;
	s->reached = true;
	for (unsigned i = 0; i < TRIES && (redis_is_gone(st) || !s->reached);
	     i++) {
		account_rest(i);
		st = dial(s, NULL);
	}
	s->broken = st != ST_OK;
	s->lost = s->broken;
	return st;
}

/* ---- the target ---- */

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
	uint32_t number, part, parts;

	if (!take_number(&cursor, UINT32_MAX, &number))
		return ST_OK;
	while (s->base < s->bases.count &&
	       s->bases.list[s->base].number < number)
		s->base++;
	if (s->base == s->bases.count ||
	    s->bases.list[s->base].number != number ||
	    !take_number(&cursor, ROSTER_PARTS - 1, &part) ||
	    !take_number(&cursor, ROSTER_PARTS, &parts) || part >= parts)
		return ST_OK;
	roster_begin(&s->names, part, parts);
	s->is_behind = true;
	return buf_add(&s->behind, cursor.ptr, cursor.len);
}

/* "/3/some%3Fkey" */
static enum status
read_path(struct source *s, struct buf *why)
{
	struct span rest = span_skip(s->login.url.path, 1), number;
	struct redis_base base = {0};
	uint64_t n;

	if (!str_next(&rest, '/', &number) || number.len == 0)
		return ST_OK;
	if (str_to_u64(number, 0, REDIS_BASES_MOST - 1, &n) != ST_OK) {
		net_say(why, "behind the host stands the number of a database, "
			     "and behind that a key, as in redis://HOST/0/KEY");
		return ST_USAGE;
	}
	base.number = (uint32_t)n;
	s->bases.list = malloc(sizeof(base));
	if (s->bases.list == NULL)
		return ST_NOMEM;
	s->bases.list[s->bases.count++] = base;
	return url_decode(rest, &s->only);
}

static enum status
read_options(struct source *s, const struct source_target *t)
{
	struct span bad;

	s->filter = filter_of(t->options, 0, &bad);
	s->filtered = s->filter.include.len > 0 || s->filter.exclude.len > 0;
	if (bad.len == 0)
		return ST_OK;
	net_say(t->why, "the option %.*s cannot be read", (int)bad.len,
		(const char *)bad.ptr);
	return ST_USAGE;
}

static enum status
look_around(struct source *s)
{
	enum status st = ST_OK;

	s->filtered |= s->only.len > 0;
	s->folders = s->browse && s->bases.count == 0;
	if (s->bases.count == 0)
		st = redis_server_bases(s->first, &s->bases);
	if (st == ST_OK && !s->browse && !s->count_only && s->only.len == 0)
		st = redis_server_nodes(s->first, &s->nodes);
	return st;
}

void
redis_close_source(struct source *s)
{
	if (s == NULL)
		return;
	redis_close(s->first);
	redis_close(s->rest);
	account_fini(&s->login);
	redis_bases_fini(&s->bases);
	roster_fini(&s->names);
	redis_value_fini(&s->value);
	buf_fini(&s->only);
	buf_fini(&s->behind);
	buf_fini(&s->nodes);
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
	s->tls = tls;
	s->count_only = t->count;
	s->browse = t->browse;
	roster_init(&s->names, ROSTER_BYTES);
	redis_value_init(&s->value);
	buf_init(&s->only, NAME_CAP);
	buf_init(&s->behind, NAME_CAP);
	buf_init(&s->nodes, NAME_CAP);
	buf_init(&s->path, PATH_CAP);
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
		st = read_path(s, t->why);
	if (st == ST_OK)
		st = dial(s, t->why);
	if (st == ST_OK)
		st = look_around(s);
	if (st == ST_OK && t->cursor.len > 0)
		st = go_behind(s, t->cursor);
	if (st != ST_OK) {
		if (s->first != NULL)
			net_say(t->why, "%s", redis_trouble(s->first, st));
		redis_close_source(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

enum status
redis_open_plain(const struct source_target *t, struct source **out)
{
	return open_with(t, false, out);
}

enum status
redis_open_tls(const struct source_target *t, struct source **out)
{
	return open_with(t, true, out);
}
