#include "detect/catalogue/field.h"

#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/str.h"

/* A line "FILE:LINE: field 'NAME' WHAT". */
enum status
field_wrong(struct field_loader *l, const struct yml_node *n, const char *field,
	    const char *what)
{
	enum status st = buf_addf(l->why, "%s:%u: field '%s' %s", l->file,
				  n->line, field, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

enum status
field_kind(struct field_loader *l, const struct yml_node *n, const char *field,
	   enum yml_kind kind)
{
	static const char *const words[] = {"must be one value",
					    "must be a list [a, b]",
					    "must be a map {key: value}"};

	return n->kind == kind ? ST_OK : field_wrong(l, n, field, words[kind]);
}

enum status
field_text(struct field_loader *l, const struct yml_node *n, const char *field,
	   const char **out)
{
	enum status st = field_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (n->len == 0)
		return field_wrong(l, n, field, "is empty");
	*out = n->text;
	return ST_OK;
}

enum status
field_number(struct field_loader *l, const struct yml_node *n,
	     const char *field, uint64_t high, uint64_t *out)
{
	enum status st = field_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (str_to_u64(span_of(n->text, n->len), 0, high, out) == ST_OK)
		return ST_OK;
	st = buf_addf(l->why,
		      "%s:%u: field '%s' must be a whole number from 0 to %llu",
		      l->file, n->line, field, (unsigned long long)high);
	return st == ST_OK ? ST_MALFORMED : st;
}

enum status
field_signed(struct field_loader *l, const struct yml_node *n,
	     const char *field, int64_t low, int64_t high, int64_t *out)
{
	enum status st = field_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (str_to_i64(span_of(n->text, n->len), low, high, out) == ST_OK)
		return ST_OK;
	st = buf_addf(
	    l->why,
	    "%s:%u: field '%s' must be a whole number from %lld to %lld",
	    l->file, n->line, field, (long long)low, (long long)high);
	return st == ST_OK ? ST_MALFORMED : st;
}

enum status
field_bool(struct field_loader *l, const struct yml_node *n, const char *field,
	   bool *out)
{
	enum status st = field_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (str_to_bool(span_of(n->text, n->len), out) != ST_OK)
		return field_wrong(l, n, field, "must be true or false");
	return ST_OK;
}

enum status
field_choice(struct field_loader *l, const struct yml_node *n,
	     const char *field, const char *const *allowed, size_t *out)
{
	enum status st = field_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; allowed[i] != NULL; i++) {
		if (strcmp(allowed[i], n->text) != 0)
			continue;
		*out = i;
		return ST_OK;
	}
	st = buf_addf(l->why, "%s:%u: field '%s' is '%.40s'; allowed:", l->file,
		      n->line, field, n->text);
	for (size_t i = 0; st == ST_OK && allowed[i] != NULL; i++)
		st = buf_addf(l->why, " %s", allowed[i]);
	return st == ST_OK ? ST_MALFORMED : st;
}

enum status
field_spans(struct field_loader *l, const struct yml_node *n, const char *field,
	    const struct span **out, size_t *count)
{
	enum status st = field_kind(l, n, field, YML_LIST);
	struct span *list;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	list = arena_array(&l->cat->arena, n->count + 1, sizeof(*list));
	if (list == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; c != NULL; c = c->next) {
		if (c->kind != YML_SCALAR || c->len == 0)
			return field_wrong(l, c, field,
					   "must be a list of values");
		list[i++] = span_of(c->text, c->len);
	}
	*out = list;
	*count = i;
	return ST_OK;
}

#define HEX_SIGN "hex:"

static bool
blank(char c)
{
	return c == ' ' || c == '\n';
}

/* Bytes of "03 d9a2 9a", blanks between any two; false when it is not that. */
static bool
unhex(struct span hex, uint8_t *out, size_t *len)
{
	size_t n = 0, i = 0;

	while (i < hex.len) {
		if (blank((char)hex.ptr[i])) {
			i++;
			continue;
		}
		if (hex.len - i < 2 ||
		    codec_unhex(span_of(hex.ptr + i, 2), &out[n], 1) != ST_OK)
			return false;
		n++;
		i += 2;
	}
	*len = n;
	return n > 0;
}

enum status
field_bytes(struct field_loader *l, const struct yml_node *n, const char *field,
	    const struct span **out, size_t *count)
{
	const size_t sign = strlen(HEX_SIGN);
	const struct span *list;
	struct span *bytes;
	enum status st = field_spans(l, n, field, &list, count);

	if (st != ST_OK)
		return st;
	bytes = arena_array(&l->cat->arena, *count + 1, sizeof(*bytes));
	for (size_t i = 0; bytes != NULL && i < *count; i++) {
		uint8_t *raw;

		bytes[i] = list[i];
		if (!str_starts(list[i], HEX_SIGN))
			continue;
		raw = arena_take(&l->cat->arena, list[i].len);
		if (raw == NULL)
			return ST_NOMEM;
		bytes[i] = span_of(raw, 0);
		if (!unhex(span_of(list[i].ptr + sign, list[i].len - sign), raw,
			   &bytes[i].len))
			return field_wrong(l, n, field,
					   "has a 'hex:' without pairs of "
					   "hexadecimal digits behind it");
	}
	*out = bytes;
	return bytes == NULL ? ST_NOMEM : ST_OK;
}

static enum status
unknown_field(struct field_loader *l, const struct yml_node *n,
	      const struct field *fields)
{
	enum status st = buf_addf(
	    l->why, "%s:%u: field '%.40s' is not known; allowed:", l->file,
	    n->line, n->key);

	for (; st == ST_OK && fields->key != NULL; fields++)
		st = buf_addf(l->why, " %s", fields->key);
	return st == ST_OK ? ST_MALFORMED : st;
}

/* From `last` on and round: fields mostly stand in the order of their table. */
static const struct field *
field_find(const struct field *fields, const struct field *last,
	   const char *key)
{
	const struct field *f = last;

	do {
		if (f->key == NULL) {
			f = fields;
			continue;
		}
		if (strcmp(f->key, key) == 0)
			return f;
		f++;
	} while (f != last);
	return NULL;
}

enum status
field_map(struct field_loader *l, const struct yml_node *map, const char *name,
	  const struct field *fields)
{
	enum status st = field_kind(l, map, name, YML_MAP);
	const struct field *f = fields, *last = fields;

	for (const struct yml_node *n = map->first; st == ST_OK && n != NULL;
	     n = n->next) {
		f = field_find(fields, last, n->key);
		st = f == NULL ? unknown_field(l, n, fields) : f->read(l, n);
		last = f == NULL ? fields : f + 1;
	}
	for (f = fields; st == ST_OK && f->key != NULL; f++)
		if (f->must && yml_find(map, f->key) == NULL)
			return field_wrong(l, map, f->key, "is missing");
	return st;
}

/* One's own rules may use the lists of the catalogue, where they have none. */
static enum status
of_catalogue(const struct field_loader *l, const char *name, struct buf *path)
{
	enum status st = buf_add_byte(path, 0);

	if (st != ST_OK || access((const char *)path->data, F_OK) == 0 ||
	    l->cat->dir == NULL || strchr(name, '/') == NULL) {
		path->len -= st == ST_OK; /* the NUL */
		return st;
	}
	buf_clear(path);
	return buf_addf(path, "%s/%s", l->cat->dir, name);
}

/* In a group of the catalogue's folder: its other groups are known by name. */
static bool
of_group(const struct field_loader *l, const char *slash)
{
	const char *dir = l->cat->dir;
	size_t n = dir == NULL ? 0 : strlen(dir);

	return n > 0 && slash != NULL && strncmp(l->file, dir, n) == 0 &&
	       l->file[n] == '/' && strchr(l->file + n + 1, '/') == slash;
}

static enum status
path_beside(const struct field_loader *l, const char *name, struct buf *path)
{
	const char *slash = strrchr(l->file, '/');
	bool apart = strchr(name, '/') != NULL;
	enum status st;

	if (apart && of_group(l, slash))
		return buf_addf(path, "%s/%s", l->cat->dir, name);
	st = buf_addf(
	    path, "%.*s%s%s", slash == NULL ? 1 : (int)(slash - l->file),
	    slash == NULL ? "." : l->file, apart ? "/../" : "/", name);
	return st == ST_OK ? of_catalogue(l, name, path) : st;
}

enum status
field_beside(struct field_loader *l, const struct yml_node *n,
	     const char *field, const char *name, const char **out)
{
	struct buf path;
	enum status st;

	if (strstr(name, "..") != NULL || name[0] == '/')
		return field_wrong(l, n, field,
				   "must name a file of the catalogue");
	buf_init(&path, 4096);
	st = path_beside(l, name, &path);
	*out = st != ST_OK ? NULL : arena_str(&l->cat->arena, buf_span(&path));
	buf_fini(&path);
	return *out == NULL ? ST_NOMEM : ST_OK;
}
