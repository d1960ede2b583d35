#include "proxy-agent/source/sql_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "model/rows.h"
#include "proxy-agent/source/sql_text.h"

#define NAME_CAP  4096
#define CELLS_CAP ((size_t)4 << 20)

/* ---- columns ---- */

static const struct sql_kind *
kind_of(const struct sql_dialect *d, struct span letter)
{
	const struct sql_kind *k = d->kinds;

	while (k->letter != 0 &&
	       (letter.len == 0 || k->letter != (char)letter.ptr[0]))
		k++;
	return k->letter != 0 ? k : NULL;
}

enum status
sql_table_column(struct sql_table *t, const struct span *cell)
{
	struct sql_column *more, *c;
	uint64_t place = 0;

	if (t->count == ROWS_COLUMNS)
		return ST_LIMIT;
	if (cell[2].len > 0 &&
	    str_to_u64(cell[2], 0, ROWS_COLUMNS, &place) != ST_OK)
		return ST_MALFORMED;
	more = reallocarray(t->columns, (size_t)t->count + 1, sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	t->columns = more;
	c = &more[t->count];
	*c = (struct sql_column){
	    .kind = kind_of(t->dialect, cell[1]),
	    .place = (unsigned)place,
	    .large = str_is(cell[3], "1"),
	};
	if (c->kind == NULL || cell[0].len == 0)
		return ST_MALFORMED;
	c->name = strndup((const char *)cell[0].ptr, cell[0].len);
	if (c->name == NULL)
		return ST_NOMEM;
	t->count++;
	return ST_OK;
}

/* The columns of the key in its order; none when rows cannot be told by it. */
static void
find_key(struct sql_table *t)
{
	unsigned parts = 0;

	t->keys = 0;
	for (uint32_t i = 0; i < t->count; i++)
		parts += t->columns[i].place > 0;
	if (parts > SQL_KEYS)
		return;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct sql_column *c = &t->columns[i];

		if (c->place == 0)
			continue;
		if (c->kind->literal == NULL || c->large || c->place > parts)
			return;
		t->key[c->place - 1] = i;
	}
	t->keys = parts;
}

enum status
sql_table_ready(struct sql_table *t, bool ids)
{
	const struct sql_dialect *d = t->dialect;

	if (t->count == 0)
		return ST_NOTFOUND;
	find_key(t);
	t->paged = d->keyset && t->keys > 0 && d->page != NULL && !t->scattered;
	t->row = !t->paged && ids && d->row_id != NULL ? SQL_BY_ID
		 : t->keys > 0                         ? SQL_BY_KEY
						       : SQL_BY_NUMBER;
	t->any_large = false;
	for (uint32_t i = 0; i < t->count; i++) {
		struct sql_column *c = &t->columns[i];

		c->large = c->large && c->kind->large != NULL &&
			   c->kind->piece != NULL &&
			   (t->row == SQL_BY_NUMBER ? d->nth : d->one) != NULL;
		t->any_large = t->any_large || c->large;
	}
	return ST_OK;
}

bool
sql_table_alike(const struct sql_table *a, const struct sql_table *b)
{
	bool alike = a->count == b->count;

	for (uint32_t i = 0; alike && i < a->count; i++) {
		const struct sql_column *x = &a->columns[i];
		const struct sql_column *y = &b->columns[i];

		alike = strcmp(x->name, y->name) == 0 && x->kind == y->kind &&
			x->place == y->place;
	}
	return alike;
}

void
sql_table_fini(struct sql_table *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		free(t->columns[i].name);
	free(t->columns);
	*t = (struct sql_table){0};
}

uint32_t
sql_table_step(const struct sql_table *t)
{
	return t->dialect->piece > 0 ? t->dialect->piece : SQL_PIECE;
}

static bool
has_id(const struct sql_table *t)
{
	return t->row == SQL_BY_ID && t->any_large;
}

size_t
sql_table_cells(const struct sql_table *t)
{
	return (size_t)t->count + has_id(t) + t->any_large;
}

bool
sql_table_marked(const struct sql_table *t, const struct span *cell)
{
	return t->any_large && cell[sql_table_cells(t) - 1].ptr != NULL;
}

/* ---- the key of a row ---- */

void
sql_key_init(struct sql_key *k)
{
	*k = (struct sql_key){0};
	buf_init(&k->bytes, (size_t)1 << 20);
}

void
sql_key_fini(struct sql_key *k)
{
	buf_fini(&k->bytes);
}

enum status
sql_key_take(struct sql_key *k, const struct sql_table *t,
	     const struct span *cell)
{
	k->bytes.len = 0; /* not wiped: once for each row */
	k->set = false;
	for (unsigned i = 0; i < t->keys; i++) {
		struct span s = cell[t->key[i]];

		if (s.ptr == NULL)
			return ST_MALFORMED;
		if (buf_add(&k->bytes, s.ptr, s.len) != ST_OK)
			return ST_LIMIT;
		k->end[i] = k->bytes.len;
	}
	k->set = true;
	return ST_OK;
}

static struct span
key_part(const struct sql_key *k, unsigned i)
{
	size_t from = i == 0 ? 0 : k->end[i - 1];

	return span_of(k->bytes.data + from, k->end[i] - from);
}

/* ---- parts of statements ---- */

static enum status
add_name(struct buf *to, const struct sql_table *t, const char *name)
{
	return sql_name(to, t->dialect->open, t->dialect->close, name);
}

static struct span
number(char room[24], uint64_t n)
{
	snprintf(room, 24, "%llu", (unsigned long long)n);
	return span_str(room);
}

/* A pattern of a column: {c}, {from}, {count}. */
static enum status
add_column(struct buf *to, const struct sql_table *t, uint32_t column,
	   const char *pattern, uint64_t from)
{
	char place[24], count[24];
	struct buf name;
	enum status st;

	buf_init(&name, NAME_CAP);
	st = add_name(&name, t, t->columns[column].name);
	if (st == ST_OK) {
		const struct sql_word words[] = {
		    {.name = "c", .text = buf_span(&name)},
		    {.name = "from", .text = number(place, from)},
		    {.name = "count", .text = number(count, sql_table_step(t))},
		    {0},
		};

		st = sql_fill(to, pattern, words);
	}
	buf_fini(&name);
	return st;
}

static enum status
add_cell(struct buf *to, const struct sql_table *t, uint32_t column)
{
	const struct sql_column *c = &t->columns[column];
	const char *cell = c->kind->cell != NULL ? c->kind->cell : "{c}";
	enum status st;

	if (!c->large)
		return add_column(to, t, column, cell, 0);
	st = buf_add_str(to, "CASE WHEN ");
	if (st == ST_OK)
		st = add_column(to, t, column, c->kind->large, 0);
	if (st == ST_OK)
		st = buf_add_str(to, " THEN NULL ELSE ");
	if (st == ST_OK)
		st = add_column(to, t, column, cell, 0);
	return st == ST_OK ? buf_add_str(to, " END") : st;
}

/* Whether any cell of a row is large. */
static enum status
add_any_large(struct buf *to, const struct sql_table *t)
{
	const char *between = "(";
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < t->count; i++) {
		if (!t->columns[i].large)
			continue;
		st = buf_add_str(to, between);
		if (st == ST_OK)
			st = add_column(to, t, i, t->columns[i].kind->large, 0);
		between = " OR ";
	}
	return st == ST_OK ? buf_add_byte(to, ')') : st;
}

static enum status
add_cells(struct buf *to, const struct sql_table *t)
{
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < t->count; i++) {
		if (i > 0)
			st = buf_add_str(to, ", ");
		if (st == ST_OK)
			st = add_cell(to, t, i);
	}
	if (st == ST_OK && has_id(t)) {
		st = buf_add_str(to, ", ");
		if (st == ST_OK)
			st = buf_add_str(to, t->dialect->row_id);
	}
	if (st != ST_OK || !t->any_large)
		return st;
	st = buf_add_str(to, ", CASE WHEN ");
	if (st == ST_OK)
		st = add_any_large(to, t);
	return st == ST_OK ? buf_add_str(to, " THEN '1' END") : st;
}

/* "k > value", of the i-th part of the key. */
static enum status
add_compare(struct buf *to, const struct sql_table *t, unsigned i,
	    const char *how, struct span value)
{
	const struct sql_column *c = &t->columns[t->key[i]];
	enum status st = add_name(to, t, c->name);

	if (st == ST_OK)
		st = buf_add_str(to, how);
	return st == ST_OK ? sql_literal(to, c->kind->literal, value) : st;
}

/* (a, b) > (x, y) */
static enum status
add_behind_tuple(struct buf *to, const struct sql_table *t,
		 const struct sql_key *k)
{
	enum status st = ST_OK;

	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		st = buf_add_str(to, i == 0 ? "(" : ", ");
		if (st == ST_OK)
			st = add_name(to, t, t->columns[t->key[i]].name);
	}
	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		const struct sql_column *c = &t->columns[t->key[i]];

		st = buf_add_str(to, i == 0 ? ") > (" : ", ");
		if (st == ST_OK)
			st = sql_literal(to, c->kind->literal, key_part(k, i));
	}
	return st == ST_OK ? buf_add_byte(to, ')') : st;
}

/*
 * What comes behind a row: a >= x AND (a > x OR (a = x AND b > y)). Rows are
 * compared as such only where the dialect says so: some servers cannot, others
 * do it without their index. Each comparison is the server's own, by the
 * collation of its key.
 */
static enum status
add_behind(struct buf *to, const struct sql_table *t, const struct sql_key *k)
{
	enum status st = ST_OK;
	unsigned open = 0;

	if (t->keys > 1 && t->dialect->tuples)
		return add_behind_tuple(to, t, k);
	if (t->keys > 1) {
		st = add_compare(to, t, 0, " >= ", key_part(k, 0));
		if (st == ST_OK)
			st = buf_add_str(to, " AND ");
	}
	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		if (i + 1 < t->keys)
			st = buf_add_byte(to, '(');
		if (st == ST_OK)
			st = add_compare(to, t, i, " > ", key_part(k, i));
		if (st != ST_OK || i + 1 == t->keys)
			continue;
		st = buf_add_str(to, " OR (");
		if (st == ST_OK)
			st = add_compare(to, t, i, " = ", key_part(k, i));
		if (st == ST_OK)
			st = buf_add_str(to, " AND ");
		open += 2;
	}
	for (; st == ST_OK && open > 0; open--)
		st = buf_add_byte(to, ')');
	return st;
}

static enum status
add_order(struct buf *to, const struct sql_table *t)
{
	const char *how = t->dialect->order != NULL ? t->dialect->order : "{c}";
	enum status st = buf_add_str(to, " ORDER BY ");

	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		if (i > 0)
			st = buf_add_str(to, ", ");
		if (st == ST_OK)
			st = add_column(to, t, t->key[i], how, 0);
	}
	return st;
}

/* ---- statements ---- */

static enum status
add_table(struct buf *to, const struct sql_table *t)
{
	struct buf part[3];
	const char *const from[] = {t->database, t->schema, t->name};
	enum status st = ST_OK;

	for (unsigned i = 0; i < 3; i++) {
		buf_init(&part[i], NAME_CAP);
		if (st == ST_OK && from[i] != NULL)
			st = add_name(&part[i], t, from[i]);
	}
	if (st == ST_OK) {
		const struct sql_word words[] = {
		    {.name = "database", .text = buf_span(&part[0])},
		    {.name = "schema", .text = buf_span(&part[1])},
		    {.name = "name", .text = buf_span(&part[2])},
		    {0},
		};

		st = sql_fill(to, t->dialect->table, words);
	}
	for (unsigned i = 0; i < 3; i++)
		buf_fini(&part[i]);
	return st;
}

/* What goes into the patterns of whole statements. */
struct parts {
	struct buf cells, table, where, order;
	uint64_t n;
};

static void
parts_init(struct parts *p, uint64_t n)
{
	buf_init(&p->cells, CELLS_CAP);
	buf_init(&p->table, NAME_CAP * 4);
	buf_init(&p->where, CELLS_CAP);
	buf_init(&p->order, CELLS_CAP);
	p->n = n;
}

/* Takes the parts, and what went wrong with them. */
static enum status
state(struct buf *to, const struct sql_table *t, const char *pattern,
      struct parts *p, enum status st)
{
	char n[24];

	if (st == ST_OK)
		st = add_table(&p->table, t);
	if (st == ST_OK) {
		const struct sql_word words[] = {
		    {.name = "cells", .text = buf_span(&p->cells)},
		    {.name = "table", .text = buf_span(&p->table)},
		    {.name = "where", .text = buf_span(&p->where)},
		    {.name = "order", .text = buf_span(&p->order)},
		    {.name = "n", .text = number(n, p->n)},
		    {0},
		};

		buf_clear(to);
		st = sql_fill(to, pattern, words);
	}
	buf_fini(&p->cells);
	buf_fini(&p->table);
	buf_fini(&p->where);
	buf_fini(&p->order);
	return st == ST_OK ? sql_end(to) : st;
}

enum status
sql_table_all(struct buf *to, const struct sql_table *t, uint64_t rows)
{
	const struct sql_dialect *d = t->dialect;
	struct parts p;

	parts_init(&p, rows);
	return state(to, t, rows > 0 && d->page != NULL ? d->page : d->all, &p,
		     add_cells(&p.cells, t));
}

enum status
sql_table_page(struct buf *to, const struct sql_table *t,
	       const struct sql_key *behind, uint64_t rows)
{
	struct parts p;
	enum status st;

	must(t->paged && (rows > 0 || t->dialect->rest != NULL));
	parts_init(&p, rows);
	st = add_cells(&p.cells, t);
	if (st == ST_OK && behind->set) {
		st = buf_add_str(&p.where, " WHERE ");
		if (st == ST_OK)
			st = add_behind(&p.where, t, behind);
	}
	if (st == ST_OK)
		st = add_order(&p.order, t);
	return state(to, t, rows > 0 ? t->dialect->page : t->dialect->rest, &p,
		     st);
}

enum status
sql_table_count(struct buf *to, const struct sql_table *t)
{
	struct parts p;

	parts_init(&p, 0);
	return state(to, t, t->dialect->count, &p, ST_OK);
}

enum status
sql_table_where(struct buf *to, const struct sql_table *t,
		const struct span *cell)
{
	enum status st = ST_OK;

	if (t->row == SQL_BY_ID)
		return sql_literal(to, t->dialect->row_is, cell[t->count]);
	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		if (i > 0)
			st = buf_add_str(to, " AND ");
		if (st == ST_OK)
			st = add_compare(to, t, i, " = ", cell[t->key[i]]);
	}
	return st;
}

enum status
sql_table_piece(struct buf *to, const struct sql_table *t, uint32_t column,
		const char *where, uint64_t nth, uint64_t from)
{
	const struct sql_kind *k = t->columns[column].kind;
	bool counted = t->row == SQL_BY_NUMBER;
	struct parts p;
	enum status st;

	parts_init(&p, nth);
	st = buf_add_str(&p.cells, "CASE WHEN ");
	if (st == ST_OK)
		st = add_column(&p.cells, t, column, k->large, 0);
	if (st == ST_OK)
		st = buf_add_str(&p.cells, " THEN ");
	if (st == ST_OK)
		st = add_column(&p.cells, t, column, k->piece, from);
	if (st == ST_OK)
		st = buf_add_str(&p.cells, " END");
	if (st == ST_OK)
		st = buf_add_str(&p.where, " WHERE ");
	if (st == ST_OK)
		st = counted ? add_any_large(&p.where, t)
			     : buf_add_str(&p.where, where);
	return state(to, t, counted ? t->dialect->nth : t->dialect->one, &p,
		     st);
}

enum status
sql_catalogue(struct buf *to, const struct sql_dialect *d,
	      const char *statement, const char *schema, const char *name)
{
	struct buf part[2];
	enum status st;

	buf_init(&part[0], NAME_CAP);
	buf_init(&part[1], NAME_CAP);
	st = sql_literal(&part[0], d->text, span_str(schema));
	if (st == ST_OK)
		st = sql_literal(&part[1], d->text, span_str(name));
	if (st == ST_OK) {
		const struct sql_word words[] = {
		    {.name = "schema", .text = buf_span(&part[0])},
		    {.name = "name", .text = buf_span(&part[1])},
		    {0},
		};

		buf_clear(to);
		st = sql_fill(to, statement, words);
	}
	buf_fini(&part[0]);
	buf_fini(&part[1]);
	return st == ST_OK ? sql_end(to) : st;
}
