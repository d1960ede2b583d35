#include "proxy-agent/sql/drda_row.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "proxy-agent/sql/drda_text.h"
#include "proxy-agent/sql/drda_value.h"
#include "proxy-agent/sql/drda_wire.h"

#define ROW_CAP ((size_t)64 << 20)
#define NONE    0xff /* in place of a group that is not there */

/* ---- bytes ---- */

static enum status
take(struct span *s, size_t n, const uint8_t **p)
{
	if (s->len < n)
		return ST_AGAIN;
	*p = s->ptr;
	*s = span_skip(*s, n);
	return ST_OK;
}

/* Two bytes that say how many follow, each `size` bytes. */
static enum status
take_counted(struct span *s, bool little, size_t size, struct span *out)
{
	const uint8_t *p;
	enum status st = take(s, 2, &p);
	size_t n;

	if (st != ST_OK)
		return st;
	n = (size_t)drda_value_number(p, 2, little) * size;
	st = take(s, n, &p);
	if (st == ST_OK)
		*out = span_of(p, n);
	return st;
}

/* ---- the form ---- */

static const struct {
	const char *name;
	bool little;
} forms[] = {
    {"QTDSQLASC", false},
    {"QTDSQLJVM", false},
    {"QTDSQL400", false},
    {"QTDSQLX86", true},
};

void
drda_form_take(struct drda_form *f, struct span data, bool utf8, char name[24])
{
	struct span s;
	char plain[24];

	if (drda_find(data, DRDA_TYPDEFNAM, &s)) {
		drda_text_plain(plain, sizeof(plain), s, utf8);
		f->supported = false;
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
			if (strncmp(plain, forms[i].name,
				    strlen(forms[i].name)) == 0) {
				f->supported = true;
				f->little = forms[i].little;
			}
		if (name != NULL)
			memcpy(name, plain, sizeof(plain));
	}
	if (!drda_find(data, DRDA_TYPDEFOVR, &s))
		return;
	f->sbc = (uint16_t)drda_number(s, DRDA_CCSIDSBC, f->sbc);
	f->dbc = (uint16_t)drda_number(s, DRDA_CCSIDDBC, f->dbc);
	f->mbc = (uint16_t)drda_number(s, DRDA_CCSIDMBC, f->mbc);
}

/* ---- what became of a statement ---- */

static void
add_words(struct drda_card *card, struct span s)
{
	size_t at = strlen(card->words);

	for (size_t i = 0; i < s.len && at + 1 < sizeof(card->words); i++) {
		uint8_t c = s.ptr[i];

		card->words[at++] = (char)(c < ' ' || c > '~' ? ' ' : c);
	}
	card->words[at] = 0;
}

#define EXTENDED (6 * 4 + 11) /* six numbers and eleven warnings */

/* The group with words; it may be absent. */
static enum status
take_extended(struct span *s, const struct drda_form *f, struct drda_card *card)
{
	const uint8_t *p;
	struct span text = {0};
	enum status st = take(s, 1, &p);

	if (st != ST_OK || *p == NONE)
		return st;
	st = take(s, EXTENDED, &p);
	if (st == ST_OK) /* the name of the database */
		st = take_counted(s, f->little, 1, &text);
	for (unsigned i = 0; st == ST_OK && i < 2; i++) {
		st = take_counted(s, f->little, 1, &text);
		if (st == ST_OK)
			add_words(card, text);
	}
	return st;
}

enum status
drda_card_take(struct span *s, const struct drda_form *f,
	       struct drda_card *card)
{
	struct span rest = *s;
	const uint8_t *p;
	enum status st = take(&rest, 1, &p);

	*card = (struct drda_card){0};
	if (st == ST_OK && *p != NONE) {
		st = take(&rest, 4 + 5 + 8, &p);
		if (st == ST_OK) {
			card->code =
			    (int32_t)drda_value_number(p, 4, f->little);
			drda_text_plain(card->state, sizeof(card->state),
					span_of(p + 4, 5), true);
			st = take_extended(&rest, f, card);
		}
		if (st == ST_OK) /* more about it we have not asked for */
			st = take(&rest, 1, &p);
		if (st == ST_OK && *p != NONE)
			st = ST_MALFORMED;
	}
	if (st == ST_OK)
		*s = rest;
	return st;
}

/* ---- columns ---- */

#define GROUP        0x76 /* triplets: columns, or groups */
#define CONTINUATION 0x7f /* of the group before it */
#define SCALAR       0x70 /* a type of its own, by another number */
#define METADATA     0x78 /* says what the next one is */
#define ROW          0xd0 /* the group of the columns */

/* Types that the descriptor makes, each for its local number. */
struct made {
	uint8_t type[256]; /* 0: none */
	uint16_t ccsid[256];
	uint8_t next; /* of the next scalar */
};

static uint16_t
code_page(const struct drda_form *f, enum drda_value v)
{
	return v == DRDA_PAIRED ? f->dbc : v == DRDA_MIXED ? f->mbc : f->sbc;
}

static enum status
add_column(struct drda_columns *c, const struct made *made, const uint8_t *p)
{
	struct drda_column column = {.type = p[0] & 0xfe,
				     .nullable = (p[0] & 1) != 0,
				     .length = (uint16_t)(p[1] << 8 | p[2])};
	const struct drda_type *t;

	if (made->type[p[0]] != 0) {
		column.type = made->type[p[0]] & 0xfe;
		column.nullable = (made->type[p[0]] & 1) != 0;
		column.ccsid = made->ccsid[p[0]];
	}
	t = drda_type_of(column.type);
	if (t == NULL)
		return ST_UNSUPPORTED;
	if (column.ccsid == 0)
		column.ccsid = code_page(&c->form, t->value);
	if (c->count == DRDA_COLUMNS)
		return ST_LIMIT;
	c->at[c->count++] = column;
	return ST_OK;
}

static enum status
add_columns(struct drda_columns *c, const struct made *made, struct span s)
{
	enum status st = ST_OK;

	if (s.len % 3 != 0)
		return ST_MALFORMED;
	for (; st == ST_OK && s.len > 0; s = span_skip(s, 3))
		st = add_column(c, made, s.ptr);
	return st;
}

/* "70 local-number kind ccsid(4) ..." */
static void
make_type(struct made *made, struct span s)
{
	if (s.len < 6 || made->next == 0)
		return;
	made->type[s.ptr[0]] = made->next;
	made->ccsid[s.ptr[0]] =
	    (uint16_t)drda_value_number(s.ptr + 4, 2, false);
	made->next = 0;
}

static enum status
take_triplet(struct drda_columns *c, struct made *made, uint8_t kind,
	     struct span body, bool *within)
{
	bool row = body.len > 0 && body.ptr[0] == ROW;

	if (kind == METADATA && body.len > 0)
		made->next = body.ptr[body.len - 1];
	else if (kind == SCALAR)
		make_type(made, body);
	if (kind == GROUP)
		*within = row;
	else if (kind != CONTINUATION)
		*within = false;
	return *within ? add_columns(c, made, span_skip(body, 1)) : ST_OK;
}

enum status
drda_columns_take(struct drda_columns *c, struct span descriptor,
		  const struct drda_form *f)
{
	struct made *made = calloc(1, sizeof(*made));
	enum status st = ST_OK;
	bool within = false;

	drda_columns_fini(c);
	c->form = *f;
	c->at = calloc(DRDA_COLUMNS, sizeof(*c->at));
	if (made == NULL || c->at == NULL)
		st = ST_NOMEM;
	while (st == ST_OK && descriptor.len > 0) {
		size_t n = descriptor.ptr[0];

		if (n < 2 || n > descriptor.len)
			st = ST_MALFORMED;
		else
			st = take_triplet(c, made, descriptor.ptr[1],
					  span_of(descriptor.ptr + 2, n - 2),
					  &within);
		descriptor = span_skip(descriptor, n);
	}
	free(made);
	if (st == ST_OK && c->count == 0)
		st = ST_MALFORMED;
	return st;
}

void
drda_columns_fini(struct drda_columns *c)
{
	free(c->at);
	*c = (struct drda_columns){0};
}

/* ---- cells ---- */

/*
 * In the row stands a length, of zero when there is nothing to come. What comes
 * has the byte of a column that may be NULL in front.
 */
static enum status
take_large(struct drda_row *r, const struct drda_column *c, struct span *rows,
	   struct span *large, struct span *out)
{
	const uint8_t *p;
	size_t n = c->length & 0x7fff;
	enum status st = take(rows, n, &p);

	*out = span_of("", 0);
	if (st != ST_OK)
		return st;
	while (n > 0 && *p == 0) {
		p++;
		n--;
	}
	if (n == 0)
		return ST_OK;
	r->late = r->late ||
		  (r->flows &&
		   (large->len < 4 || codec_get32(large->ptr) == DRDA_FLOWS));
	if (r->late)
		return ST_EOF;
	st = take(large, 4, &p);
	if (st != ST_OK)
		return st;
	n = codec_get32(p);
	st = take(large, n, &p);
	if (st != ST_OK)
		return st;
	if (c->nullable && n == 0)
		return ST_MALFORMED;
	*out = span_of(p + c->nullable, n - c->nullable);
	return ST_OK;
}

/* The bytes of a cell that is not NULL. */
static enum status
take_cell(const struct drda_column *c, enum drda_shape shape, bool little,
	  struct span *rows, struct span *out)
{
	size_t n = c->length;
	const uint8_t *p;
	enum status st;

	switch (shape) {
	case DRDA_COUNTED:
		return take_counted(rows, little, 1, out);
	case DRDA_PAIRS:
		return take_counted(rows, little, 2, out);
	case DRDA_SHORT:
		st = take(rows, 1, &p);
		if (st != ST_OK)
			return st;
		n = *p;
		break;
	case DRDA_DOUBLE:
		n *= 2;
		break;
	case DRDA_PACKED: /* of precision and scale */
		n = (n >> 8) / 2 + 1;
		break;
	case DRDA_FIXED:
	case DRDA_LARGE:
		break;
	}
	st = take(rows, n, &p);
	if (st == ST_OK)
		*out = span_of(p, n);
	return st;
}

/* ---- rows ---- */

enum status
drda_row_init(struct drda_row *r, size_t columns)
{
	*r = (struct drda_row){0};
	buf_init(&r->bytes, ROW_CAP);
	r->cells = calloc(columns, sizeof(*r->cells));
	return r->cells == NULL ? ST_NOMEM : ST_OK;
}

void
drda_row_fini(struct drda_row *r)
{
	free(r->cells);
	buf_fini(&r->bytes);
	*r = (struct drda_row){0};
}

/* Bytes, and text that is UTF-8 already. */
bool
drda_row_is_ready(const struct drda_column *c)
{
	enum drda_value value = drda_type_of(c->type)->value;

	return value == DRDA_BYTES ||
	       (c->ccsid == DRDA_UTF8 &&
		(value == DRDA_SINGLE || value == DRDA_MIXED));
}

static enum status
put_cell(struct drda_row *r, const struct drda_columns *c, size_t i,
	 struct span *rows, struct span *large)
{
	const struct drda_column *column = &c->at[i];
	const struct drda_type *t = drda_type_of(column->type);
	struct drda_cell *cell = &r->cells[i];
	struct span s = {0};
	const uint8_t *p;
	enum status st = ST_OK;

	*cell = (struct drda_cell){.from = r->bytes.len};
	if (column->nullable) {
		st = take(rows, 1, &p);
		cell->null = st == ST_OK && (*p & 0x80) != 0;
	}
	if (st != ST_OK || cell->null)
		return st;
	st = t->shape == DRDA_LARGE
		 ? take_large(r, column, rows, large, &s)
		 : take_cell(column, t->shape, c->form.little, rows, &s);
	cell->comes = st == ST_EOF;
	if (cell->comes)
		return ST_OK;
	if (st == ST_OK && drda_row_is_ready(column)) {
		cell->at = s.ptr;
		cell->len = s.len;
		return ST_OK;
	}
	if (st == ST_OK)
		st = drda_value_add(&r->bytes, column, t->value, s,
				    c->form.little);
	cell->len = r->bytes.len - cell->from;
	return st;
}

enum status
drda_row_take(struct drda_row *r, const struct drda_columns *c,
	      struct span *rows, struct span *large)
{
	struct span s = *rows, l = *large;
	const uint8_t *p;
	enum status st = drda_card_take(&s, &c->form, &r->card);

	if (st == ST_OK)
		st = take(&s, 1, &p);
	if (st != ST_OK)
		return st;
	if (*p == NONE && r->card.code != 100 && r->card.code >= 0)
		return ST_MALFORMED;
	if (*p == NONE) {
		*rows = s;
		return r->card.code == 100 ? ST_EOF : ST_IO;
	}
	r->bytes.len = 0; /* not wiped: once for each row */
	r->late = false;
	for (size_t i = 0; st == ST_OK && i < c->count; i++)
		st = put_cell(r, c, i, &s, &l);
	if (st != ST_OK)
		return st;
	*rows = s;
	*large = l;
	return ST_OK;
}

struct span
drda_row_cell(const struct drda_row *r, size_t i)
{
	const struct drda_cell *c = &r->cells[i];

	if (c->null)
		return span_of(NULL, 0);
	if (c->comes)
		return (struct span){.len = SIZE_MAX};
	if (c->len == 0)
		return span_of("", 0);
	return span_of(c->at != NULL ? c->at : r->bytes.data + c->from, c->len);
}
