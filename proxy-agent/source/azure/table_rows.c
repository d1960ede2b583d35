#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "model/rows.h"
#include "proxy-agent/source/azure/table_impl.h"
#include "proxy-agent/source/bucket/store.h"

/* ---- columns ---- */

static bool
is_column(const char *name)
{
	return strncmp(name, "odata.", 6) != 0 && strchr(name, '@') == NULL;
}

static bool
is_binary(json_t *row, const char *name)
{
	const char *is;
	char *type;
	bool binary;

	if (asprintf(&type, "%s@odata.type", name) < 0)
		return false;
	is = json_string_value(json_object_get(row, type));
	binary = is != NULL && strcmp(is, "Edm.Binary") == 0;
	free(type);
	return binary;
}

static enum status
know_column(struct source *s, const char *name, bool binary)
{
	struct column *more;

	for (uint32_t i = 0; i < s->count; i++)
		if (s->columns[i].binary == binary &&
		    strcmp(s->columns[i].name, name) == 0)
			return ST_OK;
	if (s->count == ROWS_COLUMNS)
		return ST_LIMIT;
	more = reallocarray(s->columns, (size_t)s->count + 1, sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	s->columns = more;
	more[s->count] = (struct column){strdup(name), binary};
	if (more[s->count].name == NULL)
		return ST_NOMEM;
	s->count++;
	return ST_OK;
}

static enum status
know_columns(struct source *s, json_t *rows)
{
	enum status st = know_column(s, "PartitionKey", false);
	const char *name;
	json_t *row, *value;
	size_t i;

	if (st == ST_OK)
		st = know_column(s, "RowKey", false);
	json_array_foreach(rows, i, row)
	{
		json_object_foreach(row, name, value)
		{
			if (st == ST_OK && is_column(name))
				st = know_column(s, name, is_binary(row, name));
		}
	}
	return st;
}

/* What the reader does not know yet. */
static enum status
tell_columns(struct source *s)
{
	enum status st = ST_OK;

	if (!s->begun)
		st = rows_begin(&s->out, s->count);
	else if (s->told < s->count)
		st = rows_columns(&s->out, s->count - s->told);
	s->begun = true;
	for (; s->told < s->count && st == ST_OK; s->told++)
		st = rows_column(
		    &s->out, span_str(s->columns[s->told].name),
		    (uint8_t)((s->told < 2 ? ROWS_KEY : 0) |
			      (s->columns[s->told].binary ? ROWS_BINARY : 0)));
	return st;
}

void
azure_table_forget_columns(struct source *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		free(s->columns[i].name);
	s->count = s->told = 0;
	s->begun = false;
}

/* ---- rows ---- */

/* The value of a column in s->cell; false: the row has none. */
static bool
take_cell(struct source *s, json_t *row, const struct column *c)
{
	json_t *v = json_object_get(row, c->name);
	struct span text = span_of(json_string_value(v), json_string_length(v));
	char *number;

	buf_clear(&s->cell);
	if (v == NULL || json_is_null(v) ||
	    is_binary(row, c->name) != c->binary)
		return false;
	if (json_is_string(v) && c->binary &&
	    codec_unbase64(CODEC_BASE64, text, &s->cell) == ST_OK)
		return true;
	if (json_is_string(v))
		return buf_add(&s->cell, text.ptr, text.len) == ST_OK;
	number = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	if (number == NULL || buf_add_str(&s->cell, number) != ST_OK)
		buf_clear(&s->cell);
	free(number);
	return true;
}

/* Properties have 64 KiB at most; what an emulator lets through is not lost. */
static enum status
put_large(struct source *s, json_t *row)
{
	enum status st = ST_OK;

	for (uint32_t i = 0; i < s->count && st == ST_OK; i++) {
		if (!take_cell(s, row, &s->columns[i]) ||
		    s->cell.len <= ROWS_CELL)
			continue;
		st = rows_large(&s->out, i, span_of(NULL, 0),
				buf_span(&s->cell));
		if (st == ST_OK)
			st = rows_more(&s->out, span_of(NULL, 0));
	}
	return st;
}

static enum status
put_row(struct source *s, json_t *row)
{
	enum status st = ST_MALFORMED;
	bool large = false;

	if (json_is_object(row))
		st = rows_row(&s->out);
	for (uint32_t i = 0; i < s->count && st == ST_OK; i++) {
		bool has = take_cell(s, row, &s->columns[i]);

		large |= s->cell.len > ROWS_CELL;
		st = has && s->cell.len <= ROWS_CELL
			 ? rows_cell(&s->out, buf_span(&s->cell))
			 : rows_null(&s->out);
	}
	s->rows++;
	return st == ST_OK && large ? put_large(s, row) : st;
}

/* A page of rows is named by two texts. */
static enum status
turn(struct source *s, size_t rows)
{
	enum status st;

	if (s->partition.len == 0)
		return ST_OK;
	st = store_set(&s->cell, buf_span(&s->partition));
	if (st == ST_OK)
		st = buf_add_byte(&s->cell, '\n');
	if (st == ST_OK)
		st = buf_add(&s->cell, s->row.data, s->row.len);
	return st == ST_OK ? turns_take(&s->row_turns, rows, buf_span(&s->cell))
			   : st;
}

enum status
azure_table_put_page(struct source *s, struct azure_answer *got)
{
	json_t *tree, *rows, *row;
	enum status st = azure_table_ask_rows(s, got, &tree);
	size_t i;

	if (st != ST_OK)
		return st;
	rows = json_object_get(tree, "value");
	st = know_columns(s, rows);
	if (st == ST_OK)
		st = tell_columns(s);
	json_array_foreach(rows, i, row)
	{
		if (st == ST_OK)
			st = put_row(s, row);
	}
	json_decref(tree);
	if (st == ST_OK)
		st = turn(s, i);
	s->done = s->partition.len == 0;
	/* the service does not count: what was read is all that it gave */
	return st == ST_OK && s->done ? rows_end(&s->out, s->rows, s->rows)
				      : st;
}
