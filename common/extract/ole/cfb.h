#ifndef EXTRACT_OLE_CFB_H
#define EXTRACT_OLE_CFB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/job.h"

/*
 * cfb: compound files ([MS-CFB]): streams within storages, in chains of
 * sectors. Chains that break, run in circles or cross another one end there,
 * and what was before is read; entries that no tree leads to stand in the root.
 * No sector belongs to two streams, so that all streams together are no larger
 * than the file.
 */
#define CFB_MAGIC    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#define CFB_NAME_MAX 128
#define CFB_SECTORS  (8u << 20) /* more are not looked up */
#define CFB_ENTRIES  (1u << 20)
#define CFB_NONE     UINT32_MAX
#define CFB_PATH_MAX JOB_NAME_MAX

enum cfb_kind { CFB_FREE = 0, CFB_STORAGE = 1, CFB_STREAM = 2, CFB_ROOT = 5 };

struct cfb_entry {
	char name[CFB_NAME_MAX]; /* UTF-8, without control characters */
	uint8_t kind;
	bool mini;    /* in sectors of the small kind */
	bool reached; /* a tree leads to it */
	bool taken;   /* somebody has read it */
	uint32_t left, right, child, start;
	uint32_t parent, first, next; /* CFB_NONE: there is none */
	uint64_t size;                /* what its chain holds */
	uint64_t want;                /* what it says */
};

struct cfb {
	struct part *p;
	unsigned shift, mini_shift; /* of a sector's size */
	uint64_t mini_below;        /* smaller streams have small sectors */
	uint32_t *fat, *minifat;
	size_t fat_count, mini_count;
	struct cfb_entry *entries; /* the first is the root */
	size_t count;
	uint8_t *used, *mini_used; /* a bit for each sector */
	uint32_t *small; /* sectors that hold the small ones, in order */
	size_t small_count;
	bool broken; /* of what it needs to be read, some is not there */
};

/* A stream while it is read. */
struct cfb_stream {
	const struct cfb *c;
	uint32_t start, at, sector; /* the at-th sector of its chain */
	uint64_t size;
	bool mini;
};

/* ST_MALFORMED: there is nothing to be found in it. */
NODISCARD enum status cfb_open(struct part *p, struct cfb *c);
void cfb_close(struct cfb *c);

/* A child of a storage; CFB_NONE. */
uint32_t cfb_find(const struct cfb *c, uint32_t in, const char *name);
/* The part of a stream; s holds what it needs, out->buf is the caller's. */
void cfb_part(const struct cfb *c, uint32_t entry, struct cfb_stream *s,
	      struct part *out);

/* Sectors that no chain holds, one behind the other. */
struct cfb_unused {
	const struct cfb *c;
	uint64_t at; /* in the file */
};
uint64_t cfb_unused_size(const struct cfb *c);
enum status cfb_unused_read(void *arg, void *dst, size_t n, size_t *got);

/* "ObjectPool/_12/Contents", below `under`. */
size_t cfb_path(const struct cfb *c, uint32_t entry, uint32_t under,
		char dst[CFB_PATH_MAX]);

#endif
