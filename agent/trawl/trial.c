#include "agent/trawl/trial.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "scan/cache.h"

#define NOTES 4096

/* The best that was said of one stretch: a claim, or the last refusal. */
struct note {
	struct explain e;
	bool found; /* a scan reports it */
	uint8_t level;
	char masked[160];
	char winner[72]; /* what a scan reports there instead */
	unsigned winner_score;
};

struct trial {
	char id[72];
	const char *file; /* NULL: it is of the catalogue */
	struct detector *one, *all;
	struct detect_scratch *look, *judge;
	struct note notes[NOTES];
	size_t count;
	bool any;
};

/* ---- opening ------------------------------------------------------------- */

static bool
is_file(const char *rule)
{
	return strchr(rule, '/') != NULL || str_ends(span_str(rule), ".yaml");
}

static enum status
name(struct trial *t, const char *rule, struct buf *why)
{
	const char *base = strrchr(rule, '/');
	struct span id = span_str(base == NULL ? rule : base + 1);

	if (is_file(rule)) {
		t->file = rule;
		if (!str_ends(id, ".yaml"))
			return buf_addf(why,
					"%s: the name of a rule ends in "
					".yaml",
					rule) == ST_OK
				   ? ST_MALFORMED
				   : ST_NOMEM;
		id.len -= strlen(".yaml");
	}
	return str_copy(t->id, sizeof(t->id), id);
}

static enum status
open_both(struct trial *t, struct buf *why)
{
	char cache[PATH_MAX];
	const struct span id = span_str(t->id), star = span_str("*");
	struct detect_options o = {
	    .types = &id,
	    .type_count = 1,
	    .rules = &t->file,
	    .rule_count = t->file != NULL,
	    .replace = true,
	    .min_confidence = 1,
	};
	enum status st;

	cache_file(cache, sizeof(cache));
	o.cache = cache[0] == 0 ? NULL : cache;
	st = detector_open(&o, &t->one, why);
	o.types = &star;
	o.min_confidence = 0;
	if (st == ST_OK)
		st = detector_open(&o, &t->all, why);
	if (st == ST_OK)
		st = detect_scratch_open(t->one, &t->look);
	if (st == ST_OK)
		st = detect_scratch_open(t->all, &t->judge);
	return st;
}

enum status
trial_open(const char *rule, struct trial **out, struct buf *why)
{
	struct trial *t = calloc(1, sizeof(*t));
	enum status st;

	if (t == NULL)
		return ST_NOMEM;
	st = name(t, rule, why);
	if (st == ST_OK)
		st = open_both(t, why);
	if (st == ST_OK)
		*out = t;
	else
		trial_close(t);
	return st;
}

void
trial_close(struct trial *t)
{
	if (t == NULL)
		return;
	detect_scratch_close(t->look);
	detect_scratch_close(t->judge);
	detector_close(t->one);
	detector_close(t->all);
	explicit_bzero(t, sizeof(*t));
	free(t);
}

const char *
trial_id(const struct trial *t)
{
	return t->id;
}

/* ---- looking ------------------------------------------------------------- */

static bool
names(const struct match *m, const char *id)
{
	struct span rest = m->also, one;

	if (strcmp(m->type, id) == 0)
		return true;
	while (str_next(&rest, ',', &one))
		if (str_is(one, id))
			return true;
	return false;
}

static void
on_found(void *arg, const struct match *m)
{
	struct trial *t = arg;

	t->any |= names(m, t->id);
}

/* All of the text, which may begin as a table does: one part of a scan. */
static void
look(const struct detector *d, struct detect_scratch *s, struct span text,
     detect_sink *sink, void *arg)
{
	detect_table(s,
		     span_of(text.ptr, text.len < DETECT_TABLE ? text.len
							       : DETECT_TABLE));
	detect_text(d, s, text, 0, text.len, sink, arg);
}

bool
trial_finds(struct trial *t, struct span text)
{
	t->any = false;
	look(t->all, t->judge, text, on_found, t);
	return t->any;
}

static bool
says_more(const struct explain *a, const struct explain *b)
{
	if (a->what != EXPLAIN_CLAIM || b->what != EXPLAIN_CLAIM)
		return a->what == EXPLAIN_CLAIM && b->what != EXPLAIN_CLAIM;
	return a->score > b->score;
}

static void
on_explained(void *arg, const struct explain *e)
{
	struct trial *t = arg;
	size_t i = 0;

	if (e->type != NULL && strcmp(e->type, t->id) != 0)
		return; /* one that is judged together with it */
	while (i < t->count &&
	       (t->notes[i].e.start != e->start || t->notes[i].e.end != e->end))
		i++;
	if (i == NOTES)
		return;
	if (i < t->count && !says_more(e, &t->notes[i].e))
		return;
	t->notes[i].e = *e;
	t->count += i == t->count;
}

/* What a scan says of a stretch that the type claims. */
static void
on_judged(void *arg, const struct match *m)
{
	struct trial *t = arg;
	size_t end = (size_t)m->offset + m->length;

	for (size_t i = 0; i < t->count; i++) {
		struct note *n = &t->notes[i];
		size_t room = sizeof(n->masked) - 1;

		if (m->offset >= n->e.end || end <= n->e.start)
			continue;
		if (m->offset != n->e.start || end != n->e.end ||
		    !names(m, t->id)) {
			if (m->confidence < n->winner_score)
				continue;
			n->winner_score = m->confidence;
			if (str_copy(n->winner, sizeof(n->winner),
				     span_str(m->type)) != ST_OK)
				n->winner[0] = 0;
			continue;
		}
		n->found = true;
		n->level = m->level;
		if (m->masked.len < room)
			room = m->masked.len;
		memcpy(n->masked, m->masked.ptr, room);
		n->masked[room] = 0;
	}
}

static void
ignore(void *arg, const struct match *m)
{
	(void)arg;
	(void)m;
}

static int
by_place(const void *a, const void *b)
{
	const struct note *x = a, *y = b;

	if (x->e.start != y->e.start)
		return x->e.start < y->e.start ? -1 : 1;
	return x->e.end < y->e.end ? 1 : -1;
}

/* ---- telling ------------------------------------------------------------- */

#define WORDS_FOR (REASON(REASON_WORD_NEAR) | REASON(REASON_COLUMN))

static enum status
tell_reasons(const struct note *n, struct buf *to)
{
	const char *glue = "";
	enum status st = ST_OK;

	for (unsigned i = 0; st == ST_OK && i < REASON__COUNT; i++) {
		if ((n->e.reasons & REASON(i)) == 0)
			continue;
		st = buf_addf(to, "%s%s", glue, reason_text(i));
		glue = "; ";
	}
	return st;
}

static enum status
tell_low(const struct note *n, struct buf *to)
{
	enum status st = buf_addf(to, "no match: its score is %d, below %d",
				  n->e.score, DETECT_MIN_CONFIDENCE);

	if (st == ST_OK && (n->e.reasons & WORDS_FOR) == 0)
		st = buf_add_str(to, "; no word of the type stands near");
	if (st == ST_OK && n->e.reasons != 0)
		st = buf_add_str(to, "; ");
	return st == ST_OK ? tell_reasons(n, to) : st;
}

static enum status
tell_claim(const struct note *n, struct buf *to)
{
	enum status st;

	if (n->found) {
		st = buf_addf(to, "match, score %d, %s: ",
			      n->e.score > 100 ? 100 : n->e.score,
			      n->level == LEVEL_STRICT ? "strict" : "broad");
		return st == ST_OK ? tell_reasons(n, to) : st;
	}
	if (n->e.score < DETECT_MIN_CONFIDENCE)
		return tell_low(n, to);
	if (n->winner[0] != 0)
		return buf_addf(to,
				"no match: its score is %d, but '%s' is better "
				"there, with %u",
				n->e.score, n->winner, n->winner_score);
	return buf_addf(to,
			"no match: its score is %d, but another reading of "
			"the same bytes is better",
			n->e.score);
}

static enum status
tell_note(const struct note *n, struct span text, bool clear, struct buf *to)
{
	enum status st =
	    buf_addf(to, "@%zu +%zu  ", n->e.start, n->e.end - n->e.start);

	if (st == ST_OK && clear)
		st = buf_addf(to, "%.*s  ", (int)(n->e.end - n->e.start),
			      (const char *)text.ptr + n->e.start);
	else if (st == ST_OK && n->found)
		st = buf_addf(to, "%s  ", n->masked);
	if (st != ST_OK)
		return st;
	if (n->e.what == EXPLAIN_CLAIM)
		st = tell_claim(n, to);
	else if (n->e.what == EXPLAIN_CHECK)
		st = buf_addf(to, "no match: check '%s' fails", n->e.check);
	else
		st = buf_addf(to, "no match: %s", explain_text(n->e.what));
	return st == ST_OK ? buf_add_byte(to, '\n') : st;
}

enum status
trial_tell(struct trial *t, struct span text, bool clear, struct buf *to,
	   size_t *matches)
{
	enum status st = ST_OK;
	size_t told = 0;

	t->count = 0;
	memset(t->notes, 0, sizeof(t->notes));
	*matches = 0;
	explain_to(t->look, on_explained, t);
	look(t->one, t->look, text, ignore, NULL);
	explain_to(t->look, NULL, NULL);
	look(t->all, t->judge, text, on_judged, t);
	qsort(t->notes, t->count, sizeof(t->notes[0]), by_place);
	for (size_t i = 0; st == ST_OK && i < t->count; i++) {
		const struct note *n = &t->notes[i];

		if (n->e.what == EXPLAIN_STRUCTURE && n->e.start < told)
			continue; /* in the midst of what was told of */
		*matches += n->found;
		told = n->e.end;
		st = tell_note(n, text, clear, to);
	}
	if (st == ST_OK && t->count == 0)
		st = buf_add_str(to, "nothing in the text has a shape of this "
				     "type\n");
	return st;
}
