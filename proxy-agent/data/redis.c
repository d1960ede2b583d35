#include "proxy-agent/data/redis.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/data/redis_server.h"
#include "proxy-agent/data/redis_value.h"
#include "proxy-agent/data/roster.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/source/account.h"
#include "source/filter.h"
#include "source/url.h"

#define AHEAD        64 /* keys asked for at once */
#define TRIES        5
#define PATH_CAP     ((size_t)4 << 20)
#define NAME_CAP     ((size_t)1 << 20) /* bytes of a key that is read */
#define SCAN_AT_ONCE "1000"

struct ahead {
	enum redis_type type;
	bool refused;
	char word[128]; /* what the server calls it, or why it refuses */
};

struct source {
	struct account login;
	struct filter filter;
	bool tls, count_only, browse, filtered, lost;
	bool folders; /* only which databases there are */
	bool broken;  /* the connections are of no more use */
	bool reached; /* the last one stood, whatever was said then */
	struct redis *first, *rest;
	struct redis_bases bases;
	size_t base;         /* at hand; the first one from 0 */
	bool listed;         /* its names are there */
	bool whole;          /* its parts were all listed here */
	unsigned failures;   /* in a row */
	uint64_t met;        /* names of it in all parts so far */
	uint64_t before;     /* as the server counted them when it began */
	struct roster names; /* of the part at hand */
	uint64_t given;      /* bytes of the item at hand, to whoever reads */
	size_t at, asked;    /* behind the item, and behind what was asked */
	struct ahead ahead[AHEAD]; /* of at..asked */
	size_t ahead_at;
	struct redis_value value;
	struct buf only;   /* the one key that the target names; or empty */
	bool is_behind;    /* until its part was listed: */
	struct buf behind; /* the key of the cursor */
	struct buf nodes;  /* other ones of a cluster, a line each */
	size_t nodes_at;
	struct buf path, detail, word;
};

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

static bool
is_gone(enum status st)
{
	return account_again(st) || st == ST_MALFORMED;
}

/*
 * The connections anew; what was asked for is asked again. A server that starts
 * refuses connections at first, one that refuses a sign-in is not asked again.
 */
static enum status
come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	s->asked = s->at;
	s->value.step = VALUE_DONE;
	s->value.waiting = 0;
	s->reached = true;
	for (unsigned i = 0; i < TRIES && (is_gone(st) || !s->reached); i++) {
		account_rest(i);
		st = dial(s, NULL);
	}
	s->broken = st != ST_OK;
	s->lost = s->broken;
	return st;
}

/* ---- names ---- */

static enum status
take_name(struct source *s)
{
	struct redis_word w;
	enum status st = redis_next(s->first, &w);

	buf_clear(&s->word);
	if (st == ST_OK && w.kind != REDIS_BULK)
		return ST_MALFORMED;
	if (st == ST_OK && w.n > (int64_t)NAME_CAP)
		return ST_OK; /* the count will not agree */
	if (st == ST_OK)
		st = redis_all(s->first, &s->word);
	if (st != ST_OK || !filter_takes(&s->filter, buf_span(&s->word), 0, 0))
		return st;
	return roster_add(&s->names, buf_span(&s->word));
}

/* All of a page, whether there is room for it or not. */
static enum status
take_names(struct source *s, int64_t count)
{
	enum status st = ST_OK;
	bool full = false;

	for (int64_t i = 0; st == ST_OK && i < count; i++) {
		st = take_name(s);
		full |= st == ST_LIMIT;
		st = st == ST_LIMIT ? ST_OK : st;
	}
	return st == ST_OK && full ? ST_LIMIT : st;
}

/* One page; *cursor is "0" behind the last. */
static enum status
scan_page(struct source *s, struct buf *cursor)
{
	const struct span words[] = {span_str("SCAN"), buf_span(cursor),
				     span_str("COUNT"), span_str(SCAN_AT_ONCE)};
	struct redis_word w;
	enum status st = redis_ask(s->first, words, 4, &w);

	if (st == ST_OK && (w.kind != REDIS_LIST || w.n != 2))
		return ST_MALFORMED;
	if (st == ST_OK)
		st = redis_next(s->first, &w);
	buf_clear(cursor);
	if (st == ST_OK)
		st = w.kind == REDIS_BULK ? redis_all(s->first, cursor)
					  : ST_MALFORMED;
	if (st == ST_OK)
		st = redis_next(s->first, &w);
	if (st != ST_OK)
		return st == ST_LIMIT ? ST_MALFORMED : st;
	return w.kind == REDIS_LIST ? take_names(s, w.n) : ST_MALFORMED;
}

static enum status
scan_all(struct source *s)
{
	struct buf cursor;
	enum status st;

	buf_init(&cursor, 32);
	st = buf_add_byte(&cursor, '0');
	do
		st = st == ST_OK ? scan_page(s, &cursor) : st;
	while (st == ST_OK && !str_is(buf_span(&cursor), "0"));
	buf_fini(&cursor);
	return st;
}

static enum status
list_part(struct source *s, uint32_t part, uint32_t parts)
{
	roster_begin(&s->names, part, parts);
	return s->only.len > 0 ? roster_add(&s->names, buf_span(&s->only))
			       : scan_all(s);
}

/* When they are too many for one part, smaller ones: all from the start. */
static enum status
list_names(struct source *s, uint32_t part, uint32_t parts)
{
	enum status st = list_part(s, part, parts);

	while (st == ST_LIMIT && part == 0 && parts < ROSTER_PARTS) {
		parts *= 2;
		st = list_part(s, part, parts);
	}
	roster_sort(&s->names);
	if (st == ST_OK)
		s->met += s->names.count;
	s->at = s->asked = s->ahead_at = 0;
	return st;
}

static enum status
begin_base(struct source *s, uint32_t part, uint32_t parts)
{
	const uint32_t number = s->bases.list[s->base].number;
	enum status st = redis_server_select(s->first, number);

	if (st == ST_OK && s->rest != NULL)
		st = redis_server_select(s->rest, number);
	s->whole = s->whole || part == 0;
	if (st == ST_OK && part == 0) {
		s->met = 0;
		st = redis_server_count(s->first, &s->before);
	}
	if (st == ST_OK)
		st = list_names(s, part, parts);
	s->listed = st == ST_OK;
	return st;
}

/* ---- asking ahead ---- */

/* What each of the next keys holds, and then its beginning. */
static enum status
ask_types(struct source *s, size_t count)
{
	enum status st = ST_OK;
	struct redis_word w;

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		const struct span words[] = {span_str("TYPE"),
					     roster_name(&s->names, s->at + i)};

		st = redis_say(s->first, words, 2);
	}
	for (size_t i = 0; st == ST_OK && i < count; i++) {
		struct ahead *a = &s->ahead[i];

		st = redis_next(s->first, &w);
		if (st != ST_OK)
			break;
		a->refused = w.kind != REDIS_LINE;
		a->type = a->refused ? REDIS_OTHER : redis_type_of(w.text);
		stream_words(a->word, sizeof(a->word), w.text);
	}
	return st;
}

static enum status
ask_ahead(struct source *s)
{
	size_t left = s->names.count - s->at;
	size_t count = left < AHEAD ? left : AHEAD;
	enum status st = ask_types(s, count);

	for (size_t i = 0; st == ST_OK && i < count; i++)
		if (s->ahead[i].type < REDIS_GONE)
			st = redis_value_ask(s->first, s->ahead[i].type,
					     roster_name(&s->names, s->at + i));
	s->ahead_at = s->at;
	s->asked = st == ST_OK ? s->at + count : s->at;
	return st;
}

/* ---- items ---- */

static enum status
set_path(struct source *s, struct span name)
{
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->login.url, &s->path);
	if (st == ST_OK && s->base < s->bases.count)
		st = buf_addf(&s->path, "/%u", s->bases.list[s->base].number);
	if (st == ST_OK && name.ptr != NULL)
		st = buf_add_byte(&s->path, '/');
	return st == ST_OK ? url_encode(name, &s->path) : st;
}

static enum status
give(struct source *s, struct source_item *item, uint8_t reason,
     struct span name)
{
	enum status st = set_path(s, name);

	*item = (struct source_item){
	    .path = buf_span(&s->path),
	    .reason = reason,
	    .folder = name.ptr == NULL,
	    .trickle = true,
	    .detail = buf_span(&s->detail),
	};
	return st;
}

static enum status
give_lost(struct source *s, struct source_item *item)
{
	s->lost = true;
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail,
			   "the connection was lost and did not come back");
	return give(s, item, COVER_IO, span_of(NULL, 0));
}

/* Why a key is not read, or COVER_OK; its value is at hand then. */
static enum status
begin_value(struct source *s, struct span name, uint8_t *reason)
{
	const struct ahead *a = &s->ahead[s->at - s->ahead_at];
	enum status st;

	*reason = COVER_OK;
	if (a->type == REDIS_GONE)
		*reason = COVER_VANISHED;
	if (a->refused) {
		*reason = COVER_DENIED;
		return buf_add_str(&s->detail, a->word);
	}
	if (a->type == REDIS_OTHER) {
		*reason = COVER_UNSUPPORTED;
		return buf_addf(&s->detail, "its type is \"%s\"", a->word);
	}
	if (*reason != COVER_OK)
		return ST_OK;
	st = redis_value_begin(&s->value, a->type, name, s->first, s->rest);
	if (st == ST_DENIED) {
		*reason = COVER_DENIED;
		return buf_add_str(&s->detail, redis_trouble(s->first, st));
	}
	if (st == ST_NOTFOUND) {
		*reason = COVER_VANISHED;
		return ST_OK;
	}
	return st;
}

static enum status
next_key(struct source *s, struct source_item *item)
{
	struct span name = roster_name(&s->names, s->at);
	uint8_t reason = COVER_OK;
	enum status st = ST_OK;

	buf_clear(&s->detail);
	if (!s->count_only && !s->browse) {
		if (s->at >= s->asked)
			st = ask_ahead(s);
		if (st == ST_OK)
			st = begin_value(s, name, &reason);
	}
	if (st != ST_OK)
		return st;
	s->at++;
	st = give(s, item, reason, span_of(name.ptr, name.len));
	if (s->value.type == REDIS_STRING && reason == COVER_OK &&
	    !s->count_only && !s->browse)
		item->size = s->value.length;
	return st;
}

static void
leave_base(struct source *s)
{
	roster_begin(&s->names, 0, 1);
	s->at = s->asked = 0;
	s->listed = s->whole = false;
	s->base++;
}

/* Behind the last name of a base: another part, or whether all were met. */
static enum status
next_part(struct source *s, struct source_item *item, bool *given)
{
	uint32_t parts = s->names.parts, part = s->names.part + 1;
	uint64_t after = s->before;
	enum status st;

	*given = false;
	if (part < parts)
		return begin_base(s, part, parts);
	st = redis_server_count(s->first, &after);
	if (st == ST_OK && s->whole && !s->filtered &&
	    ((s->met < s->before && s->met < after) ||
	     (s->met > s->before && s->met > after))) {
		buf_clear(&s->detail);
		st = buf_addf(&s->detail,
			      "%llu keys were listed, the server counts %llu; "
			      "it counts expired ones until it removes them",
			      (unsigned long long)s->met,
			      (unsigned long long)after);
		if (st == ST_OK)
			st = give(s, item, COVER_CHANGED, span_of(NULL, 0));
		*given = st == ST_OK;
	}
	if (st != ST_OK)
		return st;
	leave_base(s);
	return ST_OK;
}

/* The next item when there is one; else something was done towards it. */
static enum status
step(struct source *s, struct source_item *item, bool *given)
{
	enum status st = ST_OK;

	*given = false;
	if (s->broken)
		return ST_CLOSED;
	if (s->value.step != VALUE_DONE || s->value.waiting > 0)
		st = redis_value_leave(&s->value);
	if (st != ST_OK)
		return st;
	if (!s->listed) {
		uint32_t part = s->names.part, parts = s->names.parts;

		st = begin_base(s, part, parts);
		if (st == ST_OK && s->is_behind) {
			s->at = roster_behind(&s->names, buf_span(&s->behind));
			s->asked = s->at;
			s->is_behind = false;
		}
		return st;
	}
	if (s->at >= s->names.count)
		return next_part(s, item, given);
	st = next_key(s, item);
	s->given = 0;
	*given = st == ST_OK;
	return st;
}

/* What keeps a whole base from being read, or the key that always fails. */
static enum status
give_trouble(struct source *s, struct source_item *item, enum status st)
{
	bool key = s->listed && s->at < s->names.count;
	struct span name =
	    key ? roster_name(&s->names, s->at) : span_of(NULL, 0);
	uint8_t reason = st == ST_DENIED  ? COVER_DENIED
			 : st == ST_LIMIT ? COVER_MEMORY
					  : COVER_IO;

	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, s->first == NULL
					   ? status_text(st)
					   : redis_trouble(s->first, st));
	st = give(s, item, reason, name);
	if (key)
		s->at++;
	else
		leave_base(s);
	s->asked = s->at;
	s->failures = 0;
	return st;
}

static enum status
give_base(struct source *s, struct source_item *item)
{
	enum status st;

	buf_clear(&s->detail);
	st = give(s, item, COVER_OK, span_of(NULL, 0));
	s->base++;
	return st;
}

static enum status
give_node(struct source *s, struct source_item *item)
{
	struct span rest = span_skip(buf_span(&s->nodes), s->nodes_at), line;
	enum status st;

	(void)str_next(&rest, '\n', &line);
	s->nodes_at += line.len + 1;
	buf_clear(&s->path);
	buf_clear(&s->detail);
	st = buf_addf(&s->path, "%s://%.*s", s->tls ? "rediss" : "redis",
		      (int)line.len, (const char *)line.ptr);
	if (st == ST_OK)
		st = buf_add_str(&s->detail, "another node of this cluster, "
					     "which is a target of its own");
	*item = (struct source_item){.path = buf_span(&s->path),
				     .folder = true,
				     .reason = COVER_LINK,
				     .detail = buf_span(&s->detail)};
	return st;
}

static enum status
redis_next_item(struct source *s, struct source_item *item)
{
	bool given = false;
	enum status st = ST_OK;

	if (s->nodes_at < s->nodes.len)
		return give_node(s, item);
	while (!given && !s->lost && s->base < s->bases.count) {
		if (s->folders)
			return give_base(s, item);
		st = step(s, item, &given);
		if (st == ST_OK)
			continue;
		if (is_gone(st) && s->failures++ < TRIES) {
			if (come_back(s) != ST_OK)
				return give_lost(s, item);
			continue;
		}
		if (is_gone(st) && come_back(s) != ST_OK)
			return give_lost(s, item);
		return give_trouble(s, item, st);
	}
	s->failures = given ? 0 : s->failures;
	return given ? ST_OK : ST_EOF;
}

/* The first bytes of the value are here already. */
static enum status
pass_given(struct source *s)
{
	uint8_t bytes[4096];
	uint64_t left = s->given;
	enum status st = ST_OK;
	size_t got = 1;

	while (st == ST_OK && left > 0 && got > 0) {
		st = redis_value_read(
		    &s->value, bytes,
		    left < sizeof(bytes) ? (size_t)left : sizeof(bytes), &got);
		left -= st == ST_OK ? got : 0;
	}
	return st == ST_OK && left > 0 ? ST_IO : st;
}

/*
 * The connection broke within the item at hand: a string goes on where it was
 * cut if it is as long as it was, another value only from its beginning.
 */
static enum status
read_anew(struct source *s, void *dst, size_t n, size_t *got)
{
	const enum redis_type type = s->value.type;
	const uint64_t length = s->value.length;
	struct source_item same;
	enum status st = ST_IO;

	if (s->given > 0 && type != REDIS_STRING)
		return ST_IO;
	s->at--;
	st = come_back(s);
	if (st != ST_OK) {
		s->at++;
		return st;
	}
	st = next_key(s, &same);
	if (st == ST_OK && s->given > 0 &&
	    (s->value.type != type || s->value.length != length))
		st = ST_IO;
	if (st == ST_OK)
		st = pass_given(s);
	return st == ST_OK ? redis_value_read(&s->value, dst, n, got) : st;
}

static enum status
redis_read_item(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = redis_value_read(&s->value, dst, n, got);

	if (is_gone(st) && s->failures++ < TRIES && s->at > 0) {
		*got = 0;
		st = read_anew(s, dst, n, got);
	}
	if (st == ST_OK)
		s->given += *got;
	if (st == ST_OK || st == ST_DENIED)
		return st == ST_OK ? ST_OK : ST_IO;
	s->broken = true;
	return ST_IO;
}

/* ---- the target ---- */

/* "2 0 1 NAME": base, part, parts, and the last key; none: from its start. */
static enum status
redis_cursor(const struct source *s, struct buf *to)
{
	const struct redis_bases *b = &s->bases;
	struct span name;
	enum status st;

	if (b->count == 0)
		return ST_OK;
	if (s->base == b->count)
		return buf_addf(to, "%u", b->list[b->count - 1].number + 1);
	if (!s->listed || s->at == 0)
		return buf_addf(to, "%u", b->list[s->base].number);
	name = roster_name(&s->names, s->at - 1);
	st = buf_addf(to, "%u %u %u ", b->list[s->base].number, s->names.part,
		      s->names.parts);
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

static void
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

static enum status
redis_open_plain(const struct source_target *t, struct source **out)
{
	return open_with(t, false, out);
}

static enum status
redis_open_tls(const struct source_target *t, struct source **out)
{
	return open_with(t, true, out);
}

const struct source_ops redis_source = {
    .scheme = "redis",
    .open = redis_open_plain,
    .next = redis_next_item,
    .read = redis_read_item,
    .cursor = redis_cursor,
    .close = redis_close_source,
    .paced = true,
};

const struct source_ops rediss_source = {
    .scheme = "rediss",
    .open = redis_open_tls,
    .next = redis_next_item,
    .read = redis_read_item,
    .cursor = redis_cursor,
    .close = redis_close_source,
    .paced = true,
};
