#include "master/store/q_ingest.h"

#include <string.h>
#include <sys/stat.h>

#include "master/store/sql.h"
#include "master/store/words.h"
#include "model/finding.h"

static enum status
add_unknown_type(struct store *s, struct span name, uint32_t *id)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "INSERT INTO type (name, title, category, risk, countries,"
		 " source, position) VALUES (?1, ?1, 'other', 3, '*', '', -1)");
	sql_text(&q, name);
	st = sql_run(&q);
	if (st == ST_OK)
		*id = (uint32_t)sql_last_id(s);
	return st;
}

enum status
q_type_find(struct store *s, struct span name, uint32_t *id, uint8_t *risk)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "SELECT id, risk FROM type WHERE name = ?");
	sql_text(&q, name);
	st = sql_step(&q);
	if (st == ST_OK) {
		*id = (uint32_t)sql_get(&q, 0);
		*risk = (uint8_t)sql_get(&q, 1);
	}
	sql_close(&q);
	if (st != ST_EOF)
		return st;
	*risk = RISK_MEDIUM;
	return add_unknown_type(s, name, id);
}

/* What stands before the last slash: the folder of "/a" is "". */
static struct span
folder_part(struct span path)
{
	const uint8_t *slash =
	    path.len == 0 ? NULL : memrchr(path.ptr, '/', path.len);

	return span_of(path.ptr,
		       slash == NULL ? 0 : (size_t)(slash - path.ptr));
}

static enum status
folder_find(struct store *s, uint64_t target, struct span path, uint64_t *id)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s, "SELECT id FROM folder WHERE target = ? AND path = ?");
	sql_num(&q, target);
	sql_blob(&q, path);
	st = sql_number(&q, &n);
	if (st == ST_OK)
		*id = (uint64_t)n;
	return st;
}

static enum status
folder_add(struct store *s, uint64_t target, uint64_t parent, struct span path,
	   uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO folder (target, parent, path) VALUES (?, ?, ?)");
	sql_num(&q, target);
	if (parent != 0)
		sql_num(&q, parent);
	else
		sql_null(&q);
	sql_blob(&q, path);
	return sql_insert(&q, id);
}

/* Length of the next folder of `path` behind `from` bytes of it. */
static size_t
next_length(struct span path, size_t from)
{
	size_t n = from + 1;

	while (n < path.len && path.ptr[n] != '/')
		n++;
	return n;
}

enum status
q_folder_of(struct store *s, uint64_t target, struct span path, uint64_t *id)
{
	struct span folder = folder_part(path), have = folder;
	uint64_t at = 0;
	enum status st;

	/* Up to the nearest that is there, then down again making the rest. */
	while ((st = folder_find(s, target, have, &at)) == ST_NOTFOUND &&
	       have.len > 0)
		have = folder_part(have);
	if (st == ST_NOTFOUND)
		st = folder_add(s, target, 0, have, &at);
	while (st == ST_OK && have.len < folder.len) {
		have.len = next_length(folder, have.len);
		have.ptr = folder.ptr;
		st = folder_add(s, target, at, have, &at);
	}
	if (st == ST_OK)
		*id = at;
	return st;
}

enum status
q_object_find(struct store *s, uint64_t target, struct span path,
	      struct object_stored *out)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT id, folder, task FROM object"
		 " WHERE target = ? AND path = ?");
	sql_num(&q, target);
	sql_blob(&q, path);
	st = sql_step(&q);
	if (st == ST_OK)
		*out = (struct object_stored){.id = sql_get_num(&q, 0),
					      .folder = sql_get_num(&q, 1),
					      .task = sql_get_num(&q, 2)};
	sql_close(&q);
	return st == ST_EOF ? ST_NOTFOUND : st;
}

static void
bind_object(struct sql *q, const struct object *o)
{
	sql_num(q, o->size > INT64_MAX ? INT64_MAX : o->size);
	sql_int(q, o->mtime);
	sql_int(q, o->mode);
	sql_int(q, o->uid);
	sql_int(q, o->gid);
	sql_int(q, o->coverage);
	sql_int(q, o->reason);
	sql_int(q, o->members);
}

enum status
q_object_add(struct store *s, uint64_t target, uint64_t folder, uint64_t task,
	     const struct object *o, uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO object (target, folder, task, path, size, mtime,"
		 " mode, uid, gid, coverage, reason, members)"
		 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_num(&q, target);
	sql_num(&q, folder);
	sql_num(&q, task);
	sql_blob(&q, o->path);
	bind_object(&q, o);
	return sql_insert(&q, id);
}

enum status
q_object_met(struct store *s, uint64_t id, uint64_t task,
	     const struct object *o)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE object SET task = ?, size = ?, mtime = ?, mode = ?,"
		 " uid = ?, gid = ?, coverage = ?, reason = ?, members = ?"
		 " WHERE id = ?");
	sql_num(&q, task);
	bind_object(&q, o);
	sql_num(&q, id);
	return sql_run(&q);
}

enum status
q_finding_find(struct store *s, uint64_t object, uint32_t type,
	       struct finding_stored *out)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT id, target, task, scan, state, risk, level,"
		 " confidence, matches, first_seen, last_seen FROM finding"
		 " WHERE object = ? AND type = ?");
	sql_num(&q, object);
	sql_int(&q, type);
	st = sql_step(&q);
	if (st == ST_OK)
		*out = (struct finding_stored){
		    .id = sql_get_num(&q, 0),
		    .object = object,
		    .target = sql_get_num(&q, 1),
		    .task = sql_get_num(&q, 2),
		    .scan = sql_get_num(&q, 3),
		    .type = type,
		    .state = (uint8_t)sql_get(&q, 4),
		    .risk = (uint8_t)sql_get(&q, 5),
		    .level = (uint8_t)sql_get(&q, 6),
		    .confidence = (uint8_t)sql_get(&q, 7),
		    .matches = sql_get_num(&q, 8),
		    .first_seen = sql_get(&q, 9),
		    .last_seen = sql_get(&q, 10),
		};
	sql_close(&q);
	return st == ST_EOF ? ST_NOTFOUND : st;
}

enum status
q_finding_add(struct store *s, const struct finding_stored *f, uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO finding (object, type, target, state, risk,"
		 " level, confidence, matches, first_seen, last_seen, scan,"
		 " task, version)"
		 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)");
	sql_num(&q, f->object);
	sql_int(&q, f->type);
	sql_num(&q, f->target);
	sql_int(&q, f->state);
	sql_int(&q, f->risk);
	sql_int(&q, f->level);
	sql_int(&q, f->confidence);
	sql_num(&q, f->matches);
	sql_int(&q, f->first_seen);
	sql_int(&q, f->last_seen);
	sql_num(&q, f->scan);
	sql_num(&q, f->task);
	return sql_insert(&q, id);
}

enum status
q_finding_update(struct store *s, const struct finding_stored *f)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE finding SET state = ?, risk = ?, level = ?,"
		 " confidence = ?, matches = ?, last_seen = ?, scan = ?,"
		 " task = ?, version = version + 1 WHERE id = ?");
	sql_int(&q, f->state);
	sql_int(&q, f->risk);
	sql_int(&q, f->level);
	sql_int(&q, f->confidence);
	sql_num(&q, f->matches);
	sql_int(&q, f->last_seen);
	sql_num(&q, f->scan);
	sql_num(&q, f->task);
	sql_num(&q, f->id);
	return sql_run(&q);
}

/* Places are bytes; they stand as text beside this only to be searched. */
#define IN_POINTS "instr(CAST(place AS TEXT), '" FINDING_IN_POINTS "') > 0"

static enum status
count_points(struct store *s, uint64_t finding, uint64_t *n)
{
	return sql_number_of(
	    s, "SELECT count(*) FROM match WHERE finding = ? AND " IN_POINTS,
	    finding, n);
}

enum status
q_matches_drop(struct store *s, uint64_t finding, bool keep_points,
	       uint64_t *kept)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 keep_points
		     ? "DELETE FROM match WHERE finding = ? AND NOT " IN_POINTS
		     : "DELETE FROM match WHERE finding = ?");
	sql_num(&q, finding);
	st = sql_run(&q);
	return st == ST_OK && keep_points ? count_points(s, finding, kept) : st;
}

enum status
q_finding_in_points(struct store *s, uint64_t finding, bool *out)
{
	uint64_t n = 0;
	enum status st = count_points(s, finding, &n);

	if (st == ST_OK)
		*out = n > 0;
	return st;
}

enum status
q_match_add(struct store *s, uint64_t finding, const struct batch_finding *m,
	    bool *added)
{
	const struct finding *f = &m->finding;
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "INSERT OR IGNORE INTO match (finding, place, offset, length,"
		 " confidence, level, reasons, masked, context, fingerprint,"
		 " also) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_num(&q, finding);
	sql_blob(&q, f->place);
	sql_num(&q, f->offset);
	sql_int(&q, f->length);
	sql_int(&q, f->confidence);
	sql_int(&q, f->level);
	sql_num(&q, f->reasons);
	sql_blob(&q, f->masked);
	sql_blob(&q, f->context);
	sql_blob(&q, span_of(m->fingerprint, sizeof(m->fingerprint)));
	sql_text(&q, f->also);
	st = sql_run(&q);
	if (st == ST_OK)
		*added = sql_changes(s) != 0;
	return st;
}

/* As the counts stand in the ledger, so that a recount gives the same. */
static uint64_t
unread_of(const struct object *o)
{
	struct object c = *o;

	c.size = c.size < SQL_COUNT_MAX ? c.size : SQL_COUNT_MAX;
	c.read = c.read < SQL_COUNT_MAX ? c.read : SQL_COUNT_MAX;
	return object_unread(&c);
}

static enum status
count_place(struct store *s, uint64_t task, const struct object *o,
	    unsigned number, unsigned reason)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO ledger_total (task, coverage, reason, objects,"
		 " places, bytes) VALUES (?, ?, ?, ?, 1, ?)"
		 " ON CONFLICT (task, coverage, reason) DO UPDATE SET"
		 " objects = objects + excluded.objects, places = places + 1,"
		 " bytes = bytes + excluded.bytes");
	sql_num(&q, task);
	sql_int(&q, o->coverage);
	sql_int(&q, reason);
	sql_int(&q, number == 0);
	sql_count(&q, number == 0 ? unread_of(o) : 0);
	return sql_run(&q);
}

/* Members and places stand in the row of the object, number 0. */
static void
bind_counts(struct sql *q, const struct object *o, bool first)
{
	sql_count(q, o->size);
	sql_count(q, o->read);
	sql_int(q, S_ISDIR(o->mode));
	sql_int(q, first ? o->members : 0);
	sql_int(q, first ? o->members_partial : 0);
	sql_int(q, first ? o->members_unread : 0);
	sql_int(q, first ? o->notes : 0);
}

static enum status
add_place(struct store *s, uint64_t task, const struct object *o,
	  unsigned number, const struct note *n)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "INSERT OR IGNORE INTO ledger (task, path, number, place,"
		 " coverage, reason, parser, detail, size, read, folder,"
		 " members, members_partial, members_unread, places)"
		 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_num(&q, task);
	sql_blob(&q, o->path);
	sql_int(&q, number);
	sql_blob(&q, n->place);
	sql_int(&q, o->coverage);
	sql_int(&q, n->reason);
	sql_text(&q, n->parser);
	sql_blob(&q, n->detail);
	bind_counts(&q, o, number == 0);
	st = sql_run(&q);
	if (st != ST_OK || sql_changes(s) == 0)
		return st;
	return count_place(s, task, o, number, n->reason);
}

enum status
q_ledger_add(struct store *s, uint64_t task, const struct object *o,
	     const struct batch_note *notes, size_t n)
{
	const struct note own = {
	    .place = o->place, .parser = o->parser, .reason = o->reason};
	enum status st = ST_OK;

	/* the first place of an object is in its own row */
	if (n == 0 || notes[0].number != 0)
		st = add_place(s, task, o, 0, &own);
	for (size_t i = 0; st == ST_OK && i < n; i++)
		st = add_place(s, task, o, notes[i].number, &notes[i].note);
	return st;
}

enum status
q_task_totals(struct store *s, uint64_t task, const struct batch *b,
	      int64_t now)
{
	const struct batch_totals *t = &b->totals;
	struct sql q;

	sql_open(&q, s,
		 "UPDATE task SET objects = ?1, bytes = ?2, full = ?3,"
		 " partial = ?4, unread = ?5, matches = ?6, moved = ?7,"
		 " outcome = max(outcome, ?8), message ="
		 "  CASE WHEN ?8 > 0 THEN ?9 ELSE message END,"
		 " done_objects = max(done_objects, ?1),"
		 " done_bytes = max(done_bytes, ?2), folders = ?10,"
		 " members = ?11, members_partial = ?12, members_unread = ?13,"
		 " unread_bytes = ?14, unchanged = ?15, rested_ms = ?16"
		 " WHERE id = ?17");
	sql_count(&q, t->objects);
	sql_count(&q, t->bytes);
	sql_count(&q, t->full);
	sql_count(&q, t->partial);
	sql_count(&q, t->unread);
	sql_count(&q, t->findings);
	sql_int(&q, now);
	sql_int(&q, b->outcome);
	sql_text(&q, b->message);
	sql_count(&q, t->folders);
	sql_count(&q, t->members);
	sql_count(&q, t->members_partial);
	sql_count(&q, t->members_unread);
	sql_count(&q, t->unread_bytes);
	sql_count(&q, t->unchanged);
	sql_count(&q, t->rested_ms);
	sql_num(&q, task);
	return sql_run(&q);
}

enum status
q_task_swept(struct store *s, uint64_t task, uint64_t target, bool whole,
	     int64_t now)
{
	struct sql q;
	enum status st;

	sql_open(
	    &q, s,
	    "UPDATE task SET swept = 1, wanted = 0, done_objects = objects,"
	    " done_bytes = bytes, current = x'' WHERE id = ?");
	sql_num(&q, task);
	st = sql_run(&q);
	if (st != ST_OK || !whole)
		return st;
	sql_open(&q, s, "UPDATE target SET scanned = ? WHERE id = ?");
	sql_int(&q, now);
	sql_num(&q, target);
	return sql_run(&q);
}
