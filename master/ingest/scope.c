#include "master/ingest/scope.h"

#include "base/glob.h"
#include "base/str.h"
#include "model/order.h"
#include "source/reach.h"

#define TYPES_TEXT_MAX (ORDER_TYPES_MAX * 128)

void
scope_init(struct scope *s, struct store *store, scope_default_fn *is_default,
	   void *arg)
{
	*s = (struct scope){
	    .store = store, .is_default = is_default, .arg = arg};
	buf_init(&s->types, TYPES_TEXT_MAX);
	buf_init(&s->options, PAIRS_MAX);
	buf_init(&s->credential, CREDENTIAL_NAME_MAX);
}

void
scope_fini(struct scope *s)
{
	buf_fini(&s->types);
	buf_fini(&s->options);
	buf_fini(&s->credential);
}

enum status
scope_set_task(struct scope *s, const struct task_row *row)
{
	enum status st =
	    buf_add(&s->options, row->options.ptr, row->options.len);

	if (st == ST_OK)
		st = buf_add(&s->credential, row->credential.ptr,
			     row->credential.len);
	return st;
}

enum status
scope_set_scan(struct scope *s, const struct scan_row *row)
{
	s->min_confidence = row->min_confidence > 0 ? row->min_confidence : 50;
	s->points = row->ocr.len > 0;
	s->skips = row->skip_unchanged;
	return buf_add(&s->types, row->types.ptr, row->types.len);
}

/* ---- the task that met it -------------------------------------------------
 */

static struct reach
reach_of(struct span options, struct span credential)
{
	return (struct reach){.options = {options}, .credential = credential};
}

static enum status
compare_task(void *arg, const struct task_row *row)
{
	struct scope *s = arg;
	struct reach now =
	    reach_of(buf_span(&s->options), buf_span(&s->credential));
	struct reach then = reach_of(row->options, row->credential);

	s->objects = reach_objects(&now, &then);
	s->content = reach_content(&now, &then);
	return ST_OK;
}

static enum status
compare_scan(void *arg, const struct scan_row *row)
{
	struct scope *s = arg;

	s->same_types = span_eq(row->types, buf_span(&s->types));
	return ST_OK;
}

/* Findings of one task stand beside each other: it is read once for most. */
static enum status
look_back(struct scope *s, const struct finding_stored *f)
{
	enum status st;

	if (s->then == f->task)
		return ST_OK;
	s->then = 0;
	s->same_types = s->objects = s->content = false;
	/* its number may have been another's since: see q_task_renew() */
	st = q_task_of(s->store, f->scan, f->target, compare_task, s);
	if (st == ST_OK)
		st = q_scan_get(s->store, f->scan, compare_scan, s);
	if (st == ST_OK)
		s->then = f->task;
	return st == ST_NOTFOUND ? ST_OK : st;
}

/* ---- the finding ----------------------------------------------------------
 */

/* The types of a profile are known to agents only: the same order is the same.
 */
static bool
looked_for(const struct scope *s, const struct stale_row *row)
{
	struct span rest = buf_span(&s->types), pattern;

	if (row->finding.confidence < s->min_confidence)
		return false;
	if (rest.len == 0)
		return s->is_default(s->arg, row->type);
	if (s->same_types)
		return true;
	while (str_next(&rest, '\n', &pattern))
		if (glob_id(pattern, row->type))
			return true;
	return false;
}

/* An object that was not met: nothing but its being gone explains it. */
static bool
would_have_met(const struct scope *s, const struct stale_row *row)
{
	return row->met ? s->content : s->objects;
}

enum status
scope_covers(struct scope *s, const struct stale_row *row, bool *covers)
{
	bool points = false;
	enum status st = look_back(s, &row->finding);

	*covers = false;
	if (st != ST_OK || !looked_for(s, row) || !would_have_met(s, row))
		return st;
	if (!s->points && (row->met || s->skips))
		st = q_finding_in_points(s->store, row->finding.id, &points);
	*covers = !points;
	return st;
}
