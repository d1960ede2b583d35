#include "fake/store_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "base/str.h"
#include "master/store/q_agents.h"
#include "master/store/q_findings.h"
#include "master/store/q_scans.h"
#include "master/store/q_targets.h"
#include "master/store/q_types.h"
#include "model/match.h"
#include "sys/file.h"

static void
add_types(struct store_world *w)
{
	static const struct {
		const char *name, *title, *category;
		uint8_t risk;
	} types[] = {
	    {"card_visa", "Visa", "card", RISK_CRITICAL},
	    {"us_ssn", "US SSN", "person", RISK_HIGH},
	    {"iban", "IBAN", "bank", RISK_HIGH},
	    {"email", "E-mail address", "contact", RISK_LOW},
	};

	for (int i = 0; i < 4; i++) {
		struct type_row row = {.name = span_str(types[i].name),
				       .title = span_str(types[i].title),
				       .category = span_str(types[i].category),
				       .countries = span_str("*"),
				       .risk = types[i].risk,
				       .position = i};

		must(q_types_put(w->store, &row) == ST_OK);
	}
}

static void
open_rooms(struct store_world *w)
{
	must(rollup_open(w->store, &w->rollup) == ST_OK);
	must(ingest_open(w->store, w->rollup, &w->ingest) == ST_OK);
}

void
world_open(struct store_world *w)
{
	struct buf why;

	*w = (struct store_world){.now = INT64_C(1795300000000)};
	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-store.XXXXXX");
	must(mkdtemp(w->dir) != NULL);
	snprintf(w->file, sizeof(w->file), "%s/trawl.db", w->dir);
	buf_init(&why, 4096);
	must(store_open(w->file, STORE_CREATE, &w->store, &why) == ST_OK);
	buf_fini(&why);
	open_rooms(w);
	add_types(w);
	w->agent = world_agent(w, "pay-db-01", "Payments", &w->target);
}

static void
close_rooms(struct store_world *w)
{
	ingest_close(w->ingest);
	rollup_close(w->rollup);
	store_close(w->store);
}

void
world_close(struct store_world *w)
{
	close_rooms(w);
	must(file_remove_tree(w->dir) == ST_OK);
}

int
world_setup(void **state)
{
	struct store_world *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	world_open(w);
	*state = w;
	return 0;
}

int
world_teardown(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}

void
world_reopen(struct store_world *w)
{
	struct buf why;

	close_rooms(w);
	buf_init(&why, 4096);
	must(store_open(w->file, STORE_WRITE, &w->store, &why) == ST_OK);
	buf_fini(&why);
	open_rooms(w);
}

uint64_t
world_agent(struct store_world *w, const char *name, const char *group,
	    uint64_t *target)
{
	static const uint8_t incarnation[INCARNATION_LEN] = {1};
	struct agent_row row = {.name = span_str(name),
				.group = span_str(group),
				.state = AGENT_VERIFIED,
				.fingerprint = span_str(name),
				.incarnation =
				    span_of(incarnation, sizeof(incarnation)),
				.created = w->now,
				.seen = w->now};
	uint64_t id = 0;

	must(q_agent_put(w->store, &row, &id) == ST_OK);
	must(q_target_of_agent(w->store, id, row.name, row.group, w->now,
			       target) == ST_OK);
	return id;
}

uint64_t
world_scan(struct store_world *w, const char *path, const char *types)
{
	struct scan_row row = {.name = span_str("scan"),
			       .types = span_str(types),
			       .created_by = span_str("test"),
			       .created = w->now};
	struct span paths[1] = {span_str(path)};
	uint64_t scan = 0;

	must(q_scan_add(w->store, &row, paths, 1, &scan) == ST_OK);
	return world_task(w, scan, w->agent, w->target);
}

uint64_t
world_task(struct store_world *w, uint64_t scan, uint64_t agent,
	   uint64_t target)
{
	uint64_t task = 0;

	must(q_task_add(w->store, scan, agent, target, &task) == ST_OK);
	return task;
}

/* ---- batches ---- */

static uint8_t
reason_named(struct span word)
{
	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (str_is(word, cover_name(i)))
			return (uint8_t)i;
	must(false);
	return 0;
}

static struct object *
object_of(struct batch *b, struct span path)
{
	struct object *last =
	    b->object_count > 0 ? &b->objects[b->object_count - 1] : NULL;

	if (last != NULL && span_eq(last->path, path))
		return last;
	last = &b->objects[b->object_count++];
	*last = (struct object){.path = path,
				.size = 1000,
				.read = 1000,
				.coverage = COVERAGE_FULL};
	return last;
}

static void
add_match(struct batch *b, struct span type, struct span rest)
{
	struct batch_finding *f = &b->findings[b->finding_count++];
	struct span offset = span_of(NULL, 0);
	struct span also = type;

	must(str_next(&also, '+', &type)); /* "card_visa+pl_nip,ru_inn" */
	must(str_next(&rest, ' ', &offset));
	*f = (struct batch_finding){.object = (uint32_t)b->object_count - 1};
	f->finding =
	    (struct finding){.type = type,
			     .also = also,
			     .place = rest,
			     .length = 16,
			     .confidence = 90,
			     .level = LEVEL_STRICT,
			     .masked = span_str("411111******1111"),
			     .context = span_str("nr 411111******1111")};
	if (str_starts(type, "~")) { /* "~card_visa": only a broad match */
		f->finding.type = span_skip(type, 1);
		f->finding.level = LEVEL_BROAD;
		f->finding.confidence = 55;
	}
	must(str_to_u64(offset, 0, UINT64_MAX, &f->finding.offset) == ST_OK);
}

/* The first place of an object is its own, too. */
static void
add_note(struct batch *b, struct object *o, struct span rest)
{
	struct batch_note *n = &b->notes[b->note_count++];
	struct span reason = rest, parser = rest;

	must(str_next(&rest, ' ', &reason) && str_next(&rest, ' ', &parser));
	*n = (struct batch_note){.object = (uint32_t)b->object_count - 1,
				 .number = (uint16_t)o->notes++,
				 .note = {.place = rest,
					  .parser = parser,
					  .detail = span_str("words"),
					  .reason = reason_named(reason)}};
	o->members = o->notes + 1;
	o->members_unread = o->notes;
	if (n->number > 0)
		return;
	o->coverage = COVERAGE_PARTIAL;
	o->reason = n->note.reason;
	o->place = rest;
	o->parser = parser;
	o->read = 500;
}

static void
count_objects(struct batch *b)
{
	struct batch_totals *t = &b->totals;

	for (size_t i = 0; i < b->object_count; i++) {
		const struct object *o = &b->objects[i];

		t->objects++;
		t->bytes += o->size;
		t->full += o->coverage == COVERAGE_FULL;
		t->partial += o->coverage == COVERAGE_PARTIAL;
		t->unread += o->coverage == COVERAGE_NONE;
		t->unread_bytes += object_unread(o);
		t->rested_ms += 500;
		t->members += o->members;
		t->members_unread += o->members_unread;
	}
}

static void
add_line(struct batch *b, struct span line)
{
	struct span path, word;
	struct object *o;

	must(str_next(&line, ' ', &path) && str_next(&line, ' ', &word));
	o = object_of(b, path);
	if (str_is(word, "full"))
		return;
	if (str_is(word, "!")) {
		add_note(b, o, line);
		return;
	}
	if (!str_is(word, "partial") && !str_is(word, "none")) {
		add_match(b, word, line);
		return;
	}
	o->coverage = str_is(word, "none") ? COVERAGE_NONE : COVERAGE_PARTIAL;
	o->reason = reason_named(line);
	o->read = o->coverage == COVERAGE_NONE ? 0 : 500;
}

void
world_batch(const char *const *lines, uint64_t task, struct batch *out)
{
	size_t n = 0;

	while (lines[n] != NULL)
		n++;
	batch_init(out);
	out->task = task;
	out->objects = calloc(n + 1, sizeof(*out->objects));
	out->findings = calloc(n + 1, sizeof(*out->findings));
	out->notes = calloc(n + 1, sizeof(*out->notes));
	must(out->objects != NULL && out->findings != NULL &&
	     out->notes != NULL);
	for (size_t i = 0; i < n; i++)
		add_line(out, span_str(lines[i]));
	count_objects(out);
	out->totals.findings = out->finding_count;
}

enum status
world_give(struct store_world *w, const char *const *lines, uint64_t task,
	   uint8_t outcome)
{
	struct ingest_key key = {.agent = w->agent,
				 .incarnation = {1},
				 .stream = 1,
				 .seq = w->seq + 1};
	struct ingest_result r;
	struct batch b;
	enum status st;

	world_batch(lines, task, &b);
	b.outcome = outcome;
	must(store_begin(w->store) == ST_OK);
	st = ingest_batch(w->ingest, &key, &b, w->now, &r);
	if (st == ST_OK)
		st = rollup_flush(w->rollup, w->now);
	if (st == ST_OK)
		st = store_commit(w->store);
	else
		store_rollback(w->store);
	if (st == ST_OK)
		w->seq++;
	batch_fini(&b);
	return st;
}

static bool
every_type(void *arg, struct span type)
{
	(void)arg;
	(void)type;
	return true;
}

void
world_sweep(struct store_world *w, uint64_t task)
{
	struct sweep *sweep = NULL;
	enum status st = ST_AGAIN;

	must(sweep_open(w->store, w->rollup, task, every_type, NULL, &sweep) ==
	     ST_OK);
	while (st == ST_AGAIN) {
		must(store_begin(w->store) == ST_OK);
		st = sweep_step(sweep, w->now);
		must(st == ST_OK || st == ST_AGAIN);
		must(rollup_flush(w->rollup, w->now) == ST_OK);
		must(store_commit(w->store) == ST_OK);
	}
	sweep_close(sweep);
}

static void
note_check(void *arg, const char *what, bool ok, const char *detail)
{
	bool *sound = arg;

	if (!ok) {
		fprintf(stderr, "not sound: %s: %s\n", what, detail);
		*sound = false;
	}
}

bool
world_is_sound(struct store_world *w)
{
	bool sound = true;

	return store_check(w->store, note_check, &sound) == ST_OK && sound;
}

uint64_t
world_findings(struct store_world *w, const char *filter_key,
	       const char *filter_value)
{
	struct filter f = {.count = 0};
	struct finding_count n = {0};

	if (filter_key != NULL)
		must(filter_add(&f, span_str(filter_key),
				span_str(filter_value)) == ST_OK);
	must(q_findings_count(w->store, &f, &n) == ST_OK);
	return n.findings;
}
