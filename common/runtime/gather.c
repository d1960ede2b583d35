#include "runtime/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "wire/codec_finding.h"

#define ARENA_MAX   (8u * 1024 * 1024) /* bytes of text of one batch */
#define MESSAGE_MAX 512

struct gather {
	struct spool *spool;
	struct gather_task task;
	struct mac *mac; /* with the key of the installation */
	struct batch_maker *maker;
	struct batch_totals base; /* of the runs before this one */
	struct batch_totals sum;  /* at the last cursor, base included */
	struct batch_totals seen; /* by the last progress, base included */
	struct buf cursor;        /* the last one given */
	bool moved;               /* the cursor is not in the spool yet */
	struct batch batch;       /* being filled */
	size_t safe_objects, safe_findings, safe_notes; /* before the cursor */
	/* rows behind those of the batch, whose object is not named yet; what
	 * does not fit there is pending */
	size_t ahead_findings, ahead_notes;
	size_t object_room, finding_room, note_room; /* rows that fit */
	struct arena arena;                          /* text of the batch */
	struct buf pending;   /* findings, notes whose object is not named */
	size_t pending_at;    /* done of them */
	struct buf name;      /* path, place and parser of the object, then: */
	struct object object; /* its findings are being moved */
	bool moving;
	uint16_t numbered; /* notes of that object that were moved */
	bool named;        /* the object has a row in this batch */
	uint8_t outcome;   /* to be told in the last batch, 0: not yet */
	char message[MESSAGE_MAX];
	struct buf image; /* of a batch that the spool has not taken */
	bool ended;
};

enum status
gather_open(struct spool *sp, const struct gather_task *t, struct gather **out)
{
	struct spool_mark mark;
	struct gather *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return ST_NOMEM;
	g->spool = sp;
	g->task = *t;
	g->task.key = NULL; /* worked into the mac */
	batch_init(&g->batch);
	arena_init(&g->arena, ARENA_MAX);
	buf_init(&g->cursor, ORDER_CURSOR_MAX);
	buf_init(&g->pending, GATHER_PENDING_MAX);
	buf_init(&g->name, RECORD_MAX);
	buf_init(&g->image, BATCH_IMAGE_MAX);
	if (mac_open(span_of(t->key, FINGERPRINT_KEY_LEN), &g->mac) != ST_OK ||
	    batch_maker_open(&g->maker) != ST_OK) {
		gather_close(g);
		return ST_NOMEM;
	}
	if (spool_mark(sp, t->task, &mark) == ST_OK) {
		g->base = g->sum = g->seen = mark.totals;
		g->ended = mark.ended;
		if (buf_add(&g->cursor, mark.cursor.ptr, mark.cursor.len) !=
		    ST_OK) {
			gather_close(g);
			return ST_NOMEM;
		}
	}
	*out = g;
	return ST_OK;
}

void
gather_close(struct gather *g)
{
	if (g == NULL)
		return;
	batch_fini(&g->batch);
	arena_fini(&g->arena);
	buf_fini(&g->cursor);
	buf_fini(&g->pending);
	buf_fini(&g->name);
	buf_fini(&g->image);
	mac_close(g->mac);
	batch_maker_close(g->maker);
	free(g);
}

bool
gather_blocked(const struct gather *g)
{
	return g->image.len > 0 || g->moving || (g->outcome != 0 && !g->ended);
}

bool
gather_ended(const struct gather *g)
{
	return g->ended;
}

const struct batch_totals *
gather_totals(const struct gather *g)
{
	return &g->seen;
}

/* ---- a batch into the spool ---- */

/* The rows that were told go; those ahead begin the next batch. */
static void
drop_told(struct gather *g)
{
	struct batch *b = &g->batch;

	if (g->ahead_findings > 0)
		memmove(b->findings, b->findings + b->finding_count,
			g->ahead_findings * sizeof(b->findings[0]));
	if (g->ahead_notes > 0)
		memmove(b->notes, b->notes + b->note_count,
			g->ahead_notes * sizeof(b->notes[0]));
	b->object_count = b->finding_count = b->note_count = 0;
	if (g->ahead_findings == 0 && g->ahead_notes == 0)
		arena_clear(&g->arena);
}

static enum status
spool_image(struct gather *g)
{
	struct spool_entry e = {.task = g->task.task,
				.last = g->batch.outcome != 0,
				.totals = g->sum,
				.cursor = buf_span(&g->cursor),
				.payload = buf_span(&g->image)};
	enum status st = spool_append(g->spool, &e);

	if (st != ST_OK)
		return st;
	g->ended = e.last;
	g->moved = g->named = false;
	buf_clear(&g->image);
	drop_told(g);
	g->safe_objects = g->safe_findings = g->safe_notes = 0;
	return ST_OK;
}

static enum status
flush(struct gather *g)
{
	enum status st;

	g->batch.task = g->task.task;
	g->batch.scan = g->task.scan;
	g->batch.target = g->task.target;
	g->batch.totals = g->sum;
	st = batch_make(g->maker, &g->batch, &g->image);
	return st == ST_OK ? spool_image(g) : st;
}

static bool
is_full(const struct gather *g)
{
	return g->batch.finding_count + g->ahead_findings >= GATHER_FINDINGS ||
	       g->batch.object_count >= GATHER_OBJECTS ||
	       g->batch.note_count + g->ahead_notes >= GATHER_NOTES ||
	       g->arena.used >= GATHER_BYTES;
}

/* ---- rows ---- */

/* Room for one more row behind count; doubles from 64. */
static void *
grown(void *rows, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room < 64 ? 64 : *room * 2;

	if (count < *room)
		return rows;
	rows = reallocarray(rows, wanted, size);
	if (rows != NULL)
		*room = wanted;
	return rows;
}

/* Spans of a row, in one piece of the arena. */
static enum status
keep(struct gather *g, struct span *const spans[], size_t n)
{
	size_t sum = 0;
	uint8_t *copy;

	for (size_t i = 0; i < n; i++)
		sum += spans[i]->len;
	copy = arena_take(&g->arena, sum);
	if (copy == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < n; i++) {
		if (spans[i]->len > 0)
			memcpy(copy, spans[i]->ptr, spans[i]->len);
		spans[i]->ptr = copy;
		copy += spans[i]->len;
	}
	return ST_OK;
}

static enum status
add_object(struct gather *g, const struct object *o)
{
	struct batch *b = &g->batch;
	struct object row = *o;
	struct object *rows = grown(b->objects, b->object_count,
				    &g->object_room, sizeof(b->objects[0]));
	enum status st;

	if (rows == NULL)
		return ST_NOMEM;
	b->objects = rows;
	st = keep(g, (struct span *[]){&row.path, &row.place, &row.parser}, 3);
	if (st == ST_OK)
		b->objects[b->object_count++] = row;
	return st;
}

static enum status
add_finding(struct gather *g, const struct finding *f)
{
	struct batch *b = &g->batch;
	struct batch_finding row = {.finding = *f};
	struct finding *k = &row.finding;
	size_t at = b->finding_count + g->ahead_findings;
	struct batch_finding *rows =
	    grown(b->findings, at, &g->finding_room, sizeof(b->findings[0]));
	uint8_t mac[HASH_LEN];
	enum status st;

	if (rows == NULL)
		return ST_NOMEM;
	b->findings = rows;
	mac_of(g->mac, span_of(f->digest, sizeof(f->digest)), mac);
	memcpy(row.fingerprint, mac, FINGERPRINT_LEN);
	memset(k->digest, 0, sizeof(k->digest));
	st = keep(g,
		  (struct span *[]){&k->type, &k->also, &k->place, &k->masked,
				    &k->context},
		  5);
	if (st != ST_OK)
		return st;
	rows[at] = row;
	g->ahead_findings++;
	return ST_OK;
}

static enum status
add_note(struct gather *g, const struct note *n)
{
	struct batch *b = &g->batch;
	struct batch_note row = {.number = g->numbered, .note = *n};
	size_t at = b->note_count + g->ahead_notes;
	struct batch_note *rows =
	    grown(b->notes, at, &g->note_room, sizeof(b->notes[0]));
	enum status st;

	if (rows == NULL)
		return ST_NOMEM;
	b->notes = rows;
	st = keep(g,
		  (struct span *[]){&row.note.place, &row.note.parser,
				    &row.note.detail},
		  3);
	if (st != ST_OK)
		return st;
	rows[at] = row;
	g->ahead_notes++;
	g->numbered++;
	return ST_OK;
}

static enum status
add_ahead(struct gather *g, const struct record *r)
{
	if (r->kind == RECORD_FINDING)
		return add_finding(g, &r->finding);
	return g->numbered < NOTE_MAX ? add_note(g, &r->note) : ST_OK;
}

/* A record that waits for its object: as a row, or in bytes as it came. */
static enum status
take_ahead(struct gather *g, const struct record *r)
{
	if (g->pending.len == 0 && !is_full(g))
		return add_ahead(g, r);
	return record_add(&g->pending, r);
}

/* The rows ahead are those of the object that has the last row. */
static void
join_object(struct gather *g)
{
	struct batch *b = &g->batch;
	const uint32_t object = (uint32_t)(b->object_count - 1);

	must(b->object_count > 0);
	for (; g->ahead_findings > 0; g->ahead_findings--)
		b->findings[b->finding_count++].object = object;
	for (; g->ahead_notes > 0; g->ahead_notes--)
		b->notes[b->note_count++].object = object;
}

/* Its row comes first; a batch that is full without it is told before. */
static enum status
name_object(struct gather *g)
{
	enum status st;

	if (g->ahead_findings == 0 && g->ahead_notes == 0 && is_full(g)) {
		st = flush(g);
		if (st != ST_OK)
			return st;
	}
	st = add_object(g, &g->object);
	if (st != ST_OK)
		return st;
	g->named = true;
	join_object(g);
	return ST_OK;
}

/* What waits for the object goes into one batch or several. */
static enum status
move(struct gather *g)
{
	struct span rest = span_skip(buf_span(&g->pending), g->pending_at);
	enum status st = ST_OK;

	while (st == ST_OK && (rest.len > 0 || !g->named)) {
		struct record r;
		size_t used;

		if (!g->named) {
			st = name_object(g);
			continue;
		}
		if (is_full(g)) {
			st = flush(g);
			continue;
		}
		st = record_next(rest, &r, &used);
		if (st == ST_OK)
			st = add_ahead(g, &r);
		if (st == ST_OK) {
			join_object(g);
			g->pending_at += used;
			rest = span_skip(rest, used);
		}
	}
	if (st != ST_OK)
		return st;
	g->moving = g->named = false;
	g->pending_at = 0;
	g->numbered = 0;
	buf_clear(&g->pending);
	if (g->pending.room > 4 * RECORD_MAX) { /* it was a monster */
		buf_fini(&g->pending);
		buf_init(&g->pending, GATHER_PENDING_MAX);
	}
	return is_full(g) ? flush(g) : ST_OK;
}

static enum status
take_object(struct gather *g, const struct object *o)
{
	enum status st;

	buf_clear(&g->name);
	st = buf_add(&g->name, o->path.ptr, o->path.len);
	if (st == ST_OK)
		st = buf_add(&g->name, o->place.ptr, o->place.len);
	if (st == ST_OK)
		st = buf_add(&g->name, o->parser.ptr, o->parser.len);
	if (st != ST_OK)
		return st;
	g->object = *o;
	g->object.path = span_of(g->name.data, o->path.len);
	g->object.place = span_of(g->name.data + o->path.len, o->place.len);
	g->object.parser =
	    span_skip(buf_span(&g->name), o->path.len + o->place.len);
	g->moving = true;
	return move(g);
}

/* ---- counts and cursors ---- */

static struct batch_totals
totals_of(const struct batch_totals *base, const struct scan_progress *p)
{
	uint64_t other = p->partial + p->unread + p->unchanged;
	uint64_t full = p->done_objects > other ? p->done_objects - other : 0;

	return (struct batch_totals){
	    .objects = base->objects + p->done_objects,
	    .bytes = base->bytes + p->done_bytes,
	    .full = base->full + full,
	    .partial = base->partial + p->partial,
	    .unread = base->unread + p->unread,
	    .findings = base->findings + p->findings,
	    .folders = base->folders + p->skipped_dirs,
	    .members = base->members + p->members,
	    .members_partial = base->members_partial + p->members_partial,
	    .members_unread = base->members_unread + p->members_unread,
	    .unread_bytes = base->unread_bytes + p->unread_bytes,
	    .unchanged = base->unchanged + p->unchanged,
	    .rested_ms = base->rested_ms + p->rested_ms,
	};
}

static enum status
take_cursor(struct gather *g, struct span cursor)
{
	enum status st;

	if (cursor.len > ORDER_CURSOR_MAX)
		return ST_LIMIT;
	buf_clear(&g->cursor);
	st = buf_add(&g->cursor, cursor.ptr, cursor.len);
	if (st != ST_OK)
		return st;
	g->sum = g->seen;
	g->moved = true;
	g->safe_objects = g->batch.object_count;
	g->safe_findings = g->batch.finding_count;
	g->safe_notes = g->batch.note_count;
	return is_full(g) ? flush(g) : ST_OK;
}

static enum status
last_batch(struct gather *g)
{
	g->batch.outcome = g->outcome;
	g->batch.message = span_str(g->message);
	g->sum = g->seen;
	return flush(g);
}

enum status
gather_end(struct gather *g, uint8_t outcome, const char *message)
{
	must(!g->ended);
	g->outcome = outcome;
	snprintf(g->message, sizeof(g->message), "%s", message);
	return gather_again(g);
}

static enum status
take_end(struct gather *g, const struct record *r)
{
	char message[MESSAGE_MAX];

	snprintf(message, sizeof(message), "%.*s", (int)r->end.message.len,
		 r->end.message.len > 0 ? (const char *)r->end.message.ptr
					: "");
	return gather_end(g, r->end.outcome, message);
}

enum status
gather_take(struct gather *g, const struct record *r)
{
	must(!gather_blocked(g) && !g->ended);
	switch (r->kind) {
	case RECORD_FINDING:
	case RECORD_NOTE:
		return take_ahead(g, r);
	case RECORD_OBJECT:
		return take_object(g, &r->object);
	case RECORD_PROGRESS:
		g->seen = totals_of(&g->base, &r->progress);
		return ST_OK;
	case RECORD_CURSOR:
		return take_cursor(g, r->cursor);
	case RECORD_END:
		return take_end(g, r);
	case RECORD_ORDER:
	case RECORD_PAUSE:
	case RECORD_RESUME:
	case RECORD_STOP:
	case RECORD_ROOM:
	case RECORD_ASK:
	case RECORD_ANSWER:
	case RECORD_TEXT:
		break;
	}
	return ST_MALFORMED; /* no scanner says that to a link */
}

enum status
gather_cut(struct gather *g)
{
	if (gather_blocked(g) || g->ended)
		return ST_OK;
	if (g->batch.object_count == 0 && !g->moved)
		return ST_OK;
	return flush(g);
}

enum status
gather_settle(struct gather *g)
{
	if (gather_blocked(g) || g->ended)
		return ST_OK;
	g->batch.object_count = g->safe_objects;
	g->batch.finding_count = g->safe_findings;
	g->batch.note_count = g->safe_notes;
	g->ahead_findings = g->ahead_notes = 0;
	g->numbered = 0;
	buf_clear(&g->pending);
	return g->moved ? flush(g) : ST_OK;
}

enum status
gather_again(struct gather *g)
{
	enum status st = ST_OK;

	if (g->image.len > 0)
		st = spool_image(g);
	if (st == ST_OK && g->moving)
		st = move(g);
	if (st == ST_OK && g->outcome != 0 && !g->ended)
		st = last_batch(g);
	return st;
}

enum status
gather_filler(const struct gather_task *t, const struct batch_totals *totals,
	      struct buf *image)
{
	struct batch b;
	enum status st;

	batch_init(&b);
	b.task = t->task;
	b.scan = t->scan;
	b.target = t->target;
	b.totals = *totals;
	st = batch_encode(&b, image);
	batch_fini(&b);
	return st;
}
