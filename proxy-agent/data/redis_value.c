#include "proxy-agent/data/redis_value.h"

#include <string.h>

#include "base/str.h"
#include "model/fields.h"

#define FIRST       (64 * 1024)  /* bytes of a string asked for ahead */
#define PIECE       (256 * 1024) /* of a larger one, at once */
#define UNDER_WAY   4            /* pieces */
#define MEMBERS     200          /* asked for at first */
#define MEMBERS_MAX 4000
#define PAGE_LEAST  (64 * 1024) /* bytes; a smaller page may grow */
#define PAGE_MOST   (1024 * 1024)
#define OUT_ENOUGH  (64 * 1024)
#define OUT_CAP     ((size_t)8 << 20)
#define ONE_PIECE   (64 * 1024)

/* How a type is asked for: its length, and a page of it. */
static const struct {
	const char *word, *length, *page;
	bool scan, pairs;
} types[] = {
    [REDIS_STRING] = {"string", "STRLEN", "GETRANGE", false, false},
    [REDIS_ARRAY] = {"list", "LLEN", "LRANGE", false, false},
    [REDIS_HASH] = {"hash", "HLEN", "HSCAN", true, true},
    [REDIS_SET] = {"set", "SCARD", "SSCAN", true, false},
    [REDIS_ZSET] = {"zset", "ZCARD", "ZSCAN", true, true},
    [REDIS_STREAM] = {"stream", "XLEN", "XRANGE", false, true},
    [REDIS_GONE] = {"none", NULL, NULL, false, false},
};

enum redis_type
redis_type_of(struct span word)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_is(word, types[i].word))
			return (enum redis_type)i;
	return REDIS_OTHER;
}

/* ---- asking ---- */

/* Numbers from..to of bytes or elements, or COUNT members behind a cursor. */
static enum status
ask_page(struct redis *r, enum redis_type type, struct span key,
	 struct span cursor, uint64_t from, uint64_t count)
{
	struct buf number, last;
	struct span words[6] = {span_str(types[type].page), key};
	size_t n = 2;
	enum status st;

	buf_init(&number, 32);
	buf_init(&last, 32);
	st = buf_addf(&number, "%llu", (unsigned long long)from);
	if (types[type].scan || type == REDIS_STREAM) {
		words[n++] = cursor;
		if (type == REDIS_STREAM)
			words[n++] = span_str("+");
		words[n++] = span_str("COUNT");
		if (st == ST_OK)
			st = buf_addf(&last, "%llu", (unsigned long long)count);
	} else {
		words[n++] = buf_span(&number);
		if (st == ST_OK)
			st = buf_addf(&last, "%llu",
				      (unsigned long long)(from + count - 1));
	}
	words[n++] = buf_span(&last);
	if (st == ST_OK)
		st = redis_say(r, words, n);
	buf_fini(&number);
	buf_fini(&last);
	return st;
}

enum status
redis_value_ask(struct redis *r, enum redis_type type, struct span key)
{
	const struct span words[] = {span_str(types[type].length), key};
	enum status st = redis_say(r, words, 2);

	return st == ST_OK ? ask_page(r, type, key,
				      span_str(types[type].scan ? "0" : "-"), 0,
				      type == REDIS_STRING ? FIRST : MEMBERS)
			   : st;
}

/* ---- the life of one ---- */

void
redis_value_init(struct redis_value *v)
{
	*v = (struct redis_value){.step = VALUE_DONE};
	buf_init(&v->key, (size_t)512 << 20);
	buf_init(&v->out, OUT_CAP);
	buf_init(&v->name, FIELDS_NAME);
	buf_init(&v->value, FIELDS_PIECE);
	buf_init(&v->cursor, 256);
}

void
redis_value_fini(struct redis_value *v)
{
	buf_fini(&v->key);
	buf_fini(&v->out);
	buf_fini(&v->name);
	buf_fini(&v->value);
	buf_fini(&v->cursor);
}

enum status
redis_value_begin(struct redis_value *v, enum redis_type type, struct span key,
		  struct redis *first, struct redis *rest)
{
	struct redis_word w;
	enum status st;

	buf_clear(&v->key);
	buf_clear(&v->out);
	v->type = type;
	v->first = v->on = first;
	v->rest = rest;
	v->step = VALUE_PAGE;
	v->given = v->left = v->entries = v->seen = 0;
	v->asked = type == REDIS_STRING ? FIRST : MEMBERS;
	v->page = MEMBERS;
	v->waiting = v->number = 0;
	v->half = v->long_name = v->later = false;
	v->failed = ST_OK;
	st = buf_add(&v->key, key.ptr, key.len);
	if (st == ST_OK)
		st = redis_next(first, &w);
	if (st != ST_OK)
		return st;
	if (w.kind != REDIS_NUMBER || w.n < 0) {
		bool refused =
		    w.kind == REDIS_ERROR && !str_starts(w.text, "WRONGTYPE");

		v->step = VALUE_DONE;
		st = redis_pass(first);
		return st != ST_OK ? st : refused ? ST_DENIED : ST_NOTFOUND;
	}
	v->length = (uint64_t)w.n;
	return type == REDIS_STRING ? ST_OK : fields_begin(&v->out);
}

/* ---- strings ---- */

static enum status
ask_pieces(struct redis_value *v)
{
	enum status st = ST_OK;

	while (st == ST_OK && v->waiting < UNDER_WAY && v->asked < v->length) {
		st = ask_page(v->rest, v->type, buf_span(&v->key),
			      span_of(NULL, 0), v->asked, PIECE);
		v->asked += PIECE;
		v->waiting++;
	}
	return st;
}

/* The piece that comes next begins; none: it is over. */
static enum status
next_bytes(struct redis_value *v)
{
	struct redis_word w;
	enum status st;

	if (v->later) {
		v->on = v->rest;
		st = ask_pieces(v);
		if (st != ST_OK)
			return st;
		if (v->waiting == 0) {
			v->step = VALUE_DONE;
			return ST_OK;
		}
		v->waiting--;
	}
	v->later = true;
	st = redis_next(v->on, &w);
	if (st != ST_OK)
		return st;
	v->step = w.kind == REDIS_BULK && w.n > 0 ? VALUE_BULK : VALUE_DONE;
	return w.kind == REDIS_BULK ? ST_OK : ST_DENIED;
}

static enum status
read_string(struct redis_value *v, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && *got == 0 && v->step != VALUE_DONE) {
		if (v->step == VALUE_PAGE) {
			st = next_bytes(v);
			continue;
		}
		st = redis_bytes(v->on, dst, n, got);
		if (*got == 0)
			v->step = VALUE_PAGE;
	}
	v->given += *got;
	return st;
}

/* ---- members ---- */

static enum status
ask_next_page(struct redis_value *v)
{
	enum status st;

	if (v->seen > PAGE_MOST && v->page > 1)
		v->page = v->page > 8 ? v->page / 8 : 1;
	else if (v->seen < PAGE_LEAST && v->page < MEMBERS_MAX)
		v->page *= 2;
	st = ask_page(v->rest, v->type, buf_span(&v->key), buf_span(&v->cursor),
		      v->asked, v->page);
	v->asked += v->page;
	v->seen = 0;
	v->waiting = 1;
	v->on = v->rest;
	v->step = VALUE_PAGE;
	return st;
}

/* Behind the last word of a page: another one, or the end. */
static enum status
end_page(struct redis_value *v, bool empty)
{
	bool more = types[v->type].scan ? !str_is(buf_span(&v->cursor), "0")
					: !empty && v->given < v->length;

	if (more)
		return ask_next_page(v);
	v->step = VALUE_DONE;
	return fields_end(&v->out, v->given, v->length);
}

/* A bulk that is no value, whole. */
static enum status
short_word(struct redis *r, struct buf *to)
{
	struct redis_word w;
	enum status st = redis_next(r, &w);

	if (st == ST_OK && w.kind != REDIS_BULK)
		return ST_MALFORMED;
	buf_clear(to);
	st = st == ST_OK ? redis_all(r, to) : st;
	return st == ST_LIMIT ? ST_MALFORMED : st;
}

static enum status
begin_page(struct redis_value *v)
{
	struct redis_word w;
	enum status st;

	if (v->on == v->rest)
		v->waiting = 0;
	st = redis_next(v->on, &w);
	if (st == ST_OK && types[v->type].scan && w.kind == REDIS_LIST &&
	    w.n == 2) {
		st = short_word(v->on, &v->cursor);
		if (st == ST_OK)
			st = redis_next(v->on, &w);
	}
	if (st != ST_OK)
		return st;
	if (w.kind == REDIS_ERROR || w.kind == REDIS_NONE) {
		v->step = VALUE_DONE;
		return ST_DENIED;
	}
	if (w.kind != REDIS_LIST)
		return ST_MALFORMED;
	v->step = VALUE_ITEMS;
	v->left = v->type == REDIS_STREAM ? 0 : (uint64_t)w.n;
	v->entries = v->type == REDIS_STREAM ? (uint64_t)w.n : 0;
	return w.n == 0 ? end_page(v, true) : ST_OK;
}

enum status
redis_id_behind(struct span id, struct buf *to)
{
	size_t dash = str_find(id, '-');
	uint64_t n = 0;
	enum status st =
	    str_to_u64(span_skip(id, dash + 1), 0, UINT64_MAX - 1, &n);

	buf_clear(to);
	n++;
	if (st == ST_OK)
		st = buf_add(to, id.ptr, dash);
	return st == ST_OK ? buf_addf(to, "-%llu", (unsigned long long)n)
			   : ST_MALFORMED;
}

/* An entry of a stream: its id, and a list of names and values. */
static enum status
begin_entry(struct redis_value *v)
{
	struct redis_word w;
	enum status st = redis_next(v->on, &w);

	if (st == ST_OK && (w.kind != REDIS_LIST || w.n != 2))
		return ST_MALFORMED;
	if (st == ST_OK)
		st = short_word(v->on, &v->name);
	if (st == ST_OK)
		st = redis_id_behind(buf_span(&v->name), &v->cursor);
	if (st == ST_OK)
		st = fields_record(&v->out, buf_span(&v->name));
	if (st == ST_OK)
		st = redis_next(v->on, &w);
	if (st != ST_OK)
		return st;
	v->entries--;
	v->given++;
	v->number = 0;
	v->left = w.kind == REDIS_LIST ? (uint64_t)w.n : 0;
	return ST_OK;
}

/* What the value at hand is called, and whether that is its own name. */
static enum status
name_value(struct redis_value *v, uint8_t *flags)
{
	bool own = types[v->type].pairs && v->type != REDIS_ZSET;
	const char *what = "member";

	*flags = own && v->half && !v->long_name ? 0 : FIELDS_LABEL;
	if (*flags == 0)
		return ST_OK;
	buf_clear(&v->name);
	if (v->type == REDIS_ARRAY)
		return buf_addf(&v->name, "[%u]", v->number - 1);
	if (own)
		what = v->half ? "value" : "name of value";
	else if (v->half)
		what = "score";
	return buf_addf(&v->name, "%s %u", what, v->number);
}

/* Some more of a value that no page should hold whole. */
static enum status
put_piece(struct redis_value *v)
{
	enum status st = buf_reserve(&v->value, ONE_PIECE);
	size_t got = 0;

	if (st == ST_OK)
		st = redis_bytes(v->on, v->value.data, ONE_PIECE, &got);
	if (st == ST_OK)
		st = fields_piece(&v->out, span_of(v->value.data, got));
	if (st == ST_OK && got == 0)
		v->step = VALUE_ITEMS;
	return st;
}

static enum status
put_large(struct redis_value *v, uint8_t flags)
{
	enum status st = buf_reserve(&v->value, ONE_PIECE);
	struct span piece;
	size_t got = 0;

	if (st == ST_OK)
		st = redis_bytes(v->on, v->value.data, ONE_PIECE, &got);
	piece = span_of(v->value.data, got);
	if (st == ST_OK)
		st = fields_name(&v->out, buf_span(&v->name),
				 flags | fields_look(piece));
	if (st == ST_OK)
		st = fields_piece(&v->out, piece);
	v->step = VALUE_BULK;
	return st;
}

static enum status
put_value(struct redis_value *v, uint64_t len)
{
	enum status st;
	uint8_t flags;

	if (!v->half || v->type != REDIS_ZSET)
		v->number += !v->long_name;
	st = name_value(v, &flags);
	buf_clear(&v->value);
	if (st != ST_OK)
		return st;
	if (len > FIELDS_PIECE)
		return put_large(v, flags);
	st = redis_all(v->on, &v->value);
	return st == ST_OK ? fields_put(&v->out, buf_span(&v->name), flags,
					buf_span(&v->value))
			   : st;
}

/* A name that fits is kept for its value; each other word is put. */
static enum status
take_word(struct redis_value *v)
{
	bool pairs = types[v->type].pairs;
	bool is_name = pairs && v->type != REDIS_ZSET && !v->half;
	struct redis_word w;
	enum status st = redis_next(v->on, &w);

	if (st != ST_OK)
		return st;
	if (w.kind != REDIS_BULK)
		return ST_MALFORMED;
	v->left--;
	v->seen += (uint64_t)w.n;
	if (is_name && (uint64_t)w.n <= FIELDS_NAME) {
		buf_clear(&v->name);
		v->half = true;
		v->long_name = false;
		return redis_all(v->on, &v->name);
	}
	v->long_name = v->long_name && !is_name;
	st = put_value(v, (uint64_t)w.n);
	v->long_name = is_name;
	v->given += v->type != REDIS_STREAM && (!pairs || v->half);
	v->half = pairs && !v->half;
	return st;
}

static enum status
make_more(struct redis_value *v)
{
	if (v->step == VALUE_PAGE)
		return begin_page(v);
	if (v->step == VALUE_BULK)
		return put_piece(v);
	if (v->left > 0)
		return take_word(v);
	return v->entries > 0 ? begin_entry(v) : end_page(v, false);
}

enum status
redis_value_read(struct redis_value *v, void *dst, size_t n, size_t *got)
{
	enum status st = v->failed;

	if (v->type == REDIS_STRING)
		return read_string(v, dst, n, got);
	*got = 0;
	while (st == ST_OK && v->out.len < OUT_ENOUGH && v->step != VALUE_DONE)
		st = make_more(v);
	v->failed = st;
	if (st != ST_OK && v->out.len == 0)
		return st;
	*got = n < v->out.len ? n : v->out.len;
	if (*got > 0)
		memcpy(dst, v->out.data, *got);
	buf_drop(&v->out, *got);
	return ST_OK;
}

enum status
redis_value_leave(struct redis_value *v)
{
	uint64_t words = v->step == VALUE_PAGE && v->type != REDIS_STRING
			     ? 1
			     : v->left + v->entries;
	enum status st = ST_OK;

	if (v->type == REDIS_STRING) /* a piece asked for ahead, or its rest */
		words = v->step == VALUE_PAGE && !v->later;
	else
		v->waiting = 0;
	if (v->step != VALUE_DONE)
		st = redis_pass_words(v->on, words);
	while (st == ST_OK && v->waiting > 0) {
		st = redis_pass(v->rest);
		v->waiting--;
	}
	v->step = VALUE_DONE;
	v->left = v->entries = 0;
	return st;
}
