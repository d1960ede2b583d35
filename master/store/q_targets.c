#include "master/store/q_targets.h"

#include "master/store/target_row.h"

static enum status
note_count(struct store *s, uint64_t target, struct target_row *r)
{
	enum status st =
	    sql_number_of(s, "SELECT count(*) FROM object WHERE target = ?",
			  target, &r->objects);

	if (st == ST_OK)
		st = sql_number_of(s,
				   "SELECT ifnull(max(scan), 0) FROM task"
				   " WHERE target = ?",
				   target, &r->last_scan);
	return st;
}

enum status
q_target_get(struct store *s, uint64_t id, target_fn *fn, void *arg)
{
	struct target_row row;
	struct sql q;
	enum status st;

	sql_open(&q, s, TARGET_COLUMNS " WHERE id = ?");
	sql_num(&q, id);
	st = sql_step(&q);
	if (st == ST_OK) {
		target_row_read(&q, &row);
		st = note_count(s, id, &row);
		if (st == ST_OK)
			st = fn(arg, &row);
	} else if (st == ST_EOF) {
		st = ST_NOTFOUND;
	}
	sql_close(&q);
	return st;
}

/* One that a removed agent of the same name and group left behind. */
static enum status
adopt(struct store *s, uint64_t agent, struct span name, struct span group,
      uint64_t *id)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s,
		 "SELECT t.id FROM target t LEFT JOIN agent a ON a.id = t.agent"
		 " WHERE t.name = ? AND t.grp = ? AND t.kind = 'host'"
		 " AND (a.id IS NULL OR a.state = 4) ORDER BY t.id LIMIT 1");
	sql_text(&q, name);
	sql_text(&q, group);
	st = sql_number(&q, &n);
	if (st != ST_OK)
		return st;
	*id = (uint64_t)n;
	sql_open(&q, s, "UPDATE target SET agent = ? WHERE id = ?");
	sql_num(&q, agent);
	sql_num(&q, *id);
	return sql_run(&q);
}

/* A proxy reads what is elsewhere: its own host is no target. */
static enum status
is_proxy(struct store *s, uint64_t agent, uint64_t *yes)
{
	return sql_number_of(s,
			     "SELECT count(*) FROM agent WHERE id = ?"
			     " AND program = 'trawl-proxy-agent'",
			     agent, yes);
}

enum status
q_target_of_agent(struct store *s, uint64_t agent, struct span name,
		  struct span group, int64_t now, uint64_t *id)
{
	struct sql q;
	uint64_t proxy = 0;
	enum status st = is_proxy(s, agent, &proxy);

	*id = 0;
	if (st != ST_OK || proxy > 0)
		return st;
	st = sql_number_of(s, "SELECT id FROM target WHERE agent = ? LIMIT 1",
			   agent, id);
	if (st == ST_NOTFOUND)
		st = adopt(s, agent, name, group, id);
	if (st != ST_NOTFOUND)
		return st;
	sql_open(&q, s,
		 "INSERT INTO target (agent, kind, name, grp, created)"
		 " VALUES (?, 'host', ?, ?, ?)");
	sql_num(&q, agent);
	sql_text(&q, name);
	sql_text(&q, group);
	sql_int(&q, now);
	return sql_insert(&q, id);
}
