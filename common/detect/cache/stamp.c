#include "detect/cache/stamp.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Files in any order: what is told of each is added up. */
struct stamp {
	uint64_t sum;
	time_t quiet; /* none may have changed since */
};

uint64_t
stamp_mix(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

static bool
add(struct stamp *s, uint64_t seed, const char *name, const struct stat *sb)
{
	const uint64_t told[] = {
	    sb->st_dev,
	    sb->st_ino,
	    (uint64_t)sb->st_size,
	    (uint64_t)sb->st_mtim.tv_sec,
	    (uint64_t)sb->st_mtim.tv_nsec,
	    (uint64_t)sb->st_ctim.tv_sec,
	    (uint64_t)sb->st_ctim.tv_nsec,
	};
	uint64_t h = stamp_mix(seed, name, strlen(name) + 1);

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		h = (h ^ told[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	s->sum += h;
	return sb->st_ctim.tv_sec < s->quiet;
}

/* depth: of folders below this one that are gone into. */
static bool
add_folder(struct stamp *s, uint64_t seed, int at, const char *name, int depth)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	bool ok = d != NULL;
	struct stat sb;

	if (d == NULL && fd >= 0)
		close(fd);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while (ok && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		ok = fstatat(fd, e->d_name, &sb, 0) == 0 &&
		     add(s, seed, e->d_name, &sb);
		if (ok && depth > 0 && S_ISDIR(sb.st_mode))
			ok = add_folder(
			    s,
			    stamp_mix(seed, e->d_name, strlen(e->d_name) + 1),
			    fd, e->d_name, depth - 1);
	}
	if (d != NULL)
		closedir(d);
	return ok;
}

bool
stamp_folder(const char *dir, uint64_t *out)
{
	struct stamp s = {.quiet = time(NULL) - STAMP_QUIET};

	if (!add_folder(&s, STAMP_SEED, AT_FDCWD, dir, 1))
		return false;
	*out = s.sum;
	return true;
}

bool
stamp_file(const char *path, uint64_t *out)
{
	struct stamp s = {0};
	struct stat sb;

	if (stat(path, &sb) != 0)
		return false;
	(void)add(&s, STAMP_SEED, path, &sb); /* whenever it changed */
	*out = s.sum;
	return true;
}
