#include <stdio.h>
#include <string.h>

#include "extract/ole/xls_impl.h"

static size_t
say_cell(const struct xls *w, uint32_t row, uint32_t column, char *dst,
	 size_t room)
{
	char letters[MADE_COLUMN_MAX];
	size_t n = made_column(column, letters);
	int len = snprintf(dst, room, "%.*s!%.*s%u", (int)w->name_len, w->name,
			   (int)n, letters, row + 1);

	return (size_t)len < room ? (size_t)len : room - 1;
}

static size_t
add_comment(size_t n, char *dst, size_t room)
{
	static const char word[] = " comment";

	if (n == 0 || room - n < sizeof(word))
		return n;
	memcpy(dst + n, word, sizeof(word) - 1);
	return n + sizeof(word) - 1;
}

static size_t
say_comment(const struct xls *w, uint32_t object, char *dst, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < w->note_count && n == 0; i++)
		if (w->notes[i].sheet == w->sheet &&
		    w->notes[i].object == object)
			n = say_cell(w, w->notes[i].row, w->notes[i].column,
				     dst, room);
	return add_comment(n, dst, room);
}

size_t
xls_place(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const words[] = {
	    [HEADER] = "header", [FOOTER] = "footer", [TEXT_BOX] = "text box"};
	const struct xls *w = arg;
	unsigned what = m->b >> 16;
	size_t n = 0;
	int len;

	if (what == CELL)
		return say_cell(w, m->a, m->b & 0xffff, dst, room);
	if (what == COMMENT && (m->b & 0xffff) != 0)
		n = add_comment(
		    say_cell(w, m->a, (m->b & 0xffff) - 1, dst, room), dst,
		    room);
	if (what == TEXT_BOX)
		n = say_comment(w, m->a, dst, room);
	if (n > 0)
		return n;
	if (what == NOWHERE)
		len = snprintf(dst, room, "unused strings");
	else
		len = snprintf(dst, room, "%.*s %s", (int)w->name_len, w->name,
			       what == COMMENT ? "comment" : words[what]);
	return (size_t)len < room ? (size_t)len : room - 1;
}
