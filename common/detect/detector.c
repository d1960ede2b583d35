#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "detect/choice.h"
#include "detect/evidence.h"
#include "detect/settle.h"
#include "detect/work.h"

/* ---- opening ------------------------------------------------------------- */

#define BUILT_BYTES ((size_t)64 * 1024 * 1024)

/*
 * Ids of an exclusive category are judged together, so that a card of another
 * brand is not taken for one of the brand that is wanted.
 */
static void
activate(struct catalogue *c)
{
	for (size_t i = 0; i < c->count; i++)
		c->types[i]->active = c->types[i]->wanted;
	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->wanted || t->token != TOKEN_ID || !id_exclusive(t))
			continue;
		for (size_t k = 0; k < c->count; k++)
			if (c->types[k]->token == TOKEN_ID &&
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

static enum status
open_patterns(struct detector *d, const char *cache, struct buf *why)
{
	struct engine_rule *rules;
	size_t n = 0;

	rules = arena_array(&d->arena, d->cat->count, sizeof(*rules));
	d->rule_type =
	    arena_array(&d->arena, d->cat->count, sizeof(*d->rule_type));
	if (rules == NULL || d->rule_type == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < d->cat->count; i++) {
		const struct data_type *t = d->cat->types[i];

		if (!t->active || t->token != TOKEN_PATTERN)
			continue;
		d->rule_type[n] = (uint16_t)i;
		rules[n++] = (struct engine_rule){
		    .name = t->id,
		    .text = t->pattern.text,
		    .caseless = t->pattern.caseless,
		    .start = !t->pattern.has_value,
		    .digits = wants_digits(t),
		    .own = t->own,
		};
	}
	d->rule_count = n;
	return engine_open(rules, n, cache, &d->engine, why);
}

static enum status
open_catalogue(struct detector *d, const struct detect_options *o,
	       struct buf *why)
{
	const struct catalogue_own own = {
	    .paths = o->rules, .count = o->rule_count, .replace = o->replace};
	char dir[PATH_MAX];
	enum status st = ST_OK;

	if (o->catalogue == NULL)
		st = catalogue_folder(dir, sizeof(dir), why);
	if (st == ST_OK)
		st = catalogue_open_with(o->catalogue == NULL ? dir
							      : o->catalogue,
					 &own, &d->cat, why);
	if (st == ST_OK)
		st = choice_make(d->cat, o, why);
	if (st == ST_OK)
		activate(d->cat);
	return st;
}

enum status
detector_open(const struct detect_options *o, struct detector **out,
	      struct buf *why)
{
	struct detector *d = calloc(1, sizeof(*d));
	enum status st;

	must(o != NULL && out != NULL && why != NULL);
	if (d == NULL)
		return ST_NOMEM;
	arena_init(&d->arena, BUILT_BYTES);
	d->level = tile_level_best();
	d->min_confidence =
	    o->min_confidence > 0 ? o->min_confidence : DETECT_MIN_CONFIDENCE;
	st = open_catalogue(d, o, why);
	if (st == ST_OK)
		st = id_index_build(d->cat, d->min_confidence, &d->arena,
				    &d->ids);
	if (st == ST_OK)
		st = reach_build(d->cat, d->level, &d->arena, &d->reach);
	if (st == ST_OK)
		st = run_index_build(d->cat, &d->arena, &d->runs);
	if (st == ST_OK)
		st = open_singles(d, why);
	if (st == ST_OK)
		st = open_patterns(d, o->cache, why);
	if (st == ST_OK) {
		look_plan(d, &d->starts);
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
	engine_close(d->engine);
	catalogue_close(d->cat);
	arena_fini(&d->arena);
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
		st = engine_scratch_open(d->engine, &s->engine);
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
detect_head(struct detect_scratch *s, struct span line)
{
	evidence_head(s, line);
}

/* NOLINTBEGIN(readability-function-size): text and window are one thing */
void
detect_text(const struct detector *d, struct detect_scratch *s,
	    struct span text, size_t from, size_t to, detect_sink *sink,
	    void *arg)
{
	must(s->d == d && from <= to && to <= text.len);
	s->text = text;
	s->from = from;
	s->to = to;
	s->lo = from < WORK_REACH ? 0 : from - WORK_REACH;
	s->hi = text.len - to < 2 * WORK_REACH ? text.len : to + 2 * WORK_REACH;
	s->count = 0;
	nearby_begin(&s->stream, d->level);
	for (size_t at = s->lo; at < s->hi; at += WORK_PIECE) {
		size_t end = s->hi - at < WORK_PIECE ? s->hi : at + WORK_PIECE;

		pattern_piece(s, at, end);
		for (size_t t = at; t < end; t += TILE_BYTES) {
			size_t stop =
			    end - t < TILE_BYTES ? end : t + TILE_BYTES;

			look_tile(s, t, stop);
			/* an e-mail is found by its @, well behind its start */
			if (stop > 2 * WORK_REACH)
				settle(s, stop - 2 * WORK_REACH, sink, arg);
		}
	}
	settle(s, s->hi, sink, arg);
	s->text = span_of(NULL, 0);
}
/* NOLINTEND(readability-function-size) */
