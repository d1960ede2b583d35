#include "master/ingest/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "master/ingest/scope.h"
#include "master/store/q_ingest.h"
#include "master/store/q_scans.h"
#include "master/store/words.h"
#include "model/object.h"
#include "model/order.h"

struct sweep {
	struct store *store;
	struct rollup *rollup;
	struct scope scope;
	uint64_t task, scan, target, gone;
	uint8_t outcome;
	struct buf roots[ORDER_PATHS_MAX]; /* without a slash at the end */
	size_t root_count, root;           /* root: being swept */
	struct buf after;                  /* path that was looked at last */
	uint64_t after_id;
	uint32_t seen; /* rows of this step */
	int64_t now;
};

/* A target on another host is looked at as a whole: its root is "". */
static enum status
note_task(void *arg, const struct task_row *row)
{
	struct sweep *w = arg;

	w->scan = row->scan;
	w->target = row->target;
	w->outcome = row->outcome;
	w->root_count = row->url.len > 0 ? 1 : 0;
	return scope_set_task(&w->scope, row);
}

static enum status
note_scan(void *arg, const struct scan_row *row)
{
	struct sweep *w = arg;

	return scope_set_scan(&w->scope, row);
}

static enum status
note_root(void *arg, struct span path)
{
	struct sweep *w = arg;

	if (w->root_count == ORDER_PATHS_MAX)
		return ST_LIMIT;
	while (path.len > 0 && path.ptr[path.len - 1] == '/')
		path.len--;
	return buf_add(&w->roots[w->root_count++], path.ptr, path.len);
}

enum status
sweep_open(struct store *s, struct rollup *r, uint64_t task,
	   scope_default_fn *is_default, void *arg, struct sweep **out)
{
	struct sweep *w = calloc(1, sizeof(*w));
	enum status st;

	if (w == NULL)
		return ST_NOMEM;
	w->store = s;
	w->rollup = r;
	w->task = task;
	scope_init(&w->scope, s, is_default, arg);
	buf_init(&w->after, STALE_ROOT_MAX);
	for (size_t i = 0; i < ORDER_PATHS_MAX; i++)
		buf_init(&w->roots[i], STALE_ROOT_MAX);
	st = q_task_get(s, task, note_task, w);
	if (st == ST_OK)
		st = q_scan_get(s, w->scan, note_scan, w);
	if (st == ST_OK && w->root_count == 0)
		st = q_scan_paths(s, w->scan, note_root, w);
	if (st != ST_OK) {
		sweep_close(w);
		return st;
	}
	*out = w;
	return ST_OK;
}

void
sweep_close(struct sweep *w)
{
	if (w == NULL)
		return;
	scope_fini(&w->scope);
	buf_fini(&w->after);
	for (size_t i = 0; i < ORDER_PATHS_MAX; i++)
		buf_fini(&w->roots[i]);
	free(w);
}

uint64_t
sweep_task(const struct sweep *w)
{
	return w->task;
}

uint64_t
sweep_gone(const struct sweep *w)
{
	return w->gone;
}

/* A folder above it, down from the root, that the task could not read. */
static enum status
stands_in_the_dark(struct sweep *w, struct span path, bool *dark)
{
	struct span root = buf_span(&w->roots[w->root]);
	uint8_t coverage = 0, reason = 0;
	enum status st = ST_OK;

	*dark = false;
	for (size_t n = root.len; st == ST_OK && !*dark && n < path.len; n++) {
		if (path.ptr[n] != '/')
			continue;
		st = q_coverage_of(w->store, w->task,
				   span_of(path.ptr, n > 0 ? n : 1), &coverage,
				   &reason);
		*dark = coverage == COVERAGE_NONE;
	}
	if (st != ST_OK || *dark)
		return st;
	st = q_coverage_of(w->store, w->task, path, &coverage, &reason);
	*dark =
	    coverage != 0 && (reason != COVER_VANISHED || path.len == root.len);
	return st;
}

static enum status
let_go(struct sweep *w, const struct stale_row *row)
{
	struct finding_stored f = row->finding;
	struct rollup_side was = {.type = f.type,
				  .risk = f.risk,
				  .state = f.state,
				  .matches = f.matches};
	struct rollup_side is = was;
	enum status st = q_matches_drop(w->store, f.id, false, NULL);

	is.state = f.state = FINDING_GONE;
	is.matches = f.matches = 0;
	if (st == ST_OK)
		st = q_finding_update(w->store, &f);
	if (st == ST_OK && rollup_crowded(w->rollup))
		st = rollup_flush(w->rollup, w->now);
	if (st == ST_OK)
		st = rollup_change(w->rollup, f.target, f.folder, &was, &is);
	if (st == ST_OK)
		w->gone++;
	return st;
}

static enum status
look_at(void *arg, const struct stale_row *row)
{
	struct sweep *w = arg;
	bool covers = false, dark = false;
	enum status st;

	w->seen++;
	buf_clear(&w->after);
	st = buf_add(&w->after, row->path.ptr, row->path.len);
	w->after_id = row->finding.id;
	if (st != ST_OK || !row->below ||
	    (row->met && row->coverage == COVERAGE_PARTIAL))
		return st;
	st = scope_covers(&w->scope, row, &covers);
	if (st != ST_OK || !covers)
		return st;
	if (!row->met || row->coverage != COVERAGE_FULL)
		st = stands_in_the_dark(w, row->path, &dark);
	return st == ST_OK && !dark ? let_go(w, row) : st;
}

static enum status
finish(struct sweep *w)
{
	return q_task_swept(w->store, w->task, w->target,
			    w->outcome == SCAN_DONE, w->now);
}

static enum status
look_below_root(struct sweep *w)
{
	struct stale_query ask = {.task = w->task,
				  .target = w->target,
				  .root = buf_span(&w->roots[w->root]),
				  .after_id = w->after_id,
				  .only_met = w->outcome != SCAN_DONE,
				  .limit = SWEEP_STEP};
	struct buf after; /* a copy: look_at() writes the next one */
	enum status st;

	buf_init(&after, STALE_ROOT_MAX);
	st = buf_add(&after, w->after.data, w->after.len);
	ask.after = buf_span(&after);
	w->seen = 0;
	if (st == ST_OK)
		st = q_stale(w->store, &ask, look_at, w);
	buf_fini(&after);
	return st;
}

enum status
sweep_step(struct sweep *w, int64_t now)
{
	enum status st;

	w->now = now;
	if (w->root == w->root_count)
		return finish(w);
	st = look_below_root(w);
	if (st != ST_OK || w->seen == SWEEP_STEP)
		return st == ST_OK ? ST_AGAIN : st;
	w->root++;
	w->after_id = 0;
	buf_clear(&w->after);
	return ST_AGAIN;
}
