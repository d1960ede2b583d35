/*
 * Properties: a name or a value between quotes, read as a server reads it, is
 * what it was and ends where it ends; what is no number is no literal of one.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/source/sql/text.h"

/* What stands between quotes at the start of s, and how far they go. */
static size_t
unquote(struct span s, uint8_t close, struct buf *to)
{
	size_t i = 1;

	for (; i < s.len; i++) {
		if (s.ptr[i] == close) {
			if (i + 1 == s.len || s.ptr[i + 1] != close)
				return i + 1;
			i++;
		}
		if (buf_add_byte(to, s.ptr[i]) != ST_OK)
			abort();
	}
	abort(); /* no end */
}

static void
value_stays(struct span value)
{
	struct buf sql, back;
	enum status st;

	buf_init(&sql, 4 * value.len + 16);
	buf_init(&back, value.len + 1);
	st = sql_literal(&sql, "'{quoted}' x", value);
	if (value.len > 0 && memchr(value.ptr, 0, value.len) != NULL) {
		if (st == ST_OK)
			abort(); /* a statement would end there */
	} else if (st != ST_OK ||
		   unquote(buf_span(&sql), '\'', &back) + 2 != sql.len ||
		   !span_eq(buf_span(&back), value)) {
		abort();
	}
	buf_clear(&sql);
	if (sql_literal(&sql, "{text}", value) == ST_OK &&
	    (sql_end(&sql) != ST_OK ||
	     strspn((const char *)sql.data, "0123456789+-.eE") + 1 < sql.len))
		abort();
	buf_fini(&sql);
	buf_fini(&back);
}

static void
name_stays(const char *name, char open, char close)
{
	struct buf sql, back;

	buf_init(&sql, 2 * strlen(name) + 16);
	buf_init(&back, strlen(name) + 1);
	if (sql_name(&sql, open, close, name) != ST_OK ||
	    unquote(buf_span(&sql), (uint8_t)close, &back) != sql.len ||
	    !span_eq(buf_span(&back), span_str(name)))
		abort();
	buf_fini(&sql);
	buf_fini(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name;

	if (size > 4096)
		return 0;
	value_stays(span_of(data, size));
	name = strndup((const char *)data, size);
	if (name == NULL)
		return 0;
	name_stays(name, '"', '"');
	name_stays(name, '`', '`');
	name_stays(name, '[', ']');
	free(name);
	return 0;
}
