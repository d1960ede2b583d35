#include "proxy-agent/data/redis_server.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"

#define INFO_CAP ((size_t)4 << 20)

/* ---- signing in ---- */

/* A server that is still loading its data refuses as if it were down. */
static enum status
status_of(enum status st, struct span error)
{
	if (st != ST_DENIED)
		return st;
	return str_starts(error, "LOADING") || str_starts(error, "BUSY") ||
		       str_starts(error, "MASTERDOWN")
		   ? ST_TIMEOUT
		   : st;
}

static enum status
authenticate(struct redis *r, const struct account *l)
{
	const struct span words[] = {span_str("AUTH"),
				     l->user.len > 0 ? l->user : l->password,
				     l->password};
	struct redis_word w = {0};
	enum status st;

	if (l->password.len == 0)
		return ST_OK;
	st = redis_ask(r, words, l->user.len > 0 ? 3 : 2, &w);
	return status_of(st, w.text);
}

/* Who we are, for whoever looks at the server; and that we only look on. A
 * server that knows none of it, or does not let us, is no worse. */
static enum status
introduce(struct redis *r)
{
	const struct span name[] = {span_str("CLIENT"), span_str("SETNAME"),
				    span_str("trawl")};
	const struct span touch[] = {span_str("CLIENT"), span_str("NO-TOUCH"),
				     span_str("on")};
	const struct span ping[] = {span_str("PING")};
	struct redis_word w = {0};
	enum status st = redis_ask(r, name, 3, &w);

	if (st == ST_OK || st == ST_DENIED)
		st = redis_ask(r, touch, 3, &w);
	if (st == ST_OK || st == ST_DENIED)
		st = redis_ask(r, ping, 1, &w);
	st = status_of(st, w.text);
	/* who may not ping may still read */
	return st == ST_DENIED && !str_starts(w.text, "NOAUTH") ? ST_OK : st;
}

enum status
redis_server_sign_in(struct redis *r, const struct account *l, struct buf *why)
{
	enum status st = authenticate(r, l);

	if (st == ST_OK)
		st = introduce(r);
	if (st == ST_OK)
		redis_signed_in(r);
	else
		net_say(why, "%.*s: %s", (int)l->url.host.len,
			(const char *)l->url.host.ptr, redis_trouble(r, st));
	return st;
}

enum status
redis_server_reach(const struct account *l, bool tls, struct redis **out,
		   struct buf *why)
{
	struct stream *stream = NULL;
	enum status st = account_dial(l, tls, REDIS_PORT, &stream, why);

	if (st == ST_OK && l->password.len > 0 && !stream_private(stream)) {
		net_say(why, "a password does not go to another host in clear: "
			     "use rediss://");
		st = ST_DENIED;
	}
	if (st == ST_OK)
		st = redis_open(stream, out);
	if (st != ST_OK)
		stream_close(stream);
	return st;
}

/* ---- what it says of itself ---- */

enum status
redis_server_select(struct redis *r, uint32_t base)
{
	char number[16];
	const struct span words[] = {
	    span_str("SELECT"),
	    span_of(number,
		    (size_t)snprintf(number, sizeof(number), "%u", base))};
	struct redis_word w = {0};
	enum status st = redis_ask(r, words, 2, &w);

	/* a cluster has one, and no such command */
	return st == ST_DENIED && base == 0 ? ST_OK : status_of(st, w.text);
}

enum status
redis_server_count(struct redis *r, uint64_t *keys)
{
	const struct span words[] = {span_str("DBSIZE")};
	struct redis_word w = {0};
	enum status st = redis_ask(r, words, 1, &w);

	if (st == ST_OK && (w.kind != REDIS_NUMBER || w.n < 0))
		st = ST_MALFORMED;
	if (st == ST_OK)
		*keys = (uint64_t)w.n;
	return status_of(st, w.text);
}

static enum status
ask_text(struct redis *r, const struct span *words, size_t count,
	 struct buf *to)
{
	struct redis_word w = {0};
	enum status st = redis_ask(r, words, count, &w);

	if (st == ST_OK && w.kind != REDIS_BULK)
		return ST_MALFORMED;
	return st == ST_OK ? redis_all(r, to) : status_of(st, w.text);
}

/* "db0:keys=20000,expires=0,avg_ttl=0" */
static enum status
add_base(struct redis_bases *b, struct span line)
{
	size_t colon = str_find(line, ':');
	struct span rest = span_skip(line, colon + 1), keys;
	struct redis_base got;
	struct redis_base *more;
	uint64_t n;

	if (!str_starts(line, "db") || !str_next(&rest, ',', &keys) ||
	    !str_starts(keys, "keys=") ||
	    str_to_u64(span_of(line.ptr + 2, colon - 2), 0,
		       REDIS_BASES_MOST - 1, &n) != ST_OK ||
	    str_to_u64(span_skip(keys, 5), 0, UINT64_MAX, &got.keys) != ST_OK)
		return ST_OK; /* a line of something else */
	got.number = (uint32_t)n;
	more = reallocarray(b->list, b->count + 1, sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	b->list = more;
	b->list[b->count++] = got;
	return ST_OK;
}

enum status
redis_parse_bases(struct span text, struct redis_bases *out)
{
	enum status st = ST_OK;
	struct span line;

	while (st == ST_OK && out->count < REDIS_BASES_MOST &&
	       str_next(&text, '\n', &line))
		st = add_base(out, str_trim(line));
	return st;
}

enum status
redis_server_bases(struct redis *r, struct redis_bases *out)
{
	const struct span words[] = {span_str("INFO"), span_str("keyspace")};
	struct buf text;
	enum status st;

	buf_init(&text, INFO_CAP);
	st = ask_text(r, words, 2, &text);
	if (st == ST_DENIED)
		st = buf_add_str(&text, "db0:keys=0,");
	if (st == ST_OK)
		st = redis_parse_bases(buf_span(&text), out);
	buf_fini(&text);
	return st;
}

void
redis_bases_fini(struct redis_bases *b)
{
	free(b->list);
	*b = (struct redis_bases){0};
}

/* "ID HOST:PORT@BUS[,NAME] FLAGS MASTER PING PONG EPOCH STATE SLOT ..." */
static enum status
add_node(struct buf *to, struct span line)
{
	struct span id, where, flags;
	enum status st;

	if (!str_next(&line, ' ', &id) || !str_next(&line, ' ', &where) ||
	    !str_next(&line, ' ', &flags) || !str_starts(flags, "master"))
		return ST_OK;
	where.len = str_find(where, '@');
	st = buf_add(to, where.ptr, where.len);
	return st == ST_OK ? buf_add_byte(to, '\n') : st;
}

enum status
redis_parse_nodes(struct span text, struct buf *to)
{
	enum status st = ST_OK;
	struct span line;

	while (st == ST_OK && str_next(&text, '\n', &line))
		st = add_node(to, str_trim(line));
	return st;
}

/* Its own line begins its flags with "myself". */
enum status
redis_server_nodes(struct redis *r, struct buf *to)
{
	const struct span words[] = {span_str("CLUSTER"), span_str("NODES")};
	struct buf text;
	enum status st;

	buf_init(&text, INFO_CAP);
	st = ask_text(r, words, 2, &text);
	if (st == ST_OK)
		st = redis_parse_nodes(buf_span(&text), to);
	buf_fini(&text);
	return st == ST_DENIED ? ST_OK : st; /* it is no cluster */
}
