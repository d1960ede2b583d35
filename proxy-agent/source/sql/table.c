#include "proxy-agent/source/sql/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/rows.h"

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

static enum holds
holds_of(struct span letters)
{
	static const uint8_t known[] = {
	    [HOLDS_FRACTION] = 'f', [HOLDS_TIME] = 'd',    [HOLDS_TRUTH] = 'l',
	    [HOLDS_UUID] = 'u',     [HOLDS_COUNTER] = 'c',
	};

	for (unsigned h = HOLDS_ANY + 1; h < HOLDS__COUNT; h++)
		if (letters.len > 1 && letters.ptr[1] == known[h])
			return (enum holds)h;
	return HOLDS_ANY;
}

static enum status
place_of(const struct span *cell, uint64_t *place)
{
	*place = 0;
	return cell[2].len > 0 &&
		       str_to_u64(cell[2], 0, ROWS_COLUMNS, place) != ST_OK
		   ? ST_MALFORMED
		   : ST_OK;
}

enum status
sql_table_leave(struct sql_table *t, const struct span *cell)
{
	uint64_t place;
	enum status st = place_of(cell, &place);

	t->partly = true;
	t->keyless = t->keyless || place > 0;
	return st;
}

enum status
sql_table_column(struct sql_table *t, const struct span *cell)
{
	struct sql_column *more, *c;
	uint64_t place;

	if (t->count == ROWS_COLUMNS)
		return ST_LIMIT;
	if (place_of(cell, &place) != ST_OK)
		return ST_MALFORMED;
	more = reallocarray(t->columns, (size_t)t->count + 1, sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	t->columns = more;
	c = &more[t->count];
	*c = (struct sql_column){
	    .kind = kind_of(t->dialect, cell[1]),
	    .holds = holds_of(cell[1]),
	    .nth = t->count,
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
	if (parts > SQL_KEYS || t->keyless)
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

/* What comes in pieces comes when the rest of its row is known. */
static enum status
put_late_last(struct sql_table *t)
{
	struct sql_column *to = calloc(t->count, sizeof(*to));
	uint32_t n = 0;

	if (to == NULL)
		return ST_NOMEM;
	for (unsigned late = 0; late < 2; late++)
		for (uint32_t i = 0; i < t->count; i++)
			if (t->columns[i].late == (late == 1))
				to[n++] = t->columns[i];
	free(t->columns);
	t->columns = to;
	for (uint32_t i = 0; t->keys > 0 && i < t->count; i++)
		if (to[i].place > 0)
			t->key[to[i].place - 1] = i;
	return ST_OK;
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
		bool may_be = c->large;

		c->large = c->large && c->kind->large != NULL &&
			   c->kind->piece != NULL &&
			   (t->row == SQL_BY_NUMBER ? d->nth : d->one) != NULL;
		c->late = may_be && !c->large && d->streams && c->place == 0;
		t->any_large = t->any_large || c->large;
	}
	return put_late_last(t);
}

bool
sql_table_follow(struct sql_table *now, const struct sql_table *was)
{
	bool alike = now->count == was->count;

	for (uint32_t i = 0; alike && i < was->count; i++) {
		const struct sql_column *x = &was->columns[i];
		struct sql_column *y = &now->columns[x->nth];

		alike = strcmp(x->name, y->name) == 0 && x->kind == y->kind &&
			x->place == y->place;
		y->large = y->large || x->large || x->late;
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

bool
sql_table_has_id(const struct sql_table *t)
{
	return t->row == SQL_BY_ID && t->any_large;
}

size_t
sql_table_cells(const struct sql_table *t)
{
	return (size_t)t->count + sql_table_has_id(t) + t->any_large;
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

struct span
sql_key_part(const struct sql_key *k, unsigned i)
{
	size_t from = i == 0 ? 0 : k->end[i - 1];

	return span_of(k->bytes.data + from, k->end[i] - from);
}
