#include <stdio.h>
#include <string.h>

#include "extract/office/prose_impl.h"

#define IN_TABLE  0xff000000u
#define WORD_NONE 0xffu

void
prose_mark(struct prose *pr, uint32_t flags)
{
	if (pr->item > 0)
		made_mark(pr->m,
			  pr->items[pr->item - 1 < PROSE_NEST ? pr->item - 1
							      : PROSE_NEST - 1],
			  flags);
	else if (pr->rows > 0)
		made_mark(pr->m, IN_TABLE | (pr->table & 0xffffffu),
			  pr->row | flags);
	else
		made_mark(pr->m, (uint32_t)WORD_NONE << 16,
			  pr->paragraph | flags);
}

static int
say_item(const struct prose *pr, const struct made_mark *m, const char *old,
	 char *dst, size_t room)
{
	const char *words = pr->words[m->a >> 16 & (PROSE_WORDS - 1)];
	int before = (int)strcspn(words, "#");
	const char *after = words + before + (words[before] != 0);

	char number[12] = "";

	if (words[before] == '#')
		snprintf(number, sizeof(number), "%u", m->a & 0xffffu);
	return snprintf(dst, room, "%s%s%.*s%s%s%s", pr->title,
			pr->title[0] != 0 ? " " : "", before, words, number,
			after, old);
}

size_t
prose_place(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	const struct prose *pr = arg;
	const char *gap = pr->title[0] != 0 ? " " : "";
	const char *old = (m->b & BEFORE) ? " before changes" : "";
	unsigned n = m->b & ~BEFORE;
	int len;

	if ((m->a & IN_TABLE) == IN_TABLE)
		len = snprintf(dst, room, "%s%stable %u row %u%s", pr->title,
			       gap, m->a & 0xffffffu, n, old);
	else if (m->a >> 16 != WORD_NONE)
		len = say_item(pr, m, old, dst, room);
	else if (pr->title[0] != 0)
		len = snprintf(dst, room, "%s%s", pr->title, old);
	else
		len = snprintf(dst, room, "paragraph %u%s", n, old);
	if (len < 0)
		return 0;
	return (size_t)len < room ? (size_t)len : room;
}
