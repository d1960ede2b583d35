#include "master/store/q_proxies.h"

#include "master/store/sql.h"

static void
read_proxy(struct sql *q, struct proxy_row *r)
{
	*r = (struct proxy_row){
	    .agent = sql_get_num(q, 0),
	    .name = sql_get_span(q, 1),
	    .kinds = sql_get_span(q, 2),
	    .credentials = sql_get_span(q, 3),
	    .tasks = (uint32_t)sql_get(q, 4),
	};
}

static void
read_group(struct sql *q, struct proxy_group_row *r)
{
	*r = (struct proxy_group_row){
	    .id = sql_get_num(q, 0),
	    .name = sql_get_span(q, 1),
	    .created = sql_get(q, 2),
	    .targets = sql_get_num(q, 3),
	};
}

static void
read_member(struct sql *q, struct proxy_member_row *r)
{
	*r = (struct proxy_member_row){
	    .group = sql_get_num(q, 0),
	    .agent = sql_get_num(q, 1),
	    .name = sql_get_span(q, 2),
	};
}

static void
read_waiting(struct sql *q, struct waiting_row *r)
{
	*r = (struct waiting_row){
	    .task = sql_get_num(q, 0),
	    .scan = sql_get_num(q, 1),
	    .kind = sql_get_span(q, 2),
	    .credential = sql_get_span(q, 3),
	    .message = sql_get_span(q, 4),
	    .proxy = sql_get_num(q, 5),
	    .proxies = sql_get_num(q, 6),
	    .who = sql_get_span(q, 7),
	    .url = sql_get_span(q, 8),
	};
}

static void
read_held(struct sql *q, struct held_row *r)
{
	read_waiting(q, &r->asks);
	r->agent = sql_get_num(q, 9);
	r->holder = sql_get_span(q, 10);
	r->state = (uint8_t)sql_get(q, 11);
	r->wanted = (uint8_t)sql_get(q, 12);
}

static void
read_tried(struct sql *q, struct tried_row *r)
{
	*r = (struct tried_row){
	    .task = sql_get_num(q, 0),
	    .agent = sql_get_num(q, 1),
	    .name = sql_get_span(q, 2),
	    .why = sql_get_span(q, 3),
	};
}

SQL_EACH(proxy, read_proxy)
SQL_EACH(proxy_group, read_group)
SQL_ONE(proxy_group, read_group)
SQL_EACH(proxy_member, read_member)
SQL_EACH(waiting, read_waiting)
SQL_EACH(held, read_held)
SQL_EACH(tried, read_tried)

enum status
q_proxies_list(struct store *s, proxy_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT a.id, a.name, a.kinds, a.credentials,"
		 " (SELECT count(*) FROM task k WHERE k.agent = a.id"
		 "  AND k.state IN (1, 2, 3)) FROM agent a"
		 " WHERE a.state = 2 AND a.kinds <> '' ORDER BY a.id");
	return proxy_each(&q, fn, arg);
}

#define GROUP_COLUMNS                                                          \
	"SELECT g.id, g.name, g.created,"                                      \
	" (SELECT count(*) FROM remote r WHERE r.grp = g.id)"                  \
	" FROM proxy_group g"

enum status
q_proxy_groups_list(struct store *s, proxy_group_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, GROUP_COLUMNS " ORDER BY g.name");
	return proxy_group_each(&q, fn, arg);
}

enum status
q_proxy_group_get(struct store *s, uint64_t id, proxy_group_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, GROUP_COLUMNS " WHERE g.id = ?");
	sql_num(&q, id);
	return proxy_group_one(&q, fn, arg);
}

enum status
q_proxy_members(struct store *s, uint64_t group, proxy_member_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT m.grp, m.agent, a.name FROM proxy_member m"
		 " JOIN agent a ON a.id = m.agent WHERE a.state <> 4"
		 " AND (?1 = 0 OR m.grp = ?1) ORDER BY m.grp, m.agent");
	sql_num(&q, group);
	return proxy_member_each(&q, fn, arg);
}

/* What is asked of a proxy for task k; r is the target's remote row. */
#define ASKED                                                                  \
	"SELECT k.id, k.scan, t.kind, r.credential, k.message,"                \
	" ifnull(r.proxy, 0), ifnull(r.grp, 0),"                               \
	" coalesce(p.name, g.name, ''), k.url"
#define ASKED_OF                                                               \
	" JOIN target t ON t.id = k.target"                                    \
	" JOIN remote r ON r.target = k.target"                                \
	" LEFT JOIN agent p ON p.id = r.proxy"                                 \
	" LEFT JOIN proxy_group g ON g.id = r.grp"

enum status
q_tasks_waiting(struct store *s, waiting_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 ASKED " FROM task k" ASKED_OF
		       " WHERE k.agent IS NULL AND k.state = 1"
		       " ORDER BY k.scan, k.id");
	return waiting_each(&q, fn, arg);
}

enum status
q_tasks_held(struct store *s, held_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 ASKED ", h.id, h.name, k.state, k.wanted FROM agent h"
		       " CROSS JOIN task k ON k.agent = h.id"
		       " AND k.state IN (1, 2, 3)" ASKED_OF
		       " WHERE h.kinds <> '' AND k.url <> '' AND k.outcome = 0"
		       " ORDER BY k.scan, k.id");
	return held_each(&q, fn, arg);
}

enum status
q_task_asks(struct store *s, uint64_t task, waiting_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, ASKED " FROM task k" ASKED_OF " WHERE k.id = ?");
	sql_num(&q, task);
	return waiting_each(&q, fn, arg);
}

enum status
q_tasks_tried(struct store *s, uint64_t task, tried_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT d.task, d.agent, a.name, d.why FROM task_tried d"
		 " JOIN task k ON k.id = d.task JOIN agent a ON a.id = d.agent"
		 " WHERE CASE WHEN ?1 = 0 THEN k.state IN (1, 2, 3)"
		 "  ELSE d.task = ?1 END ORDER BY d.task, d.agent");
	sql_num(&q, task);
	return tried_each(&q, fn, arg);
}

/* ---- groups ---------------------------------------------------------------
 */

static enum status
name_is_taken(struct store *s, uint64_t but, struct span name, bool *taken)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s,
		 "SELECT count(*) FROM proxy_group WHERE name = ? AND id <> ?");
	sql_text(&q, name);
	sql_num(&q, but);
	st = sql_number(&q, &n);
	*taken = n > 0;
	return st;
}

enum status
q_proxy_group_add(struct store *s, struct span name, int64_t now, uint64_t *id)
{
	struct sql q;
	bool taken = false;
	enum status st = name_is_taken(s, 0, name, &taken);

	if (st != ST_OK || taken)
		return taken ? ST_EXISTS : st;
	sql_open(&q, s,
		 "INSERT INTO proxy_group (name, created) VALUES (?, ?)");
	sql_text(&q, name);
	sql_int(&q, now);
	return sql_insert(&q, id);
}

enum status
q_proxy_group_name(struct store *s, uint64_t id, struct span name)
{
	struct sql q;
	bool taken = false;
	enum status st = name_is_taken(s, id, name, &taken);

	if (st != ST_OK || taken)
		return taken ? ST_EXISTS : st;
	sql_open(&q, s, "UPDATE proxy_group SET name = ? WHERE id = ?");
	sql_text(&q, name);
	sql_num(&q, id);
	return sql_change(&q);
}

enum status
q_proxy_group_set(struct store *s, uint64_t id, const uint64_t *agents,
		  size_t n)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "DELETE FROM proxy_member WHERE grp = ?");
	sql_num(&q, id);
	st = sql_run(&q);
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		sql_open(&q, s,
			 "INSERT OR IGNORE INTO proxy_member (grp, agent)"
			 " VALUES (?, ?)");
		sql_num(&q, id);
		sql_num(&q, agents[i]);
		st = sql_run(&q);
	}
	return st;
}

enum status
q_proxy_group_remove(struct store *s, uint64_t id)
{
	struct sql q;
	uint64_t n = 0;
	enum status st = sql_number_of(
	    s, "SELECT count(*) FROM remote WHERE grp = ?", id, &n);

	if (st != ST_OK || n > 0)
		return n > 0 ? ST_EXISTS : st;
	sql_open(&q, s, "DELETE FROM proxy_group WHERE id = ?");
	sql_num(&q, id);
	return sql_change(&q);
}

/* ---- tasks ----------------------------------------------------------------
 */

enum status
q_task_add_remote(struct store *s, uint64_t scan, uint64_t target, uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO task (scan, target, state, url, options,"
		 " credential) SELECT ?1, t.id, 1, t.url,"
		 " ifnull(r.options, x''), ifnull(r.credential, '')"
		 " FROM target t LEFT JOIN remote r ON r.target = t.id"
		 " WHERE t.id = ?2");
	sql_num(&q, scan);
	sql_num(&q, target);
	return sql_insert(&q, id);
}

enum status
q_task_assign(struct store *s, uint64_t id, uint64_t agent)
{
	struct sql q;

	sql_open(&q, s, "UPDATE task SET agent = ?, message = '' WHERE id = ?");
	sql_num(&q, agent);
	sql_num(&q, id);
	return sql_change(&q);
}

enum status
q_task_tried(struct store *s, uint64_t id, uint64_t agent, struct span why)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT OR REPLACE INTO task_tried (task, agent, why)"
		 " VALUES (?, ?, ?)");
	sql_num(&q, id);
	sql_num(&q, agent);
	sql_text(&q, why);
	return sql_run(&q);
}

enum status
q_task_waits(struct store *s, uint64_t id, struct span why)
{
	struct sql q;

	sql_open(&q, s, "UPDATE task SET message = ? WHERE id = ?");
	sql_text(&q, why);
	sql_num(&q, id);
	return sql_change(&q);
}

enum status
q_task_renew(struct store *s, uint64_t id, uint8_t state, uint64_t *fresh)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "INSERT INTO task (scan, target, state, url, options,"
		 " credential) SELECT scan, target, ?, url, options, credential"
		 " FROM task WHERE id = ?");
	sql_int(&q, state);
	sql_num(&q, id);
	st = sql_insert(&q, fresh);
	if (st != ST_OK)
		return st;
	sql_open(&q, s, "UPDATE task_tried SET task = ? WHERE task = ?");
	sql_num(&q, *fresh);
	sql_num(&q, id);
	st = sql_run(&q);
	if (st != ST_OK)
		return st;
	sql_open(&q, s, "DELETE FROM task WHERE id = ?"); /* and its ledger */
	sql_num(&q, id);
	return sql_change(&q);
}
