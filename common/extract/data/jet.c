#include "extract/data/jet.h"

#include <stdlib.h>

#include "base/buf.h"
#include "extract/data/jet_impl.h"

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	return jet_place(arg, m->a, m->b, dst, room);
}

static void
put_head(struct jet_reader *r)
{
	struct buf head;

	buf_init(&head, MADE_FIRST);
	for (unsigned i = 0; i < r->table->count; i++)
		if ((i > 0 && buf_add(&head, "\t", 1) != ST_OK) ||
		    buf_add_str(&head, r->table->columns[i].name) != ST_OK)
			break;
	made_head(r->made, buf_span(&head));
	buf_fini(&head);
}

static enum status
put_table(struct jet_reader *r)
{
	enum status st, end;

	jet_catalog_name(r);
	st = made_begin(r->x, &r->made, say, r);
	if (st != ST_OK)
		return st;
	put_head(r);
	r->led_count = 0;
	st = jet_each_row(r, false, jet_put_row);
	if (st == ST_OK && !r->x->stop)
		st = jet_each_row(r, true, jet_put_row);
	end = made_end(r->made);
	return st != ST_OK ? st : end;
}

static void
note_damage(struct jet_reader *r, uint64_t before, const char *name)
{
	if (r->j->damage > before && !r->x->stop)
		job_note_words(r->x, COVER_MALFORMED, "%s", name);
}

static enum status
put_tables(struct jet_reader *r)
{
	enum status st = ST_OK;

	for (uint32_t n = 1; n < r->j->count && st == ST_OK && !r->x->stop;
	     n++) {
		uint64_t before = r->j->damage;

		if (r->j->first[n] == 0)
			continue;
		if (jet_table_read(r->j, n, r->table)) {
			st = put_table(r);
		} else {
			r->table->page = n;
			jet_catalog_name(r);
			r->j->first[n] = 0; /* its pages are read as bytes */
			r->j->damage++;
		}
		note_damage(r, before, r->table->name);
	}
	return st;
}

/* ---- databases -------------------------------------------------------------
 */

bool
jet_is_database(struct format_look *l)
{
	return jet_is(l->head);
}

static enum status
read_all(struct jet_reader *r, struct part *p)
{
	enum status st = jet_begin(r->j, r->x, p);

	if (st == ST_UNSUPPORTED || st == ST_MALFORMED) {
		job_note(r->x, st == ST_MALFORMED ? COVER_MALFORMED
						  : COVER_ENCRYPTED);
		return job_rest(r->x, p);
	}
	if (st != ST_OK || r->x->stop)
		return st;
	jet_catalog_read(r);
	st = put_tables(r);
	if (st == ST_OK && !r->x->stop)
		st = jet_put_unused(r);
	if (st == ST_OK && !r->x->stop && p->size % r->j->page_size != 0)
		job_note(r->x, COVER_TRUNCATED);
	return st;
}

enum status
jet_part(struct extractor *x, struct part *p)
{
	struct jet_reader *r = calloc(1, sizeof(*r));
	enum status st = ST_NOMEM;

	if (r == NULL)
		return ST_NOMEM;
	r->x = x;
	r->j = calloc(1, sizeof(*r->j));
	r->table = calloc(1, sizeof(*r->table));
	r->unused = (struct stretches){.x = x, .read = jet_bytes, .arg = r->j};
	if (r->j != NULL && r->table != NULL)
		st = read_all(r, p);
	if (r->j != NULL)
		jet_end(r->j);
	free(r->unused.list);
	free(r->names);
	free(r->led);
	free(r->table);
	free(r->j);
	free(r);
	return st;
}
