#include "conf/value.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "conf/conf.h"

static uint64_t
lowest(const struct conf_setting *set)
{
	return set->low;
}

static uint64_t
highest(const struct conf_setting *set)
{
	return set->low == 0 && set->high == 0 ? UINT64_MAX : set->high;
}

static enum status
put_number(const struct conf_setting *set, enum status st, uint64_t v,
	   void *into)
{
	must(set->room == sizeof(uint64_t));
	if (st != ST_OK)
		return st;
	if (v < lowest(set) || v > highest(set))
		return ST_LIMIT;
	memcpy((uint8_t *)into + set->offset, &v, sizeof(v));
	return ST_OK;
}

static enum status
put_text(const struct conf_setting *set, struct span text, void *into)
{
	return str_copy((char *)into + set->offset, set->room, text);
}

static enum status
put_bool(const struct conf_setting *set, struct span text, void *into)
{
	bool v;
	enum status st = str_to_bool(text, &v);

	must(set->room == sizeof(bool));
	if (st == ST_OK)
		memcpy((uint8_t *)into + set->offset, &v, sizeof(v));
	return st;
}

static enum status
put_word(const struct conf_setting *set, struct span text, void *into)
{
	must(set->words != NULL && set->room == sizeof(unsigned));
	for (unsigned i = 0; set->words[i] != NULL; i++) {
		if (!str_is(text, set->words[i]))
			continue;
		memcpy((uint8_t *)into + set->offset, &i, sizeof(i));
		return ST_OK;
	}
	return ST_MALFORMED;
}

static enum status
put_address(const struct conf_setting *set, struct span text, void *into)
{
	char copy[300];
	struct conf_address a;
	enum status st = str_copy(copy, sizeof(copy), text);

	/* Empty: none, when the default is none, too. */
	if (text.len == 0 && (set->fallback == NULL || !*set->fallback))
		return put_text(set, text, into);
	if (st == ST_OK)
		st = conf_address(copy, &a);
	return st != ST_OK ? st : put_text(set, text, into);
}

enum status
value_read(const struct conf_setting *set, struct span text, void *into)
{
	uint64_t v = 0;
	enum status st;

	switch (set->type) {
	case CONF_BOOL:
		return put_bool(set, text, into);
	case CONF_NUMBER:
		st = str_to_u64(text, 0, UINT64_MAX, &v);
		return put_number(set, st, v, into);
	case CONF_SIZE:
		st = str_to_size(text, &v);
		return put_number(set, st, v, into);
	case CONF_DURATION:
		st = str_to_duration(text, &v);
		return put_number(set, st, v, into);
	case CONF_TEXT:
	case CONF_PATH:
		return put_text(set, text, into);
	case CONF_ADDRESS:
		return put_address(set, text, into);
	case CONF_WORD:
		return put_word(set, text, into);
	}
	return ST_USAGE;
}

enum status
conf_address(const char *text, struct conf_address *out)
{
	struct span all = span_str(text), host, port;
	struct conf_address a = {0};
	uint64_t number;
	enum status st;

	if (all.len > 0 && all.ptr[0] == '[') {
		size_t end = str_find(all, ']');

		if (end + 1 >= all.len || all.ptr[end + 1] != ':')
			return ST_MALFORMED;
		host = span_of(all.ptr + 1, end - 1);
		port = span_skip(all, end + 2);
	} else {
		size_t colon = str_find(all, ':');

		host = span_of(all.ptr, colon == all.len ? 0 : colon);
		port = colon == all.len ? all : span_skip(all, colon + 1);
	}
	if (str_is(host, "*"))
		host = span_of(NULL, 0);
	st = str_to_u64(port, 0, 65535, &number);
	if (st == ST_OK)
		st = str_copy(a.host, sizeof(a.host), host);
	if (st != ST_OK)
		return ST_MALFORMED;
	a.port = (uint16_t)number;
	*out = a;
	return ST_OK;
}

/* ---- words for people ---- */

static void
add(struct buf *to, const char *text)
{
	if (buf_add_str(to, text) != ST_OK)
		return; /* a shorter sentence is still one */
}

static void
add_number(struct buf *to, uint64_t v)
{
	if (buf_addf(to, "%llu", (unsigned long long)v) != ST_OK)
		return;
}

/* The largest unit that divides v. */
static void
add_with_unit(struct buf *to, uint64_t v, bool bytes)
{
	static const struct {
		uint64_t factor;
		const char *name;
	} sizes[] = {{UINT64_C(1) << 40, "T"},
		     {UINT64_C(1) << 30, "G"},
		     {UINT64_C(1) << 20, "M"},
		     {UINT64_C(1) << 10, "k"},
		     {1, ""}},
	  times[] = {{86400000, "d"},
		     {3600000, "h"},
		     {60000, "m"},
		     {1000, "s"},
		     {1, "ms"}};

	for (size_t i = 0; i < 5; i++) {
		uint64_t f = bytes ? sizes[i].factor : times[i].factor;

		if (v % f != 0 || (v == 0 && i < 4))
			continue;
		add_number(to, v / f);
		add(to, bytes ? sizes[i].name : times[i].name);
		return;
	}
}

static void
add_bound(const struct conf_setting *set, uint64_t v, struct buf *to)
{
	if (set->type == CONF_NUMBER)
		add_number(to, v);
	else
		add_with_unit(to, v, set->type == CONF_SIZE);
}

static void
add_range(const struct conf_setting *set, struct buf *to)
{
	if (set->low == 0 && set->high == 0)
		return;
	add(to, " from ");
	add_bound(set, lowest(set), to);
	add(to, " to ");
	add_bound(set, highest(set), to);
}

static void
add_words(const struct conf_setting *set, struct buf *to)
{
	add(to, "one of ");
	for (size_t i = 0; set->words[i] != NULL; i++) {
		if (i > 0)
			add(to, ", ");
		add(to, set->words[i]);
	}
}

void
value_allowed(const struct conf_setting *set, struct buf *to)
{
	switch (set->type) {
	case CONF_BOOL:
		add(to, "true or false");
		break;
	case CONF_NUMBER:
		add(to, "a number");
		add_range(set, to);
		break;
	case CONF_SIZE:
		add(to, "a size");
		add_range(set, to);
		add(to, " (as 512, 64k, 10M, 2G)");
		break;
	case CONF_DURATION:
		add(to, "a time");
		add_range(set, to);
		add(to, " (as 250ms, 30s, 5m, 2h, 7d)");
		break;
	case CONF_TEXT:
	case CONF_PATH:
		add(to, set->type == CONF_PATH ? "a path" : "a text");
		add(to, " of less than ");
		add_number(to, set->room);
		add(to, " bytes");
		break;
	case CONF_ADDRESS:
		add(to, "an address (as 443, 127.0.0.1:8443, [::1]:8443)");
		break;
	case CONF_WORD:
		add_words(set, to);
		break;
	}
}

const char *
value_word(const struct conf_setting *set)
{
	switch (set->type) {
	case CONF_BOOL:
		return "";
	case CONF_NUMBER:
		return "NUMBER";
	case CONF_SIZE:
		return "SIZE";
	case CONF_DURATION:
		return "TIME";
	case CONF_TEXT:
		return "TEXT";
	case CONF_PATH:
		return "PATH";
	case CONF_ADDRESS:
		return "HOST:PORT";
	case CONF_WORD:
		return "WORD";
	}
	return "";
}

/* Edits (insert, remove, change) from a to b; both are short. */
static unsigned
distance(struct span a, struct span b)
{
	unsigned row[65];

	if (a.len > 64 || b.len > 64)
		return 64;
	for (unsigned i = 0; i <= b.len; i++)
		row[i] = i;
	for (size_t i = 0; i < a.len; i++) {
		unsigned left_up = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t k = 0; k < b.len; k++) {
			unsigned up = row[k + 1];
			unsigned best = left_up + (a.ptr[i] != b.ptr[k]);

			if (up + 1 < best)
				best = up + 1;
			if (row[k] + 1 < best)
				best = row[k] + 1;
			row[k + 1] = best;
			left_up = up;
		}
	}
	return row[b.len];
}

const char *
value_nearest(const struct conf_schema *s, struct span key)
{
	unsigned best = 3; /* further away it is another word */
	const char *near = NULL;

	for (size_t i = 0; i < s->count; i++) {
		unsigned d = distance(key, span_str(s->settings[i].key));

		if (d < best) {
			best = d;
			near = s->settings[i].key;
		}
	}
	return near;
}
