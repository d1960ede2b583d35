#include "master/core/servers.h"

#include "master/core/address.h"
#include "model/task.h"

#define SERVERS_MAX 100000

struct server {
	uint32_t targets; /* of it that are read */
};

static enum status
find(struct giving *g, struct span name, struct server **out)
{
	struct server *s = table_find(g->servers, name);
	enum status st = ST_OK;

	if (s == NULL) {
		s = arena_take(&g->arena, sizeof(*s));
		if (s == NULL)
			return ST_NOMEM;
		*s = (struct server){0};
		st = table_put(g->servers, name, s);
	}
	*out = s;
	return st;
}

static enum status
of(struct giving *g, struct span url, struct buf *name, struct server **out)
{
	enum status st = address_server(url, name);

	return st == ST_OK ? find(g, buf_span(name), out) : st;
}

static enum status
note_held(void *arg, const struct held_row *r)
{
	struct server *s;
	struct buf name;
	enum status st;

	if (r->state == TASK_PAUSED)
		return ST_OK;
	buf_init(&name, ADDRESS_MAX + 64);
	st = of(arg, r->asks.url, &name, &s);
	if (st == ST_OK)
		s->targets++;
	buf_fini(&name);
	return st;
}

enum status
servers_count(struct giving *g)
{
	enum status st = table_open(SERVERS_MAX, &g->servers);

	return st == ST_OK ? q_tasks_held(g->c->store, note_held, g) : st;
}

static enum status
say(struct giving *g, struct span name, struct span *why)
{
	struct buf words;
	enum status st;

	buf_init(&words, ADDRESS_MAX + 256);
	st = buf_addf(&words,
		      "%.*s has enough to do: of one server %u targets are "
		      "read at a time (server-targets)",
		      (int)name.len, (const char *)name.ptr,
		      g->c->config.server_targets);
	if (st == ST_OK)
		*why =
		    span_of(arena_str(&g->arena, buf_span(&words)), words.len);
	buf_fini(&words);
	return st == ST_OK && why->ptr == NULL ? ST_NOMEM : st;
}

enum status
servers_take(struct giving *g, struct span url, bool *full, struct span *why)
{
	const uint32_t limit = g->c->config.server_targets;
	struct server *s;
	struct buf name;
	enum status st;

	*full = false;
	if (limit == 0)
		return ST_OK;
	buf_init(&name, ADDRESS_MAX + 64);
	st = of(g, url, &name, &s);
	if (st == ST_OK && s->targets < limit) {
		s->targets++;
	} else if (st == ST_OK) {
		*full = true;
		st = say(g, buf_span(&name), why);
	}
	buf_fini(&name);
	return st;
}
