#ifndef DETECT_CACHE_IMAGE_H
#define DETECT_CACHE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * image: memory with all its pointers as a file, so that what took long to
 * build is there at once the next time.
 *
 * A region lies at an address of its own, the same in each process that maps
 * its file, so that pointers within it stay true. Pointers into the program
 * are moved to where that lies now; each is named by image_link(). One that is
 * not named, or that leads anywhere else, is seen when the file is written, and
 * none is written then.
 * Owner:   who made it; image_close() unmaps it.
 * Limits:  IMAGE_BYTES for one region, IMAGE_LINKS links.
 * Trust:   a file is as good as code: shelf.h says which are taken.
 */
#define IMAGE_BYTES ((size_t)128 * 1024 * 1024)
#define IMAGE_LINKS ((size_t)1 << 18)

struct image {
	uint8_t *base; /* NULL: there is none */
	size_t len;
};

/* Fields of a region that hold an address within the program. */
struct image_links {
	void *const **at;
	size_t count, room;
};

/* `field` is where such a pointer is kept. */
NODISCARD enum status image_link(struct image_links *l, const void *field);
void image_links_fini(struct image_links *l);

/* IMAGE_BYTES of zeroes, of which what is never touched costs nothing. */
NODISCARD enum status image_reserve(struct image *im);

/* The first n bytes stay; nothing can be written there any more. */
NODISCARD enum status image_seal(struct image *im, size_t n);

/* False when it cannot be kept: that is no failure. Goes before the seal. */
bool image_save(const struct image *im, size_t n, const struct image_links *l,
		const char *path, uint64_t key);

/* False: there is none that was saved under the key by this program. */
bool image_load(const char *path, uint64_t key, struct image *im);
void image_close(struct image *im);

#endif
