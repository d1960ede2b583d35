#include <string.h>

#include "base/str.h"
#include "proxy-agent/data/directory_impl.h"

/* "0 1 BASE", and behind a NUL the last DN; none: from its start. */
enum status
directory_cursor(const struct source *s, struct buf *to)
{
	struct span name;
	enum status st;

	if (s->base >= s->bases.len)
		return ST_OK;
	st = buf_addf(to, "%u %u %s", s->names.part, s->names.parts,
		      directory_base(s));
	if (st != ST_OK || !s->listed || s->at == 0)
		return st;
	name = roster_name(&s->names, s->at - 1);
	st = buf_add_byte(to, 0);
	return st == ST_OK ? buf_add(to, name.ptr, name.len) : st;
}

static bool
take_number(struct span *rest, uint64_t high, uint32_t *n)
{
	struct span word;
	uint64_t got;

	if (!str_next(rest, ' ', &word) ||
	    str_to_u64(word, 0, high, &got) != ST_OK)
		return false;
	*n = (uint32_t)got;
	return true;
}

enum status
directory_go_behind(struct source *s, struct span cursor)
{
	uint32_t part, parts;
	struct span base;
	size_t end, at = 0;

	if (!take_number(&cursor, ROSTER_PARTS - 1, &part) ||
	    !take_number(&cursor, ROSTER_PARTS, &parts) || part >= parts)
		return ST_OK;
	end = str_find(cursor, 0);
	base = span_of(cursor.ptr, end);
	while (at < s->bases.len &&
	       !str_is(base, (const char *)s->bases.data + at))
		at += strlen((const char *)s->bases.data + at) + 1;
	if (at >= s->bases.len)
		return ST_OK; /* it is gone: all again */
	s->base = at;
	if (end == cursor.len)
		return ST_OK;
	roster_begin(&s->names, part, parts);
	s->is_behind = true;
	cursor = span_skip(cursor, end + 1);
	return buf_add(&s->behind, cursor.ptr, cursor.len);
}
