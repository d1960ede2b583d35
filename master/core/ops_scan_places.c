#include "base/codec.h"
#include "master/core/ops_scan_impl.h"
#include "master/store/q_agents.h"
#include "master/store/q_remote.h"

/* JSON writes bytes that are not UTF-8 as \xHH; a path may be given so too. */
static struct span
path_bytes(struct wanted *w, const json_t *v)
{
	const char *s = json_string_value(v);
	size_t n = json_string_length(v), at = 0;
	uint8_t *to = arena_take(&w->arena, n + 1);

	for (size_t i = 0; to != NULL && i < n; i++) {
		uint8_t byte = 0;

		if (s[i] == '\\' && i + 3 < n && s[i + 1] == 'x' &&
		    codec_unhex(span_of(s + i + 2, 2), &byte, 1) == ST_OK &&
		    byte >= 0x80) {
			to[at++] = byte;
			i += 3;
		} else {
			to[at++] = (uint8_t)s[i];
		}
	}
	return span_of(to, to == NULL ? 0 : at);
}

bool
ops_scan_paths(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "paths");
	size_t i;
	json_t *v;

	if (w->agent_count == 0 && list == NULL)
		return true; /* each of its targets has its own address */
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > ORDER_PATHS_MAX) {
		ops_scan_refuse(w->ask, 422,
				"paths: 1 to 64 absolute paths are wanted.");
		return false;
	}
	json_array_foreach(list, i, v)
	{
		struct span path;

		if (!json_is_string(v) || json_string_length(v) > 4096 ||
		    json_string_value(v)[0] != '/') {
			ops_scan_refuse(
			    w->ask, 422,
			    "paths: each must be absolute, at most 4,096 "
			    "bytes.");
			return false;
		}
		path = path_bytes(w, v);
		if (path.len == 0)
			return false;
		w->paths[w->path_count++] = path;
	}
	return true;
}

static enum status
take_agent(void *arg, const struct agent_row *row)
{
	struct wanted *w = arg;

	if (row->state != AGENT_VERIFIED || row->target == 0)
		return ST_OK;
	if (w->agent_count == SCAN_AGENTS_MAX)
		return ST_LIMIT;
	w->agents[w->agent_count] = row->id;
	w->targets[w->agent_count] = row->target;
	w->agent_count++;
	return ST_OK;
}

/* By name when it is no number that an agent has. */
static enum status
take_named(struct wanted *w, const json_t *v)
{
	struct store *s = w->ask->core->store;
	uint64_t id = 0;
	enum status st = ST_NOTFOUND;

	if (answer_id_of(v, &id))
		st = q_agent_get(s, id, take_agent, w);
	if (st == ST_NOTFOUND && json_is_string(v))
		st = q_agent_by_name(
		    s, span_of(json_string_value(v), json_string_length(v)),
		    take_agent, w);
	return st;
}

static bool
read_agent_list(struct wanted *w, const json_t *list)
{
	size_t i;
	json_t *v;

	json_array_foreach(list, i, v)
	{
		size_t before = w->agent_count;
		enum status st = take_named(w, v);

		if (st == ST_NOTFOUND)
			ops_scan_refuse(w->ask, 404, "There is no such agent.");
		else if (st != ST_OK)
			answer_status(w->ask->reply, st);
		else if (w->agent_count == before)
			ops_scan_refuse(
			    w->ask, 409,
			    "The agent is not verified, or it is a proxy, "
			    "which reads targets on other hosts.");
		if (ask_failed(w->ask))
			return false;
		for (size_t k = 0; k < before; k++)
			if (w->agents[k] == w->agents[before])
				w->agent_count = before; /* named twice */
	}
	return true;
}

static enum status
take_remote(void *arg, const struct remote_row *row)
{
	struct wanted *w = arg;

	for (size_t i = 0; i < w->remote_count; i++)
		if (w->remotes[i] == row->target)
			return ST_OK; /* named twice */
	w->remotes[w->remote_count++] = row->target;
	return ST_OK;
}

bool
ops_scan_remotes(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "targets");
	enum status st = ST_OK;
	size_t i;
	json_t *v;

	if (list == NULL)
		return true;
	w->remotes = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	w->remote_tasks = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	if (w->remotes == NULL || w->remote_tasks == NULL)
		st = ST_NOMEM;
	if (!json_is_array(list) || json_array_size(list) > SCAN_AGENTS_MAX)
		ops_scan_refuse(w->ask, 422,
				"targets: a list of ids is wanted.");
	if (ask_failed(w->ask))
		return false;
	json_array_foreach(list, i, v)
	{
		uint64_t id = 0;

		if (st == ST_OK)
			st = answer_id_of(v, &id)
				 ? q_remote_get(w->ask->core->store, id,
						take_remote, w)
				 : ST_NOTFOUND;
	}
	if (st == ST_NOTFOUND)
		ops_scan_refuse(w->ask, 404,
				"There is no such target on another host.");
	else if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return !ask_failed(w->ask);
}

bool
ops_scan_agents(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "agents");
	bool all = json_is_true(json_object_get(w->ask->args, "all"));
	enum status st = ST_OK;

	if (w->remote_count > 0 && !all && json_array_size(list) == 0)
		return true;

	w->agents = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	w->targets = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	w->tasks = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	if (w->agents == NULL || w->targets == NULL || w->tasks == NULL) {
		answer_status(w->ask->reply, ST_NOMEM);
		return false;
	}
	if (all)
		st = q_agents_list(w->ask->core->store, take_agent, w);
	else if (json_is_array(list) &&
		 json_array_size(list) <= SCAN_AGENTS_MAX)
		return read_agent_list(w, list) && w->agent_count > 0;
	else
		ops_scan_refuse(
		    w->ask, 422,
		    "It says nowhere what to scan: give agents, all "
		    "or targets.");
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	else if (w->agent_count == 0)
		ops_scan_refuse(w->ask, 409,
				"No agent is verified yet: add one first.");
	return !ask_failed(w->ask);
}
