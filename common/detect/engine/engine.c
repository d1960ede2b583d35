#include "detect/engine/engine.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hs/hs.h>

#include "base/must.h"
#include "detect/cache/shelf.h"
#include "detect/engine/cache.h"
#include "detect/engine/pace.h"
#include "detect/engine/parts.h"
#include "detect/region/high.h"
#include "detect/region/row.h"
#include "detect/region/sieve.h"

struct engine {
	hs_database_t *db[PARTS]; /* NULL when there is no such rule */
	enum tile_level level;
	bool *sieved; /* of each rule */
	struct lead_table leads;
};

struct engine_scratch {
	hs_scratch_t *hs; /* NULL when there is no rule */
};

struct rule_lists {
	const char **text;
	unsigned *flags, *ids;
	size_t count;
};

static void
lists_free(struct rule_lists *l)
{
	free(l->text);
	free(l->flags);
	free(l->ids);
}

static unsigned
flags_of(const struct engine_rule *r)
{
	return (r->start ? HS_FLAG_SOM_LEFTMOST : 0U) |
	       (r->caseless ? HS_FLAG_CASELESS : 0U);
}

/* Those of one part, each under its place among all. */
static enum status
lists_make(const struct engine_rule *rules, const struct engine_parts *parts,
	   unsigned part, struct rule_lists *l)
{
	size_t n = 0, count = parts->count;

	l->text = calloc(count, sizeof(*l->text));
	l->flags = calloc(count, sizeof(*l->flags));
	l->ids = calloc(count, sizeof(*l->ids));
	if (l->text == NULL || l->flags == NULL || l->ids == NULL) {
		lists_free(l);
		return ST_NOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		if (parts->text[part][i] == NULL)
			continue;
		l->text[n] = parts->text[part][i];
		l->flags[n] = flags_of(&rules[i]);
		l->ids[n++] = (unsigned)i;
	}
	l->count = n;
	return ST_OK;
}

static enum status
refuse(struct buf *why, const char *name, const char *what)
{
	enum status st =
	    buf_addf(why, "type '%s': field 'pattern' %s", name, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

/* Each rule must be of bounded width and want at least four bytes. */
static enum status
check_rule(const struct engine_rule *r, struct buf *why)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	enum status st = ST_OK;

	if (hs_expression_info(r->text, flags_of(r), &info, &error) !=
	    HS_SUCCESS) {
		st = refuse(why, r->name,
			    error == NULL ? "is refused" : error->message);
		hs_free_compile_error(error);
		return st;
	}
	if (info->max_width > ENGINE_WIDTH)
		st = refuse(why, r->name,
			    "may reach over more than 256 bytes; bound its "
			    "repeats and use 'more' for what follows");
	else if (info->min_width < 4)
		st = refuse(why, r->name, "matches fewer than four bytes");
	free(info);
	return st;
}

static enum status
compile(const struct engine_rule *rules, const struct rule_lists *l,
	hs_database_t **db, struct buf *why)
{
	hs_compile_error_t *error = NULL;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < l->count; i++)
		st = check_rule(&rules[l->ids[i]], why);
	if (st != ST_OK)
		return st;
	if (hs_compile_multi(l->text, l->flags, l->ids, (unsigned)l->count,
			     HS_MODE_BLOCK, NULL, db, &error) != HS_SUCCESS) {
		int at = error == NULL ? -1 : error->expression;

		st = refuse(why,
			    at >= 0 && (size_t)at < l->count
				? rules[l->ids[at]].name
				: "of all files",
			    error == NULL ? "is refused" : error->message);
		hs_free_compile_error(error);
	}
	return st;
}

/* By itself; *times is what pace_of() says. */
static enum status
pace_alone(const struct pace *p, const struct rule_lists *l, size_t i,
	   uint32_t *times)
{
	hs_compile_error_t *error = NULL;
	hs_database_t *db = NULL;

	if (hs_compile(l->text[i], l->flags[i], HS_MODE_BLOCK, NULL, &db,
		       &error) != HS_SUCCESS) {
		hs_free_compile_error(error);
		return ST_NOMEM; /* all together it was compiled */
	}
	*times = pace_of(p, db);
	hs_free_database(db);
	return ST_OK;
}

static enum status
refuse_slow(const struct engine_rule *r, uint32_t times, struct buf *why)
{
	enum status st = buf_addf(
	    why,
	    "type '%s': field 'pattern' is too slow: it takes %u times as long "
	    "as a plain word; let each of its choices begin with a prefix or a "
	    "keyword of at least %d bytes that is rare",
	    r->name, (unsigned)times, PACE_LITERAL);

	return st == ST_OK ? ST_MALFORMED : st;
}

static bool
any_own(const struct engine_rule *rules, const struct rule_lists *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (rules[l->ids[i]].own)
			return true;
	return false;
}

/*
 * Of one's own rules those without a literal are tried one by one; the others
 * are trusted as long as all together are not too slow. Those of the catalogue
 * have been tried: a busy machine must not refuse them.
 */
static enum status
admit(const struct engine_rule *rules, const struct rule_lists *l,
      const hs_database_t *db, struct buf *why)
{
	struct pace *p = NULL;
	enum status st;
	bool all;

	if (!any_own(rules, l))
		return ST_OK;
	st = pace_open(&p);
	all = st == ST_OK && pace_of(p, db) > PACE_PART;
	for (size_t i = 0; st == ST_OK && i < l->count; i++) {
		bool bare = sieve_literal(l->text[i]) < PACE_LITERAL;
		uint32_t times = 0;

		if (!rules[l->ids[i]].own || (!all && !bare))
			continue;
		st = pace_alone(p, l, i, &times);
		if (st == ST_OK &&
		    times > (uint32_t)(bare ? PACE_BARE : PACE_ALONE))
			st = refuse_slow(&rules[l->ids[i]], times, why);
	}
	pace_close(p);
	return st;
}

static uint64_t
cache_key(const struct rule_lists *l)
{
	uint64_t h = engine_cache_machine(ENGINE_CACHE_SEED);

	for (size_t i = 0; i < l->count; i++) {
		h = engine_cache_mix(h, l->text[i], strlen(l->text[i]) + 1);
		h = engine_cache_mix(h, &l->flags[i], sizeof(l->flags[i]));
		h = engine_cache_mix(h, &l->ids[i], sizeof(l->ids[i]));
	}
	return h;
}

static enum status
load_or_compile(const struct engine_rule *rules, const struct rule_lists *l,
		const char *cache, hs_database_t **db, struct buf *why)
{
	uint64_t key = cache == NULL ? 0 : cache_key(l);
	char name[PATH_MAX];
	bool keep = cache != NULL &&
		    shelf_name(cache, key, name, sizeof(name)) == ST_OK;
	enum status st;

	if (keep)
		*db = engine_cache_load(name, key);
	if (*db != NULL) {
		shelf_touch(name);
		return ST_OK;
	}
	st = compile(rules, l, db, why);
	if (st == ST_OK)
		st = admit(rules, l, *db, why);
	if (st == ST_OK && keep) {
		engine_cache_save(name, key, *db);
		shelf_tidy(cache, SHELF_KEPT);
	}
	return st;
}

/* A copy in the arena, where it holds offsets and no pointers. */
static enum status
settle_down(hs_database_t *db, struct arena *a, hs_database_t **out)
{
	char *bytes = NULL;
	size_t n = 0, size = 0;
	bool ok = hs_serialize_database(db, &bytes, &n) == HS_SUCCESS &&
		  hs_serialized_database_size(bytes, n, &size) == HS_SUCCESS;

	if (ok)
		*out = arena_take(a, size);
	ok = ok && *out != NULL &&
	     hs_deserialize_database_at(bytes, n, *out) == HS_SUCCESS;
	free(bytes);
	return ok ? ST_OK : ST_NOMEM;
}

static enum status
open_part(struct engine *e, const struct engine_rule *rules,
	  const struct engine_parts *parts, unsigned part,
	  const struct engine_options *o, struct buf *why)
{
	struct rule_lists l = {0};
	hs_database_t *db = NULL;
	enum status st = lists_make(rules, parts, part, &l);

	if (st != ST_OK)
		return st;
	if (l.count > 0)
		st = load_or_compile(rules, &l, o->cache, &db, why);
	if (st == ST_OK && db != NULL)
		st = settle_down(db, o->arena, &e->db[part]);
	hs_free_database(db);
	lists_free(&l);
	return st;
}

static enum status
open_parts(struct engine *e, const struct engine_rule *rules,
	   const struct engine_parts *parts, const struct engine_options *o,
	   struct buf *why)
{
	enum status st = lead_table_open(parts->leads, o->arena, &e->leads);

	e->sieved = arena_array(o->arena, parts->count + 1, sizeof(*e->sieved));
	if (st == ST_OK && e->sieved == NULL)
		st = ST_NOMEM;
	for (size_t i = 0; st == ST_OK && i < parts->count; i++)
		e->sieved[i] = parts->text[PART_RUNS][i] != NULL;
	for (unsigned p = 0; st == ST_OK && parts->count > 0 && p < PARTS; p++)
		st = open_part(e, rules, parts, p, o, why);
	return st;
}

static bool
part_is_cached(const struct engine_rule *rules,
	       const struct engine_parts *parts, unsigned part,
	       const char *cache)
{
	struct rule_lists l = {0};
	char name[PATH_MAX];
	bool is;

	if (lists_make(rules, parts, part, &l) != ST_OK)
		return false;
	is = l.count == 0 ||
	     (shelf_name(cache, cache_key(&l), name, sizeof(name)) == ST_OK &&
	      access(name, R_OK) == 0);
	lists_free(&l);
	return is;
}

static bool
is_cached(const struct engine_rule *rules, const struct engine_parts *parts,
	  const char *cache)
{
	bool all = parts->count == 0 || cache != NULL;

	for (unsigned p = 0; all && parts->count > 0 && p < PARTS; p++)
		all = part_is_cached(rules, parts, p, cache);
	return all;
}

enum status
engine_open(const struct engine_rule *rules, size_t count,
	    const struct engine_options *o, struct engine **out,
	    struct buf *why)
{
	struct engine *e = arena_take(o->arena, sizeof(*e));
	struct engine_parts parts = {0};
	enum status st;

	if (e == NULL)
		return ST_NOMEM;
	e->level = tile_level_best();
	st = engine_parts_make(rules, count, &parts);
	if (st == ST_OK && o->compiling != NULL &&
	    !is_cached(rules, &parts, o->cache))
		o->compiling(count);
	if (st == ST_OK)
		st = open_parts(e, rules, &parts, o, why);
	engine_parts_free(&parts);
	if (st == ST_OK)
		*out = e;
	return st;
}

uint64_t
engine_machine(void)
{
	return engine_cache_machine(ENGINE_CACHE_SEED);
}

/* Large enough for each of the databases. */
static bool
alloc_scratch(const struct engine *e, hs_scratch_t **hs)
{
	bool ok = true;

	for (unsigned p = 0; ok && p < PARTS; p++)
		ok = e->db[p] == NULL ||
		     hs_alloc_scratch(e->db[p], hs) == HS_SUCCESS;
	return ok;
}

enum status
engine_scratch_open(const struct engine *e, const struct engine_scratch *like,
		    struct engine_scratch **out)
{
	struct engine_scratch *s = calloc(1, sizeof(*s));
	bool ok = s != NULL;

	if (ok && like == NULL)
		ok = alloc_scratch(e, &s->hs);
	else if (ok && like->hs != NULL)
		ok = hs_clone_scratch(like->hs, &s->hs) == HS_SUCCESS;
	if (!ok) {
		engine_scratch_close(s);
		return ST_NOMEM;
	}
	*out = s;
	return ST_OK;
}

void
engine_scratch_close(struct engine_scratch *s)
{
	if (s == NULL)
		return;
	hs_free_scratch(s->hs);
	free(s);
}

bool
engine_wants_run(const struct engine *e, unsigned rule)
{
	return e->sieved[rule];
}

/* One scan; base: where what Hyperscan sees begins in the text. */
struct caller {
	const struct engine *e;
	hs_scratch_t *hs;
	struct span text;
	size_t base;
	engine_hit *hit;
	void *arg;
};

static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
	 unsigned flags, void *arg)
{
	const struct caller *c = arg;

	(void)flags;
	return c->hit(c->arg, id, c->base + (size_t)from, c->base + (size_t)to)
		   ? 0
		   : 1;
}

static bool
scan_part(struct caller *c, unsigned part, size_t from, size_t to)
{
	hs_error_t err;

	c->base = from;
	err = hs_scan(c->e->db[part], (const char *)c->text.ptr + from,
		      (unsigned)(to - from), 0, c->hs, on_match, c);
	must(err == HS_SUCCESS || err == HS_SCAN_TERMINATED);
	return err == HS_SUCCESS;
}

static bool
scan_runs(void *arg, size_t from, size_t to)
{
	return scan_part(arg, PART_RUNS, from, to);
}

static bool
scan_rows(void *arg, size_t from, size_t to)
{
	return scan_part(arg, PART_ROWS, from, to);
}

static bool
scan_leads(void *arg, size_t from, size_t to)
{
	return scan_part(arg, PART_LEADS, from, to);
}

static bool
scan_high(void *arg, size_t from, size_t to)
{
	return scan_part(arg, PART_HIGH, from, to);
}

/* One byte more than a width, so that it knows what stands beside a match. */
static bool
scan_where(struct caller *c, unsigned part)
{
	const struct engine *e = c->e;

	switch (part) {
	case PART_RUNS:
		return sieve_regions(e->level, c->text, ENGINE_WIDTH + 1,
				     scan_runs, c);
	case PART_ROWS:
		return row_regions(e->level, c->text, ENGINE_WIDTH + 1,
				   scan_rows, c);
	case PART_LEADS:
		return lead_regions(e->level, &e->leads, c->text, scan_leads,
				    c);
	case PART_HIGH:
		return high_regions(c->text, ENGINE_WIDTH + 1, scan_high, c);
	default:
		return scan_part(c, PART_ALL_TEXT, 0, c->text.len);
	}
}

bool
engine_scan(const struct engine *e, struct engine_scratch *s, struct span text,
	    engine_hit *hit, void *arg)
{
	struct caller c = {
	    .e = e, .hs = s->hs, .text = text, .hit = hit, .arg = arg};

	must(text.len <= UINT32_MAX);
	for (unsigned p = 0; text.len > 0 && p < PARTS; p++)
		if (e->db[p] != NULL && !scan_where(&c, p))
			return false;
	return true;
}
