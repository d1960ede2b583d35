#ifndef EXTRACT_ARCHIVE_INFLATE64_H
#define EXTRACT_ARCHIVE_INFLATE64_H

#include <stdint.h>

#include "extract/part.h"

/*
 * inflate64: one deflate64 stream out of a part: deflate with 64 KiB of window
 * and longer copies (zip method 9, APPNOTE 5.6), which zips of more than 2 GiB
 * made by Windows have. No library of the distribution reads it. Input is
 * consumed to the byte: what follows the stream stays in the part.
 */
struct inflate64;

struct inflate64 *inflate64_new(void); /* NULL: no memory */
void inflate64_free(struct inflate64 *f);

/* `from` is read up to `limit` bytes (UINT64_MAX: no limit known). */
void inflate64_start(struct inflate64 *f, struct part *from, uint64_t limit);

/*
 * Up to n bytes. ST_OK with *got below n: the stream has ended as it should;
 * ST_CLOSED: input ended too early; ST_MALFORMED: it is damaged.
 */
NODISCARD enum status inflate64_read(struct inflate64 *f, void *dst, size_t n,
				     size_t *got);

#endif
