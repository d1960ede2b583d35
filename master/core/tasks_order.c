#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "master/core/say.h"
#include "master/core/tasks_impl.h"
#include "master/store/q_remote.h"

#define ORDER_BYTES_MAX (1024 * 1024)

struct building {
	struct arena arena;
	struct task_order *order;
};

static enum status
note_path(void *arg, struct span path)
{
	struct building *b = arg;
	struct scan_order *o = &b->order->order;
	char *copy = arena_str(&b->arena, path);

	if (copy == NULL || o->path_count == ORDER_PATHS_MAX)
		return ST_LIMIT;
	o->paths[o->path_count++] = span_of(copy, path.len);
	return ST_OK;
}

static enum status
note_scan(void *arg, const struct scan_row *row)
{
	struct building *b = arg;
	struct scan_order *o = &b->order->order;
	char *copy = arena_str(&b->arena, row->types);
	struct span rest, type;

	if (copy == NULL)
		return ST_NOMEM;
	rest = span_of(copy, row->types.len);
	while (str_next(&rest, '\n', &type)) {
		if (o->type_count == ORDER_TYPES_MAX)
			return ST_LIMIT;
		o->types[o->type_count++] = type;
	}
	o->min_confidence = row->min_confidence;
	o->jobs = row->jobs;
	o->bytes_per_second = row->bytes_per_second;
	copy = arena_str(&b->arena, row->limits);
	if (copy == NULL)
		return ST_NOMEM;
	o->limits = span_of(copy, row->limits.len);
	copy = arena_str(&b->arena, row->ocr);
	if (copy == NULL)
		return ST_NOMEM;
	o->ocr = span_of(copy, row->ocr.len);
	o->want_totals = 1;
	o->skip_unchanged = row->skip_unchanged;
	return ST_OK;
}

/* How a target on another host is read. */
static enum status
note_remote(void *arg, const struct remote_row *row)
{
	struct building *b = arg;
	struct scan_order *o = &b->order->order;
	char *options = arena_str(&b->arena, row->options);
	char *credential = arena_str(&b->arena, row->credential);

	if (options == NULL || credential == NULL)
		return ST_NOMEM;
	o->options = span_of(options, row->options.len);
	o->credential = span_of(credential, row->credential.len);
	return ST_OK;
}

static enum status
note_places(struct core *c, const struct task_row *t, struct building *b)
{
	enum status st;

	if (t->url.len == 0)
		return q_scan_paths(c->store, t->scan, note_path, b);
	st = note_path(b, t->url);
	if (st == ST_OK)
		st = q_remote_get(c->store, t->target, note_remote, b);
	return st;
}

void
tasks_send_order(struct core *c, const struct live *a, const struct task_row *t)
{
	struct building b = {0};
	enum status st = ST_NOMEM;

	arena_init(&b.arena, ORDER_BYTES_MAX);
	b.order = arena_take(&b.arena, sizeof(*b.order));
	if (b.order != NULL) {
		b.order->task = t->id;
		b.order->scan = t->scan;
		b.order->target = t->target;
		st = q_scan_get(c->store, t->scan, note_scan, &b);
	}
	if (st == ST_OK)
		st = note_places(c, t, &b);
	if (st == ST_OK)
		say_order_to(c, a->conn, b.order);
	else
		log_error("a task cannot be ordered task=%llu reason=\"%s\"",
			  (unsigned long long)t->id, status_text(st));
	arena_fini(&b.arena);
}
