#include <string.h>

#include "detect/decide/evidence.h"
#include "detect/table/table.h"
#include "detect/table/tuple.h"
#include "detect/work.h"

/*
 * cells: what is all of a cell, and nothing without the head of its column:
 * names, genders, codes of three digits.
 */
#define CELL_BEFORE 8 /* blanks and quotes before a value */

static void
claim(struct detect_scratch *s, const struct column_cell *c, struct span v)
{
	const struct data_type *t = s->d->cat->types[c->type];
	const struct cell *cell = t->cell;
	struct verdict verdict = {.score = cell->score, .reasons = t->stands};
	uint8_t value[CELL_BYTES];
	size_t start = (size_t)(v.ptr - s->text.ptr);
	/* of these the letters' case tells whether they are made by chance */
	bool secret = strcmp(t->category, "secret") == 0;

	if (v.len < cell->like.min || v.len > cell->like.max ||
	    class_forward(&cell->like.set, v, 0, v.len) != v.len ||
	    columns_hash(v) == c->head)
		return;
	for (size_t i = 0; i < v.len; i++)
		value[i] = v.ptr[i] >= 'a' && v.ptr[i] <= 'z' && !secret
			       ? (uint8_t)(v.ptr[i] - 32)
			       : v.ptr[i];
	if (!evidence_chain(cell->checks, cell->check_count,
			    span_of(value, v.len), &verdict))
		return;
	verdict.score += POINTS_KEY + POINTS_ALONE;
	verdict.reasons |= REASON(REASON_COLUMN);
	if (evidence_test(t, v))
		verdict.reasons |= REASON(REASON_TEST_DATA);
	work_claim(s, start, start + v.len, c->type, &verdict);
}

static bool
cell_of_row(const struct detect_scratch *s, size_t at, struct span *cell)
{
	struct span row = span_skip(s->text, at);
	const uint8_t *end;

	if (row.len > CELL_BYTES + 2 * CELL_BEFORE)
		row.len = CELL_BYTES + 2 * CELL_BEFORE;
	end = row.len == 0 ? NULL : memchr(row.ptr, '\n', row.len);
	if (end != NULL)
		row.len = (size_t)(end - row.ptr);
	if (!table_cell(&row, s->columns.delimiter, cell))
		return false;
	*cell = table_bare(*cell);
	return cell->len > 0;
}

/* The cell that begins at text[at]. */
static void
look_at(struct detect_scratch *s, size_t at, uint16_t column)
{
	const struct columns *c = &s->columns;
	struct span cell = span_of(NULL, 0);
	size_t most = CELL_BYTES + 2 * CELL_BEFORE;

	for (size_t i = 0; i < c->cell_count; i++) {
		if (c->cells[i].column != column)
			continue;
		if (cell.ptr == NULL &&
		    (!(c->tuples ? tuple_cell(s, at, most, &cell)
				 : cell_of_row(s, at, &cell)) ||
		     cell.ptr > s->text.ptr + at + CELL_BEFORE))
			return;
		claim(s, &c->cells[i], cell);
	}
}

/* What stands before a cell. */
static bool
opens_cell(const struct columns *c, uint8_t before)
{
	return c->tuples ? before == '(' || before == ','
			 : before == '\n' || before == c->delimiter;
}

void
cells_look(struct detect_scratch *s, size_t lo, size_t hi)
{
	struct columns *c = &s->columns;

	if (c->cell_count == 0)
		return;
	for (size_t at = lo; at < hi; at++) {
		uint8_t before = at == 0 ? '\n' : s->text.ptr[at - 1];
		uint16_t column;

		if (!opens_cell(c, before))
			continue;
		column = columns_of(s, at);
		if (column != COLUMN_NONE && !c->quoted)
			look_at(s, at, column);
	}
}
