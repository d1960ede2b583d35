#include "detect/cache/shelf.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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

static bool
trusted(int fd, size_t *size)
{
	struct stat sb;

	if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode) ||
	    (sb.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
	    (sb.st_uid != geteuid() && sb.st_uid != 0) || sb.st_size < 0 ||
	    (uint64_t)sb.st_size > SHELF_BYTES)
		return false;
	*size = (size_t)sb.st_size;
	return true;
}

int
shelf_open(const char *name, size_t *size)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd >= 0 && !trusted(fd, size)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool
write_all(int fd, struct span s)
{
	while (s.len > 0) {
		ssize_t w = write(fd, s.ptr, s.len);

		if (w <= 0)
			return false;
		s = span_skip(s, (size_t)w);
	}
	return true;
}

bool
shelf_write(const char *name, const struct span *parts, size_t count)
{
	char *beside = NULL;
	bool ok;
	int fd;

	if (asprintf(&beside, "%s.XXXXXX", name) < 0)
		return false;
	fd = mkostemp(beside, O_CLOEXEC);
	ok = fd >= 0;
	for (size_t i = 0; ok && i < count; i++)
		ok = write_all(fd, parts[i]);
	if (fd >= 0) {
		ok &= close(fd) == 0;
		ok = ok && rename(beside, name) == 0;
		if (!ok)
			(void)unlink(beside);
	}
	free(beside);
	return ok;
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
shelf_tidy(const char *base, size_t keep)
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
	for (int i = 0; i < ROUNDS && look(d, prefix, oldest) > keep; i++)
		if (unlinkat(dirfd(d), oldest, 0) != 0)
			break;
	closedir(d);
}
