#include "scan/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/file.h"

#define PROBES 8 /* by value, then by halves */

struct clean_head {
	uint8_t magic[8];
	uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];
};

static const uint8_t magic[8] = {'T', 'R', 'W', 'C', 'L', 'N', '0', '1'};

_Static_assert(CLEAN_SIZE == crypto_shorthash_siphashx24_BYTES, "a digest");

struct clean {
	char path[PATH_MAX];
	int fd;
	struct clean_known known;
	struct buf fresh; /* digests as they come */
};

/* ---- what is known ---------------------------------------------------------
 */

enum status
clean_map(int fd, struct clean_known *out)
{
	struct stat sb;
	void *base;
	size_t rest;

	if (fstat(fd, &sb) != 0)
		return ST_IO;
	if (sb.st_size < (off_t)sizeof(struct clean_head))
		return ST_MALFORMED;
	rest = (size_t)sb.st_size - sizeof(struct clean_head);
	if (rest % CLEAN_SIZE != 0 || rest / CLEAN_SIZE > CLEAN_MAX)
		return ST_MALFORMED;
	base = mmap(NULL, (size_t)sb.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		return ST_NOMEM;
	*out = (struct clean_known){
	    .base = base,
	    .bytes = (size_t)sb.st_size,
	    .count = rest / CLEAN_SIZE,
	};
	if (memcmp(base, magic, sizeof(magic)) == 0)
		return ST_OK;
	clean_unmap(out);
	return ST_MALFORMED;
}

void
clean_unmap(struct clean_known *k)
{
	union {
		const uint8_t *ptr;
		void *base;
	} u = {k->base}; /* it was mapped here, for reading */

	if (k->base != NULL)
		munmap(u.base, k->bytes);
	*k = (struct clean_known){0};
}

static const uint8_t *
entry(const struct clean_known *k, size_t i)
{
	return k->base + sizeof(struct clean_head) + i * CLEAN_SIZE;
}

void
clean_digest(const struct clean_known *k, struct span path, struct span version,
	     uint8_t out[CLEAN_SIZE])
{
	const uint8_t *key = k->base + offsetof(struct clean_head, key);
	uint8_t both[2 * CLEAN_SIZE];

	crypto_shorthash_siphashx24(both, path.ptr, path.len, key);
	crypto_shorthash_siphashx24(both + CLEAN_SIZE, version.ptr, version.len,
				    key);
	crypto_shorthash_siphashx24(out, both, sizeof(both), key);
}

static uint64_t
first_bits(const uint8_t *d)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < 8; i++)
		n = n << 8 | d[i];
	return n;
}

/* Digests are spread evenly: where one would stand is known to a few places. */
static size_t
guess(const struct clean_known *k, size_t low, size_t high, uint64_t want)
{
	uint64_t from = first_bits(entry(k, low)),
		 to = first_bits(entry(k, high - 1));

	if (want <= from || to <= from)
		return low;
	if (want >= to)
		return high - 1;
	return low + (size_t)((double)(want - from) / (double)(to - from) *
			      (double)(high - 1 - low));
}

bool
clean_has(const struct clean_known *k, const uint8_t digest[CLEAN_SIZE])
{
	const uint64_t want = first_bits(digest);
	size_t low = 0, high = k->count;

	for (unsigned i = 0; low < high; i++) {
		size_t at = i < PROBES ? guess(k, low, high, want)
				       : low + (high - low) / 2;
		int order = memcmp(entry(k, at), digest, CLEAN_SIZE);

		if (order == 0)
			return true;
		if (order < 0)
			low = at + 1;
		else
			high = at;
	}
	return false;
}

/* ---- the file --------------------------------------------------------------
 */

/* The first file: nothing is known yet, but the key is. */
static enum status
begin(const char *path)
{
	struct clean_head h;

	memcpy(h.magic, magic, sizeof(magic));
	randombytes_buf(h.key, sizeof(h.key));
	return file_replace(path, span_of(&h, sizeof(h)), 0600);
}

static enum status
open_known(struct clean *c)
{
	enum status st;

	c->fd = open(c->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (c->fd < 0)
		return status_of_errno(errno);
	st = clean_map(c->fd, &c->known);
	if (st == ST_OK)
		return ST_OK;
	close(c->fd);
	c->fd = -1;
	return st;
}

static enum status
name_file(struct clean *c, const char *folder, const uint8_t how[CLEAN_HOW])
{
	char name[64] = CLEAN_NAME;
	size_t at = strlen(name);

	for (size_t i = 0; i < 12; i++, at += 2)
		snprintf(name + at, sizeof(name) - at, "%02x", how[i]);
	return file_join(c->path, sizeof(c->path), folder, name);
}

enum status
clean_open(const char *folder, const uint8_t how[CLEAN_HOW], struct clean **out)
{
	struct clean *c = calloc(1, sizeof(*c));
	enum status st;

	if (c == NULL || sodium_init() < 0) {
		free(c);
		return ST_NOMEM;
	}
	c->fd = -1;
	buf_init(&c->fresh, (size_t)CLEAN_MAX * CLEAN_SIZE);
	st = name_file(c, folder, how);
	if (st == ST_OK)
		st = open_known(c);
	if (st == ST_NOTFOUND || st == ST_MALFORMED) {
		st = begin(c->path);
		if (st == ST_OK)
			st = open_known(c);
	}
	if (st != ST_OK) {
		clean_close(c);
		return st;
	}
	*out = c;
	return ST_OK;
}

void
clean_close(struct clean *c)
{
	if (c == NULL)
		return;
	clean_unmap(&c->known);
	if (c->fd >= 0)
		close(c->fd);
	buf_fini(&c->fresh);
	free(c);
}

int
clean_fd(const struct clean *c)
{
	return c->fd;
}

const char *
clean_path(const struct clean *c)
{
	return c->path;
}

void
clean_add(struct clean *c, const uint8_t digest[CLEAN_SIZE])
{
	if (buf_add(&c->fresh, digest, CLEAN_SIZE) != ST_OK)
		return; /* then it is read again */
}

/* ---- the next file ---------------------------------------------------------
 */

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, CLEAN_SIZE);
}

/* Both in order, each digest once, no more than there is room for. */
static enum status
merge(const struct clean *c, bool old, struct buf *to)
{
	size_t n = c->fresh.len / CLEAN_SIZE, i = 0, k = 0, count = 0;
	const size_t old_count = old ? c->known.count : 0;
	const uint8_t *last = NULL;

	while ((i < n || k < old_count) && count < CLEAN_MAX) {
		const uint8_t *a = c->fresh.data + i * CLEAN_SIZE;
		const uint8_t *b = k < old_count ? entry(&c->known, k) : NULL;
		bool first =
		    b == NULL || (i < n && memcmp(a, b, CLEAN_SIZE) <= 0);
		const uint8_t *d = first ? a : b;

		i += first;
		k += !first;
		if (last != NULL && memcmp(last, d, CLEAN_SIZE) == 0)
			continue;
		if (buf_add(to, d, CLEAN_SIZE) != ST_OK)
			return ST_NOMEM;
		last = d;
		count++;
	}
	return ST_OK;
}

enum status
clean_save(struct clean *c, bool whole)
{
	struct buf file;
	enum status st;

	buf_init(&file,
		 sizeof(struct clean_head) + (size_t)CLEAN_MAX * CLEAN_SIZE);
	if (c->fresh.len > 0)
		qsort(c->fresh.data, c->fresh.len / CLEAN_SIZE, CLEAN_SIZE,
		      compare);
	st = buf_reserve(&file, sizeof(struct clean_head) + c->fresh.len);
	if (st == ST_OK)
		st = buf_add(&file, c->known.base, sizeof(struct clean_head));
	if (st == ST_OK)
		st = merge(c, !whole, &file);
	if (st == ST_OK)
		st = file_replace(c->path, buf_span(&file), 0600);
	buf_fini(&file);
	return st;
}
