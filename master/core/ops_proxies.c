#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "master/core/address.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/core/proxies.h"
#include "master/store/q_agents.h"
#include "master/store/q_proxies.h"

/* Groups of proxies: those that serve the same targets. */

#define MEMBERS_MAX 200

struct group_wish {
	struct ask *ask;
	uint64_t id;
	struct span name; /* empty: as it is */
	bool members_given;
	uint64_t members[MEMBERS_MAX];
	size_t member_count;
};

static bool
refuse(struct group_wish *w, uint16_t http, const char *text)
{
	if (!ask_failed(w->ask))
		answer_problem(w->ask->reply, http, text);
	return false;
}

static enum status
is_proxy(void *arg, const struct agent_row *row)
{
	(void)arg;
	return row->state != AGENT_REMOVED &&
		       str_is(row->program, "trawl-proxy-agent")
		   ? ST_OK
		   : ST_NOTFOUND;
}

static bool
take_members(struct group_wish *w)
{
	const json_t *list = json_object_get(w->ask->args, "members");
	struct store *s = w->ask->core->store;
	size_t i;
	json_t *v;

	if (list == NULL)
		return true;
	if (!json_is_array(list) || json_array_size(list) > MEMBERS_MAX)
		return refuse(w, 422, "members: at most 200 ids of proxies.");
	w->members_given = true;
	json_array_foreach(list, i, v)
	{
		uint64_t id = 0;
		enum status st = ST_NOTFOUND;

		if (answer_id_of(v, &id))
			st = q_agent_get(s, id, is_proxy, NULL);
		if (st == ST_NOTFOUND)
			return refuse(w, 404,
				      "members: there is no such proxy.");
		if (st != ST_OK) {
			answer_status(w->ask->reply, st);
			return false;
		}
		w->members[w->member_count++] = id;
	}
	return true;
}

static bool
take_name(struct group_wish *w)
{
	if (!ask_text(w->ask, "name", ADDRESS_NAME_MAX, &w->name))
		return !ask_failed(w->ask);
	return address_line(w->name) ||
	       refuse(w, 422, "name: it is one line of text.");
}

static enum status
note_group(void *arg, const struct proxy_group_row *row)
{
	(void)arg;
	(void)row;
	return ST_OK;
}

static bool
find(struct group_wish *w)
{
	enum status st = ST_NOTFOUND;

	if (ask_id(w->ask, "id", &w->id))
		st = q_proxy_group_get(w->ask->core->store, w->id, note_group,
				       NULL);
	else
		ask_missing(w->ask, "id");
	if (ask_failed(w->ask))
		return false;
	if (st == ST_NOTFOUND)
		return refuse(w, 404, "There is no such group.");
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return st == ST_OK;
}

static enum status
write_group(struct group_wish *w, const char *action)
{
	struct core *c = w->ask->core;
	enum status st = ST_OK;

	if (w->id == 0)
		st = q_proxy_group_add(c->store, w->name, core_now(c), &w->id);
	else if (w->name.len > 0)
		st = q_proxy_group_name(c->store, w->id, w->name);
	if (st == ST_OK && w->members_given)
		st = q_proxy_group_set(c->store, w->id, w->members,
				       w->member_count);
	if (st == ST_OK)
		st = audit_on(c, &w->ask->who, action, "proxies", w->id);
	return st;
}

static void
change(struct group_wish *w, const char *action, uint16_t http)
{
	struct core *c = w->ask->core;
	struct json j;
	enum status st = flow_begin(c);

	if (st == ST_OK)
		st = flow_end(c, write_group(w, action));
	if (st == ST_EXISTS) {
		(void)refuse(w, 409, "A group of that name exists.");
		return;
	}
	if (st != ST_OK) {
		answer_status(w->ask->reply, st);
		return;
	}
	answer_begin(w->ask->reply, http, &j);
	json_put_u64(&j, "id", w->id);
	answer_end(w->ask->reply, &j);
	proxies_assign(c);
}

void
op_proxies_create(struct ask *a)
{
	struct group_wish w = {.ask = a};

	if (take_name(&w) && w.name.len == 0)
		ask_missing(a, "name");
	if (!ask_failed(a) && take_members(&w))
		change(&w, "proxies.create", 201);
}

void
op_proxies_change(struct ask *a)
{
	struct group_wish w = {.ask = a};

	if (find(&w) && take_name(&w) && take_members(&w))
		change(&w, "proxies.change", 200);
}

static enum status
write_removal(struct group_wish *w)
{
	struct core *c = w->ask->core;
	enum status st = q_proxy_group_remove(c->store, w->id);

	if (st == ST_OK)
		st = audit_on(c, &w->ask->who, "proxies.remove", "proxies",
			      w->id);
	return st;
}

void
op_proxies_remove(struct ask *a)
{
	struct group_wish w = {.ask = a};
	enum status st;

	if (!find(&w))
		return;
	st = flow_begin(a->core);
	if (st == ST_OK)
		st = flow_end(a->core, write_removal(&w));
	if (st == ST_EXISTS)
		(void)refuse(&w, 409,
			     "Targets are read by this group: give them "
			     "another reader first.");
	else if (st != ST_OK)
		answer_status(a->reply, st);
	else
		answer_empty(a->reply, 200);
}
