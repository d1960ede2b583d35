#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "detect/cache/shelf.h"
#include "detect/cache/stamp.h"
#include "detect/catalogue/choice.h"
#include "detect/decide/evidence.h"
#include "detect/decide/settle.h"
#include "detect/table/columns.h"
#include "detect/table/dump.h"
#include "detect/work.h"

/* ---- opening ------------------------------------------------------------- */

#define BUILT_BYTES ((size_t)64 * 1024 * 1024)

/* What is built is kept beside the patterns, for a few choices of types. */
#define KEPT_SUFFIX ".types"
#define KEPT        4
/* The image begins with the detector, its catalogue follows. */
#define KEPT_ROOM ((sizeof(struct detector) + 4095) / 4096 * 4096)

/*
 * Ids of an exclusive category are judged together, so that a card of another
 * brand is not taken for one of the brand that is wanted.
 */
static bool
judged_together(const struct data_type *t)
{
	return (t->token == TOKEN_ID || t->pattern.card) && id_exclusive(t);
}

static void
activate(struct catalogue *c)
{
	for (size_t i = 0; i < c->count; i++)
		c->types[i]->active = c->types[i]->wanted;
	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->wanted || !judged_together(t))
			continue;
		for (size_t k = 0; k < c->count; k++)
			if (judged_together(c->types[k]) &&
			    c->types[k]->category == t->category)
				c->types[k]->active = true;
	}
}

static enum status
take_single(const struct data_type **slot, uint16_t *index,
	    const struct data_type *t, size_t i, struct buf *why)
{
	enum status st;

	if (*slot == NULL) {
		*slot = t;
		*index = (uint16_t)i;
		return ST_OK;
	}
	st = buf_addf(why, "types '%s' and '%s' want the same token",
		      (*slot)->id, t->id);
	return st == ST_OK ? ST_MALFORMED : st;
}

/* The lists that go with the tokens of which there is one type each. */
static enum status
open_singles(struct detector *d, struct buf *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < d->cat->count; i++) {
		const struct data_type *t = d->cat->types[i];

		if (!t->active)
			continue;
		if (t->token == TOKEN_IBAN)
			st = take_single(&d->iban, &d->iban_index, t, i, why);
		else if (t->token == TOKEN_EMAIL)
			st = take_single(&d->email, &d->email_index, t, i, why);
		else if (t->token == TOKEN_PHONE)
			st = take_single(&d->phone, &d->phone_index, t, i, why);
		else if (t->token == TOKEN_IP)
			st = take_single(&d->ip, &d->ip_index, t, i, why);
		else if (t->token == TOKEN_MAC)
			st = take_single(&d->mac, &d->mac_index, t, i, why);
		else if (t->token == TOKEN_SEED)
			st = take_single(&d->seed, &d->seed_index, t, i, why);
	}
	if (st == ST_OK && d->iban != NULL)
		st = iban_list_read(d->iban->table, &d->arena, &d->ibans, why);
	if (st == ST_OK && d->email != NULL)
		st = tld_list_read(d->email->table, &d->arena, &d->tlds, why);
	if (st == ST_OK && d->phone != NULL)
		st = phone_list_read(d->phone->table, &d->arena, &d->phones,
				     why);
	return st;
}

/* A check of it refuses what has no digit. */
static bool
wants_digits(const struct data_type *t)
{
	for (size_t i = 0; i < t->check_count; i++)
		if (t->checks[i].bonus == 0 && !t->pattern.assigned &&
		    strcmp(t->checks[i].op->name, "digit_and_letter") == 0)
			return true;
	return false;
}

/* Of such a match nothing comes when a letter stands before it. */
static bool
is_edged(const struct pattern *p)
{
	for (unsigned c = 'a'; c <= 'z'; c++)
		if (!class_has(&p->edge, (uint8_t)c) ||
		    !class_has(&p->edge, (uint8_t)(c - 32)))
			return false;
	return !p->has_value && !p->assigned;
}

static enum status
list_patterns(struct detector *d)
{
	d->rules = arena_array(&d->arena, d->cat->count, sizeof(*d->rules));
	d->rule_type =
	    arena_array(&d->arena, d->cat->count, sizeof(*d->rule_type));
	if (d->rules == NULL || d->rule_type == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < d->cat->count; i++) {
		const struct data_type *t = d->cat->types[i];

		if (!t->active || t->token != TOKEN_PATTERN)
			continue;
		d->rule_type[d->rule_count] = (uint16_t)i;
		d->rules[d->rule_count++] = (struct engine_rule){
		    .name = t->id,
		    .text = t->pattern.text,
		    .caseless = t->pattern.caseless,
		    .start = !t->pattern.has_value,
		    .edged = is_edged(&t->pattern),
		    .digits = wants_digits(t),
		    .own = t->own,
		};
	}
	return ST_OK;
}

static enum status
open_cells(struct detector *d)
{
	d->cells = arena_array(&d->arena, d->cat->count + 1, sizeof(*d->cells));
	d->kin = arena_array(&d->arena, d->cat->count + 1, sizeof(*d->kin));
	if (d->cells == NULL || d->kin == NULL)
		return ST_NOMEM;
	columns_kin(d->cat->types, d->cat->count, d->kin);
	for (size_t i = 0; i < d->cat->count; i++)
		if (d->cat->types[i]->active && d->cat->types[i]->cell != NULL)
			d->cells[d->cell_count++] = (uint16_t)i;
	return ST_OK;
}

/* In the image, if there is to be one: behind the place of the detector. */
static enum status
open_catalogue(struct detector *d, const struct detect_options *o,
	       const char *dir, struct buf *why)
{
	const struct catalogue_own own = {
	    .paths = o->rules, .count = o->rule_count, .replace = o->replace};
	uint8_t *place = d->image.base;
	enum status st = catalogue_open_in(
	    dir, &own, place == NULL ? NULL : place + KEPT_ROOM,
	    CATALOGUE_BYTES, &d->cat, why);

	if (st == ST_OK)
		st = choice_make(d->cat, o, why);
	if (st == ST_OK)
		activate(d->cat);
	return st;
}

static size_t
kept_catalogue(const struct detector *d)
{
	return KEPT_ROOM + (arena_lent(&d->cat->arena) + 63) / 64 * 64;
}

static void
open_arena(struct detector *d)
{
	size_t at;

	arena_init(&d->arena, BUILT_BYTES);
	if (d->image.base == NULL)
		return;
	at = kept_catalogue(d);
	arena_lend(&d->arena, d->image.base + at, d->image.len - at);
}

static enum status
open_engine(struct detector *d, const struct detect_options *o, struct buf *why)
{
	const struct engine_options how = {
	    .arena = &d->arena, .cache = o->cache, .compiling = o->compiling};

	return engine_open(d->rules, d->rule_count, &how, &d->engine, why);
}

static enum status
build(struct detector *d, const struct detect_options *o, const char *dir,
      struct buf *why)
{
	enum status st = open_catalogue(d, o, dir, why);

	if (st != ST_OK)
		return st;
	open_arena(d);
	st = id_index_build(d->cat, d->min_confidence, &d->arena, &d->ids);
	if (st == ST_OK)
		st = reach_build(d->cat, d->level, &d->arena, &d->reach);
	if (st == ST_OK)
		st = run_index_build(d->cat, &d->arena, &d->runs);
	if (st == ST_OK)
		st = open_singles(d, why);
	if (st == ST_OK)
		st = open_cells(d);
	if (st == ST_OK)
		st = list_patterns(d);
	return st == ST_OK ? open_engine(d, o, why) : st;
}

/* ---- what is built is kept for the next time ------------------------------
 */

/* Whatever decides what is built, but for one's own rules. */
static bool
kept_name(const struct detector *d, const struct detect_options *o,
	  const char *dir, char *name, uint64_t *key)
{
	uint64_t files, program, h, machine = engine_machine();
	char base[PATH_MAX];
	int n;

	if (o->cache == NULL || o->rule_count > 0 ||
	    !stamp_folder(dir, &files) ||
	    !stamp_file("/proc/self/exe", &program))
		return false;
	h = stamp_mix(STAMP_SEED, dir, strlen(dir) + 1);
	h = stamp_mix(h, &files, sizeof(files));
	h = stamp_mix(h, &program, sizeof(program));
	h = stamp_mix(h, &d->min_confidence, sizeof(d->min_confidence));
	h = stamp_mix(h, &d->level, sizeof(d->level));
	h = stamp_mix(h, &machine, sizeof(machine));
	for (size_t i = 0; i < o->type_count; i++) {
		h = stamp_mix(h, &o->types[i].len, sizeof(o->types[i].len));
		h = stamp_mix(h, o->types[i].ptr, o->types[i].len);
	}
	*key = h;
	n = snprintf(base, sizeof(base), "%s" KEPT_SUFFIX, o->cache);
	return n > 0 && (size_t)n < sizeof(base) &&
	       shelf_name(base, h, name, PATH_MAX) == ST_OK;
}

/* From the file; false when there is none. */
static bool
load_kept(struct detector *d, const char *name, uint64_t key)
{
	struct image im;

	if (!image_load(name, key, &im))
		return false;
	memcpy(d, im.base, sizeof(*d));
	d->image = im;
	shelf_touch(name);
	return true;
}

/* From now on it does not change, whether or not it could be written. */
static enum status
keep(struct detector *d, const char *cache, const char *name, uint64_t key)
{
	struct image_links links = d->cat->links;
	size_t n = kept_catalogue(d) + arena_lent(&d->arena);
	struct image im = d->image;
	char base[PATH_MAX];

	d->cat->links = (struct image_links){0};
	d->image = (struct image){0};
	memcpy(im.base, d, sizeof(*d));
	d->image = im;
	snprintf(base, sizeof(base), "%s" KEPT_SUFFIX, cache);
	if (image_save(&im, n, &links, name, key))
		shelf_tidy(base, KEPT);
	image_links_fini(&links);
	return image_seal(&d->image, n);
}

static enum status
build_and_keep(struct detector *d, const struct detect_options *o,
	       const char *dir, struct buf *why)
{
	char name[PATH_MAX];
	uint64_t key = 0;
	enum status st;

	if (!kept_name(d, o, dir, name, &key))
		return build(d, o, dir, why);
	if (load_kept(d, name, key))
		return ST_OK;
	st = image_reserve(&d->image);
	if (st == ST_OK)
		st = build(d, o, dir, why);
	return st == ST_OK ? keep(d, o->cache, name, key) : st;
}

/* Some type is told by the heads of columns, or by what else they hold. */
static bool
wants_tables(const struct detector *d)
{
	bool any = d->ids.all.any || d->cell_count > 0;

	for (size_t i = 0; !any && i < d->cat->count; i++) {
		const struct data_type *t = d->cat->types[i];

		any = t->active &&
		      (t->words_for != NULL || t->words_against != NULL ||
		       t->words_columns != NULL);
	}
	return any;
}

enum status
detector_open(const struct detect_options *o, struct detector **out,
	      struct buf *why)
{
	struct detector *d = calloc(1, sizeof(*d));
	const char *dir = o->catalogue;
	enum status st = ST_OK;
	char found[PATH_MAX];

	must(out != NULL && why != NULL);
	if (d == NULL)
		return ST_NOMEM;
	d->level = tile_level_best();
	d->min_confidence =
	    o->min_confidence > 0 ? o->min_confidence : DETECT_MIN_CONFIDENCE;
	if (dir == NULL) {
		st = catalogue_folder(found, sizeof(found), why);
		dir = found;
	}
	if (st == ST_OK)
		st = build_and_keep(d, o, dir, why);
	if (st == ST_OK)
		st = engine_scratch_open(d->engine, NULL, &d->proto);
	if (st == ST_OK) {
		look_plan(d, &d->starts);
		d->tables = wants_tables(d);
		*out = d;
	} else {
		detector_close(d);
	}
	return st;
}

void
detector_close(struct detector *d)
{
	if (d == NULL)
		return;
	engine_scratch_close(d->proto);
	catalogue_close(d->cat);
	arena_fini(&d->arena);
	image_close(&d->image);
	free(d);
}

size_t
detector_type_count(const struct detector *d)
{
	return d->cat->count;
}

void
detector_type(const struct detector *d, size_t i, struct type_info *out)
{
	const struct data_type *t;

	must(i < d->cat->count);
	t = d->cat->types[i];
	*out = (struct type_info){
	    .id = t->id,
	    .name = t->name,
	    .category = t->category,
	    .risk = t->risk,
	    .countries = t->countries,
	    .source = t->source,
	};
}

enum status
detect_scratch_open(const struct detector *d, struct detect_scratch **out)
{
	struct detect_scratch *s = calloc(1, sizeof(*s));
	enum status st = ST_NOMEM;

	if (s == NULL)
		return ST_NOMEM;
	s->d = d;
	s->cand = calloc(WORK_CANDIDATES, sizeof(*s->cand));
	s->hits = calloc(WORK_HITS, sizeof(*s->hits));
	if (s->cand != NULL && s->hits != NULL)
		st = engine_scratch_open(d->engine, d->proto, &s->engine);
	if (st == ST_OK)
		*out = s;
	else
		detect_scratch_close(s);
	return st;
}

void
detect_scratch_close(struct detect_scratch *s)
{
	if (s == NULL)
		return;
	engine_scratch_close(s->engine);
	free(s->cand); /* offsets and scores, no text */
	free(s->hits);
	explicit_bzero(s, sizeof(*s));
	free(s);
}

void
detect_table(struct detect_scratch *s, struct span first)
{
	s->columns.dump = s->d->tables && dump_is(first);
	s->columns.copying = s->columns.tuples = false;
	if (s->d->tables)
		columns_read(s, first);
}

/* NOLINTBEGIN(readability-function-size): text and window are one thing */
static void
look(const struct detector *d, struct detect_scratch *s, struct span text,
     size_t from, size_t to, detect_sink *sink, void *arg)
{
	must(s->d == d && from <= to && to <= text.len);
	s->text = text;
	s->from = from;
	s->to = to;
	s->lo = from < WORK_REACH ? 0 : from - WORK_REACH;
	s->hi = text.len - to < 2 * WORK_REACH ? text.len : to + 2 * WORK_REACH;
	s->count = 0;
	nearby_begin(&s->stream, d->level);
	columns_begin(&s->columns);
	for (size_t at = s->lo; at < s->hi; at += WORK_PIECE) {
		size_t end = s->hi - at < WORK_PIECE ? s->hi : at + WORK_PIECE;

		pattern_piece(s, at, end);
		for (size_t t = at; t < end; t += TILE_BYTES) {
			size_t stop =
			    end - t < TILE_BYTES ? end : t + TILE_BYTES;

			look_tile(s, t, stop);
			cells_look(s, t, stop);
			/* an e-mail is found by its @, well behind its start */
			if (stop > 2 * WORK_REACH)
				settle(s, stop - 2 * WORK_REACH, sink, arg);
		}
	}
	settle(s, s->hi, sink, arg);
	s->text = span_of(NULL, 0);
}

void
detect_text(const struct detector *d, struct detect_scratch *s,
	    struct span text, size_t from, size_t to, detect_sink *sink,
	    void *arg)
{
	size_t stop = to;

	for (; s->columns.dump && from < to; from = stop) {
		dump_turn(s, text, from);
		stop = dump_stop(s, text, from + 1, to);
		if (stop < to)
			look(d, s, text, from, stop, sink, arg);
		else
			break;
	}
	look(d, s, text, from, to, sink, arg);
}
/* NOLINTEND(readability-function-size) */
