#include "detect/shelf.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 64 /* more than that nobody leaves behind in one run */

enum status
shelf_name(const char *base, uint64_t key, char *dst, size_t room)
{
	int n = snprintf(dst, room, "%s-%016" PRIx64, base, key);

	return n > 0 && (size_t)n < room ? ST_OK : ST_LIMIT;
}

void
shelf_touch(const char *name)
{
	/* without it the file only goes sooner */
	(void)utimensat(AT_FDCWD, name, NULL, AT_SYMLINK_NOFOLLOW);
}

static bool
is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* How many there are, half-written ones of the dead too, and the oldest. */
static size_t
look(DIR *d, const char *prefix, char oldest[NAME_MAX + 1])
{
	struct timespec age = {0};
	const struct dirent *e;
	struct stat sb;
	size_t n = 0;

	rewinddir(d);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((e = readdir(d)) != NULL) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 ||
		    fstatat(dirfd(d), e->d_name, &sb, AT_SYMLINK_NOFOLLOW) !=
			0 ||
		    !S_ISREG(sb.st_mode))
			continue;
		if (n++ == 0 || is_older(&sb.st_mtim, &age)) {
			age = sb.st_mtim;
			snprintf(oldest, NAME_MAX + 1, "%s", e->d_name);
		}
	}
	return n;
}

void
shelf_tidy(const char *base)
{
	const char *slash = strrchr(base, '/');
	char folder[PATH_MAX], prefix[NAME_MAX + 2], oldest[NAME_MAX + 1];
	int n = slash == NULL ? snprintf(folder, sizeof(folder), ".")
			      : snprintf(folder, sizeof(folder), "%.*s",
					 (int)(slash - base) + 1, base);
	int k = snprintf(prefix, sizeof(prefix), "%s-",
			 slash == NULL ? base : slash + 1);
	DIR *d;

	if (n <= 0 || (size_t)n >= sizeof(folder) || k < 2 || k > NAME_MAX)
		return;
	d = opendir(folder);
	if (d == NULL)
		return;
	for (int i = 0; i < ROUNDS && look(d, prefix, oldest) > SHELF_KEPT; i++)
		if (unlinkat(dirfd(d), oldest, 0) != 0)
			break;
	closedir(d);
}
