#include "proxy-agent/source/swift/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define PREFIXES_MAX (1u << 20)

void
swift_parts_init(struct swift_parts *p)
{
	memset(p, 0, sizeof(*p));
	arena_init(&p->kept, SWIFT_PARTS_BYTES);
	buf_init(&p->prefixes, PREFIXES_MAX);
}

void
swift_parts_fini(struct swift_parts *p)
{
	free(p->names);
	p->names = NULL;
	arena_fini(&p->kept);
	buf_fini(&p->prefixes);
}

enum status
swift_parts_add(struct swift_parts *p, struct span name)
{
	const char **more;

	if (p->count == p->room) {
		size_t room = p->room == 0 ? 64 : p->room * 2;

		if (room > SWIFT_PARTS)
			return ST_LIMIT;
		more = reallocarray(p->names, room, sizeof(*more));
		if (more == NULL)
			return ST_NOMEM;
		p->names = more;
		p->room = room;
	}
	p->names[p->count] = arena_str(&p->kept, name);
	if (p->names[p->count] == NULL)
		return ST_LIMIT;
	p->count++;
	return ST_OK;
}

enum status
swift_parts_prefix(struct swift_parts *p, struct span prefix)
{
	enum status st = buf_add(&p->prefixes, prefix.ptr, prefix.len);

	return st == ST_OK ? buf_add_byte(&p->prefixes, 0) : st;
}

static int
by_name(const void *a, const void *b)
{
	const char *const *one = a, *const *two = b;

	return strcmp(*one, *two);
}

void
swift_parts_end(struct swift_parts *p)
{
	if (p->count > 1)
		qsort(p->names, p->count, sizeof(p->names[0]), by_name);
}

/* By bytes, as names were sorted: span against C string. */
static int
by_span(const void *key, const void *row)
{
	const char *const *name = row;
	const struct span *s = key;

	return str_order(*s, span_str(*name));
}

bool
swift_parts_has(const struct swift_parts *p, struct span name)
{
	size_t at = 0;

	if (p->count > 0 && bsearch(&name, p->names, p->count,
				    sizeof(p->names[0]), by_span) != NULL)
		return true;
	while (at < p->prefixes.len) {
		const char *prefix = (const char *)p->prefixes.data + at;

		if (str_starts(name, prefix))
			return true;
		at += strlen(prefix) + 1;
	}
	return false;
}
