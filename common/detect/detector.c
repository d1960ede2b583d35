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
		st = run_index_build(d->cat, &d->arena, &d->runs);
	if (st == ST_OK)
		st = open_singles(d, why);
	if (st == ST_OK)
		st = open_patterns(d, o->cache, why);
	if (st == ST_OK)
		*out = d;
	else
		detector_close(d);
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

/* ---- scanning ------------------------------------------------------------ */

__extension__ typedef unsigned __int128 two_words;

/*
 * At least 57 bits from bit b of the two words at mask on, more than a shape
 * has bytes; zeros behind.
 */
static inline uint64_t
bits_from(const uint64_t *mask, unsigned b)
{
	uint64_t bits;

	memcpy(&bits, (const uint8_t *)mask + b / 8, sizeof(bits));
	return bits >> (b % 8);
}

/* Bits that have a digit at them or within SHAPE_LEAD - 1 bytes behind. */
static uint64_t
before_digits(const uint64_t *digit, size_t w)
{
	two_words two = (two_words)digit[w + 1] << 64 | digit[w];

	two |= two >> 1;
	two |= two >> 2;
	return (uint64_t)(two | two >> 4);
}

/*
 * Where a group of letters and digits begins: behind neither, or a digit behind
 * the letter of an escaped end of line ("\\n4111").
 */
static uint64_t
group_starts(const struct tile_masks *m, size_t w)
{
	uint64_t word = m->word[w], last = m->word[w - 1];
	uint64_t escaped = m->escape[w] << 2 | m->escape[w - 1] >> 62;

	return (word & ~(word << 1 | last >> 63)) | (m->digit[w] & escaped);
}

/*
 * Each group that has a digit near it is looked at by itself. Whatever the
 * text, that is one look a group and at most SHAPE_GROUPS groups a look. The
 * look has one branch: what groups are is anybody's guess.
 */
static void
scan_ids(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	const struct id_index *x = &s->d->ids;
	uint64_t near = before_digits(m->digit, w), starts;

	if (near == 0)
		return;
	for (starts = group_starts(m, w) & near; starts != 0;
	     starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t word = bits_from(&m->word[w], b);
		unsigned len = id_length(word);
		const struct id_root *r = &x->root[len];
		size_t at = s->tile + (w - 1) * 64 + b, behind = at + len;
		struct id_view v;

		v.digits = bits_from(&m->digit[w], b);
		v.lowers = bits_from(&m->lower[w], b);
		behind = behind < s->text.len ? behind : at;
		if (!id_begins(r, v.digits, v.lowers,
			       shape_sep(s->text.ptr[behind]),
			       id_length(word >> (len & 63) >> 1)))
			continue;
		v.uppers = bits_from(&m->upper[w], b);
		if (id_wanted(r->node, v))
			id_at(s, at, r->node, v);
	}
}

/* Bits at which n set bits in a row begin, n a power of two. */
static two_words
rows_of(two_words two, unsigned n)
{
	for (unsigned have = 1; have < n; have *= 2)
		two &= two >> have;
	return two;
}

static two_words
words_at(const struct tile_masks *m, size_t w)
{
	return m->word[w] | (two_words)m->word[w + 1] << 64;
}

/* Runs of RUN_LEAST letters and digits: none begins where sixteen do not. */
static void
scan_runs(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words long_from = rows_of(words_at(m, w), 16);
	uint64_t starts;

	if ((uint64_t)long_from == 0)
		return;
	long_from &= long_from >> (RUN_LEAST - 16);
	starts =
	    (uint64_t)long_from & ~(m->word[w] << 1 | m->word[w - 1] >> 63);
	for (; starts != 0; starts &= starts - 1)
		run_at(s, s->tile + (w - 1) * 64 +
			      (unsigned)__builtin_ctzll(starts));
}

/* Digits behind none, and behind one to three of them a byte and a digit. */
static void
scan_quads(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words d = m->digit[w] | (two_words)m->digit[w + 1] << 64;
	two_words ends = d & ~(d >> 1) & d >> 2;
	uint64_t starts;

	ends |= (d & ends >> 1) | (d & d >> 1 & ends >> 2);
	starts = (uint64_t)ends & ~(m->digit[w] << 1 | m->digit[w - 1] >> 63);
	for (; starts != 0; starts &= starts - 1) {
		size_t at =
		    s->tile + (w - 1) * 64 + (unsigned)__builtin_ctzll(starts);

		net_quads_at(s, at);
	}
}

static void
scan_colons(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t behind = m->word[w] | m->colon[w];
	uint64_t next = m->word[w + 1] | m->colon[w + 1];
	uint64_t starts = m->colon[w] & (behind >> 1 | next << 63);

	for (; starts != 0; starts &= starts - 1)
		net_groups_at(s, s->tile + (w - 1) * 64 +
				     (unsigned)__builtin_ctzll(starts));
}

/* Six groups of two or three of four, each with one byte between. */
static void
scan_adapters(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words word = words_at(m, w), two = rows_of(word, 2);
	two_words four = two & two >> 2, gap = ~word;
	uint64_t starts = ~(m->word[w] << 1 | m->word[w - 1] >> 63);
	uint64_t pairs, fours;

	four &= gap >> 4 & four >> 5;
	two &= two >> 3 & gap >> 2 & gap >> 5;
	if ((uint64_t)(two | four) == 0)
		return;
	pairs = (uint64_t)(two & two >> 6 & rows_of(word, 2) >> 12 &
			   rows_of(word, 2) >> 15) &
		starts;
	fours = (uint64_t)(four & gap >> 9 & rows_of(word, 4) >> 10) & starts;
	for (; pairs != 0; pairs &= pairs - 1)
		net_adapter_at(s,
			       s->tile + (w - 1) * 64 +
				   (unsigned)__builtin_ctzll(pairs),
			       2);
	for (; fours != 0; fours &= fours - 1)
		net_adapter_at(s,
			       s->tile + (w - 1) * 64 +
				   (unsigned)__builtin_ctzll(fours),
			       4);
}

static void
scan_ibans(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t u = m->upper[w], l = m->lower[w];
	uint64_t d2 = m->digit[w] >> 2 | m->digit[w + 1] << 62;
	uint64_t d3 = m->digit[w] >> 3 | m->digit[w + 1] << 61;
	uint64_t starts = u & (u >> 1 | m->upper[w + 1] << 63);

	l &= ~(m->word[w] << 1 | m->word[w - 1] >> 63);
	starts |= l & (m->lower[w] >> 1 | m->lower[w + 1] << 63);
	starts &= d2 & d3;

	while (starts != 0) {
		iban_at(s, s->tile + (w - 1) * 64 +
			       (unsigned)__builtin_ctzll(starts));
		starts &= starts - 1;
	}
}

/* An @ beside another belongs to no address. */
static void
scan_emails(struct detect_scratch *s, size_t w)
{
	const uint64_t *m = s->masks.at;
	uint64_t at = m[w] & ~(m[w] << 1 | m[w - 1] >> 63) &
		      ~(m[w] >> 1 | m[w + 1] << 63);

	while (at != 0) {
		email_at(s, s->tile + (w - 1) * 64 +
				(unsigned)__builtin_ctzll(at));
		at &= at - 1;
	}
}

static void
scan_phones(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t starts =
	    m->open[w] & (m->digit[w] >> 1 | m->digit[w + 1] << 63);

	while (starts != 0) {
		phone_at(s, s->tile + (w - 1) * 64 +
				(unsigned)__builtin_ctzll(starts));
		starts &= starts - 1;
	}
}

/*
 * Words of three to eight small letters with one byte between them, for at
 * least as long as twelve of them are: few texts have that.
 */
#define SEED_BYTES 47

static void
scan_seeds(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words word = words_at(m, w);
	two_words lower = m->lower[w] | (two_words)m->lower[w + 1] << 64;
	two_words begin = word & ~(word << 1 | m->word[w - 1] >> 63);
	two_words good = lower | (~word & word << 1 & word >> 1);
	uint64_t starts;

	good &= ~(begin & ~(word >> 1 & word >> 2));
	good &= ~(rows_of(word, 8) & word >> 8);
	good = rows_of(good, 32);
	good &= good >> (SEED_BYTES - 32);
	starts = (uint64_t)(begin & good);
	for (; starts != 0; starts &= starts - 1)
		seed_at(s, s->tile + (w - 1) * 64 +
			       (unsigned)__builtin_ctzll(starts));
}

/* National numbers: seven digits in twenty bytes, and no letter before them. */
static void
scan_locals(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t starts =
	    m->digit[w] & ~(m->word[w] << 1 | m->word[w - 1] >> 63);

	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t near = bits_from(&m->digit[w], b) & 0xfffff;

		if (__builtin_popcountll(near) >= 7)
			phone_digits_at(s, s->tile + (w - 1) * 64 + b);
	}
}

/* Candidates of the tokens that begin in [at, end), end - at <= TILE_BYTES. */
static void
scan_tile(struct detect_scratch *s, size_t at, size_t end)
{
	size_t words = (end - at + 63) / 64;
	const struct detector *d = s->d;

	s->tile = at;
	tile_masks(d->level, s->text, at, words + 3, &s->masks);
	for (size_t w = 1; w <= words; w++) {
		if (d->ids.count > 1)
			scan_ids(s, w);
		if (d->iban != NULL)
			scan_ibans(s, w);
		if (d->email != NULL && s->masks.at[w] != 0)
			scan_emails(s, w);
		if (d->phone != NULL && s->masks.open[w] != 0)
			scan_phones(s, w);
		if (d->phone != NULL && s->masks.digit[w] != 0)
			scan_locals(s, w);
		if (d->seed != NULL)
			scan_seeds(s, w);
		if (d->runs.heads != NULL)
			scan_runs(s, w);
		if (d->ip != NULL && s->masks.digit[w] != 0)
			scan_quads(s, w);
		if (d->ip != NULL && s->masks.colon[w] != 0)
			scan_colons(s, w);
		if (d->mac != NULL)
			scan_adapters(s, w);
	}
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

			scan_tile(s, t, stop);
			/* an e-mail is found by its @, well behind its start */
			if (stop > 2 * WORK_REACH)
				settle(s, stop - 2 * WORK_REACH, sink, arg);
		}
	}
	settle(s, s->hi, sink, arg);
	s->text = span_of(NULL, 0);
}
/* NOLINTEND(readability-function-size) */
