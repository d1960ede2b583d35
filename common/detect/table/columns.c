#include "detect/table/columns.h"

#include <string.h>

#include "base/glob.h"
#include "detect/check/check.h"
#include "detect/decide/evidence.h"
#include "detect/table/table.h"
#include "detect/table/tuple.h"
#include "detect/work.h"

#define SPOKEN (REASON(REASON_WORD_NEAR) | REASON(REASON_COLUMN))

/* A brand of cards, not what is only of their category. */
static bool
is_brand(const struct data_type *t)
{
	for (size_t i = 0; i < t->check_count; i++)
		if (check_is_luhn(&t->checks[i]))
			return id_exclusive(t);
	return false;
}

void
columns_kin(struct data_type *const *types, size_t n, uint16_t *kin)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (is_brand(types[i]) && k < i &&
		       !(types[k]->category == types[i]->category &&
			 is_brand(types[k])))
			k++;
		kin[i] = (uint16_t)(is_brand(types[i]) ? k : i);
	}
}

bool
columns_alike(const struct detect_scratch *s, uint16_t a, uint16_t b)
{
	return s->d->kin[a] == s->d->kin[b];
}

uint32_t
columns_hash(struct span v)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < v.len; i++)
		h = (h ^ v.ptr[i]) * 16777619U;
	return h;
}

/* ---- what the heads say -------------------------------------------------- */

/* The types that are whole cells under this head. */
static void
read_cells(struct detect_scratch *s, uint16_t column, struct span text)
{
	struct columns *c = &s->columns;
	uint32_t hash = columns_hash(table_bare(text));
	char words[TABLE_NAME];
	struct span head =
	    span_of((const uint8_t *)words, table_head(text, words));

	for (size_t i = 0; i < s->d->cell_count; i++) {
		const struct cell *cell =
		    s->d->cat->types[s->d->cells[i]]->cell;
		bool named = false;

		for (size_t k = 0; !named && k < cell->head_count; k++)
			named = glob_id(cell->heads[k], head);
		if (named && c->cell_count < COLUMNS_CELLS)
			c->cells[c->cell_count++] =
			    (struct column_cell){.column = column,
						 .type = s->d->cells[i],
						 .head = hash};
	}
}

static void
read_head(struct detect_scratch *s, uint16_t column, struct span head)
{
	struct columns *c = &s->columns;
	struct nearby words = {.count = 0};

	nearby_of_head(&s->d->cat->words, s->d->level, head, &words);
	for (size_t i = 0; i < words.count; i++) {
		if (c->word_count == COLUMNS_WORDS)
			break;
		c->word[c->word_count] = words.id[i];
		c->wanted |= reach_wants(s->d->reach, words.id[i]);
		c->word_column[c->word_count++] = column;
	}
	read_cells(s, column, head);
}

void
columns_read(struct detect_scratch *s, struct span first)
{
	struct columns *c = &s->columns;
	explain_fn *explain = s->explain;
	struct span heads, head;
	struct table t;

	c->table = c->chances = c->wanted = c->full = false;
	c->word_count = c->like_count = c->cell_count = 0;
	table_read(first, &t);
	c->delimiter = t.delimiter;
	heads = t.heads;
	for (uint16_t i = 0; i < COLUMNS_MAX && heads.len > 0 &&
			     table_cell(&heads, t.parts, &head);
	     i++)
		read_head(s, i, head);
	s->explain = NULL; /* a sample claims nothing */
	columns_sample(s, &t);
	s->explain = explain;
	c->table = c->word_count > 0 || c->like_count > 0 || c->chances;
}

/* ---- which column -------------------------------------------------------- */

void
columns_begin(struct columns *c)
{
	c->at = SIZE_MAX; /* no question yet */
}

/* Begins at the line of text[at], when that begins within reach. */
static void
find_line(struct detect_scratch *s, size_t at)
{
	struct columns *c = &s->columns;
	size_t low = at < COLUMNS_REACH ? 0 : at - COLUMNS_REACH;
	const uint8_t *end = s->text.ptr + low;
	const uint8_t *hit = at == low ? NULL : memrchr(end, '\n', at - low);

	c->known = hit != NULL || low == 0;
	c->at = c->line = hit != NULL ? (size_t)(hit - s->text.ptr) + 1 : low;
	c->column = 0;
	c->quoted = false;
}

static void
pass(struct columns *c, uint8_t byte)
{
	c->at++;
	if (byte == '\n') {
		c->line = c->at;
		c->known = true;
		c->column = 0;
		c->quoted = false;
	} else if (byte == '"') {
		c->quoted = !c->quoted;
	} else if (byte == c->delimiter && !c->quoted &&
		   c->column < COLUMN_NONE - 1) {
		c->column++;
	}
}

uint16_t
columns_of(struct detect_scratch *s, size_t at)
{
	struct columns *c = &s->columns;

	if (c->tuples)
		return tuple_column(s, at);
	if (at < c->at || at - c->at > COLUMNS_REACH)
		find_line(s, at);
	while (c->at < at)
		pass(c, s->text.ptr[c->at]);
	return c->known && at - c->line < COLUMNS_REACH ? c->column
							: COLUMN_NONE;
}

void
columns_words(struct detect_scratch *s, size_t start, struct nearby *n)
{
	const struct columns *c = &s->columns;
	uint16_t column = columns_of(s, start);

	for (size_t i = 0; i < c->word_count; i++) {
		if (c->word_column[i] != column || n->count == NEARBY_WORDS)
			continue;
		n->id[n->count] = c->word[i];
		n->far[n->count] = n->near[n->count] = 0;
		n->place[n->count++] = WORD_NEAR | WORD_KEY;
	}
}

/* ---- what the columns hold ----------------------------------------------- */

static bool
blank_or_quote(uint8_t c)
{
	return c == ' ' || c == '"' || c == '\'';
}

/* Nothing else stands in its cell, but for a key of JSON before it. */
static bool
fills_cell(const struct detect_scratch *s, size_t start, size_t end)
{
	const uint8_t *p = s->text.ptr;
	uint8_t d = s->columns.delimiter;

	while (start > 0 && blank_or_quote(p[start - 1]))
		start--;
	while (end < s->text.len &&
	       (blank_or_quote(p[end]) || p[end] == '\r' || p[end] == '}'))
		end++;
	return (start == 0 || p[start - 1] == '\n' || p[start - 1] == d ||
		p[start - 1] == ':') &&
	       (end == s->text.len || p[end] == '\n' || p[end] == d);
}

void
columns_likes(struct detect_scratch *s, size_t start, size_t end)
{
	const struct columns *c = &s->columns;
	uint16_t column;

	if (!fills_cell(s, start, end))
		return;
	column = columns_of(s, start);
	for (size_t i = 0; i < c->like_count; i++) {
		const struct column_type *l = &c->likes[i];

		if (l->column == column && l->full)
			hear_speak(&s->hearing, l->type, 0);
	}
}

void
columns_weigh(struct detect_scratch *s, size_t start, size_t end, size_t chars,
	      uint16_t type, struct verdict *v)
{
	const struct columns *c = &s->columns;
	uint16_t column;

	if ((c->like_count == 0 && !c->chances) || !fills_cell(s, start, end))
		return;
	column = columns_of(s, start);
	for (size_t i = 0; i < c->like_count; i++) {
		const struct column_type *l = &c->likes[i];

		if (l->column != column || !columns_alike(s, type, l->type))
			continue;
		if (l->full) {
			v->score += POINTS_LIKE;
			v->reasons |= REASON(REASON_LIKE);
		}
		return;
	}
	if (column >= COLUMNS_MAX || (v->reasons & SPOKEN) != 0 ||
	    (c->chance[column] >> (chars & 63) & 1) == 0)
		return;
	v->score -= POINTS_CHANCE;
	v->reasons |= REASON(REASON_CHANCE);
}
