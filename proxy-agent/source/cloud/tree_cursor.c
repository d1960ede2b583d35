#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/tree_impl.h"

bool
tree_cursor_fits(struct span s)
{
	return memchr(s.ptr, '\n', s.len) == NULL;
}

enum status
tree_cursor_add(const struct tree *t, struct span id, struct buf *to)
{
	const struct tree_level *l = &t->levels[t->depth - 1];
	enum status st = buf_addf(to, "%s%u %llu\n", t->mirrored ? "m" : "",
				  l->part, (unsigned long long)l->index);

	if (st == ST_OK)
		st = buf_add(to, id.ptr, id.len);
	for (size_t i = 1; st == ST_OK && i < t->depth; i++) {
		st = buf_add_byte(to, '\n');
		if (st == ST_OK)
			st = buf_add(to, t->levels[i].id.data,
				     t->levels[i].id.len);
	}
	return st;
}

enum status
tree_cursor_read(struct tree *t, struct span s)
{
	struct span line, part;
	uint64_t n;
	enum status st = buf_add(&t->cursor, s.ptr, s.len);

	if (st != ST_OK || s.len == 0)
		return st;
	s = buf_span(&t->cursor);
	t->was_mirrored = *s.ptr == 'm';
	if (t->was_mirrored)
		s = span_skip(s, 1);
	if (!str_next(&s, '\n', &line) || !str_next(&line, ' ', &part) ||
	    str_to_u64(part, 0, 1000, &n) != ST_OK ||
	    str_to_u64(line, 0, UINT64_MAX, &t->skip_index) != ST_OK ||
	    !str_next(&s, '\n', &line))
		return ST_MALFORMED;
	t->skip_part = (unsigned)n;
	t->skipping = true;
	t->resume_at = t->cursor.len - s.len;
	return buf_add(&t->skip_id, line.ptr, line.len);
}

bool
tree_cursor_next(const struct tree *t, struct span *id)
{
	struct span rest = span_skip(buf_span(&t->cursor), t->resume_at);

	return t->skipping && str_next(&rest, '\n', id);
}
