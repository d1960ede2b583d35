#include "master/ingest/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/table.h"
#include "master/store/q_agents.h"
#include "master/store/q_ingest.h"
#include "master/store/q_scans.h"
#include "master/store/words.h"
#include "model/match.h"

#define TYPES_MAX   100000 /* names of types that are remembered */
#define ENTRIES_MAX 64     /* data types of one object at a time */

struct known_type {
	uint32_t id;
	uint8_t risk;
};

struct ingest {
	struct store *store;
	struct rollup *rollup;
	struct table *types;                /* name to struct known_type */
	uint64_t task, agent, target, scan; /* of the last batch */
	bool points;                        /* it reads the text of pictures */
};

/* One data type in the object at hand. */
struct entry {
	struct known_type type;
	struct finding_stored was, is;
	bool existed;
	uint64_t dropped; /* matches that were there twice */
};

struct work {
	struct ingest *in;
	const struct batch *batch;
	const struct object *object;
	struct object_stored stored;
	bool fresh; /* the object has just been made */
	int64_t now;
	struct entry entries[ENTRIES_MAX];
	size_t entry_count;
	uint64_t rows;
};

enum status
ingest_open(struct store *s, struct rollup *r, struct ingest **out)
{
	struct ingest *in = calloc(1, sizeof(*in));

	if (in == NULL)
		return ST_NOMEM;
	in->store = s;
	in->rollup = r;
	if (table_open(TYPES_MAX, &in->types) != ST_OK) {
		free(in);
		return ST_NOMEM;
	}
	*out = in;
	return ST_OK;
}

void
ingest_forget(struct ingest *in)
{
	struct known_type *t;
	struct span key;
	size_t at = 0;

	while ((t = table_next(in->types, &at, &key)) != NULL) {
		(void)table_take(in->types, key);
		free(t);
	}
	in->task = 0;
}

void
ingest_close(struct ingest *in)
{
	if (in == NULL)
		return;
	ingest_forget(in);
	table_close(in->types);
	free(in);
}

static enum status
type_of(struct ingest *in, struct span name, struct known_type *out)
{
	struct known_type *t = table_find(in->types, name);
	enum status st;

	if (t != NULL) {
		*out = *t;
		return ST_OK;
	}
	st = q_type_find(in->store, name, &out->id, &out->risk);
	if (st != ST_OK)
		return st;
	t = malloc(sizeof(*t));
	if (t == NULL)
		return ST_NOMEM;
	*t = *out;
	st = table_put(in->types, name, t);
	if (st != ST_OK)
		free(t);
	return st;
}

/* Risk of the type, one step lower when nothing strict was found. */
static uint8_t
risk_of(uint8_t type_risk, uint8_t level)
{
	if (level == LEVEL_STRICT || type_risk >= RISK_LOW)
		return type_risk;
	return (uint8_t)(type_risk + 1);
}

static uint8_t
better_level(uint8_t a, uint8_t b)
{
	if (a == LEVEL_STRICT || b == LEVEL_STRICT)
		return LEVEL_STRICT;
	return LEVEL_BROAD;
}

static struct rollup_side
side_of(const struct finding_stored *f)
{
	return (struct rollup_side){.type = f->type,
				    .risk = f->risk,
				    .state = f->state,
				    .matches = f->matches};
}

static enum status
find_entry(struct work *w, struct span name, struct entry **out)
{
	struct known_type type;
	enum status st = type_of(w->in, name, &type);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < w->entry_count; i++)
		if (w->entries[i].type.id == type.id) {
			*out = &w->entries[i];
			return ST_OK;
		}
	if (w->entry_count == ENTRIES_MAX)
		return ST_LIMIT;
	*out = &w->entries[w->entry_count++];
	memset(*out, 0, sizeof(**out));
	(*out)->type = type;
	return ST_OK;
}

/* Count what this batch says of each type in the object. */
static enum status
gather(struct work *w, const struct batch_finding *m, size_t n, size_t *taken)
{
	struct entry *e;
	size_t i;

	w->entry_count = 0;
	for (i = 0; i < n; i++) {
		enum status st = find_entry(w, m[i].finding.type, &e);

		if (st == ST_LIMIT)
			break; /* the rest in another round */
		if (st != ST_OK)
			return st;
		e->is.matches++;
		e->is.level = better_level(e->is.level, m[i].finding.level);
		if (m[i].finding.confidence > e->is.confidence)
			e->is.confidence = m[i].finding.confidence;
	}
	*taken = i;
	return ST_OK;
}

/*
 * The finding as it stood becomes, with what is new, what it is. Matches of an
 * earlier task go, but those that this one does not look for: in the text of
 * pictures.
 */
static enum status
meet_again(struct work *w, struct entry *e)
{
	struct finding_stored found = e->is;
	uint64_t stay = e->was.matches;
	enum status st = ST_OK;

	if (e->was.task != w->batch->task) {
		stay = 0;
		st = q_matches_drop(w->in->store, e->was.id, !w->in->points,
				    &stay);
	}
	e->existed = true;
	e->is = e->was;
	e->is.matches = stay + found.matches;
	e->is.level = found.level;
	e->is.confidence = found.confidence;
	if (stay > 0) {
		e->is.level = better_level(found.level, e->was.level);
		if (e->was.confidence > found.confidence)
			e->is.confidence = e->was.confidence;
	}
	if (e->is.state == FINDING_GONE)
		e->is.state = FINDING_OPEN;
	return st;
}

static enum status
prepare_entry(struct work *w, struct entry *e)
{
	enum status st = ST_NOTFOUND;

	if (!w->fresh)
		st = q_finding_find(w->in->store, w->stored.id, e->type.id,
				    &e->was);
	if (st == ST_OK)
		st = meet_again(w, e);
	else if (st == ST_NOTFOUND)
		st = ST_OK;
	if (st != ST_OK)
		return st;
	e->is.object = w->stored.id;
	e->is.target = w->in->target;
	e->is.type = e->type.id;
	e->is.risk = risk_of(e->type.risk, e->is.level);
	e->is.scan = w->in->scan;
	e->is.task = w->batch->task;
	e->is.last_seen = w->now;
	if (e->existed)
		return ST_OK;
	e->is.state = FINDING_OPEN;
	e->is.first_seen = w->now;
	return q_finding_add(w->in->store, &e->is, &e->is.id);
}

static enum status
finish_entry(struct work *w, struct entry *e)
{
	struct rollup_side was, is;
	enum status st = ST_OK;

	e->is.matches -= e->dropped;
	if (e->existed || e->dropped > 0)
		st = q_finding_update(w->in->store, &e->is);
	if (st != ST_OK)
		return st;
	was = side_of(&e->was);
	is = side_of(&e->is);
	return rollup_change(w->in->rollup, w->in->target, w->stored.folder,
			     e->existed ? &was : NULL, &is);
}

static enum status
write_matches(struct work *w, const struct batch_finding *m, size_t n)
{
	struct entry *e;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < n; i++) {
		bool added = false;

		st = find_entry(w, m[i].finding.type, &e);
		if (st == ST_OK)
			st = q_match_add(w->in->store, e->is.id, &m[i], &added);
		if (st == ST_OK && !added)
			e->dropped++;
	}
	w->rows += n;
	return st;
}

static enum status
take_round(struct work *w, const struct batch_finding *m, size_t n,
	   size_t *taken)
{
	enum status st = gather(w, m, n, taken);

	for (size_t i = 0; st == ST_OK && i < w->entry_count; i++)
		st = prepare_entry(w, &w->entries[i]);
	if (st == ST_OK)
		st = write_matches(w, m, *taken);
	for (size_t i = 0; st == ST_OK && i < w->entry_count; i++)
		st = finish_entry(w, &w->entries[i]);
	return st;
}

/* The object's row, made only for one that has findings. */
static enum status
take_object_row(struct work *w, bool has_findings)
{
	struct ingest *in = w->in;
	enum status st =
	    q_object_find(in->store, in->target, w->object->path, &w->stored);

	w->fresh = false;
	if (st == ST_OK)
		return q_object_met(in->store, w->stored.id, w->batch->task,
				    w->object);
	if (st != ST_NOTFOUND || !has_findings)
		return st == ST_NOTFOUND ? ST_OK : st;
	w->fresh = true;
	st = q_folder_of(in->store, in->target, w->object->path,
			 &w->stored.folder);
	if (st == ST_OK)
		st = q_object_add(in->store, in->target, w->stored.folder,
				  w->batch->task, w->object, &w->stored.id);
	return st;
}

static enum status
take_object(struct work *w, const struct batch_finding *m, size_t n,
	    const struct batch_note *notes, size_t note_count)
{
	enum status st = ST_OK;

	if (rollup_crowded(w->in->rollup))
		st = rollup_flush(w->in->rollup, w->now);
	if (st == ST_OK && w->object->coverage != COVERAGE_FULL)
		st = q_ledger_add(w->in->store, w->batch->task, w->object,
				  notes, note_count);
	if (st == ST_OK)
		st = take_object_row(w, n > 0);
	while (st == ST_OK && n > 0) {
		size_t taken = 0;

		st = take_round(w, m, n, &taken);
		m += taken;
		n -= taken;
		w->fresh = false;
	}
	return st;
}

static enum status
take_batch(struct ingest *in, const struct batch *b, int64_t now,
	   struct ingest_result *out)
{
	struct work *w = calloc(1, sizeof(*w));
	enum status st = ST_OK;
	size_t f = 0, p = 0;

	if (w == NULL)
		return ST_NOMEM;
	w->in = in;
	w->batch = b;
	w->now = now;
	for (size_t i = 0; st == ST_OK && i < b->object_count; i++) {
		size_t from = f, place = p;

		while (f < b->finding_count && b->findings[f].object == i)
			f++;
		while (p < b->note_count && b->notes[p].object == i)
			p++;
		w->object = &b->objects[i];
		st = take_object(w, b->findings + from, f - from,
				 b->notes + place, p - place);
	}
	if (st == ST_OK)
		st = q_task_totals(in->store, b->task, b, now);
	out->rows = w->rows;
	out->ended = b->outcome != 0;
	free(w);
	return st;
}

static enum status
note_task(void *arg, const struct task_row *row)
{
	struct ingest *in = arg;

	in->task = row->id;
	in->agent = row->agent;
	in->target = row->target;
	in->scan = row->scan;
	return ST_OK;
}

static enum status
note_scan(void *arg, const struct scan_row *row)
{
	struct ingest *in = arg;

	in->points = row->ocr.len > 0;
	return ST_OK;
}

/* ST_NOTFOUND when it is not a task of this agent. */
static enum status
find_task(struct ingest *in, uint64_t task, uint64_t agent)
{
	enum status st = ST_OK;

	if (in->task != task || task == 0) {
		in->task = 0;
		st = q_task_get(in->store, task, note_task, in);
		if (st == ST_OK)
			st = q_scan_get(in->store, in->scan, note_scan, in);
	}
	if (st == ST_OK && in->agent != agent)
		return ST_NOTFOUND;
	return st;
}

static enum status
look_at_seq(struct ingest *in, const struct ingest_key *key,
	    struct ingest_result *out)
{
	uint64_t have = 0;
	enum status st = q_seq_get(in->store, key->agent,
				   span_of(key->incarnation, INCARNATION_LEN),
				   key->stream, &have);

	if (st != ST_OK)
		return st;
	out->expected = have + 1;
	if (key->seq <= have)
		return ST_EXISTS;
	return key->seq == have + 1 ? ST_OK : ST_AGAIN;
}

enum status
ingest_batch(struct ingest *in, const struct ingest_key *key,
	     const struct batch *b, int64_t now, struct ingest_result *out)
{
	enum status st;

	*out = (struct ingest_result){0};
	st = look_at_seq(in, key, out);
	if (st != ST_OK)
		return st;
	st = find_task(in, b->task, key->agent);
	if (st == ST_OK) {
		st = take_batch(in, b, now, out);
	} else if (st == ST_NOTFOUND) {
		log_warn("batch of a task that is not the agent's is left out "
			 "agent=%llu task=%llu",
			 (unsigned long long)key->agent,
			 (unsigned long long)b->task);
		st = ST_OK;
	}
	/* These two words are answers above, inside they are trouble. */
	if (st == ST_EXISTS || st == ST_AGAIN)
		return ST_IO;
	if (st != ST_OK)
		return st;
	return q_seq_set(in->store, key->agent,
			 span_of(key->incarnation, INCARNATION_LEN),
			 key->stream, key->seq);
}
