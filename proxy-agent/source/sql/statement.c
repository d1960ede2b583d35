#include "proxy-agent/source/sql/statement.h"

#include "base/must.h"
#include "proxy-agent/source/sql/clause.h"
#include "proxy-agent/source/sql/text.h"

#define CELLS_CAP ((size_t)4 << 20)

/* What goes into the patterns of whole statements. */
struct parts {
	struct buf cells, table, where, order;
	uint64_t n, from;
};

static void
parts_init(struct parts *p, uint64_t n)
{
	buf_init(&p->cells, CELLS_CAP);
	buf_init(&p->table, SQL_NAME_CAP * 4);
	buf_init(&p->where, CELLS_CAP);
	buf_init(&p->order, CELLS_CAP);
	p->n = n;
	p->from = 0;
}

/* Takes the parts, and what went wrong with them. */
static enum status
state(struct buf *to, const struct sql_table *t, const char *pattern,
      struct parts *p, enum status st)
{
	char n[24], from[24], count[24];

	if (st == ST_OK)
		st = sql_clause_table(&p->table, t);
	if (st == ST_OK) {
		const struct sql_word words[] = {
		    {.name = "cells", .text = buf_span(&p->cells)},
		    {.name = "table", .text = buf_span(&p->table)},
		    {.name = "where", .text = buf_span(&p->where)},
		    {.name = "order", .text = buf_span(&p->order)},
		    {.name = "n", .text = sql_clause_number(n, p->n)},
		    {.name = "from", .text = sql_clause_number(from, p->from)},
		    {.name = "count",
		     .text = sql_clause_number(count, sql_table_step(t))},
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
sql_statement_all(struct buf *to, const struct sql_table *t, uint64_t rows)
{
	const struct sql_dialect *d = t->dialect;
	struct parts p;

	parts_init(&p, rows);
	return state(to, t, rows > 0 && d->page != NULL ? d->page : d->all, &p,
		     sql_clause_cells(&p.cells, t));
}

enum status
sql_statement_page(struct buf *to, const struct sql_table *t,
		   const struct sql_key *behind, uint64_t rows)
{
	struct parts p;
	enum status st;

	must(t->paged && (rows > 0 || t->dialect->rest != NULL));
	parts_init(&p, rows);
	st = sql_clause_cells(&p.cells, t);
	if (st == ST_OK && behind->set) {
		st = buf_add_str(&p.where, " WHERE ");
		if (st == ST_OK)
			st = sql_clause_behind(&p.where, t, behind);
	}
	if (st == ST_OK)
		st = sql_clause_order(&p.order, t);
	return state(to, t, rows > 0 ? t->dialect->page : t->dialect->rest, &p,
		     st);
}

enum status
sql_statement_count(struct buf *to, const struct sql_table *t)
{
	struct parts p;

	parts_init(&p, 0);
	return state(to, t, t->dialect->count, &p, ST_OK);
}

enum status
sql_statement_where(struct buf *to, const struct sql_table *t,
		    const struct span *cell)
{
	enum status st = ST_OK;

	if (t->row == SQL_BY_ID)
		return sql_literal(to, t->dialect->row_is, cell[t->count]);
	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		if (i > 0)
			st = buf_add_str(to, " AND ");
		if (st == ST_OK)
			st = sql_clause_compare(to, t, i, " = ",
						cell[t->key[i]]);
	}
	return st;
}

/* The cell when it is large, as that pattern has it, else NULL. */
static enum status
add_large(struct buf *to, const struct sql_table *t, uint32_t column,
	  const char *pattern, uint64_t from)
{
	enum status st = buf_add_str(to, "CASE WHEN ");

	if (st == ST_OK)
		st = sql_clause_column(to, t, column,
				       t->columns[column].kind->large, 0);
	if (st == ST_OK)
		st = buf_add_str(to, " THEN ");
	if (st == ST_OK)
		st = sql_clause_column(to, t, column, pattern, from);
	return st == ST_OK ? buf_add_str(to, " END") : st;
}

/* The row with the cell. */
static enum status
add_place(struct buf *to, const struct sql_table *t, const char *where)
{
	enum status st = buf_add_str(to, " WHERE ");

	if (st != ST_OK)
		return st;
	return t->row == SQL_BY_NUMBER ? sql_clause_any_large(to, t)
				       : buf_add_str(to, where);
}

enum status
sql_statement_piece(struct buf *to, const struct sql_table *t, uint32_t column,
		    const char *where, uint64_t nth, uint64_t from)
{
	bool counted = t->row == SQL_BY_NUMBER;
	struct parts p;
	enum status st;

	parts_init(&p, nth);
	st = add_large(&p.cells, t, column, t->columns[column].kind->piece,
		       from);
	if (st == ST_OK)
		st = add_place(&p.where, t, where);
	return state(to, t, counted ? t->dialect->nth : t->dialect->one, &p,
		     st);
}

bool
sql_statement_flows(const struct sql_table *t, uint32_t column)
{
	return t->dialect->pieces != NULL &&
	       t->columns[column].kind->bytes != NULL;
}

enum status
sql_statement_pieces(struct buf *to, const struct sql_table *t, uint32_t column,
		     const char *where, uint64_t nth, uint64_t from)
{
	struct parts p;
	enum status st;

	parts_init(&p, t->row == SQL_BY_NUMBER ? nth : 0);
	p.from = from;
	st = add_large(&p.cells, t, column, t->columns[column].kind->bytes, 0);
	if (st == ST_OK)
		st = add_place(&p.where, t, where);
	return state(to, t, t->dialect->pieces, &p, st);
}

enum status
sql_statement_catalogue(struct buf *to, const struct sql_dialect *d,
			const char *statement, const char *schema,
			const char *name)
{
	struct buf part[2];
	enum status st;

	buf_init(&part[0], SQL_NAME_CAP);
	buf_init(&part[1], SQL_NAME_CAP);
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
