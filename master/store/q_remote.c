#include "master/store/q_remote.h"

#include "master/store/sql.h"
#include "model/task.h"

#define REMOTE_COLUMNS                                                         \
	"SELECT t.id, t.name, t.grp, t.kind, t.url, r.options, r.credential,"  \
	" ifnull(r.proxy, 0), ifnull(r.grp, 0), ifnull(p.name, ''),"           \
	" ifnull(g.name, ''), t.created, t.scanned, t.findings, t.critical,"   \
	" t.matches, ifnull(k.id, 0), ifnull(k.scan, 0), ifnull(k.state, 0),"  \
	" ifnull(k.finished, 0), ifnull(k.message, ''), ifnull(k.agent, 0),"   \
	" ifnull(a.name, '') FROM remote r JOIN target t ON t.id = r.target"   \
	" LEFT JOIN agent p ON p.id = r.proxy"                                 \
	" LEFT JOIN proxy_group g ON g.id = r.grp"                             \
	" LEFT JOIN task k ON k.id ="                                          \
	"  (SELECT max(id) FROM task WHERE target = t.id)"                     \
	" LEFT JOIN agent a ON a.id = k.agent"

static void
read_row(struct sql *q, struct remote_row *r)
{
	*r = (struct remote_row){
	    .target = sql_get_num(q, 0),
	    .name = sql_get_span(q, 1),
	    .group = sql_get_span(q, 2),
	    .kind = sql_get_span(q, 3),
	    .url = sql_get_span(q, 4),
	    .options = sql_get_span(q, 5),
	    .credential = sql_get_span(q, 6),
	    .proxy = sql_get_num(q, 7),
	    .proxies = sql_get_num(q, 8),
	    .proxy_name = sql_get_span(q, 9),
	    .proxies_name = sql_get_span(q, 10),
	    .created = sql_get(q, 11),
	    .scanned = sql_get(q, 12),
	    .findings = sql_get_num(q, 13),
	    .critical = sql_get_num(q, 14),
	    .matches = sql_get_num(q, 15),
	    .task = sql_get_num(q, 16),
	    .scan = sql_get_num(q, 17),
	    .state = (uint8_t)sql_get(q, 18),
	    .ended = sql_get(q, 19),
	    .message = sql_get_span(q, 20),
	    .agent = sql_get_num(q, 21),
	    .agent_name = sql_get_span(q, 22),
	};
}

SQL_EACH(remote, read_row)
SQL_ONE(remote, read_row)

enum status
q_remotes_list(struct store *s, uint64_t skip, uint32_t limit, remote_fn *fn,
	       void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 REMOTE_COLUMNS " ORDER BY t.name COLLATE NOCASE, t.id"
				" LIMIT ? OFFSET ?");
	sql_int(&q, limit);
	sql_num(&q, skip);
	return remote_each(&q, fn, arg);
}

enum status
q_remotes_count(struct store *s, uint64_t *out)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s, "SELECT count(*) FROM remote");
	st = sql_number(&q, &n);
	if (st == ST_OK)
		*out = (uint64_t)n;
	return st;
}

enum status
q_remote_get(struct store *s, uint64_t target, remote_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, REMOTE_COLUMNS " WHERE r.target = ?");
	sql_num(&q, target);
	return remote_one(&q, fn, arg);
}

enum status
q_remote_busy(struct store *s, uint64_t target, bool *busy)
{
	uint64_t n = 0;
	enum status st = sql_number_of(
	    s, "SELECT count(*) FROM task WHERE target = ? AND state < 4",
	    target, &n);

	if (st == ST_OK)
		*busy = n > 0;
	return st;
}

/* ---- writing ------------------------------------------------------------- */

static void
bind_id(struct sql *q, uint64_t id)
{
	if (id != 0)
		sql_num(q, id);
	else
		sql_null(q);
}

/* The target that a removed one of this address left behind; or a new one. */
static enum status
target_for(struct store *s, const struct remote_row *r, uint64_t *target)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s, "SELECT id FROM target WHERE url = ? AND url <> ''");
	sql_text(&q, r->url);
	st = sql_number(&q, &n);
	if (st == ST_OK)
		*target = (uint64_t)n;
	if (st != ST_NOTFOUND)
		return st;
	sql_open(&q, s,
		 "INSERT INTO target (kind, name, grp, url, created)"
		 " VALUES (?, ?, ?, ?, ?)");
	sql_text(&q, r->kind);
	sql_text(&q, r->name);
	sql_text(&q, r->group);
	sql_text(&q, r->url);
	sql_int(&q, r->created);
	return sql_insert(&q, target);
}

static enum status
name_target(struct store *s, const struct remote_row *r)
{
	struct sql q;

	sql_open(
	    &q, s,
	    "UPDATE target SET name = ?, grp = ?, hidden = 0 WHERE id = ?");
	sql_text(&q, r->name);
	sql_text(&q, r->group);
	sql_num(&q, r->target);
	return sql_change(&q);
}

enum status
q_remote_add(struct store *s, const struct remote_row *r, uint64_t *target)
{
	struct remote_row named = *r;
	struct sql q;
	uint64_t have = 0;
	enum status st = target_for(s, r, &named.target);

	if (st == ST_OK)
		st = sql_number_of(
		    s, "SELECT count(*) FROM remote WHERE target = ?",
		    named.target, &have);
	if (st == ST_OK && have > 0)
		return ST_EXISTS;
	if (st == ST_OK)
		st = name_target(s, &named);
	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "INSERT INTO remote (target, options, credential, proxy, grp)"
		 " VALUES (?, ?, ?, ?, ?)");
	sql_num(&q, named.target);
	sql_blob(&q, r->options);
	sql_text(&q, r->credential);
	bind_id(&q, r->proxy);
	bind_id(&q, r->proxies);
	st = sql_run(&q);
	if (st == ST_OK)
		*target = named.target;
	return st;
}

/*
 * A task that somebody has may have read with what was there before: what it
 * does not meet then proves nothing (source/reach.h).
 */
static enum status
change_tasks(struct store *s, const struct remote_row *r)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE task SET credential = ?2, options = CASE"
		 " WHEN agent IS NULL AND started = 0 THEN ?3 ELSE x'00' END"
		 " WHERE target = ?1 AND state < ?4 AND outcome = 0"
		 " AND (options <> ?3 OR credential <> ?2)");
	sql_num(&q, r->target);
	sql_text(&q, r->credential);
	sql_blob(&q, r->options);
	sql_int(&q, TASK_DONE);
	return sql_run(&q);
}

enum status
q_remote_change(struct store *s, const struct remote_row *r)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "UPDATE remote SET options = ?, credential = ?, proxy = ?,"
		 " grp = ? WHERE target = ?");
	sql_blob(&q, r->options);
	sql_text(&q, r->credential);
	bind_id(&q, r->proxy);
	bind_id(&q, r->proxies);
	sql_num(&q, r->target);
	st = sql_change(&q);
	if (st == ST_OK)
		st = change_tasks(s, r);
	return st == ST_OK ? name_target(s, r) : st;
}

enum status
q_remote_remove(struct store *s, uint64_t target)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "DELETE FROM remote WHERE target = ?");
	sql_num(&q, target);
	st = sql_change(&q);
	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "DELETE FROM target WHERE id = ?1 AND url <> ''"
		 " AND NOT EXISTS (SELECT 1 FROM task WHERE target = ?1)");
	sql_num(&q, target);
	st = sql_run(&q);
	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "UPDATE target SET hidden = 1 WHERE id = ?1 AND url <> ''"
		 " AND NOT EXISTS (SELECT 1 FROM folder WHERE target = ?1)");
	sql_num(&q, target);
	return sql_run(&q);
}
