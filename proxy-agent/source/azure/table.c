#include <jansson.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/azure/table_impl.h"
#include "proxy-agent/source/bucket/store.h"

static enum status
take_table(struct source *s, json_t *one)
{
	const char *name = json_string_value(json_object_get(one, "TableName"));
	enum status st;

	if (name == NULL || name[0] == 0)
		return ST_MALFORMED;
	if (s->after.len > 0 &&
	    str_order(span_str(name), buf_span(&s->after)) <= 0)
		return ST_OK;
	st = buf_add_str(&s->tables, name);
	return st == ST_OK ? buf_add_byte(&s->tables, 0) : st;
}

enum status
azure_table_list(struct source *s, struct azure_answer *got)
{
	json_t *tree, *one;
	enum status st = azure_table_ask_names(s, got, &tree);
	size_t i;

	buf_clear(&s->tables);
	s->tables_at = 0;
	s->ended = st != ST_OK || s->marker.len == 0;
	if (st != ST_OK)
		return st;
	json_array_foreach(json_object_get(tree, "value"), i, one)
	{
		if (take_table(s, one) != ST_OK)
			s->torn = true;
	}
	json_decref(tree);
	if (turns_take(&s->table_turns, i, buf_span(&s->marker)) != ST_OK)
		s->torn = s->ended = true;
	return ST_OK;
}

/* ---- items ---- */

void
azure_table_forget(struct source *s)
{
	azure_table_forget_columns(s);
	buf_clear(&s->out);
	buf_clear(&s->partition);
	buf_clear(&s->row);
	turns_begin(&s->row_turns);
	s->rows = 0;
	s->done = s->cut = false;
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
		st = s->ended ? ST_EOF : azure_table_list(s, &got);
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
	s->torn = false;
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, http_why(s->site.http)[0] != 0
					   ? http_why(s->site.http)
					   : "the list of tables could not be "
					     "read to its end");
	item->detail = buf_span(&s->detail);
	return ST_OK;
}

static enum status
azure_table_next(struct source *s, struct source_item *item)
{
	struct azure_answer got;
	enum status st = next_table(s);

	azure_table_forget(s);
	if (st == ST_EOF && !s->torn)
		return st;
	if (st != ST_OK)
		return tell_trouble(s, item);
	st = set_path(s);
	*item = (struct source_item){
	    .path = buf_span(&s->path), .trickle = true, .folder = s->browse};
	if (s->browse || s->sizes || st != ST_OK)
		return st;
	azure_answer_init(&got);
	s->cut = azure_table_put_page(s, &got) != ST_OK;
	if (s->cut && s->out.len == 0)
		refuse(s, item, &got);
	azure_answer_fini(&got);
	return ST_OK;
}

static enum status
azure_table_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct azure_answer answer;

	azure_answer_init(&answer);
	while (!s->cut && s->out.len == 0 && !s->done)
		s->cut = azure_table_put_page(s, &answer) != ST_OK;
	azure_answer_fini(&answer);
	*got = n < s->out.len ? n : s->out.len;
	if (*got == 0)
		return s->cut ? ST_IO : ST_OK;
	memcpy(dst, s->out.data, *got);
	buf_drop(&s->out, *got);
	return ST_OK;
}

static enum status
azure_table_cursor(const struct source *s, struct buf *to)
{
	return buf_add(to, s->table.data, s->table.len);
}

const struct source_ops azure_table_source = {
    .scheme = "azure-table",
    .open = azure_table_open,
    .next = azure_table_next,
    .read = azure_table_read,
    .cursor = azure_table_cursor,
    .close = azure_table_close,
};
