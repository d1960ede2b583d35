#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/spool.h"

/*
 * A file of the spool may hold anything. However it looks, the spool opens,
 * takes an entry under a number above all that it hands out, and after opening
 * again it is the same spool.
 */
#define WANT(cond)                                                             \
	do {                                                                   \
		if (!(cond))                                                   \
			abort();                                               \
	} while (0)

static int
quick_create(void *arg, int dir, const char *name)
{
	(void)arg;
	return openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static ssize_t
quick_write(void *arg, int fd, struct span s, uint64_t at)
{
	(void)arg;
	return pwrite(fd, s.ptr, s.len, (off_t)at);
}

static int
no_sync(void *arg, int fd)
{
	(void)arg;
	(void)fd;
	return 0;
}

static int
quick_cut(void *arg, int fd, uint64_t size)
{
	(void)arg;
	return ftruncate(fd, (off_t)size);
}

static const struct spool_io quick = {NULL, quick_create, quick_write, no_sync,
				      quick_cut};

static void
put_file(int dir, const uint8_t *data, size_t size)
{
	int fd = openat(dir, "0000000000000001.seg",
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	WANT(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void
drop_files(int dir)
{
	char name[32];

	/* A spool of one file has at most these two. */
	unlinkat(dir, "0000000000000001.seg", 0);
	snprintf(name, sizeof(name), "%016llx.seg", 2ULL);
	unlinkat(dir, name, 0);
}

static void
read_all(struct spool *sp)
{
	uint64_t next = spool_next(sp), from = next > 200 ? next - 200 : 1;
	struct spool_entry e;

	for (uint64_t i = from; i < next; i++) {
		enum status st = spool_read(sp, i, &e);

		WANT(st == ST_OK && e.seq == i);
	}
	WANT(spool_read(sp, next, &e) == ST_EOF);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/dev/shm/trawl-fuzz.XXXXXX";
	struct spool_config c = {
	    .quota = SPOOL_QUOTA_MIN * 4, .stream = 1, .io = &quick};
	struct spool_entry e = {.task = 3, .payload = span_str("payload")};
	struct spool_report met;
	struct spool *sp;
	uint64_t next;
	int dir;

	if (size > 256 * 1024 || mkdtemp(path) == NULL)
		return 0;
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	WANT(dir >= 0);
	memset(c.incarnation, 7, sizeof(c.incarnation));
	put_file(dir, data, size);
	if (spool_open(dir, &c, &sp, &met) == ST_OK) {
		read_all(sp);
		next = spool_next(sp);
		if (spool_append(sp, &e) == ST_OK) {
			WANT(e.seq == next);
			read_all(sp);
			spool_close(sp);
			WANT(spool_open(dir, &c, &sp, &met) == ST_OK);
			WANT(spool_next(sp) == next + 1);
			read_all(sp);
		}
		spool_close(sp);
	}
	drop_files(dir);
	close(dir);
	rmdir(path);
	return 0;
}
