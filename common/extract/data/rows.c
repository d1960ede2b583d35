#include "extract/data/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "extract/data/rows_impl.h"

#define ROW_MAX ((size_t)64 << 20) /* bytes of one row */

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	return rows_place(arg, m->a, m->b, dst, room);
}

/* Of a mark at a cell: a row and a column. */
static enum holds
type_of(const void *arg, const struct made_mark *m)
{
	const struct rows_reader *r = arg;
	unsigned h = m->b < r->count ? r->columns[m->b].flags >> ROWS_HOLDS : 0;

	return h < HOLDS__COUNT ? (enum holds)h : HOLDS_ANY;
}

/* ---- columns ---------------------------------------------------------------
 */

static bool
take_column(struct rows_reader *r, struct column *c)
{
	uint32_t n;

	if (!rows_take(r, &c->flags, 1) || !rows_take32(r, &n) || n > ROWS_NAME)
		return false;
	c->name = calloc(1, (size_t)n + 1);
	return c->name != NULL && rows_take(r, c->name, n);
}

static bool
take_columns(struct rows_reader *r)
{
	part_consume(r->p, ROWS_MAGIC_LEN);
	if (!rows_take32(r, &r->count) || r->count > ROWS_COLUMNS) {
		r->count = 0;
		return false;
	}
	r->columns = calloc((size_t)r->count + 1, sizeof(*r->columns));
	r->cells = calloc((size_t)r->count + 1, sizeof(*r->cells));
	r->keys = calloc(KEYS, sizeof(*r->keys));
	if (r->columns == NULL || r->cells == NULL || r->keys == NULL)
		return false;
	for (uint32_t i = 0; i < r->count; i++)
		if (!take_column(r, &r->columns[i]))
			return false;
	return true;
}

static enum status
take_more_columns(struct rows_reader *r)
{
	struct column *columns;
	struct span *cells;
	uint32_t more;

	if (!rows_take32(r, &more) || more > ROWS_COLUMNS - r->count) {
		r->broken = true;
		return ST_OK;
	}
	columns = reallocarray(r->columns, (size_t)r->count + more + 1,
			       sizeof(*columns));
	if (columns == NULL)
		return ST_NOMEM;
	r->columns = columns;
	cells =
	    reallocarray(r->cells, (size_t)r->count + more + 1, sizeof(*cells));
	if (cells == NULL)
		return ST_NOMEM;
	r->cells = cells;
	for (; more > 0 && !r->broken; more--) {
		struct column *c = &r->columns[r->count];

		*c = (struct column){.late = true};
		r->broken = !take_column(r, c);
		r->cells[r->count++] = span_of(NULL, 0);
	}
	return ST_OK;
}

static void
put_head(struct rows_reader *r)
{
	struct buf head;

	buf_init(&head, MADE_FIRST);
	for (uint32_t i = 0; i < r->count; i++)
		if ((i > 0 && buf_add(&head, "\t", 1) != ST_OK) ||
		    buf_add_str(&head, r->columns[i].name) != ST_OK)
			break;
	made_head(r->made, buf_span(&head));
	buf_fini(&head);
}

/* ---- the table -------------------------------------------------------------
 */

static void
check_count(struct rows_reader *r, bool sample)
{
	uint8_t raw[16];
	uint64_t sent, counted;

	if (!rows_take(r, raw, sizeof(raw)))
		return;
	sent = codec_get64(raw);
	counted = codec_get64(raw + 8);
	if (sample && counted == 0)
		job_note_words(r->x, COVER_SAMPLE,
			       "%u rows were read, no more were wanted",
			       r->number);
	else if (sample && sent == r->number)
		job_note_words(r->x, COVER_SAMPLE,
			       "%u of %llu rows were read, no more were wanted",
			       r->number, (unsigned long long)counted);
	else if (sent != r->number || sent != counted)
		job_note_words(r->x, COVER_CHANGED,
			       "%u rows were read, the server counted %llu",
			       r->number, (unsigned long long)counted);
}

/* What the source could not read, in its words. */
static void
take_note(struct rows_reader *r)
{
	char words[ROWS_WORDS + 1];
	enum cover_reason why;

	if (rows_take_why(r, &why, words))
		job_note_words(r->x, why, "%s", words);
}

/* Not often: to ask for the time costs as much as a row. */
static bool
in_time(struct rows_reader *r)
{
	return r->number % 256 != 0 || job_in_time(r->x);
}

static enum status
put_table(struct rows_reader *r)
{
	enum status st = ST_OK;
	uint8_t tag = 0;

	while (st == ST_OK && !r->broken && !r->x->stop &&
	       rows_take_tag(r, &tag)) {
		if (tag == 'E' || tag == 'S') {
			check_count(r, tag == 'S');
			break;
		}
		if (tag == 'R')
			st = rows_put(r);
		else if (tag == 'L')
			st = rows_put_large(r);
		else if (tag == 'U')
			rows_put_unread(r);
		else if (tag == 'C')
			st = take_more_columns(r);
		else if (tag == 'N')
			take_note(r);
		else
			r->broken = true;
		if (!in_time(r))
			break;
	}
	return st;
}

static void
release(struct rows_reader *r)
{
	size_t kept = r->number < KEYS ? (size_t)r->number + 1 : KEYS;

	for (uint32_t i = 0; r->columns != NULL && i < r->count; i++)
		free(r->columns[i].name);
	buf_fini(&r->row);
	if (r->keys != NULL)
		explicit_bzero(r->keys, kept * sizeof(*r->keys));
	free(r->columns);
	free(r->cells);
	free(r->keys);
}

enum status
rows_part(struct extractor *x, struct part *p)
{
	struct rows_reader r = {.x = x, .p = p};
	enum status st = ST_OK, end;

	buf_init(&r.row, ROW_MAX);
	if (take_columns(&r)) {
		st = made_begin(x, &r.made, say, &r);
		if (st == ST_OK) {
			made_typed(r.made, type_of);
			put_head(&r);
			st = put_table(&r);
			end = made_end(r.made);
			st = st == ST_OK ? end : st;
		}
	}
	if (r.broken && !x->stop)
		job_note_words(x, COVER_TRUNCATED, "after row %u", r.number);
	rows_settle(&r);
	release(&r);
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}
