#include "master/api/body.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

struct body {
	json_t *root;
};

/*
 * Levels of brackets outside of strings, before a tree is made: the parser of
 * the library goes down to 2,048 on the stack of a worker.
 */
static bool
too_deep(struct span s)
{
	unsigned depth = 0;
	bool text = false;

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (text && c == '\\')
			i++;
		else if (c == '"')
			text = !text;
		else if (!text && (c == '{' || c == '['))
			depth++;
		else if (!text && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > BODY_DEPTH)
			return true;
	}
	return false;
}

static enum status
refuse(struct problem *p, unsigned status, const char *detail)
{
	p->status = status;
	snprintf(p->detail, sizeof(p->detail), "%s", detail);
	return ST_MALFORMED;
}

enum status
body_open(struct span text, struct problem *p, struct body **out)
{
	json_error_t error;
	struct body *b;

	if (text.len > BODY_MAX)
		return refuse(p, 413, "a body may have 1 MiB");
	if (text.len == 0)
		return refuse(p, 400, "the body is empty");
	if (too_deep(text))
		return refuse(p, 400, "the body is nested too deep");
	b = calloc(1, sizeof(*b));
	if (b == NULL)
		return ST_NOMEM;
	b->root = json_loadb((const char *)text.ptr, text.len,
			     JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(b->root)) {
		bool other = b->root != NULL;

		body_close(b);
		return refuse(p, 400,
			      other ? "the body is not an object"
				    : "the body is not well-formed JSON");
	}
	*out = b;
	return ST_OK;
}

void
body_close(struct body *b)
{
	if (b == NULL)
		return;
	json_decref(b->root);
	free(b);
}

uint64_t
body_parse_id(struct span s)
{
	uint64_t id;

	if (s.len == 0 || s.ptr[0] == '0' ||
	    str_to_u64(s, 1, INT64_MAX, &id) != ST_OK)
		return 0;
	return id;
}

static struct span
text_of(const json_t *v)
{
	if (!json_is_string(v))
		return span_of(NULL, 0);
	return span_of(json_string_value(v), json_string_length(v));
}

static bool
text_good(const struct field *f, const json_t *v, const char *at, size_t low,
	  size_t high, struct problem *p)
{
	struct span s = text_of(v);

	if (!json_is_string(v))
		problem_field(p, at, "must be a text");
	else if (s.len < low)
		problem_field(p, at, "must have at least %zu characters", low);
	else if (s.len > high)
		problem_field(p, at, "must have at most %zu bytes", high);
	else if (f->allowed != NULL && !f->allowed(s))
		problem_field(p, at, "%s", f->rule);
	else
		return true;
	return false;
}

static bool
id_good(const json_t *v, const char *at, struct problem *p)
{
	if (json_is_string(v) && body_parse_id(text_of(v)) != 0)
		return true;
	problem_field(p, at, "must be an id");
	return false;
}

static void
check_list(const struct field *f, const json_t *v, const char *at,
	   struct problem *p)
{
	size_t n = json_array_size(v);

	if (!json_is_array(v)) {
		problem_field(p, at, "must be a list");
		return;
	}
	if (n < (size_t)f->low || n > (size_t)f->high) {
		problem_field(p, at, "must have %lld to %lld items",
			      (long long)f->low, (long long)f->high);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		char item[PROBLEM_POINTER + 24];
		bool good;

		snprintf(item, sizeof(item), "%s/%zu", at, i);
		good = f->kind == FIELD_IDS
			   ? id_good(json_array_get(v, i), item, p)
			   : text_good(f, json_array_get(v, i), item, 1,
				       f->each, p);
		if (!good)
			return;
	}
}

static void
check_integer(const struct field *f, const json_t *v, const char *at,
	      struct problem *p)
{
	if (!json_is_integer(v))
		problem_field(p, at, "must be a whole number");
	else if (json_integer_value(v) < f->low ||
		 json_integer_value(v) > f->high)
		problem_field(p, at, "must be %lld to %lld", (long long)f->low,
			      (long long)f->high);
}

/* RFC 6901: the name of a member inside a pointer. */
static size_t
add_member(struct span name, char at[PROBLEM_POINTER], size_t n)
{
	if (n < PROBLEM_POINTER - 1)
		at[n++] = '/';
	for (size_t i = 0; i < name.len && n < PROBLEM_POINTER - 3; i++) {
		uint8_t c = name.ptr[i];

		if (c == '~' || c == '/') {
			at[n++] = '~';
			at[n++] = c == '~' ? '0' : '1';
		} else {
			at[n++] = (char)c;
		}
	}
	at[n] = '\0';
	return n;
}

static void
pointer_of(const char *name, char at[PROBLEM_POINTER])
{
	(void)add_member(span_str(name), at, 0);
}

void
body_pointer(const char *object, struct span member, char at[PROBLEM_POINTER])
{
	(void)add_member(member, at, add_member(span_str(object), at, 0));
}

/* Whether it is an object with as many members as it may have. */
static bool
object_good(const struct field *f, const json_t *v, const char *at,
	    struct problem *p)
{
	size_t n = json_object_size(v);

	if (!json_is_object(v)) {
		problem_field(p, at, "must be an object of %s",
			      f->kind == FIELD_WORDS ? "texts" : "numbers");
		return false;
	}
	if (n < (size_t)f->low || n > (size_t)f->high) {
		problem_field(p, at, "must have %lld to %lld members",
			      (long long)f->low, (long long)f->high);
		return false;
	}
	return true;
}

static void
check_words(const struct field *f, json_t *v, const char *at, struct problem *p)
{
	char member[PROBLEM_POINTER];
	const char *name;
	json_t *value;

	if (!object_good(f, v, at, p))
		return;
	json_object_foreach(v, name, value)
	{
		body_pointer(f->name, span_str(name), member);
		if (!text_good(f, value, member, 0, f->each, p))
			return;
	}
}

static void
check_numbers(const struct field *f, json_t *v, const char *at,
	      struct problem *p)
{
	char member[PROBLEM_POINTER];
	const char *name;
	json_t *value;

	if (!object_good(f, v, at, p))
		return;
	json_object_foreach(v, name, value)
	{
		body_pointer(f->name, span_str(name), member);
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			problem_field(p, member, "must be a whole number");
	}
}

static void
check_field(const struct field *f, json_t *v, struct problem *p)
{
	char at[PROBLEM_POINTER];

	snprintf(at, sizeof(at), "/%s", f->name);
	switch (f->kind) {
	case FIELD_TEXT:
		(void)text_good(f, v, at, (size_t)f->low, (size_t)f->high, p);
		break;
	case FIELD_INTEGER:
		check_integer(f, v, at, p);
		break;
	case FIELD_BOOLEAN:
		if (!json_is_boolean(v))
			problem_field(p, at, "must be true or false");
		break;
	case FIELD_ID:
		(void)id_good(v, at, p);
		break;
	case FIELD_IDS:
	case FIELD_TEXTS:
		check_list(f, v, at, p);
		break;
	case FIELD_NUMBERS:
		check_numbers(f, v, at, p);
		break;
	case FIELD_WORDS:
		check_words(f, v, at, p);
		break;
	}
}

static const struct field *
field_named(const struct field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

enum status
body_check(const struct body *b, const struct field *fields, size_t count,
	   struct problem *p)
{
	char at[PROBLEM_POINTER];
	const char *name;
	json_t *value;

	json_object_foreach(b->root, name, value)
	{
		const struct field *f = field_named(fields, count, name);

		if (f != NULL) {
			check_field(f, value, p);
			continue;
		}
		pointer_of(name, at);
		problem_field(p, at, "is not known");
	}
	for (size_t i = 0; i < count; i++) {
		if (!fields[i].required || body_has(b, fields[i].name))
			continue;
		pointer_of(fields[i].name, at);
		problem_field(p, at, "is missing");
	}
	return p->count == 0 ? ST_OK : ST_MALFORMED;
}

static const json_t *
member(const struct body *b, const char *name)
{
	return b == NULL ? NULL : json_object_get(b->root, name);
}

bool
body_has(const struct body *b, const char *name)
{
	return member(b, name) != NULL;
}

struct span
body_text(const struct body *b, const char *name)
{
	return text_of(member(b, name));
}

int64_t
body_int(const struct body *b, const char *name, int64_t otherwise)
{
	const json_t *v = member(b, name);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

bool
body_bool(const struct body *b, const char *name, bool otherwise)
{
	const json_t *v = member(b, name);

	return json_is_boolean(v) ? json_is_true(v) : otherwise;
}

uint64_t
body_id(const struct body *b, const char *name)
{
	return body_parse_id(body_text(b, name));
}

size_t
body_count(const struct body *b, const char *name)
{
	return json_array_size(member(b, name));
}

struct span
body_item(const struct body *b, const char *name, size_t i)
{
	return text_of(json_array_get(member(b, name), i));
}

void
body_numbers(const struct body *b, const char *name, body_number_fn *fn,
	     void *arg)
{
	const char *key;
	json_t *v;

	json_object_foreach(json_object_get(b->root, name), key, v)
	{
		if (json_is_integer(v) && json_integer_value(v) >= 0)
			fn(arg, span_str(key), (uint64_t)json_integer_value(v));
	}
}

void
body_words(const struct body *b, const char *name, body_word_fn *fn, void *arg)
{
	const char *key;
	json_t *v;

	json_object_foreach(json_object_get(b->root, name), key, v)
	{
		if (json_is_string(v))
			fn(arg, span_str(key), text_of(v));
	}
}
