#include "conf/conf.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "conf/value.h"
#include "sys/file.h"

static const struct conf_setting *
find(const struct conf_schema *s, struct span key)
{
	for (size_t i = 0; i < s->count; i++)
		if (str_is(key, s->settings[i].key))
			return &s->settings[i];
	return NULL;
}

/* Sentences are best effort: without memory the status alone tells. */
static void
say(struct buf *why, const char *text)
{
	if (buf_add_str(why, text) != ST_OK)
		return;
}

static void
say_span(struct buf *why, struct span s)
{
	if (buf_add(why, s.ptr, s.len < 200 ? s.len : 200) != ST_OK)
		return;
}

/* "trawl.conf:7: " or "--agents: " stands before the sentence. */
static enum status
refuse(struct buf *why, const char *where, const struct conf_setting *set,
       struct span value)
{
	say(why, where);
	say(why, ": ");
	say(why, set->key);
	say(why, " is \"");
	say_span(why, value);
	say(why, "\", but it must be ");
	value_allowed(set, why);
	return ST_USAGE;
}

static enum status
unknown(const struct conf_schema *s, struct buf *why, const char *where,
	struct span key)
{
	const char *near = value_nearest(s, key);

	say(why, where);
	say(why, ": there is no setting \"");
	say_span(why, key);
	say(why, "\"");
	if (near != NULL) {
		say(why, "; did you mean \"");
		say(why, near);
		say(why, "\"?");
	}
	say(why, near != NULL ? " \"" : "; \"");
	say(why, s->program);
	say(why, " help settings\" lists them all");
	return ST_USAGE;
}

static enum status
apply(const struct conf_schema *s, struct span key, struct span value,
      const char *where, void *into, struct buf *why)
{
	const struct conf_setting *set = find(s, key);

	if (set == NULL)
		return unknown(s, why, where, key);
	if (value_read(set, value, into) != ST_OK)
		return refuse(why, where, set, value);
	return ST_OK;
}

void
conf_defaults(const struct conf_schema *s, void *into)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct conf_setting *set = &s->settings[i];
		const char *text = set->fallback == NULL ? "" : set->fallback;

		must(value_read(set, span_str(text), into) == ST_OK);
	}
}

enum status
conf_set(const struct conf_schema *s, struct span key, struct span value,
	 void *into, struct buf *why)
{
	return apply(s, key, value, s->program, into, why);
}

/* ---- file ---- */

/* Without quotes, or without a comment behind a space. */
static enum status
bare_value(struct span *value)
{
	struct span v = str_trim(*value);

	if (v.len > 0 && v.ptr[0] == '"') {
		size_t end = str_find(span_skip(v, 1), '"');
		struct span rest = str_trim(span_skip(v, end + 2));

		if (end + 1 >= v.len || (rest.len > 0 && rest.ptr[0] != '#'))
			return ST_MALFORMED;
		*value = span_of(v.ptr + 1, end);
		return ST_OK;
	}
	for (size_t i = 1; i < v.len; i++) {
		if (v.ptr[i] != '#' ||
		    (v.ptr[i - 1] != ' ' && v.ptr[i - 1] != '\t'))
			continue;
		v.len = i;
		break;
	}
	*value = str_trim(v);
	return ST_OK;
}

static enum status
one_line(const struct conf_schema *s, struct span line, const char *where,
	 void *into, struct buf *why)
{
	struct span key, value;
	size_t eq;

	line = str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return ST_OK;
	eq = str_find(line, '=');
	key = str_trim(span_of(line.ptr, eq));
	value = span_skip(line, eq + 1);
	if (eq == line.len || key.len == 0) {
		say(why, where);
		say(why, ": a line is \"key = value\"");
		return ST_USAGE;
	}
	if (bare_value(&value) != ST_OK) {
		say(why, where);
		say(why, ": the quotes do not close, or something follows");
		return ST_USAGE;
	}
	return apply(s, key, value, where, into, why);
}

enum status
conf_text(const struct conf_schema *s, struct span text, const char *name,
	  void *into, struct buf *why)
{
	struct span line;
	enum status st = ST_OK;

	for (unsigned n = 1; st == ST_OK && str_next(&text, '\n', &line); n++) {
		struct buf where;

		buf_init(&where, 8192);
		st = buf_addf(&where, "%s:%u", name, n);
		if (st == ST_OK)
			st = buf_add_byte(&where, 0);
		if (st == ST_OK)
			st = one_line(s, line, (const char *)where.data, into,
				      why);
		buf_fini(&where);
	}
	return st;
}

#define FILE_MAX 262144

enum status
conf_file(const struct conf_schema *s, const char *path, void *into,
	  struct buf *why)
{
	struct buf text;
	enum status st;

	buf_init(&text, FILE_MAX);
	st = file_read(path, &text);
	if (st == ST_OK) {
		st = conf_text(s, buf_span(&text), path, into, why);
	} else {
		say(why, path);
		say(why, ": cannot be read: ");
		say(why, status_text(st));
	}
	buf_fini(&text);
	return st;
}

/* ---- environment ---- */

/* True when variable "TRAWL_KEY_NAME" is the setting "key-name". */
static bool
is_variable(struct span name, const char *key)
{
	if (!str_starts(name, "TRAWL_") || name.len != strlen(key) + 6)
		return false;
	for (size_t i = 0; key[i] != '\0'; i++) {
		uint8_t c = name.ptr[i + 6];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + 32);
		else if (c == '_')
			c = '-';
		if (c != (uint8_t)key[i])
			return false;
	}
	return true;
}

enum status
conf_env(const struct conf_schema *s, char *const *envp, void *into,
	 struct buf *why)
{
	for (; envp != NULL && *envp != NULL; envp++) {
		struct span all = span_str(*envp), name, value;
		size_t eq = str_find(all, '=');

		name = span_of(all.ptr, eq);
		value = span_skip(all, eq + 1);
		for (size_t i = 0; i < s->count; i++) {
			const struct conf_setting *set = &s->settings[i];
			char where[128];

			if (!is_variable(name, set->key))
				continue;
			if (value_read(set, value, into) == ST_OK)
				break;
			if (str_copy(where, sizeof(where), name) != ST_OK)
				where[0] = '\0';
			return refuse(why, where, set, value);
		}
	}
	return ST_OK;
}

/* ---- flags ---- */

static const struct conf_setting *
denied_bool(const struct conf_schema *s, struct span key)
{
	const struct conf_setting *set;

	if (!str_starts(key, "no-"))
		return NULL;
	set = find(s, span_skip(key, 3));
	return set != NULL && set->type == CONF_BOOL ? set : NULL;
}

/* One flag at argv[*at]; *at stays on its last word. */
static enum status
one_flag(const struct conf_schema *s, const struct conf_args *args, int *at,
	 void *into, struct buf *why)
{
	struct span flag = span_skip(span_str(args->argv[*at]), 2);
	size_t eq = str_find(flag, '=');
	struct span key = span_of(flag.ptr, eq);
	const struct conf_setting *set = find(s, key);
	struct span value = span_str("true");
	char where[128] = "--";

	if (str_copy(where + 2, sizeof(where) - 2, key) != ST_OK)
		where[2] = '\0';
	if (set == NULL && eq == flag.len &&
	    (set = denied_bool(s, key)) != NULL) {
		value = span_str("false");
	} else if (set == NULL) {
		return unknown(s, why, "command line", key);
	} else if (eq < flag.len) {
		value = span_skip(flag, eq + 1);
	} else if (set->type != CONF_BOOL) {
		if (*at + 1 >= args->argc) {
			say(why, where);
			say(why, ": a value must follow; it must be ");
			value_allowed(set, why);
			return ST_USAGE;
		}
		value = span_str(args->argv[++*at]);
	}
	if (value_read(set, value, into) != ST_OK)
		return refuse(why, where, set, value);
	return ST_OK;
}

enum status
conf_flags(const struct conf_schema *s, struct conf_args *args, void *into,
	   struct buf *why)
{
	int kept = args->from;
	bool open = true; /* no "--" yet */

	for (int i = args->from; i < args->argc; i++) {
		const char *word = args->argv[i];
		enum status st;

		if (!open || strncmp(word, "--", 2) != 0) {
			args->argv[kept++] = args->argv[i];
			continue;
		}
		if (word[2] == '\0') {
			open = false;
			continue;
		}
		st = one_flag(s, args, &i, into, why);
		if (st != ST_OK)
			return st;
	}
	args->rest = kept - args->from;
	return ST_OK;
}
