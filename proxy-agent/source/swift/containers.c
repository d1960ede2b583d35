#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/swift/impl.h"

static enum status
note_container(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;
	enum status st = buf_add(&s->containers, o->name.ptr, o->name.len);

	return st == ST_OK ? buf_add_byte(&s->containers, 0) : st;
}

enum status
swift_list_containers(struct source *s, unsigned *code)
{
	enum status st = ST_OK;
	struct buf marker;

	buf_init(&marker, KEY_MAX);
	do {
		st = swift_ask_containers(s, &marker, note_container, code);
		if (s->page.bad > 0)
			s->lost = s->page.why;
	} while (st == ST_OK && s->page.count > 0);
	buf_fini(&marker);
	return st;
}

enum status
swift_next_container(struct source *s)
{
	const char *name = (const char *)s->containers.data + s->containers_at;

	if (s->containers_at >= s->containers.len)
		return ST_EOF;
	s->containers_at += strlen(name) + 1;
	buf_clear(&s->marker);
	return store_set(&s->container, span_str(name));
}

enum status
swift_begin_container(struct source *s)
{
	struct span after = buf_span(&s->after_container);
	enum status st = swift_next_container(s);

	while (st == ST_OK && after.len > 0 &&
	       str_order(buf_span(&s->container), after) < 0)
		st = swift_next_container(s);
	if (st == ST_OK && span_eq(buf_span(&s->container), after))
		st = store_set(&s->marker, buf_span(&s->after));
	s->listing = st == ST_OK;
	s->told = false;
	return st;
}
