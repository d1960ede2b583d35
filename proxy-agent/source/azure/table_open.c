#include <stdlib.h>

#include "proxy-agent/source/azure/table_impl.h"
#include "proxy-agent/source/bucket/store.h"

#define OUT_CAP ((size_t)48 << 20) /* a page has up to 1,000 rows, 4 MiB */

static void
each_buf(struct source *s, void (*what)(struct buf *b))
{
	struct buf *const all[] = {
	    &s->tables, &s->marker, &s->table,  &s->query,     &s->after,
	    &s->page,   &s->path,   &s->detail, &s->partition, &s->row};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, 1u << 20);
}

void
azure_table_close(struct source *s)
{
	if (s == NULL)
		return;
	azure_table_forget_columns(s);
	free(s->columns);
	turns_fini(&s->table_turns);
	turns_fini(&s->row_turns);
	azure_site_close(&s->site);
	each_buf(s, buf_fini);
	buf_fini(&s->out);
	buf_fini(&s->cell);
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
		st = azure_table_list(s, &got);
	} else if (s->tables.len > 0) {
		st = store_set(&s->table,
			       span_of(s->tables.data, s->tables.len - 1));
		if (st == ST_OK)
			st = azure_table_put_page(s, &got);
		if (s->out.len > 0)
			st = ST_OK;
		azure_table_forget(s);
	}
	if (st != ST_OK)
		azure_site_why(&s->site, t, &got);
	azure_answer_fini(&got);
	return st;
}

enum status
azure_table_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	each_buf(s, init_one);
	turns_init(&s->table_turns);
	turns_init(&s->row_turns);
	buf_init(&s->out, OUT_CAP);
	buf_init(&s->cell, AZURE_ANSWER_MAX);
	s->browse = t->browse;
	s->sizes = t->count;
	st = azure_site_open(&s->site, t, "table");
	if (st == ST_OK)
		st = read_place(s, t);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		azure_table_close(s);
	else
		*out = s;
	return st;
}
