#ifndef EXTRACT_ZIPMEMBER_H
#define EXTRACT_ZIPMEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/job.h"

/*
 * zipmember: one member of a zip, from its local header on. Internal to the
 * room; zip.c decides which members there are.
 */
#define ZIP_LOCAL   0x04034b50u
#define ZIP_CENTRAL 0x02014b50u
#define ZIP_UNKNOWN UINT64_MAX

struct zip_member {
	uint16_t flags, method;
	uint32_t crc;
	uint64_t packed, size; /* ZIP_UNKNOWN: behind the data */
	uint8_t name[JOB_NAME_MAX];
	size_t name_len;
	uint64_t local; /* offset of its local header in the part */
	uint64_t data;  /* and of its bytes */
};

static inline uint16_t
zip_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
zip_u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static inline uint64_t
zip_u64(const uint8_t *p)
{
	return zip_u32(p) | (uint64_t)zip_u32(p + 4) << 32;
}

/*
 * Sizes that do not fit 32 bits stand in extra field 1. want[i] is set to the
 * next eight bytes for each that is 0xffffffff.
 */
void zip_extra64(struct span extra, uint64_t *const *want, size_t n);

/*
 * A name in UTF-8 may stand in extra field 7075 beside one in another page,
 * whose CRC it has (Info-ZIP): it becomes the member's.
 */
void zip_extra_name(struct span extra, struct zip_member *m);

/* Consume the local header at the part's position; false: there is none. */
bool zip_local(struct part *p, struct zip_member *m);

/* Forward to the next local header; false: there is none before `end`. */
bool zip_next_header(struct part *p, uint64_t end);

/* Who reads a member's content. */
struct zip_reader {
	/* at the archive's own place; NULL: by what it holds, at its name */
	enum status (*read)(void *arg, struct extractor *x, struct part *p);
	void *arg;
	const struct zip_member *m;
	size_t outer; /* of the archive's place */
	bool begun;   /* out: it was unpacked, at least some of it */
};

/* Content that was unpacked, to a struct zip_reader. */
NODISCARD enum status zip_hand_down(void *reader, struct extractor *x,
				    struct part *inner);

/*
 * Read the member's content at the part's position and note what is wrong with
 * it. Afterwards the part stands behind the bytes that were used.
 */
NODISCARD enum status zip_content(struct extractor *x, struct part *p,
				  const struct zip_member *m,
				  struct zip_reader *r);

#endif
