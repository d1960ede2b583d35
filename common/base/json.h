#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * json: writes compact JSON into a buf, without a tree.
 *
 * Calls need no check one by one: the first failure is kept, later calls do
 * nothing, and json_done() tells. Wrong nesting is a bug of ours: must().
 * Strings may be any bytes: what is not UTF-8 is written by the rule of
 * utf_from_bytes(), so that the document is always valid and a path looks the
 * same wherever it is shown.
 *
 * There is no reader here: bodies from outside are read by jansson, whose
 * names (json_object, json_array, json_null) are therefore not used here.
 */
#define JSON_DEPTH 32

struct json {
	struct buf *out;
	enum status st;
	unsigned depth;
	uint32_t object; /* bit d: level d is an object */
	bool first;      /* nothing stands yet at this level */
	bool keyed;      /* a key waits for its value */
};

void json_init(struct json *j, struct buf *out);

/* ST_OK when every call worked and everything that was opened is closed. */
NODISCARD enum status json_done(struct json *j);

void json_map(struct json *j);
void json_list(struct json *j);
void json_end(struct json *j); /* of the innermost object or array */
void json_key(struct json *j, const char *key);

void json_str(struct json *j, struct span bytes);
void json_cstr(struct json *j, const char *s); /* NULL: null */
void json_u64(struct json *j, uint64_t v);
void json_i64(struct json *j, int64_t v);
void json_double(struct json *j, double v); /* not finite: null */
void json_bool(struct json *j, bool v);
void json_nil(struct json *j);
void json_time(struct json *j, int64_t wall_us);  /* RFC 3339; 0: null */
void json_raw(struct json *j, struct span value); /* JSON already */

/* A key and its value at once. */
void json_put_str(struct json *j, const char *key, struct span bytes);
void json_put_cstr(struct json *j, const char *key, const char *s);
void json_put_u64(struct json *j, const char *key, uint64_t v);
void json_put_i64(struct json *j, const char *key, int64_t v);
void json_put_bool(struct json *j, const char *key, bool v);
void json_put_time(struct json *j, const char *key, int64_t wall_us);

/* Only the text of a JSON string, quotes included, behind what is there. */
NODISCARD enum status json_quote(struct buf *to, struct span bytes);

#endif
