#include "master/store/q_scans.h"

#include "master/store/sql.h"

#define SCAN_COLUMNS                                                           \
	"SELECT s.id, s.name, s.types, s.state, s.min_confidence, s.jobs,"     \
	" s.bytes_per_second, s.created, s.started, s.finished, s.created_by," \
	" count(k.id), ifnull(sum(k.state >= 4), 0),"                          \
	" ifnull(sum(k.done_objects), 0), ifnull(sum(k.done_bytes), 0),"       \
	" ifnull(sum(k.total_objects), 0), ifnull(sum(k.total_bytes), 0),"     \
	" ifnull(min(k.total_exact), 0), ifnull(sum(k.matches), 0),"           \
	" ifnull(sum(k.full), 0), ifnull(sum(k.partial), 0),"                  \
	" ifnull(sum(k.unread), 0),"                                           \
	" ifnull(sum(CASE WHEN k.state = 2 THEN k.rate END), 0),"              \
	" ifnull(max(k.moved), 0), s.limits, s.ocr, s.skip_unchanged"
#define SCAN_TASKS " LEFT JOIN task k ON k.scan = s.id GROUP BY s.id"

static void
read_scan(struct sql *q, struct scan_row *r)
{
	*r = (struct scan_row){
	    .id = sql_get_num(q, 0),
	    .name = sql_get_span(q, 1),
	    .types = sql_get_span(q, 2),
	    .state = (uint8_t)sql_get(q, 3),
	    .min_confidence = (uint8_t)sql_get(q, 4),
	    .jobs = (uint8_t)sql_get(q, 5),
	    .bytes_per_second = sql_get_num(q, 6),
	    .created = sql_get(q, 7),
	    .started = sql_get(q, 8),
	    .finished = sql_get(q, 9),
	    .created_by = sql_get_span(q, 10),
	    .tasks = (uint32_t)sql_get(q, 11),
	    .tasks_over = (uint32_t)sql_get(q, 12),
	    .done_objects = sql_get_num(q, 13),
	    .done_bytes = sql_get_num(q, 14),
	    .total_objects = sql_get_num(q, 15),
	    .total_bytes = sql_get_num(q, 16),
	    .total_exact = sql_get(q, 17) != 0,
	    .matches = sql_get_num(q, 18),
	    .full = sql_get_num(q, 19),
	    .partial = sql_get_num(q, 20),
	    .unread = sql_get_num(q, 21),
	    .rate = sql_get_num(q, 22),
	    .moved = sql_get(q, 23),
	    .limits = sql_get_span(q, 24),
	    .ocr = sql_get_span(q, 25),
	    .skip_unchanged = sql_get(q, 26) != 0,
	};
}

SQL_EACH(scan, read_scan)

enum status
q_scans_list(struct store *s, uint64_t before, unsigned state, uint32_t limit,
	     scan_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 SCAN_COLUMNS " FROM (SELECT * FROM scan WHERE id < ?1"
			      " AND (?2 = 0 OR state = ?2)"
			      " ORDER BY id DESC LIMIT ?3) s" SCAN_TASKS
			      " ORDER BY s.id DESC");
	sql_int(&q, before == 0 ? INT64_MAX : (int64_t)before);
	sql_int(&q, state);
	sql_int(&q, limit);
	return scan_each(&q, fn, arg);
}

enum status
q_scans_live(struct store *s, scan_fn *fn, void *arg)
{
	struct sql q;

	sql_open(
	    &q, s,
	    SCAN_COLUMNS
	    " FROM (SELECT * FROM scan WHERE state IN (1, 2, 3)) s" SCAN_TASKS
	    " ORDER BY s.id");
	return scan_each(&q, fn, arg);
}

struct found {
	scan_fn *fn;
	void *arg;
	bool any;
};

static enum status
note_found(void *arg, const struct scan_row *row)
{
	struct found *f = arg;

	f->any = true;
	return f->fn(f->arg, row);
}

enum status
q_scan_get(struct store *s, uint64_t id, scan_fn *fn, void *arg)
{
	struct found found = {.fn = fn, .arg = arg};
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 SCAN_COLUMNS
		 " FROM (SELECT * FROM scan WHERE id = ?) s" SCAN_TASKS);
	sql_num(&q, id);
	st = scan_each(&q, note_found, &found);
	return st == ST_OK && !found.any ? ST_NOTFOUND : st;
}

enum status
q_scan_paths(struct store *s, uint64_t scan, path_fn *fn, void *arg)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "SELECT path FROM scan_path WHERE scan = ? ORDER BY n");
	sql_num(&q, scan);
	while ((st = sql_step(&q)) == ST_OK) {
		st = fn(arg, sql_get_span(&q, 0));
		if (st != ST_OK)
			break;
	}
	sql_close(&q);
	return st == ST_EOF ? ST_OK : st;
}

#define TASK_COLUMNS                                                           \
	"SELECT k.id, k.scan, ifnull(k.agent, 0), k.target,"                   \
	" ifnull(a.name, ''), t.name, ifnull(a.online, 0), k.state, k.wanted," \
	" k.outcome, k.swept, k.message, k.started, k.finished, k.moved,"      \
	" k.objects, k.bytes, k.full, k.partial, k.unread, k.matches,"         \
	" k.done_objects, k.done_bytes, k.total_objects, k.total_bytes,"       \
	" k.total_exact, k.rate, k.current, k.url, k.options,"                 \
	" k.credential FROM task k"                                            \
	" JOIN target t ON t.id = k.target LEFT JOIN agent a ON a.id = "       \
	"k.agent"

static void
read_task(struct sql *q, struct task_row *r)
{
	*r = (struct task_row){
	    .id = sql_get_num(q, 0),
	    .scan = sql_get_num(q, 1),
	    .agent = sql_get_num(q, 2),
	    .target = sql_get_num(q, 3),
	    .agent_name = sql_get_span(q, 4),
	    .target_name = sql_get_span(q, 5),
	    .online = sql_get(q, 6) != 0,
	    .state = (uint8_t)sql_get(q, 7),
	    .wanted = (uint8_t)sql_get(q, 8),
	    .outcome = (uint8_t)sql_get(q, 9),
	    .swept = sql_get(q, 10) != 0,
	    .message = sql_get_span(q, 11),
	    .started = sql_get(q, 12),
	    .finished = sql_get(q, 13),
	    .moved = sql_get(q, 14),
	    .objects = sql_get_num(q, 15),
	    .bytes = sql_get_num(q, 16),
	    .full = sql_get_num(q, 17),
	    .partial = sql_get_num(q, 18),
	    .unread = sql_get_num(q, 19),
	    .matches = sql_get_num(q, 20),
	    .done_objects = sql_get_num(q, 21),
	    .done_bytes = sql_get_num(q, 22),
	    .total_objects = sql_get_num(q, 23),
	    .total_bytes = sql_get_num(q, 24),
	    .total_exact = sql_get(q, 25) != 0,
	    .rate = sql_get_num(q, 26),
	    .current = sql_get_span(q, 27),
	    .url = sql_get_span(q, 28),
	    .options = sql_get_span(q, 29),
	    .credential = sql_get_span(q, 30),
	};
}

static enum status
each_task(struct sql *q, task_fn *fn, void *arg, bool want)
{
	struct task_row row;
	enum status st;
	bool any = false;

	while ((st = sql_step(q)) == ST_OK) {
		read_task(q, &row);
		any = true;
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	sql_close(q);
	if (st == ST_EOF)
		return any || !want ? ST_OK : ST_NOTFOUND;
	return st;
}

enum status
q_scan_tasks(struct store *s, uint64_t scan, task_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, TASK_COLUMNS " WHERE k.scan = ? ORDER BY k.id");
	sql_num(&q, scan);
	return each_task(&q, fn, arg, false);
}

enum status
q_task_get(struct store *s, uint64_t id, task_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, TASK_COLUMNS " WHERE k.id = ?");
	sql_num(&q, id);
	return each_task(&q, fn, arg, true);
}

enum status
q_task_of(struct store *s, uint64_t scan, uint64_t target, task_fn *fn,
	  void *arg)
{
	struct sql q;

	sql_open(&q, s, TASK_COLUMNS " WHERE k.scan = ? AND k.target = ?");
	sql_num(&q, scan);
	sql_num(&q, target);
	return each_task(&q, fn, arg, true);
}

enum status
q_agent_tasks(struct store *s, uint64_t agent, task_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 TASK_COLUMNS " WHERE k.agent = ? AND k.state IN (1, 2, 3)"
			      " ORDER BY k.id");
	sql_num(&q, agent);
	return each_task(&q, fn, arg, false);
}

enum status
q_target_tasks(struct store *s, uint64_t target, task_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 TASK_COLUMNS " WHERE k.target = ? AND k.state IN (1, 2, 3)"
			      " ORDER BY k.id");
	sql_num(&q, target);
	return each_task(&q, fn, arg, false);
}

enum status
q_tasks_unswept(struct store *s, task_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 TASK_COLUMNS " WHERE k.outcome > 0 AND k.swept = 0"
			      " ORDER BY k.id");
	return each_task(&q, fn, arg, false);
}

static enum status
add_paths(struct store *s, uint64_t scan, const struct span *paths, size_t n)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < n; i++) {
		struct sql q;

		sql_open(&q, s,
			 "INSERT INTO scan_path (scan, n, path)"
			 " VALUES (?, ?, ?)");
		sql_num(&q, scan);
		sql_num(&q, i);
		sql_blob(&q, paths[i]);
		st = sql_run(&q);
	}
	return st;
}

enum status
q_scan_add(struct store *s, const struct scan_row *r, const struct span *paths,
	   size_t path_count, uint64_t *id)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "INSERT INTO scan (name, state, types, min_confidence, jobs,"
		 " bytes_per_second, limits, ocr, skip_unchanged, created,"
		 " created_by) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_text(&q, r->name);
	sql_text(&q, r->types);
	sql_int(&q, r->min_confidence);
	sql_int(&q, r->jobs);
	sql_num(&q, r->bytes_per_second);
	sql_text(&q, r->limits);
	sql_text(&q, r->ocr);
	sql_int(&q, r->skip_unchanged);
	sql_int(&q, r->created);
	sql_text(&q, r->created_by);
	st = sql_run(&q);
	if (st != ST_OK)
		return st;
	*id = (uint64_t)sql_last_id(s);
	return add_paths(s, *id, paths, path_count);
}

enum status
q_task_add(struct store *s, uint64_t scan, uint64_t agent, uint64_t target,
	   uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO task (scan, agent, target, state)"
		 " VALUES (?, ?, ?, 1)");
	sql_num(&q, scan);
	sql_num(&q, agent);
	sql_num(&q, target);
	return sql_insert(&q, id);
}

enum status
q_task_set_state(struct store *s, uint64_t id, enum task_state state,
		 struct span message, int64_t now)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE task SET state = ?1, message = ?2,"
		 " started = CASE WHEN started = 0 AND ?1 = 2 THEN ?3"
		 "  ELSE started END,"
		 " finished = CASE WHEN ?1 >= 4 THEN ?3 ELSE 0 END,"
		 " rate = CASE WHEN ?1 = 2 THEN rate ELSE 0 END,"
		 " moved = ?3 WHERE id = ?4");
	sql_int(&q, state);
	sql_text(&q, message);
	sql_int(&q, now);
	sql_num(&q, id);
	return sql_run(&q);
}

enum status
q_task_set_wanted(struct store *s, uint64_t id, unsigned wanted)
{
	struct sql q;

	sql_open(&q, s, "UPDATE task SET wanted = ? WHERE id = ?");
	sql_int(&q, wanted);
	sql_num(&q, id);
	return sql_run(&q);
}

enum status
q_task_settle(struct store *s, uint64_t id)
{
	struct sql q;

	sql_open(&q, s, "UPDATE task SET swept = 1, wanted = 0 WHERE id = ?");
	sql_num(&q, id);
	return sql_run(&q);
}

enum status
q_task_set_progress(struct store *s, uint64_t id, const struct scan_progress *p,
		    uint64_t rate, int64_t moved)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE task SET done_objects = ?, done_bytes = ?,"
		 " total_objects = ?, total_bytes = ?, total_exact = ?,"
		 " rate = ?, current = ?, moved = max(moved, ?) WHERE id = ?");
	sql_count(&q, p->done_objects);
	sql_count(&q, p->done_bytes);
	sql_count(&q, p->total_objects);
	sql_count(&q, p->total_bytes);
	sql_int(&q, p->total_exact != 0);
	sql_count(&q, rate);
	sql_blob(&q, p->current);
	sql_int(&q, moved);
	sql_num(&q, id);
	return sql_run(&q);
}

enum status
q_scan_follow(struct store *s, uint64_t scan, int64_t now)
{
	struct sql q;

	/*
	 * Once all are over: 7 partial when one failed and another did not,
	 * else 6 failed before 5 stopped before 4 done.
	 */
	sql_open(&q, s,
		 "UPDATE scan SET state = x.state, started = CASE WHEN"
		 " scan.started = 0 AND x.state <> 1 THEN ?1"
		 " ELSE scan.started END,"
		 " finished = CASE WHEN x.state >= 4 THEN ?1 ELSE 0 END"
		 " FROM (SELECT CASE WHEN min(state) >= 4 AND max(state = 6)"
		 "  AND max(state = 4) THEN 7 WHEN min(state) >= 4 THEN"
		 "  max(state)"
		 "  WHEN max(state = 2) THEN 2 WHEN max(state = 3) THEN 3"
		 "  WHEN max(state >= 4) THEN 2 ELSE 1 END AS state FROM task"
		 "  WHERE scan = ?2) x WHERE scan.id = ?2"
		 " AND scan.state <> x.state");
	sql_int(&q, now);
	sql_num(&q, scan);
	return sql_run(&q);
}
