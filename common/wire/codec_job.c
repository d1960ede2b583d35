#include "wire/codec_job.h"

#include <string.h>

#include "model/languages.h"
#include "model/task.h"
#include "wire/pb/job.pb-c.h"
#include "wire/proto.h"

#define PATH_MAX_LEN 4096 /* bytes */
#define TYPE_MAX_LEN 128  /* bytes of an id or a glob */

enum status
task_order_encode(const struct task_order *m, struct buf *to)
{
	Trawl__TaskOrder p = TRAWL__TASK_ORDER__INIT;
	ProtobufCBinaryData paths[ORDER_PATHS_MAX], types[ORDER_TYPES_MAX];
	const struct scan_order *o = &m->order;

	if (o->path_count > ORDER_PATHS_MAX || o->type_count > ORDER_TYPES_MAX)
		return ST_LIMIT;
	for (size_t i = 0; i < o->path_count; i++)
		paths[i] = proto_bytes(o->paths[i]);
	for (size_t i = 0; i < o->type_count; i++)
		types[i] = proto_bytes(o->types[i]);
	p.task = m->task;
	p.scan = m->scan;
	p.target = m->target;
	p.n_paths = o->path_count;
	p.paths = paths;
	p.n_types = o->type_count;
	p.types = types;
	p.min_confidence = o->min_confidence;
	p.jobs = o->jobs;
	p.bytes_per_second = o->bytes_per_second;
	p.want_totals = o->want_totals;
	p.limits = proto_bytes(o->limits);
	p.ocr = proto_bytes(o->ocr);
	p.options = proto_bytes(o->options);
	p.credential = proto_bytes(o->credential);
	p.skip_unchanged = o->skip_unchanged;
	return proto_pack(&p.base, to);
}

static bool
take_lists(const Trawl__TaskOrder *p, struct scan_order *o)
{
	if (p->n_paths > ORDER_PATHS_MAX || p->n_types > ORDER_TYPES_MAX)
		return false;
	o->path_count = p->n_paths;
	for (size_t i = 0; i < p->n_paths; i++)
		if (!proto_path(p->paths[i], PATH_MAX_LEN, &o->paths[i]))
			return false;
	o->type_count = p->n_types;
	for (size_t i = 0; i < p->n_types; i++)
		if (!proto_text(p->types[i], TYPE_MAX_LEN, &o->types[i]))
			return false;
	return true;
}

enum status
task_order_decode(struct span s, struct arena *a, struct task_order *m)
{
	void *raw;
	const Trawl__TaskOrder *p;
	enum status st =
	    proto_unpack(&trawl__task_order__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (!take_lists(p, &m->order) || p->min_confidence > 100 ||
	    p->jobs > UINT8_MAX || p->want_totals > 1 ||
	    p->skip_unchanged > 1 ||
	    !proto_text(p->limits, ORDER_LIMITS_MAX, &m->order.limits) ||
	    !proto_text(p->ocr, ORDER_OCR_MAX, &m->order.ocr) ||
	    (m->order.ocr.len > 0 && !languages_good(m->order.ocr)) ||
	    !proto_take(p->options, ORDER_OPTIONS_MAX, &m->order.options) ||
	    !proto_text(p->credential, CREDENTIAL_NAME_MAX,
			&m->order.credential))
		return ST_MALFORMED;
	m->task = p->task;
	m->scan = p->scan;
	m->target = p->target;
	m->order.min_confidence = (uint8_t)p->min_confidence;
	m->order.jobs = (uint8_t)p->jobs;
	m->order.want_totals = (uint8_t)p->want_totals;
	m->order.bytes_per_second = p->bytes_per_second;
	m->order.skip_unchanged = (uint8_t)p->skip_unchanged;
	return ST_OK;
}

enum status
task_control_encode(const struct task_control *m, struct buf *to)
{
	Trawl__TaskControl p = TRAWL__TASK_CONTROL__INIT;

	p.task = m->task;
	p.action = m->action;
	return proto_pack(&p.base, to);
}

enum status
task_control_decode(struct span s, struct arena *a, struct task_control *m)
{
	void *raw;
	const Trawl__TaskControl *p;
	enum status st =
	    proto_unpack(&trawl__task_control__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (p->action < TASK_PAUSE || p->action > TASK_STOP)
		return ST_MALFORMED;
	m->task = p->task;
	m->action = (uint8_t)p->action;
	return ST_OK;
}

enum status
task_progress_encode(const struct task_progress *m, struct buf *to)
{
	Trawl__TaskProgress p = TRAWL__TASK_PROGRESS__INIT;
	const struct scan_progress *s = &m->progress;

	p.task = m->task;
	p.state = m->state;
	p.done_objects = s->done_objects;
	p.done_bytes = s->done_bytes;
	p.total_objects = s->total_objects;
	p.total_bytes = s->total_bytes;
	p.total_exact = s->total_exact;
	p.findings = s->findings;
	p.partial = s->partial;
	p.unread = s->unread;
	p.skipped_dirs = s->skipped_dirs;
	p.current = proto_bytes(s->current);
	p.bytes_per_second = m->bytes_per_second;
	p.signs = s->signs;
	return proto_pack(&p.base, to);
}

enum status
task_progress_decode(struct span s, struct arena *a, struct task_progress *m)
{
	void *raw;
	const Trawl__TaskProgress *p;
	struct scan_progress *to = &m->progress;
	enum status st =
	    proto_unpack(&trawl__task_progress__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (p->state > UINT8_MAX || p->total_exact > 1 ||
	    !proto_take(p->current, PATH_MAX_LEN, &to->current))
		return ST_MALFORMED;
	m->task = p->task;
	m->state = (uint8_t)p->state;
	to->done_objects = p->done_objects;
	to->done_bytes = p->done_bytes;
	to->total_objects = p->total_objects;
	to->total_bytes = p->total_bytes;
	to->total_exact = (uint8_t)p->total_exact;
	to->findings = p->findings;
	to->partial = p->partial;
	to->unread = p->unread;
	to->skipped_dirs = p->skipped_dirs;
	m->bytes_per_second = p->bytes_per_second;
	to->signs = p->signs;
	return ST_OK;
}
