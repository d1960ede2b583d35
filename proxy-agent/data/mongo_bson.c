#include "proxy-agent/data/mongo_bson.h"

#include <bson/bson.h>
#include <stdio.h>
#include <time.h>

#include "model/fields.h"

#define NAME_CAP ((size_t)1 << 20)

struct walk {
	struct buf *to;
	struct buf name; /* the way to the field at hand */
	struct buf way;  /* the same without numbers of lists */
	mongo_ask *ask;  /* or NULL: all are wanted */
	void *arg;
	bool take; /* what is at hand, unless it is passed over */
	unsigned depth;
};

/* ---- values ---- */

static enum status
put_number(struct walk *w, const char *text)
{
	return fields_put(w->to, buf_span(&w->name), 0, span_str(text));
}

/* Milliseconds since 1970. */
static void
date_text(int64_t ms, char *dst, size_t room)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	dst[0] = 0;
	if (gmtime_r(&t, &tm) != NULL)
		(void)!strftime(dst, room, "%Y-%m-%d %H:%M:%S", &tm);
}

static enum status
put_scalar(struct walk *w, const bson_iter_t *i, bson_type_t type)
{
	char text[BSON_DECIMAL128_STRING];
	bson_decimal128_t d;

	if (type == BSON_TYPE_INT32)
		snprintf(text, sizeof(text), "%d", bson_iter_int32(i));
	else if (type == BSON_TYPE_INT64)
		snprintf(text, sizeof(text), "%lld",
			 (long long)bson_iter_int64(i));
	else if (type == BSON_TYPE_DOUBLE)
		snprintf(text, sizeof(text), "%.15g", bson_iter_double(i));
	else if (type == BSON_TYPE_DATE_TIME)
		date_text(bson_iter_date_time(i), text, sizeof(text));
	else if (type == BSON_TYPE_DECIMAL128 && bson_iter_decimal128(i, &d))
		bson_decimal128_to_string(&d, text);
	else
		return ST_OK; /* nothing that could be searched */
	return put_number(w, text);
}

static enum status
put_bytes(struct walk *w, const bson_iter_t *i, bson_type_t type)
{
	const uint8_t *bytes = NULL;
	bson_subtype_t kind;
	uint32_t len = 0;

	if (type == BSON_TYPE_BINARY)
		bson_iter_binary(i, &kind, &len, &bytes);
	else if (type == BSON_TYPE_CODE)
		bytes = (const uint8_t *)bson_iter_code(i, &len);
	else if (type == BSON_TYPE_SYMBOL)
		bytes = (const uint8_t *)bson_iter_symbol(i, &len);
	else
		bytes = (const uint8_t *)bson_iter_utf8(i, &len);
	return fields_put(w->to, buf_span(&w->name), 0, span_of(bytes, len));
}

/* ---- documents ---- */

static enum status put_all(struct walk *w, bson_iter_t *i, bool list);

static enum status
put_value(struct walk *w, const bson_iter_t *i)
{
	bson_type_t type = bson_iter_type(i);
	bson_iter_t inner;

	if (type == BSON_TYPE_DOCUMENT || type == BSON_TYPE_ARRAY) {
		if (!bson_iter_recurse(i, &inner))
			return ST_MALFORMED;
		return put_all(w, &inner, type == BSON_TYPE_ARRAY);
	}
	if (!w->take)
		return ST_OK;
	if (type == BSON_TYPE_UTF8 || type == BSON_TYPE_BINARY ||
	    type == BSON_TYPE_CODE || type == BSON_TYPE_SYMBOL)
		return put_bytes(w, i, type);
	if (type == BSON_TYPE_REGEX) {
		const char *pattern = bson_iter_regex(i, NULL);

		return put_number(w, pattern);
	}
	return put_scalar(w, i, type);
}

static enum status
enter(struct walk *w, const char *key, bool list)
{
	if (list)
		return buf_addf(&w->name, "[%s]", key);
	return buf_addf(&w->name, "%s%s", w->name.len > 0 ? "." : "", key);
}

/* Whether the field at hand is to be looked into; what a list holds is as the
 * list. */
static enum status
choose(struct walk *w, const char *key, bool list, bool *pass)
{
	enum mongo_wish is;
	enum status st;

	*pass = false;
	if (w->ask == NULL || list)
		return ST_OK;
	st = buf_addf(&w->way, "%s%s", w->way.len > 0 ? "." : "", key);
	if (st != ST_OK)
		return st;
	is = w->ask(w->arg, buf_span(&w->way));
	*pass = is == MONGO_PASS;
	w->take = w->take || is == MONGO_TAKE;
	return ST_OK;
}

static enum status
put_field(struct walk *w, const bson_iter_t *i, bool list)
{
	size_t name = w->name.len, way = w->way.len;
	bool take = w->take, pass;
	enum status st = enter(w, bson_iter_key(i), list);

	if (st == ST_OK)
		st = choose(w, bson_iter_key(i), list, &pass);
	if (st == ST_OK && !pass)
		st = put_value(w, i);
	w->name.len = name;
	w->way.len = way;
	w->take = take;
	return st;
}

static enum status
put_all(struct walk *w, bson_iter_t *i, bool list)
{
	enum status st = ++w->depth > MONGO_DEPTH ? ST_LIMIT : ST_OK;

	while (st == ST_OK && bson_iter_next(i))
		st = put_field(w, i, list);
	w->depth--;
	return st;
}

/* ---- its key ---- */

static enum status
add_key(struct buf *to, const bson_iter_t *i)
{
	char oid[25];
	uint32_t len;

	switch ((int)bson_iter_type(i)) {
	case BSON_TYPE_OID:
		bson_oid_to_string(bson_iter_oid(i), oid);
		return buf_addf(to, "ObjectId(%s)", oid);
	case BSON_TYPE_UTF8: {
		const char *text = bson_iter_utf8(i, &len);

		return buf_add(to, text, len);
	}
	case BSON_TYPE_INT32:
	case BSON_TYPE_INT64:
		return buf_addf(to, "%lld", (long long)bson_iter_as_int64(i));
	case BSON_TYPE_DOUBLE:
		return buf_addf(to, "%.15g", bson_iter_double(i));
	default:
		return ST_OK; /* told by its number */
	}
}

static bool
look(struct span document, bson_t *b)
{
	return bson_init_static(b, document.ptr, document.len) &&
	       bson_validate(b, BSON_VALIDATE_NONE, NULL);
}

enum status
mongo_bson_key(struct buf *to, struct span document)
{
	bson_iter_t i;
	bson_t b;
	enum status st = ST_OK;

	if (!look(document, &b))
		return ST_MALFORMED;
	if (bson_iter_init_find(&i, &b, "_id"))
		st = add_key(to, &i);
	return st == ST_OK ? buf_add_byte(to, 0) : st;
}

enum status
mongo_bson_bytes(struct span document, const char *name, struct span *bytes)
{
	const uint8_t *raw = NULL;
	bson_subtype_t kind;
	bson_iter_t i;
	uint32_t len = 0;
	bson_t b;

	if (!look(document, &b))
		return ST_MALFORMED;
	if (!bson_iter_init_find(&i, &b, name))
		return ST_NOTFOUND;
	if (BSON_ITER_HOLDS_BINARY(&i))
		bson_iter_binary(&i, &kind, &len, &raw);
	else if (BSON_ITER_HOLDS_UTF8(&i))
		raw = (const uint8_t *)bson_iter_utf8(&i, &len);
	else
		return ST_NOTFOUND;
	*bytes = span_of(raw, len);
	return ST_OK;
}

enum status
mongo_bson_put(struct buf *to, struct span document)
{
	return mongo_bson_put_some(to, document, NULL, NULL);
}

enum status
mongo_bson_put_some(struct buf *to, struct span document, mongo_ask *ask,
		    void *arg)
{
	struct walk w = {.to = to, .ask = ask, .arg = arg, .take = ask == NULL};
	struct buf key;
	bson_iter_t i;
	bson_t b;
	enum status st;

	if (!look(document, &b) || !bson_iter_init(&i, &b))
		return ST_MALFORMED;
	buf_init(&key, (size_t)17 << 20);
	buf_init(&w.name, NAME_CAP);
	buf_init(&w.way, NAME_CAP);
	st = mongo_bson_key(&key, document);
	if (st == ST_OK)
		st = fields_record(to, span_of(key.data, key.len - 1));
	if (st == ST_OK)
		st = put_all(&w, &i, false);
	buf_fini(&key);
	buf_fini(&w.name);
	buf_fini(&w.way);
	return st;
}
