#include "agent/source/ahead.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

static void
close_spent(struct ahead *a)
{
	for (size_t i = 0; i < a->spent_count; i++)
		close(a->spent[i]);
	a->spent_count = 0;
}

/* What was opened for entries that nobody asks for. */
static void
drop(struct ahead *a)
{
	for (; a->taken < a->count; a->taken++)
		if (a->opened[a->taken] >= 0)
			close(a->opened[a->taken]);
}

static bool
is_file(const struct level *l, size_t at, const struct own *own)
{
	return at < l->folder.count && l->folder.entries[at].type == DT_REG &&
	       !own_file(own, l->dev, l->ino, folder_name(&l->folder, at));
}

/* The first at any rate; no others when descriptors run short. */
static void
fill(struct ahead *a, struct level *l, size_t at, const struct own *own)
{
	size_t n = 0;

	close_spent(a);
	do {
		int fd = level_open(l, folder_name(&l->folder, at + n), 0);

		if (n > 0 && fd < 0 && (errno == EMFILE || errno == ENFILE))
			break;
		a->opened[n++] = fd >= 0 ? fd : -errno;
	} while (n < AHEAD && is_file(l, at + n, own));
	a->count = n;
	a->taken = 0;
}

int
ahead_take(struct ahead *a, struct level *l, size_t at, const struct own *own)
{
	if (a->taken == a->count)
		fill(a, l, at, own);
	return a->opened[a->taken++];
}

void
ahead_spend(struct ahead *a, int fd)
{
	a->spent[a->spent_count++] = fd;
	if (a->spent_count == AHEAD)
		close_spent(a);
}

void
ahead_fini(struct ahead *a)
{
	drop(a);
	close_spent(a);
}
