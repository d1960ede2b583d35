#include "master/store/filter.h"

#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "master/store/filter_sql.h"
#include "master/store/words.h"

enum bind { BIND_INT, BIND_TEXT, BIND_BLOB };
enum kind { KIND_WORD, KIND_ID, KIND_TEXT };

#define PATTERNS_MAX (2 * FILTER_TERMS_MAX * (2 * FILTER_TEXT_MAX + 2))

/* one: condition for one term; f is finding or summary. */
static const struct field {
	const char *key;
	enum kind kind;
	unsigned (*number)(struct span word);
	bool rows; /* summaries do not have it */
	bool targets;
	const char *one;
} fields[FIELD__COUNT] = {
    [FIELD_Q] = {"q", KIND_TEXT, NULL, true, false,
		 "(CAST(o.path AS TEXT) LIKE ? ESCAPE '\\'"
		 " OR f.target IN (SELECT id FROM target"
		 " WHERE name LIKE ? ESCAPE '\\'))"},
    [FIELD_RISK] = {"risk", KIND_WORD, risk_number, false, false, "f.risk = ?"},
    [FIELD_STATE] = {"state", KIND_WORD, finding_state_number, false, false,
		     "f.state = ?"},
    [FIELD_TYPE] = {"type", KIND_TEXT, NULL, false, false,
		    "f.type IN (SELECT id FROM type WHERE name GLOB ?)"},
    [FIELD_CATEGORY] = {"category", KIND_TEXT, NULL, false, false,
			"f.type IN (SELECT id FROM type WHERE category = ?)"},
    [FIELD_TARGET] = {"target", KIND_ID, NULL, false, true, "f.target = ?"},
    [FIELD_AGENT] = {"agent", KIND_ID, NULL, false, true,
		     "f.target IN (SELECT id FROM target WHERE agent = ?)"},
    [FIELD_SCAN] = {"scan", KIND_ID, NULL, true, false, "f.scan = ?"},
    [FIELD_FOLDER] =
	{"folder", KIND_ID, NULL, true, false,
	 "f.object IN (SELECT x.id FROM folder d CROSS JOIN object x"
	 " ON x.target = d.target"
	 " AND x.path >= CAST(d.path || '/' AS BLOB)"
	 " AND x.path < CAST(d.path || '0' AS BLOB) WHERE d.id = ?)"},
    [FIELD_OBJECT] = {"object", KIND_ID, NULL, true, false, "f.object = ?"},
    [FIELD_GROUP] = {"group", KIND_TEXT, NULL, false, true,
		     "f.target IN (SELECT id FROM target WHERE grp = ?)"},
};

const char *
filter_key(size_t i)
{
	return i < FIELD__COUNT ? fields[i].key : NULL;
}

static enum status
read_value(const struct field *field, struct span value,
	   struct filter_term *term)
{
	uint64_t id = 0;

	term->text = value;
	/* Hosts that are in no group have the group without a name. */
	if (field->kind == KIND_TEXT)
		return value.len > 0 || field == &fields[FIELD_GROUP]
			   ? ST_OK
			   : ST_MALFORMED;
	if (field->kind == KIND_WORD) {
		term->number = field->number(value);
		return term->number != 0 ? ST_OK : ST_MALFORMED;
	}
	if (str_to_u64(value, 1, INT64_MAX, &id) != ST_OK)
		return ST_MALFORMED;
	term->number = (int64_t)id;
	return ST_OK;
}

enum status
filter_add(struct filter *f, struct span key, struct span value)
{
	struct filter_term term = {0};
	enum status st;

	if (key.len > 0 && key.ptr[0] == '-') {
		term.exclude = true;
		key = span_skip(key, 1);
	}
	for (unsigned i = 0; i < FIELD__COUNT; i++) {
		if (!span_eq(span_str(fields[i].key), key))
			continue;
		if (f->count == FILTER_TERMS_MAX || value.len > FILTER_TEXT_MAX)
			return ST_LIMIT;
		term.field = (uint8_t)i;
		st = read_value(&fields[i], value, &term);
		if (st == ST_OK)
			f->terms[f->count++] = term;
		return st;
	}
	return ST_NOTFOUND;
}

uint32_t
filter_hash(const struct filter *f)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < f->count; i++) {
		const struct filter_term *t = &f->terms[i];

		h = (h ^ (t->field * 2U + t->exclude)) * 16777619U;
		for (size_t k = 0; k < t->text.len; k++)
			h = (h ^ t->text.ptr[k]) * 16777619U;
		h = (h ^ 0xffU) * 16777619U;
	}
	return h;
}

bool
filter_is_glob(struct span text)
{
	return memchr(text.ptr, '*', text.len) != NULL ||
	       memchr(text.ptr, '?', text.len) != NULL ||
	       memchr(text.ptr, '[', text.len) != NULL;
}

const struct filter_term *
filter_only(const struct filter *f, enum filter_field field)
{
	const struct filter_term *only = NULL;

	for (size_t i = 0; i < f->count; i++) {
		if (f->terms[i].field != field || f->terms[i].exclude)
			continue;
		if (only != NULL)
			return NULL;
		only = &f->terms[i];
	}
	if (only != NULL && field == FIELD_TYPE && filter_is_glob(only->text))
		return NULL;
	return only;
}

bool
filter_has(const struct filter *f, enum filter_field field)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->terms[i].field == field)
			return true;
	return false;
}

bool
filter_needs_rows(const struct filter *f, enum filter_field skip)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->terms[i].field != skip && fields[f->terms[i].field].rows)
			return true;
	return false;
}

bool
filter_needs_targets(const struct filter *f, enum filter_field skip)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->terms[i].field != skip &&
		    fields[f->terms[i].field].targets)
			return true;
	return false;
}

void
clause_init(struct clause *c)
{
	*c = (struct clause){.st = ST_OK};
	buf_init(&c->text, 64 * 1024);
	buf_init(&c->patterns, PATTERNS_MAX);
}

void
clause_fini(struct clause *c)
{
	buf_fini(&c->text);
	buf_fini(&c->patterns);
}

void
clause_add(struct clause *c, const char *text)
{
	if (c->st == ST_OK)
		c->st = buf_add_str(&c->text, text);
}

static void
bind(struct clause *c, uint8_t kind, int64_t number, struct span span)
{
	must(c->bind_count < CLAUSE_BINDS_MAX);
	c->binds[c->bind_count++] =
	    (struct clause_bind){.kind = kind, .number = number, .span = span};
}

void
clause_int(struct clause *c, int64_t v)
{
	bind(c, BIND_INT, v, span_of(NULL, 0));
}

void
clause_text(struct clause *c, struct span v)
{
	bind(c, BIND_TEXT, 0, v);
}

void
clause_blob(struct clause *c, struct span v)
{
	bind(c, BIND_BLOB, 0, v);
}

void
clause_open(struct clause *c, struct store *s, struct sql *q)
{
	if (c->st == ST_OK)
		c->st = buf_add_byte(&c->text, 0);
	if (c->st != ST_OK) {
		*q = (struct sql){.store = s, .st = c->st};
		return;
	}
	sql_open_once(q, s, (const char *)c->text.data);
	for (size_t i = 0; i < c->bind_count; i++) {
		const struct clause_bind *b = &c->binds[i];

		if (b->kind == BIND_INT)
			sql_int(q, b->number);
		else if (b->kind == BIND_TEXT)
			sql_text(q, b->span);
		else
			sql_blob(q, b->span);
	}
}

/* The patterns must not move while spans point into them: all room at once. */
void
filter_like(struct clause *c, struct span text)
{
	size_t from = c->patterns.len;

	if (c->st == ST_OK && from == 0)
		c->st = buf_reserve(&c->patterns, PATTERNS_MAX);
	if (c->st != ST_OK || 2 * text.len + 2 > c->patterns.room - from)
		return;
	c->patterns.data[c->patterns.len++] = '%';
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("%_\\", text.ptr[i]) != NULL)
			c->patterns.data[c->patterns.len++] = '\\';
		c->patterns.data[c->patterns.len++] = text.ptr[i];
	}
	c->patterns.data[c->patterns.len++] = '%';
	clause_text(c,
		    span_of(c->patterns.data + from, c->patterns.len - from));
}

static void
add_term(struct clause *c, const struct filter_term *t)
{
	clause_add(c, fields[t->field].one);
	if (t->field == FIELD_Q) {
		filter_like(c, t->text);
		filter_like(c, t->text);
	} else if (fields[t->field].kind == KIND_TEXT) {
		clause_text(c, t->text);
	} else {
		clause_int(c, t->number);
	}
}

static void
add_field(struct clause *c, const struct filter *f, unsigned field,
	  bool exclude)
{
	bool any = false;

	for (size_t i = 0; i < f->count; i++) {
		const struct filter_term *t = &f->terms[i];

		if (t->field != field || t->exclude != exclude)
			continue;
		clause_add(c, any ? " OR " : exclude ? " AND NOT (" : " AND (");
		add_term(c, t);
		any = true;
	}
	if (any)
		clause_add(c, ")");
}

void
filter_clause(struct clause *c, const struct filter *f, enum filter_field skip)
{
	for (unsigned field = 0; field < FIELD__COUNT; field++) {
		if (field == skip)
			continue;
		add_field(c, f, field, false);
		add_field(c, f, field, true);
	}
}
