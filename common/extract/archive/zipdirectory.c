#include "extract/archive/zipdirectory.h"

#include <stdlib.h>

#define END_LEN     22
#define END64_LEN   56
#define LOCATOR_LEN 20
#define CENTRAL_LEN 46
#define END_MARK    0x06054b50u
#define END_SEARCH  (END_LEN + 65535)

/* Entries, size and offset of the directory when they do not fit 32 bits. */
static bool
read_end64(struct part *p, struct zip_directory *d, uint64_t end,
	   uint64_t *size, uint64_t *off)
{
	uint8_t loc[LOCATOR_LEN], e[END64_LEN];

	if (end < LOCATOR_LEN ||
	    !part_pread(p, loc, sizeof(loc), end - LOCATOR_LEN) ||
	    zip_u32(loc) != 0x07064b50u ||
	    !part_pread(p, e, sizeof(e), zip_u64(loc + 8)) ||
	    zip_u32(e) != 0x06064b50u)
		return false;
	d->entries = zip_u64(e + 32);
	*size = zip_u64(e + 40);
	*off = zip_u64(e + 48);
	return true;
}

/* The end record at `end`: does it lead to a central directory? */
static bool
try_end(struct part *p, struct zip_directory *d, const uint8_t *e, uint64_t end)
{
	uint64_t size = zip_u32(e + 12), off = zip_u32(e + 16);
	uint8_t sig[4];

	d->entries = zip_u16(e + 10);
	d->shift = 0;
	if (!read_end64(p, d, end, &size, &off)) {
		if (size > end || off > end - size)
			return false;
		d->shift = end - size - off;
	}
	d->next = off + d->shift;
	if (d->entries == 0)
		return size == 0;
	return part_pread(p, sig, 4, d->next) && zip_u32(sig) == ZIP_CENTRAL;
}

/* Most have no comment: the record is what the file ends with. */
static bool
ends_with_it(struct part *p, struct zip_directory *d)
{
	uint64_t end = p->size - END_LEN;
	uint8_t e[END_LEN];

	return part_pread(p, e, sizeof(e), end) && zip_u32(e) == END_MARK &&
	       try_end(p, d, e, end);
}

bool
zip_directory_find(struct part *p, struct zip_directory *d)
{
	uint64_t size = p->size;
	size_t n = size < END_SEARCH ? (size_t)size : END_SEARCH;
	uint8_t *tail;
	bool found = false;

	if (size == UINT64_MAX || n < END_LEN)
		return false;
	if (ends_with_it(p, d))
		return true;
	tail = malloc(n);
	if (tail == NULL)
		return false;
	if (part_pread(p, tail, n, size - n))
		for (size_t i = n - END_LEN + 1; i-- > 0 && !found;)
			if (zip_u32(tail + i) == END_MARK)
				found = try_end(p, d, tail + i, size - n + i);
	free(tail);
	return found;
}

bool
zip_directory_next(struct part *p, struct zip_directory *d,
		   struct zip_member *m, uint64_t *local)
{
	uint8_t h[CENTRAL_LEN], extra[1024];
	uint64_t *const want[] = {&m->size, &m->packed, local};
	size_t name, len;

	if (!part_pread(p, h, sizeof(h), d->next) || zip_u32(h) != ZIP_CENTRAL)
		return false;
	m->flags = zip_u16(h + 8);
	m->method = zip_u16(h + 10);
	m->crc = zip_u32(h + 16);
	m->packed = zip_u32(h + 20);
	m->size = zip_u32(h + 24);
	*local = zip_u32(h + 42);
	name = zip_u16(h + 28);
	len = zip_u16(h + 30);
	m->name_len = name < JOB_NAME_MAX ? name : JOB_NAME_MAX;
	if (!part_pread(p, m->name, m->name_len, d->next + CENTRAL_LEN))
		return false;
	if (len > sizeof(extra))
		len = sizeof(extra);
	if (part_pread(p, extra, len, d->next + CENTRAL_LEN + name)) {
		zip_extra64(span_of(extra, len), want, 3);
		zip_extra_name(span_of(extra, len), m);
	}
	d->next += CENTRAL_LEN + name + zip_u16(h + 30) + zip_u16(h + 32);
	return true;
}
