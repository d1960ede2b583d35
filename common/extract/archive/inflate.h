#ifndef EXTRACT_INFLATE_H
#define EXTRACT_INFLATE_H

#include <stdint.h>

#include "extract/part.h"

/*
 * inflate: one deflate stream out of a part, by ISA-L. Input is consumed to
 * the byte: what follows the stream stays in the part.
 */
struct inflater;

struct inflater *inflater_new(void); /* NULL: no memory */
void inflater_free(struct inflater *f);

/* `from` is read up to `limit` bytes (UINT64_MAX: no limit known). */
void inflater_start(struct inflater *f, struct part *from, uint64_t limit);

/*
 * Up to n bytes. ST_OK with *got 0: the stream has ended as it should;
 * ST_CLOSED: input ended too early; ST_MALFORMED: it is damaged.
 */
NODISCARD enum status inflater_read(struct inflater *f, void *dst, size_t n,
				    size_t *got);
uint32_t inflater_crc(const struct inflater *f); /* of all given so far */
uint64_t inflater_out(const struct inflater *f);

#endif
