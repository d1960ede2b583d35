#include <string.h>

#include "model/object.h"
#include "model/rows.h"
#include "proxy-agent/source/sql/state.h"

enum cover_reason
sql_reason_of(enum status st)
{
	return st == ST_DENIED     ? COVER_DENIED
	       : st == ST_AGAIN    ? COVER_TIME
	       : st == ST_NOTFOUND ? COVER_VANISHED
				   : COVER_IO;
}

const char *
sql_words_of(const struct source *s, enum status st)
{
	const char *words;

	if (st == ST_NOTFOUND && s->table.count == 0)
		return "the server tells no columns of it";
	if (s->link.session == NULL)
		return "the connection was lost and did not come back";
	words = s->ops->trouble(s->link.session);
	return st == ST_NOTFOUND && words[0] == 0 ? "it is not there any more"
						  : words;
}

/* Of a server's words about rows what they hold is cut off: it is in quotes. */
static struct span
without_values(const char *words)
{
	size_t n = strcspn(words, "\"'`"), digits = 0;

	for (size_t i = 0; i < n; i++) {
		digits = words[i] >= '0' && words[i] <= '9' ? digits + 1 : 0;
		if (digits == 5)
			n = i - 4;
	}
	return span_of(words, n);
}

struct span
sql_safe_words_of(const struct source *s, enum status st)
{
	return without_values(sql_words_of(s, st));
}

void
sql_tell_failure(struct source *s, enum status st)
{
	/* rows that came are given, even where this has no room any more */
	(void)!rows_note(&s->out, (uint8_t)sql_reason_of(st),
			 sql_safe_words_of(s, st));
}
