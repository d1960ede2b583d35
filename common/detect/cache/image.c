#include "detect/cache/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/span.h"
#include "detect/cache/shelf.h"

/*
 * The file: the head, in a page of its own; the region; a u32 for each link,
 * its place in the region in words. It is read by the program that wrote it
 * (the key says so) on the same machine: in the order of its bytes.
 */
#define MAGIC "TRAWLIM1"
#define PAGE  ((size_t)4096)
#define WORD  sizeof(uintptr_t)

/* Far from what the kernel chooses by itself, and of the sanitizers. */
#define PLACE_FIRST UINT64_C(0x200000000000)
#define PLACE_STEP  UINT64_C(0x400000)
#define PLACE_BITS  22

struct head {
	char magic[8];
	uint64_t key, sum;
	uint64_t base, len; /* of the region; len: whole pages */
	uint64_t anchor;    /* where the program was then */
	uint64_t links;
};

static const char anchor[1];

enum status
image_link(struct image_links *l, const void *field)
{
	size_t room = l->room == 0 ? 1024 : l->room * 2;
	void *more;

	if (l->count == IMAGE_LINKS)
		return ST_LIMIT;
	if (l->count == l->room) {
		more = realloc(l->at, room * sizeof(*l->at));
		if (more == NULL)
			return ST_NOMEM;
		l->at = more;
		l->room = room;
	}
	l->at[l->count++] = field;
	return ST_OK;
}

void
image_links_fini(struct image_links *l)
{
	free(l->at);
	*l = (struct image_links){0};
}

enum status
image_reserve(struct image *im)
{
	uint64_t place = 0;
	void *at, *got;

	if (getrandom(&place, sizeof(place), GRND_NONBLOCK) < 0)
		place = (uintptr_t)&place; /* as random as the stack */
	place &= (UINT64_C(1) << PLACE_BITS) - 1;
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): only a wish */
	at = (void *)(uintptr_t)(PLACE_FIRST + place * PLACE_STEP);
	got = mmap(at, IMAGE_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (got == MAP_FAILED)
		return ST_NOMEM;
	*im = (struct image){.base = got, .len = IMAGE_BYTES};
	return ST_OK;
}

static size_t
whole_pages(size_t n)
{
	return (n + PAGE - 1) / PAGE * PAGE;
}

enum status
image_seal(struct image *im, size_t n)
{
	size_t keep = whole_pages(n);

	if (keep < im->len && munmap(im->base + keep, im->len - keep) != 0)
		return ST_NOMEM;
	im->len = keep;
	return mprotect(im->base, keep, PROT_READ) == 0 ? ST_OK : ST_NOMEM;
}

void
image_close(struct image *im)
{
	if (im->base != NULL)
		(void)munmap(im->base, im->len);
	*im = (struct image){0};
}

/* ---- is all of it known? --------------------------------------------------
 */

struct ranges {
	struct range {
		uintptr_t from, to;
	} * at;
	size_t count;
};

#define RANGES 4096
/*
 * What is larger, or begins lower, holds no objects of a program that may lie
 * anywhere: it is the shadow that a sanitizer has of them.
 */
#define RANGE_MOST  (UINT64_C(1) << 36)
#define RANGE_FIRST (UINT64_C(1) << 32)

/* What is mapped besides the region, in order. */
static bool
ranges_read(const struct image *im, struct ranges *r)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[4352];
	bool ok = true;

	r->at = calloc(RANGES, sizeof(*r->at));
	r->count = 0;
	if (f == NULL || r->at == NULL)
		ok = false;
	while (ok && fgets(line, sizeof(line), f) != NULL) {
		char *end = line;
		uintptr_t from = strtoull(line, &end, 16), to;

		if (*end != '-' || r->count == RANGES)
			ok = false;
		to = *end == '-' ? strtoull(end + 1, NULL, 16) : 0;
		if (ok && from != (uintptr_t)im->base && from >= RANGE_FIRST &&
		    to - from < RANGE_MOST)
			r->at[r->count++] = (struct range){from, to};
	}
	if (f != NULL)
		(void)fclose(f);
	return ok;
}

static bool
in_ranges(const struct ranges *r, uintptr_t v)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (r->at[mid].to <= v)
			low = mid + 1;
		else
			high = mid;
	}
	return low < r->count && r->at[low].from <= v;
}

static uintptr_t
word_at(const struct image *im, size_t i)
{
	uintptr_t v;

	memcpy(&v, im->base + i * WORD, WORD);
	return v;
}

/* Each word that could be a pointer out of the region is one of the links. */
static bool
all_known(const struct image *im, size_t n, const struct image_links *l)
{
	struct ranges r;
	bool ok = ranges_read(im, &r);
	size_t out = 0, linked = 0;

	for (size_t i = 0; ok && i < n / WORD; i++)
		out += in_ranges(&r, word_at(im, i));
	for (size_t i = 0; ok && i < l->count; i++)
		linked += in_ranges(&r, (uintptr_t)*l->at[i]);
	free(r.at);
	return ok && out == linked && linked == l->count;
}

/* ---- the file -------------------------------------------------------------
 */

#define WAYS 8

/* Eight ways at once: it is all that is done with most of the bytes. */
static uint64_t
sum_of(const uint8_t *p, size_t n)
{
	uint64_t h[WAYS] = {n, 1, 2, 3, 4, 5, 6, 7}, v[WAYS], all = 0;

	for (; n >= sizeof(v); n -= sizeof(v), p += sizeof(v)) {
		memcpy(v, p, sizeof(v));
#pragma GCC unroll 8
		for (unsigned i = 0; i < WAYS; i++) {
			h[i] = (h[i] ^ v[i]) * UINT64_C(0x9e3779b97f4a7c15);
			h[i] ^= h[i] >> 29;
		}
	}
	for (; n > 0; n--)
		h[0] = (h[0] ^ *p++) * UINT64_C(0x100000001b3);
	for (unsigned i = 0; i < WAYS; i++)
		all ^= h[i] * (2 * i + 1);
	return all;
}

static int
by_place(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

/* Places of the links; NULL when one lies outside, or twice. */
static uint32_t *
places_of(const struct image *im, size_t n, const struct image_links *l)
{
	uint32_t *v = calloc(l->count + 1, sizeof(*v));
	bool ok = v != NULL;

	for (size_t i = 0; ok && i < l->count; i++) {
		size_t at = (size_t)((const uint8_t *)l->at[i] - im->base);

		ok = at < n && at % WORD == 0;
		v[i] = (uint32_t)(at / WORD);
	}
	if (ok)
		qsort(v, l->count, sizeof(*v), by_place);
	for (size_t i = 1; ok && i < l->count; i++)
		ok = v[i] != v[i - 1];
	if (ok)
		return v;
	free(v);
	return NULL;
}

bool
image_save(const struct image *im, size_t n, const struct image_links *l,
	   const char *path, uint64_t key)
{
	uint32_t *places = places_of(im, n, l);
	uint8_t page[PAGE] = {0};
	struct head h = {
	    .magic = MAGIC,
	    .key = key,
	    .base = (uintptr_t)im->base,
	    .len = whole_pages(n),
	    .anchor = (uintptr_t)anchor,
	    .links = l->count,
	};
	bool ok = places != NULL && all_known(im, n, l);

	if (ok) {
		const struct span parts[] = {
		    span_of(page, PAGE), span_of(im->base, whole_pages(n)),
		    span_of(places, l->count * sizeof(*places))};

		h.sum = sum_of(im->base, whole_pages(n)) ^
			sum_of(parts[2].ptr, parts[2].len);
		memcpy(page, &h, sizeof(h));
		ok = shelf_write(path, parts, 3);
	}
	free(places);
	return ok;
}

static bool
head_fits(const struct head *h, size_t size, uint64_t key)
{
	return memcmp(h->magic, MAGIC, sizeof(h->magic)) == 0 &&
	       h->key == key && h->len <= IMAGE_BYTES && h->len % PAGE == 0 &&
	       h->base % PAGE == 0 && h->len > 0 && h->links <= IMAGE_LINKS &&
	       size == PAGE + h->len + h->links * sizeof(uint32_t);
}

static bool
move_links(const struct image *im, const struct head *h, const uint8_t *places)
{
	uintptr_t by = (uintptr_t)anchor - (uintptr_t)h->anchor;

	for (size_t i = 0; i < h->links; i++) {
		uintptr_t v;
		uint32_t at;

		memcpy(&at, places + i * sizeof(at), sizeof(at));
		if (at >= h->len / WORD)
			return false;
		v = word_at(im, at) + by;
		memcpy(im->base + at * WORD, &v, WORD);
	}
	return true;
}

/* Where it was, or not at all. */
static bool
map_there(int fd, const struct head *h, struct image *im)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): nothing is there */
	void *want = (void *)(uintptr_t)h->base, *got;

	/* not to be written yet: pages that never are need no copy */
	got = mmap(want, (size_t)h->len, PROT_READ,
		   MAP_PRIVATE | MAP_FIXED_NOREPLACE | MAP_POPULATE, fd,
		   (off_t)PAGE);
	if (got == MAP_FAILED)
		return false;
	*im = (struct image){.base = got, .len = (size_t)h->len};
	if (got == want)
		return true;
	image_close(im); /* a kernel that does not know the flag */
	return false;
}

static bool
take(int fd, size_t size, uint64_t key, struct image *im)
{
	struct head h;
	uint8_t *places;
	size_t n;
	bool ok;

	if (size < PAGE || pread(fd, &h, sizeof(h), 0) != sizeof(h) ||
	    !head_fits(&h, size, key) || !map_there(fd, &h, im))
		return false;
	n = (size_t)h.links * sizeof(uint32_t);
	places = malloc(n + 1);
	ok = places != NULL &&
	     pread(fd, places, n, (off_t)(PAGE + h.len)) == (ssize_t)n;
	ok = ok && (sum_of(im->base, im->len) ^ sum_of(places, n)) == h.sum &&
	     mprotect(im->base, im->len, PROT_READ | PROT_WRITE) == 0 &&
	     move_links(im, &h, places) && image_seal(im, im->len) == ST_OK;
	free(places);
	if (!ok)
		image_close(im);
	return ok;
}

bool
image_load(const char *path, uint64_t key, struct image *im)
{
	size_t size = 0;
	int fd = shelf_open(path, &size);
	bool ok = fd >= 0 && take(fd, size, key, im);

	if (fd >= 0)
		close(fd);
	return ok;
}
