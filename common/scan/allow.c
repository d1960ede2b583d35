#include "scan/allow.h"

#include <nettle/sha2.h> /* three times as quick as libsodium's */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/glob.h"
#include "detect/catalogue/catalogue.h"
#include "detect/catalogue/field.h"

#define ALLOW_BYTES ((size_t)16 * 1024 * 1024)
#define VALUE_MAX   512

struct value {
	uint8_t digest[FINDING_DIGEST_LEN];
	unsigned line;
};

struct text {
	struct span type, text; /* type empty: any */
	unsigned line;
};

struct allow {
	struct arena arena; /* patterns and paths */
	struct value *values;
	struct text *patterns, *paths;
	size_t value_count, pattern_count, path_count;
};

/* The readers of fields are handed the first. */
struct loader {
	struct field_loader l;
	const struct detector *d;
	struct allow *a;
	/* the entry that is read */
	struct span type, value, text, digest;
};

static struct loader *
loader_of(struct field_loader *l)
{
	return (struct loader *)l;
}

void
allow_digest(struct span type, struct span value,
	     uint8_t out[FINDING_DIGEST_LEN])
{
	static const uint8_t nul = 0;
	struct sha256_ctx h;

	sha256_init(&h);
	sha256_update(&h, type.len, type.ptr);
	sha256_update(&h, 1, &nul);
	sha256_update(&h, value.len, value.ptr);
	sha256_digest(&h, FINDING_DIGEST_LEN, out);
	sodium_memzero(&h, sizeof(h));
}

/* ---- entries ------------------------------------------------------------- */

static enum status
read_span(struct field_loader *l, const struct yml_node *n, struct span *out)
{
	const char *text = NULL;
	enum status st = field_text(l, n, n->key, &text);

	if (st == ST_OK)
		*out = span_str(text);
	return st;
}

static enum status
read_type(struct field_loader *l, const struct yml_node *n)
{
	return read_span(l, n, &loader_of(l)->type);
}

static enum status
read_value(struct field_loader *l, const struct yml_node *n)
{
	return read_span(l, n, &loader_of(l)->value);
}

static enum status
read_digest(struct field_loader *l, const struct yml_node *n)
{
	return read_span(l, n, &loader_of(l)->digest);
}

static enum status
read_text(struct field_loader *l, const struct yml_node *n)
{
	return read_span(l, n, &loader_of(l)->text);
}

static void
fresh(struct loader *l)
{
	l->type = l->value = l->text = l->digest = span_of(NULL, 0);
}

static enum status
hex_digest(struct loader *l, const struct yml_node *n, uint8_t *out)
{
	size_t got = 0;

	if (sodium_hex2bin(out, FINDING_DIGEST_LEN, (const char *)l->digest.ptr,
			   l->digest.len, NULL, &got, NULL) != 0 ||
	    got != FINDING_DIGEST_LEN || l->digest.len != 2 * got)
		return field_wrong(&l->l, n, "digest",
				   "must be 64 hexadecimal digits");
	return ST_OK;
}

static enum status
hash_value(struct loader *l, const struct yml_node *n, uint8_t *out)
{
	uint8_t value[VALUE_MAX];
	size_t len = 0;

	if (l->type.len == 0 || l->value.len == 0)
		return field_wrong(&l->l, n, "values",
				   "has an entry without type and value, or "
				   "digest");
	if (!detect_value(l->d, l->type, l->value, value, sizeof(value), &len))
		return field_wrong(&l->l, n, "type",
				   "is no data type; see trawl types");
	allow_digest(l->type, span_of(value, len), out);
	sodium_memzero(value, sizeof(value));
	return ST_OK;
}

static enum status
read_values(struct field_loader *f, const struct yml_node *list)
{
	static const struct field fields[] = {
	    {"type", read_type, false},
	    {"value", read_value, false},
	    {"digest", read_digest, false},
	    {NULL, NULL, false},
	};
	struct loader *l = loader_of(f);
	enum status st = field_kind(f, list, "values", YML_LIST);

	for (const struct yml_node *n = list->first; st == ST_OK && n != NULL;
	     n = n->next) {
		struct value *v = &l->a->values[l->a->value_count];

		fresh(l);
		if (l->a->value_count == ALLOW_MAX)
			return field_wrong(f, n, "values", "has too many");
		st = field_map(f, n, "values", fields);
		if (st == ST_OK)
			st = l->digest.len > 0 ? hex_digest(l, n, v->digest)
					       : hash_value(l, n, v->digest);
		v->line = n->line;
		l->a->value_count += st == ST_OK;
	}
	return st;
}

/* Kept beyond the file. */
static enum status
keep(struct allow *a, struct span from, struct span *out)
{
	char *copy = arena_str(&a->arena, from);

	if (copy == NULL)
		return ST_NOMEM;
	*out = span_of(copy, from.len);
	return ST_OK;
}

static enum status
read_patterns(struct field_loader *f, const struct yml_node *list)
{
	static const struct field fields[] = {
	    {"type", read_type, false},
	    {"text", read_text, true},
	    {NULL, NULL, false},
	};
	struct loader *l = loader_of(f);
	enum status st = field_kind(f, list, "patterns", YML_LIST);

	for (const struct yml_node *n = list->first; st == ST_OK && n != NULL;
	     n = n->next) {
		struct text *t = &l->a->patterns[l->a->pattern_count];

		fresh(l);
		if (l->a->pattern_count == ALLOW_MAX)
			return field_wrong(f, n, "patterns", "has too many");
		st = field_map(f, n, "patterns", fields);
		t->line = n->line;
		if (st == ST_OK)
			st = keep(l->a, l->type, &t->type);
		if (st == ST_OK)
			st = keep(l->a, l->text, &t->text);
		l->a->pattern_count += st == ST_OK;
	}
	return st;
}

static enum status
read_paths(struct field_loader *f, const struct yml_node *list)
{
	struct loader *l = loader_of(f);
	enum status st = field_kind(f, list, "paths", YML_LIST);

	for (const struct yml_node *n = list->first; st == ST_OK && n != NULL;
	     n = n->next) {
		struct text *t = &l->a->paths[l->a->path_count];

		if (l->a->path_count == ALLOW_MAX)
			return field_wrong(f, n, "paths", "has too many");
		if (n->kind != YML_SCALAR || n->len == 0)
			return field_wrong(f, n, "paths",
					   "must be a list of globs");
		t->line = n->line;
		st = keep(l->a, span_of(n->text, n->len), &t->text);
		l->a->path_count += st == ST_OK;
	}
	return st;
}

/* ---- the file ------------------------------------------------------------ */

static enum status
read_file(struct loader *l)
{
	static const struct field fields[] = {
	    {"values", read_values, false},
	    {"patterns", read_patterns, false},
	    {"paths", read_paths, false},
	    {NULL, NULL, false},
	};
	struct arena *arena = &l->l.cat->arena;
	struct yml_node *root;
	struct span bytes;
	enum status st;

	st = rule_file(arena, l->l.file, YML_BYTES, &bytes, l->l.why);
	if (st == ST_OK)
		st = buf_add_str(l->l.why, l->l.file);
	if (st != ST_OK)
		return st;
	st = yml_parse(bytes, arena, &root, l->l.why);
	if (st != ST_OK)
		return st;
	buf_clear(l->l.why);
	return field_map(&l->l, root, "file", fields);
}

static int
by_digest(const void *a, const void *b)
{
	return memcmp(a, b, FINDING_DIGEST_LEN);
}

enum status
allow_open(const char *file, const struct detector *d, struct allow **out,
	   struct buf *why)
{
	/* wiped with its arena: the file may hold clear values */
	struct catalogue scratch = {.count = 0};
	struct loader l = {.l = {.cat = &scratch, .file = file, .why = why},
			   .d = d};
	enum status st = ST_NOMEM;

	l.a = calloc(1, sizeof(*l.a));
	if (l.a == NULL)
		return ST_NOMEM;
	arena_init(&scratch.arena, ALLOW_BYTES);
	arena_init(&l.a->arena, ALLOW_BYTES);
	l.a->values = calloc(ALLOW_MAX, sizeof(*l.a->values));
	l.a->patterns = calloc(ALLOW_MAX, sizeof(*l.a->patterns));
	l.a->paths = calloc(ALLOW_MAX, sizeof(*l.a->paths));
	if (l.a->values != NULL && l.a->patterns != NULL && l.a->paths != NULL)
		st = read_file(&l);
	arena_fini(&scratch.arena);
	if (st == ST_OK) {
		qsort(l.a->values, l.a->value_count, sizeof(*l.a->values),
		      by_digest);
		*out = l.a;
	} else {
		allow_close(l.a);
	}
	return st;
}

void
allow_close(struct allow *a)
{
	if (a == NULL)
		return;
	free(a->values);
	free(a->patterns);
	free(a->paths);
	arena_fini(&a->arena);
	free(a);
}

/* ---- asking -------------------------------------------------------------- */

static unsigned
value_line(const struct allow *a, const struct match *m)
{
	struct value key;
	const struct value *v;

	if (a->value_count == 0)
		return 0;
	allow_digest(span_str(m->type), m->value, key.digest);
	v = bsearch(&key, a->values, a->value_count, sizeof(key), by_digest);
	return v == NULL ? 0 : v->line;
}

unsigned
allow_line(const struct allow *a, const struct match *m, struct span raw,
	   struct span path)
{
	for (size_t i = 0; i < a->path_count; i++)
		if (glob_path(a->paths[i].text, path))
			return a->paths[i].line;
	for (size_t i = 0; i < a->pattern_count; i++) {
		const struct text *t = &a->patterns[i];

		if ((t->type.len == 0 || glob_id(t->type, span_str(m->type))) &&
		    glob_id(t->text, raw))
			return t->line;
	}
	return value_line(a, m);
}
