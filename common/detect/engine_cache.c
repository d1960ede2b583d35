#include "detect/engine_cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"

/*
 * The cache file: 8 bytes of magic, then little-endian u64: key (rules,
 * library, processor), length and checksum of what follows, then the database
 * as Hyperscan serialises it.
 */
#define CACHE_MAGIC "TRAWLHS1"
#define CACHE_HEAD  32
#define CACHE_MAX   ((size_t)256 * 1024 * 1024)

uint64_t
engine_cache_mix(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Eight bytes at a time: a megabyte of database in well below 1 ms. */
static uint64_t
checksum(const uint8_t *p, size_t n)
{
	uint64_t h = n, v;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&v, p, 8);
		h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return engine_cache_mix(h, p, n);
}

uint64_t
engine_cache_machine(uint64_t h)
{
	const char *version = hs_version();
	hs_platform_info_t cpu;

	memset(&cpu, 0, sizeof(cpu));
	if (hs_populate_platform(&cpu) == HS_SUCCESS)
		h = engine_cache_mix(h, &cpu, sizeof(cpu));
	return engine_cache_mix(h, version, strlen(version) + 1);
}

/* A plain file that is ours (or root's) and that nobody else may write. */
static bool
trusted(int fd, size_t *size)
{
	struct stat sb;

	if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode) ||
	    (sb.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
	    (sb.st_uid != geteuid() && sb.st_uid != 0) ||
	    sb.st_size < CACHE_HEAD || (uint64_t)sb.st_size > CACHE_MAX)
		return false;
	*size = (size_t)sb.st_size;
	return true;
}

static bool
read_all(int fd, uint8_t *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, p + got, n - got);

		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

static hs_database_t *
cache_decode(const uint8_t *p, size_t n, uint64_t key)
{
	const uint8_t *body = p + CACHE_HEAD;
	size_t len = n - CACHE_HEAD;
	hs_database_t *db = NULL;

	if (memcmp(p, CACHE_MAGIC, 8) != 0 || codec_get64(p + 8) != key ||
	    codec_get64(p + 16) != len ||
	    codec_get64(p + 24) != checksum(body, len))
		return NULL;
	if (hs_deserialize_database((const char *)body, len, &db) != HS_SUCCESS)
		return NULL;
	return db;
}

hs_database_t *
engine_cache_load(const char *path, uint64_t key)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	hs_database_t *db = NULL;
	uint8_t *p = NULL;
	size_t n = 0;

	if (fd < 0)
		return NULL;
	if (trusted(fd, &n))
		p = malloc(n);
	if (p != NULL && read_all(fd, p, n))
		db = cache_decode(p, n, key);
	free(p);
	close(fd);
	return db;
}

static bool
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* Beside the file, then renamed over it: a reader sees the old or the new. */
static void
cache_write(const char *path, const uint8_t *head, const char *body, size_t n)
{
	char *name = NULL;
	bool ok;
	int fd;

	if (asprintf(&name, "%s.XXXXXX", path) < 0)
		return;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0) {
		ok = write_all(fd, head, CACHE_HEAD) &&
		     write_all(fd, (const uint8_t *)body, n);
		ok &= close(fd) == 0;
		if (!ok || rename(name, path) != 0)
			(void)unlink(name);
	}
	free(name);
}

void
engine_cache_save(const char *path, uint64_t key, const hs_database_t *db)
{
	uint8_t head[CACHE_HEAD] = CACHE_MAGIC;
	char *body = NULL;
	size_t n = 0;

	if (hs_serialize_database(db, &body, &n) != HS_SUCCESS)
		return;
	codec_put64(head + 8, key);
	codec_put64(head + 16, n);
	codec_put64(head + 24, checksum((const uint8_t *)body, n));
	cache_write(path, head, body, n);
	free(body);
}
