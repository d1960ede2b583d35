#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "model/rows.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/azure.h"
#include "proxy-agent/source/azure_site.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/store.h"

#define OUT_CAP  ((size_t)48 << 20) /* a page has up to 1,000 rows, 4 MiB */
#define NAME_CAP 4096
#define CELL_CAP ((size_t)4 << 20)

/* Tables have no columns of their own: each row says what it has. */
struct column {
	char *name;
	bool binary;
};

struct source {
	struct azure_site site;
	struct buf tables; /* names, each with a NUL behind */
	size_t tables_at;
	struct buf marker; /* of their next page */
	struct buf table, query, after, page, path, detail;
	struct buf partition, row; /* where the next page of rows begins */
	struct column *columns;
	uint32_t count, told; /* of the columns; those the reader knows */
	struct buf out;       /* what read() gives next */
	struct buf cell;
	uint64_t rows;
	bool one, ended, browse, sizes, begun, done;
};

/* ---- requests ---- */

static enum status
add_page_size(const struct source *s, struct buf *url)
{
	return s->page.len == 0 ? ST_OK
				: store_param(url, "$top", buf_span(&s->page));
}

static enum status
add_marker(struct buf *url, const char *name, const struct buf *value)
{
	return value->len == 0 ? ST_OK
			       : store_param(url, name, buf_span(value));
}

static enum status
tables_url(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_str(to, "/Tables");
	if (st == ST_OK)
		st = add_marker(to, "NextTableName", &s->marker);
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
rows_url(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(buf_span(&s->table), "", to);
	if (st == ST_OK)
		st = buf_add_str(to, "()");
	if (st == ST_OK)
		st = add_page_size(s, to);
	if (st == ST_OK)
		st = add_marker(to, "NextPartitionKey", &s->partition);
	if (st == ST_OK)
		st = add_marker(to, "NextRowKey", &s->row);
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

/* The list in the answer; the tree that holds it is to be given back. */
static enum status
ask(struct source *s,
    enum status (*make)(const struct source *s, struct buf *to),
    struct azure_answer *got, json_t **tree)
{
	struct buf url;
	enum status st;

	buf_init(&url, 8 * NAME_CAP);
	st = make(s, &url);
	if (st == ST_OK)
		st = azure_site_ask(&s->site, buf_span(&url), got);
	if (st == ST_OK) {
		*tree = json_loadb((const char *)got->body.data, got->body.len,
				   0, NULL);
		if (!json_is_array(json_object_get(*tree, "value"))) {
			json_decref(*tree);
			st = ST_MALFORMED;
		}
	}
	buf_fini(&url);
	return st;
}

static enum status
list_tables(struct source *s, struct azure_answer *got)
{
	const struct azure_want want = {"x-ms-continuation-NextTableName",
					&s->marker};
	json_t *tree, *one;
	enum status st;
	size_t i;

	got->want = &want;
	got->wants = 1;
	st = ask(s, tables_url, got, &tree);
	got->want = NULL;
	got->wants = 0;
	buf_clear(&s->tables);
	s->tables_at = 0;
	s->ended = st != ST_OK || s->marker.len == 0;
	if (st != ST_OK)
		return st;
	json_array_foreach(json_object_get(tree, "value"), i, one)
	{
		const char *name =
		    json_string_value(json_object_get(one, "TableName"));

		if (name == NULL ||
		    (s->after.len > 0 &&
		     str_order(span_str(name), buf_span(&s->after)) <= 0))
			continue;
		st = buf_add_str(&s->tables, name);
		if (st == ST_OK)
			st = buf_add_byte(&s->tables, 0);
		if (st != ST_OK)
			break;
	}
	json_decref(tree);
	return st;
}

/* ---- columns ---- */

static bool
is_column(const char *name)
{
	return strncmp(name, "odata.", 6) != 0 && strchr(name, '@') == NULL;
}

static bool
is_binary(json_t *row, const char *name)
{
	char type[ROWS_NAME + 16];
	const char *is;

	snprintf(type, sizeof(type), "%.*s@odata.type", ROWS_NAME, name);
	is = json_string_value(json_object_get(row, type));
	return is != NULL && strcmp(is, "Edm.Binary") == 0;
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
	more[s->count] = (struct column){strndup(name, ROWS_NAME), binary};
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

static void
forget_columns(struct source *s)
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
	enum status st = rows_row(&s->out);
	bool large = false;

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

static enum status
put_page(struct source *s, struct azure_answer *got)
{
	const struct azure_want want[] = {
	    {"x-ms-continuation-NextPartitionKey", &s->partition},
	    {"x-ms-continuation-NextRowKey", &s->row},
	};
	json_t *tree, *rows, *row;
	enum status st;
	size_t i;

	got->want = want;
	got->wants = 2;
	st = ask(s, rows_url, got, &tree);
	got->want = NULL;
	got->wants = 0;
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
	s->done = s->partition.len == 0;
	/* the service does not count: what was read is all that it gave */
	return st == ST_OK && s->done ? rows_end(&s->out, s->rows, s->rows)
				      : st;
}

/* ---- items ---- */

static void
forget_table(struct source *s)
{
	forget_columns(s);
	buf_clear(&s->out);
	buf_clear(&s->partition);
	buf_clear(&s->row);
	s->rows = 0;
	s->done = false;
}

static enum status
set_path(struct source *s)
{
	const struct store_path p = {.root = buf_span(&s->site.root),
				     .key = buf_span(&s->table),
				     .query = buf_span(&s->query)};

	buf_clear(&s->path);
	return store_path(&p, &s->path);
}

static void
refuse(struct source *s, struct source_item *item,
       const struct azure_answer *got)
{
	const char *why = got->error[0] != 0 ? got->error
			  : http_why(s->site.http)[0] != 0
			      ? http_why(s->site.http)
			      : "its rows could not be read";

	buf_clear(&s->detail);
	if (got->code >= 300)
		(void)!buf_addf(&s->detail, "the server answered %u%s%s",
				got->code, got->error[0] != 0 ? ": " : "",
				got->error);
	else
		(void)!buf_add_str(&s->detail, why);
	item->detail = buf_span(&s->detail);
	item->reason = got->code == 403   ? COVER_DENIED
		       : got->code == 404 ? COVER_VANISHED
					  : COVER_IO;
	s->done = true;
}

/* Of the table after the one at hand; ST_EOF: there is none. */
static enum status
next_table(struct source *s)
{
	struct azure_answer got;
	const char *name;
	enum status st = ST_OK;

	azure_answer_init(&got);
	while (st == ST_OK && s->tables_at >= s->tables.len)
		st = s->ended ? ST_EOF : list_tables(s, &got);
	azure_answer_fini(&got);
	if (st != ST_OK)
		return st;
	name = (const char *)s->tables.data + s->tables_at;
	s->tables_at += strlen(name) + 1;
	return store_set(&s->table, span_str(name));
}

/* The list of tables broke off: that is told, then it ends. */
static enum status
tell_trouble(struct source *s, struct source_item *item)
{
	*item = (struct source_item){.path = buf_span(&s->site.root),
				     .folder = true,
				     .reason = COVER_IO};
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, http_why(s->site.http)[0] != 0
					   ? http_why(s->site.http)
					   : "the list of tables could not be "
					     "read to its end");
	item->detail = buf_span(&s->detail);
	return ST_OK;
}

static enum status
table_next(struct source *s, struct source_item *item)
{
	struct azure_answer got;
	enum status st = next_table(s);

	forget_table(s);
	if (st == ST_EOF)
		return st;
	if (st != ST_OK)
		return tell_trouble(s, item);
	st = set_path(s);
	*item = (struct source_item){
	    .path = buf_span(&s->path), .trickle = true, .folder = s->browse};
	if (s->browse || s->sizes || st != ST_OK)
		return st;
	azure_answer_init(&got);
	if (put_page(s, &got) != ST_OK)
		refuse(s, item, &got);
	azure_answer_fini(&got);
	return ST_OK;
}

static enum status
table_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct azure_answer answer;
	enum status st = ST_OK;

	azure_answer_init(&answer);
	while (st == ST_OK && s->out.len == 0 && !s->done)
		st = put_page(s, &answer);
	azure_answer_fini(&answer);
	*got = 0;
	if (st != ST_OK)
		return ST_IO;
	*got = n < s->out.len ? n : s->out.len;
	if (*got == 0)
		return ST_OK;
	memcpy(dst, s->out.data, *got);
	buf_drop(&s->out, *got);
	return ST_OK;
}

static enum status
table_cursor(const struct source *s, struct buf *to)
{
	return buf_add(to, s->table.data, s->table.len);
}

/* ---- the target ---- */

static void
init_bufs(struct source *s)
{
	struct buf *const all[] = {
	    &s->tables, &s->marker, &s->table,  &s->query,     &s->after,
	    &s->page,   &s->path,   &s->detail, &s->partition, &s->row};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_init(all[i], 1u << 20);
	buf_init(&s->out, OUT_CAP);
	buf_init(&s->cell, CELL_CAP);
}

static void
table_close(struct source *s)
{
	struct buf *all[12];

	if (s == NULL)
		return;
	forget_columns(s);
	free(s->columns);
	azure_site_close(&s->site);
	all[0] = &s->tables;
	all[1] = &s->marker;
	all[2] = &s->table;
	all[3] = &s->query;
	all[4] = &s->after;
	all[5] = &s->page;
	all[6] = &s->path;
	all[7] = &s->detail;
	all[8] = &s->partition;
	all[9] = &s->row;
	all[10] = &s->out;
	all[11] = &s->cell;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_fini(all[i]);
	free(s);
}

static enum status
read_place(struct source *s, const struct source_target *t)
{
	struct span rest;
	enum status st = azure_site_thing(&s->site, &s->tables, &rest);

	s->one = s->ended = s->tables.len > 0;
	if (st == ST_OK && s->one)
		st = buf_add_byte(&s->tables, 0);
	if (st == ST_OK)
		st = store_set(&s->query, s->site.url.query);
	if (st == ST_OK)
		st = store_option(t, &s->site.url, "page", &s->page);
	if (st == ST_OK)
		st = store_set(&s->after, t->cursor);
	if (s->one && s->after.len > 0)
		buf_clear(&s->tables); /* it was read */
	return st;
}

/* Whether there is anything to be read, and by this key. */
static enum status
begin(struct source *s, const struct source_target *t)
{
	struct azure_answer got;
	enum status st = ST_OK;

	azure_answer_init(&got);
	if (!s->ended) {
		st = list_tables(s, &got);
	} else if (s->tables.len > 0) {
		st = store_set(&s->table,
			       span_of(s->tables.data, s->tables.len - 1));
		if (st == ST_OK)
			st = put_page(s, &got);
		forget_table(s);
	}
	if (st != ST_OK)
		azure_site_why(&s->site, t, &got);
	azure_answer_fini(&got);
	return st;
}

static enum status
table_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	init_bufs(s);
	s->browse = t->browse;
	s->sizes = t->count;
	st = azure_site_open(&s->site, t, "table");
	if (st == ST_OK)
		st = read_place(s, t);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		table_close(s);
	else
		*out = s;
	return st;
}

const struct source_ops azure_table_source = {
    .scheme = "azure-table",
    .open = table_open,
    .next = table_next,
    .read = table_read,
    .cursor = table_cursor,
    .close = table_close,
};
