#include "proxy-agent/source/swift/list.h"

#include <jansson.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/stamp.h"

#define ELEMENT_MAX (64u * 1024) /* bytes of one element */

static const char no_list[] = "what it answers as a list is no JSON";
static const char plain[] = "it answers lists as plain text, without sizes";
static const char cut_off[] = "its list breaks off";
static const char too_long[] = "its list has an element of more than 64 KiB";
static const char standing[] = "its list does not go on behind the last name";
static const char nameless[] = "its list has elements without a usable name";

static enum status
put(struct buf *to, struct span s)
{
	buf_clear(to);
	return buf_add(to, s.ptr, s.len);
}

/* ---- an element ---- */

static struct span
text_of(json_t *o, const char *name)
{
	json_t *v = json_object_get(o, name);

	return span_of(json_string_value(v), json_string_length(v));
}

/* A count of bytes, when there is one. */
static bool
size_of(json_t *o, uint64_t *out)
{
	json_t *v = json_object_get(o, "bytes");

	*out = 0;
	if (v == NULL)
		return true; /* a folder */
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return false;
	*out = (uint64_t)json_integer_value(v);
	return true;
}

static bool
read_element(json_t *o, struct swift_entry *e)
{
	bool sized = size_of(o, &e->size);

	e->folder = json_object_get(o, "subdir") != NULL;
	e->name = text_of(o, e->folder ? "subdir" : "name");
	e->hash = text_of(o, "hash");
	e->mtime = stamp_parse(text_of(o, "last_modified"));
	e->manifest = json_object_get(o, "slo_etag") != NULL;
	e->marks = e->size == 0 &&
		   str_is(text_of(o, "content_type"), "application/directory");
	return sized && e->name.len > 0 && e->name.len <= SWIFT_NAME_MAX;
}

/* ---- the list ---- */

static struct span
skip_blanks(struct span s)
{
	static const char blanks[] = " \t\r\n";

	while (s.len > 0 && strchr(blanks, s.ptr[0]) != NULL && s.ptr[0] != 0)
		s = span_skip(s, 1);
	return s;
}

/* The element at the beginning of *rest, which goes on behind it. */
static enum status
next_element(struct span *rest, json_t **out, const char **why)
{
	size_t most = rest->len < ELEMENT_MAX ? rest->len : ELEMENT_MAX;
	json_error_t e = {0};

	*out = json_loadb((const char *)rest->ptr, most,
			  JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &e);
	if (*out != NULL) {
		*rest = span_skip(*rest, (size_t)e.position);
		return ST_OK;
	}
	if (rest->len > 0 &&
	    json_error_code(&e) != json_error_premature_end_of_input) {
		*why = no_list;
		return ST_MALFORMED;
	}
	*why = most < rest->len ? too_long : cut_off;
	return most < rest->len ? ST_LIMIT : ST_MALFORMED;
}

/* Behind an element: a comma and one more, or the end of the list. */
static enum status
go_on(struct span *rest, bool *more, const char **why)
{
	*rest = skip_blanks(*rest);
	*more = rest->len > 0 && rest->ptr[0] == ',';
	if (*more) {
		*rest = skip_blanks(span_skip(*rest, 1));
		return ST_OK;
	}
	if (rest->len > 0 && rest->ptr[0] == ']' &&
	    skip_blanks(span_skip(*rest, 1)).len == 0)
		return ST_OK;
	*why = rest->len == 0 ? cut_off : no_list;
	return ST_MALFORMED;
}

/* Anything that does not begin as JSON may be the other form of a list. */
static enum status
begin(struct span *rest, const char **why)
{
	uint8_t first;

	*rest = skip_blanks(*rest);
	first = rest->len > 0 ? rest->ptr[0] : 0;
	if (first == '[') {
		*rest = skip_blanks(span_skip(*rest, 1));
		return ST_OK;
	}
	*why = first == '{' || first == '<' || first == '"' ? no_list : plain;
	return ST_MALFORMED;
}

struct walk {
	struct swift_page *p;
	const struct buf *marker; /* all stand behind it; NULL: in any order */
	struct buf *last;         /* name */
	enum status (*take)(void *arg, const struct swift_entry *e);
	void *arg;
};

static enum status
take_element(const struct walk *w, json_t *o)
{
	struct swift_entry e = {0};
	enum status st;

	w->p->count++;
	if (!read_element(o, &e)) {
		w->p->bad++;
		w->p->why = nameless;
		return ST_OK;
	}
	if (w->marker != NULL && str_order(e.name, buf_span(w->marker)) <= 0) {
		w->p->why = standing;
		return ST_MALFORMED;
	}
	st = put(w->last, e.name);
	return st == ST_OK ? w->take(w->arg, &e) : st;
}

static enum status
walk_list(const struct walk *w, struct span rest)
{
	enum status st = begin(&rest, &w->p->why);
	bool more = st == ST_OK && (rest.len == 0 || rest.ptr[0] != ']');
	json_t *o;

	if (st == ST_OK && !more)
		return go_on(&rest, &more, &w->p->why);
	while (st == ST_OK && more) {
		st = next_element(&rest, &o, &w->p->why);
		if (st != ST_OK)
			break;
		st = take_element(w, o);
		json_decref(o);
		if (st == ST_OK)
			st = go_on(&rest, &more, &w->p->why);
	}
	return st;
}

enum status
swift_list_read(struct span body, struct buf *marker, struct swift_page *p,
		enum status (*take)(void *arg, const struct swift_entry *e),
		void *arg)
{
	struct buf last;
	const struct walk w = {
	    .p = p, .marker = marker, .last = &last, .take = take, .arg = arg};
	enum status st;

	*p = (struct swift_page){0};
	if (skip_blanks(body).len == 0)
		return ST_OK;
	buf_init(&last, SWIFT_NAME_MAX);
	st = walk_list(&w, body);
	if (st == ST_OK && marker != NULL && p->count > 0) {
		/* nothing but what is bad: asked again, it is the same page */
		st = last.len > 0 ? put(marker, buf_span(&last)) : ST_MALFORMED;
	}
	buf_fini(&last);
	return st;
}
