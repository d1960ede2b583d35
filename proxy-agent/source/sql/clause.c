#include "proxy-agent/source/sql/clause.h"

#include <stdio.h>

#include "proxy-agent/source/sql/text.h"

struct span
sql_clause_number(char room[24], uint64_t n)
{
	snprintf(room, 24, "%llu", (unsigned long long)n);
	return span_str(room);
}

static enum status
add_name(struct buf *to, const struct sql_table *t, const char *name)
{
	return sql_name(to, t->dialect->open, t->dialect->close, name);
}

enum status
sql_clause_table(struct buf *to, const struct sql_table *t)
{
	struct buf part[3];
	const char *const from[] = {t->database, t->schema, t->name};
	enum status st = ST_OK;

	for (unsigned i = 0; i < 3; i++) {
		buf_init(&part[i], SQL_NAME_CAP);
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

/* ---- cells ---- */

enum status
sql_clause_column(struct buf *to, const struct sql_table *t, uint32_t column,
		  const char *pattern, uint64_t from)
{
	char place[24], count[24];
	struct buf name;
	enum status st;

	buf_init(&name, SQL_NAME_CAP);
	st = add_name(&name, t, t->columns[column].name);
	if (st == ST_OK) {
		const struct sql_word words[] = {
		    {.name = "c", .text = buf_span(&name)},
		    {.name = "from", .text = sql_clause_number(place, from)},
		    {.name = "count",
		     .text = sql_clause_number(count, sql_table_step(t))},
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
		return sql_clause_column(to, t, column, cell, 0);
	st = buf_add_str(to, "CASE WHEN ");
	if (st == ST_OK)
		st = sql_clause_column(to, t, column, c->kind->large, 0);
	if (st == ST_OK)
		st = buf_add_str(to, " THEN NULL ELSE ");
	if (st == ST_OK)
		st = sql_clause_column(to, t, column, cell, 0);
	return st == ST_OK ? buf_add_str(to, " END") : st;
}

enum status
sql_clause_any_large(struct buf *to, const struct sql_table *t)
{
	const char *between = "(";
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < t->count; i++) {
		if (!t->columns[i].large)
			continue;
		st = buf_add_str(to, between);
		if (st == ST_OK)
			st = sql_clause_column(to, t, i,
					       t->columns[i].kind->large, 0);
		between = " OR ";
	}
	return st == ST_OK ? buf_add_byte(to, ')') : st;
}

enum status
sql_clause_cells(struct buf *to, const struct sql_table *t)
{
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < t->count; i++) {
		if (i > 0)
			st = buf_add_str(to, ", ");
		if (st == ST_OK)
			st = add_cell(to, t, i);
	}
	if (st == ST_OK && sql_table_has_id(t)) {
		st = buf_add_str(to, ", ");
		if (st == ST_OK)
			st = buf_add_str(to, t->dialect->row_id);
	}
	if (st != ST_OK || !t->any_large)
		return st;
	st = buf_add_str(to, ", CASE WHEN ");
	if (st == ST_OK)
		st = sql_clause_any_large(to, t);
	return st == ST_OK ? buf_add_str(to, " THEN '1' END") : st;
}

/* ---- conditions and order ---- */

enum status
sql_clause_compare(struct buf *to, const struct sql_table *t, unsigned i,
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
			st = sql_literal(to, c->kind->literal,
					 sql_key_part(k, i));
	}
	return st == ST_OK ? buf_add_byte(to, ')') : st;
}

enum status
sql_clause_behind(struct buf *to, const struct sql_table *t,
		  const struct sql_key *k)
{
	enum status st = ST_OK;
	unsigned open = 0;

	if (t->keys > 1 && t->dialect->tuples)
		return add_behind_tuple(to, t, k);
	if (t->keys > 1) {
		st = sql_clause_compare(to, t, 0, " >= ", sql_key_part(k, 0));
		if (st == ST_OK)
			st = buf_add_str(to, " AND ");
	}
	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		if (i + 1 < t->keys)
			st = buf_add_byte(to, '(');
		if (st == ST_OK)
			st = sql_clause_compare(to, t, i, " > ",
						sql_key_part(k, i));
		if (st != ST_OK || i + 1 == t->keys)
			continue;
		st = buf_add_str(to, " OR (");
		if (st == ST_OK)
			st = sql_clause_compare(to, t, i, " = ",
						sql_key_part(k, i));
		if (st == ST_OK)
			st = buf_add_str(to, " AND ");
		open += 2;
	}
	for (; st == ST_OK && open > 0; open--)
		st = buf_add_byte(to, ')');
	return st;
}

enum status
sql_clause_order(struct buf *to, const struct sql_table *t)
{
	const char *how = t->dialect->order != NULL ? t->dialect->order : "{c}";
	enum status st = buf_add_str(to, " ORDER BY ");

	for (unsigned i = 0; st == ST_OK && i < t->keys; i++) {
		if (i > 0)
			st = buf_add_str(to, ", ");
		if (st == ST_OK)
			st = sql_clause_column(to, t, t->key[i], how, 0);
	}
	return st;
}
