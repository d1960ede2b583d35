#include "extract/data/json.h"

#include <string.h>

#include "extract/data/signs.h"

#define LEVELS   32 /* deeper ones are counted and have no names */
#define KEYS_MAX 1024

struct level {
	uint32_t index; /* of an array */
	uint16_t key, key_len;
	bool array, named;
};

struct json {
	uint64_t line;
	uint32_t depth;
	bool string, escaped, key; /* key: in it, or about to come */
	struct level levels[LEVELS];
	uint16_t keys_len;
	uint8_t keys[KEYS_MAX];
};

/* ---- following -------------------------------------------------------------
 */

static struct level *
top(struct json *j)
{
	return j->depth > 0 && j->depth <= LEVELS ? &j->levels[j->depth - 1]
						  : NULL;
}

static void
open_level(struct json *j, bool array)
{
	struct level *l;

	j->depth++;
	j->key = !array;
	l = top(j);
	if (l != NULL)
		*l = (struct level){.array = array, .key = j->keys_len};
}

static void
close_level(struct json *j)
{
	const struct level *l = top(j);

	if (l != NULL)
		j->keys_len = l->key;
	if (j->depth > 0)
		j->depth--;
	j->key = false;
}

static void
open_string(struct json *j)
{
	struct level *l = top(j);

	j->string = true;
	if (!j->key || l == NULL)
		return;
	j->keys_len = l->key;
	l->key_len = 0;
	l->named = true;
}

static void
feed_string(struct json *j, uint8_t c)
{
	struct level *l;

	if (c == '"' && !j->escaped) {
		j->string = false;
		return;
	}
	j->escaped = c == '\\' && !j->escaped;
	l = j->key ? top(j) : NULL;
	if (l == NULL || j->keys_len == KEYS_MAX)
		return;
	j->keys[j->keys_len++] = c;
	l->key_len++;
}

static void
feed_comma(struct json *j)
{
	struct level *l = top(j);

	j->key = l != NULL && !l->array;
	if (l != NULL && l->array)
		l->index++;
}

static void
feed_byte(struct json *j, uint8_t c)
{
	switch (c) {
	case '\n':
		j->line++;
		break;
	case '"':
		open_string(j);
		break;
	case '{':
	case '[':
		open_level(j, c == '[');
		break;
	case '}':
	case ']':
		close_level(j);
		break;
	case ':':
		j->key = false;
		break;
	case ',':
		feed_comma(j);
		break;
	default:
		break;
	}
}

static void
feed_bytes(struct json *j, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (j->string)
			feed_string(j, s.ptr[i]);
		else
			feed_byte(j, s.ptr[i]);
}

/* Of a string, without what ends it or escapes. */
static void
feed_within(struct json *j, const uint8_t *p, size_t n)
{
	struct level *l = j->key ? top(j) : NULL;

	if (l == NULL)
		return;
	if (n > KEYS_MAX - (size_t)j->keys_len)
		n = KEYS_MAX - j->keys_len;
	memcpy(j->keys + j->keys_len, p, n);
	j->keys_len = (uint16_t)(j->keys_len + n);
	l->key_len = (uint16_t)(l->key_len + n);
}

/* Where feed_byte() does something: a few bytes in a hundred. */
static uint64_t
marks_of(const uint8_t *p)
{
	return signs_of(p, '\n') | signs_of(p, '{') | signs_of(p, '}') |
	       signs_of(p, '[') | signs_of(p, ']') | signs_of(p, ':') |
	       signs_of(p, ',');
}

/* SIGNS_BLOCK bytes without an escape. */
static void
feed_block(struct json *j, const uint8_t *p, uint64_t quotes)
{
	uint64_t inside = signs_parity(quotes) ^ (j->string ? UINT64_MAX : 0);
	uint64_t stops = quotes | (marks_of(p) & ~inside);
	size_t at = 0; /* of a string: what is before was fed */

	j->escaped = false;
	for (; stops != 0; stops &= stops - 1) {
		size_t i = (size_t)__builtin_ctzll(stops);

		if (j->string)
			feed_within(j, p + at, i - at);
		if (j->string)
			j->string = false;
		else
			feed_byte(j, p[i]);
		at = i + 1;
	}
	if (j->string)
		feed_within(j, p + at, SIGNS_BLOCK - at);
}

static void
feed(void *state, struct span s)
{
	struct json *j = state;
	size_t at = 0;

	for (; s.len - at >= SIGNS_BLOCK; at += SIGNS_BLOCK) {
		const uint8_t *p = s.ptr + at;

		if (j->escaped || signs_of(p, '\\') != 0)
			feed_bytes(j, span_of(p, SIGNS_BLOCK));
		else
			feed_block(j, p, signs_of(p, '"'));
	}
	feed_bytes(j, span_skip(s, at));
}

/*
 * A line is a document of its own, whatever the last one left open: of those
 * that have ended nobody asks but how many there were.
 */
static void
feed_lines(void *state, struct span s)
{
	struct json *j = state;
	const uint8_t *last = s.len == 0 ? NULL : memrchr(s.ptr, '\n', s.len);

	if (last != NULL) {
		size_t n = (size_t)(last - s.ptr) + 1;

		j->line += signs_count(s.ptr, n, '\n');
		j->depth = j->keys_len = 0;
		j->string = j->escaped = j->key = false;
		s = span_skip(s, n);
	}
	feed(j, s);
}

/* ---- saying ----------------------------------------------------------------
 */

static size_t
say_level(const struct json *j, const struct level *l, char *dst, size_t room,
	  size_t n)
{
	if (l->array)
		return track_print(dst, room, n, "[%lu]",
				   (unsigned long)l->index);
	if (!l->named)
		return n;
	if (n > 0 && n < room && dst[n - 1] != ' ')
		n = track_add(dst, room, n, span_str("."));
	return track_add(dst, room, n, span_of(j->keys + l->key, l->key_len));
}

static size_t
say_path(const struct json *j, char *dst, size_t room, size_t n)
{
	uint32_t depth = j->depth < LEVELS ? j->depth : LEVELS;

	for (uint32_t i = 0; i < depth; i++)
		n = say_level(j, &j->levels[i], dst, room, n);
	return n;
}

static size_t
say(const void *state, char *dst, size_t room)
{
	return say_path(state, dst, room, 0);
}

static size_t
say_line(const void *state, char *dst, size_t room)
{
	const struct json *j = state;
	size_t n = track_print(dst, room, 0, "line %llu ",
			       (unsigned long long)j->line + 1);
	size_t all = say_path(j, dst, room, n);

	return all == n ? n - 1 : all; /* without the space */
}

/* ---- telling ---------------------------------------------------------------
 */

static size_t
skip_space(struct span s, size_t at)
{
	while (at < s.len && track_is(s.ptr[at], " \t\r\n"))
		at++;
	return at;
}

/* In an array; "[info]" and "[12:01:00]" are other things. */
static bool
opens_value(struct span s)
{
	size_t n = 0;

	if (track_is(s.ptr[0], "{[\"]"))
		return true;
	while (n < s.len && track_is(s.ptr[n], "0123456789+-.eEtrufalsn"))
		n++;
	if (n == 0)
		return false;
	n = skip_space(s, n);
	return n < s.len && s.ptr[n] == ',';
}

static bool
is_json(struct span s)
{
	size_t at = skip_space(s, 0);
	bool object;

	if (at >= s.len || (s.ptr[at] != '{' && s.ptr[at] != '['))
		return false;
	object = s.ptr[at] == '{';
	at = skip_space(s, at + 1);
	if (at >= s.len)
		return false;
	if (object)
		return s.ptr[at] == '"' || s.ptr[at] == '}';
	return opens_value(span_skip(s, at));
}

bool
json_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];

	return is_json(track_head(l, head));
}

/* The first line is all of an object, and another one begins behind it. */
bool
json_is_lines(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];
	struct span s = track_head(l, head);
	size_t at = skip_space(s, 0);
	const uint8_t *end;

	if (!is_json(s) || s.ptr[at] != '{')
		return false;
	end = memchr(s.ptr + at, '\n', s.len - at);
	if (end == NULL)
		return false;
	at = (size_t)(end - s.ptr);
	while (at > 0 && track_is(s.ptr[at], " \t\r\n"))
		at--;
	return s.ptr[at] == '}' && (size_t)(end - s.ptr) + 1 < s.len &&
	       end[1] == '{';
}

const struct track_kind json_places = {sizeof(struct json), feed, say};

const struct track_kind json_lines_places = {sizeof(struct json), feed_lines,
					     say_line};
