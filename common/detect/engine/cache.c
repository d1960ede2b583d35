#include "detect/engine/cache.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/span.h"
#include "detect/cache/shelf.h"

/*
 * The cache file: 8 bytes of magic, then little-endian u64: key (rules,
 * library, processor), length and checksum of what follows, then the database
 * as Hyperscan serialises it.
 */
#define CACHE_MAGIC "TRAWLHS1"
#define CACHE_HEAD  32

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
	hs_database_t *db = NULL;
	uint8_t *p = NULL;
	size_t n = 0;
	int fd = shelf_open(path, &n);

	if (fd < 0)
		return NULL;
	if (n >= CACHE_HEAD)
		p = malloc(n);
	if (p != NULL && read_all(fd, p, n))
		db = cache_decode(p, n, key);
	free(p);
	close(fd);
	return db;
}

void
engine_cache_save(const char *path, uint64_t key, const hs_database_t *db)
{
	uint8_t head[CACHE_HEAD] = CACHE_MAGIC;
	char *body = NULL;
	struct span parts[2];
	size_t n = 0;

	if (hs_serialize_database(db, &body, &n) != HS_SUCCESS)
		return;
	codec_put64(head + 8, key);
	codec_put64(head + 16, n);
	codec_put64(head + 24, checksum((const uint8_t *)body, n));
	parts[0] = span_of(head, sizeof(head));
	parts[1] = span_of(body, n);
	(void)shelf_write(path, parts, 2); /* then it is compiled again */
	free(body);
}
