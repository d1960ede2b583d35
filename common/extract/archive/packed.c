#include "extract/archive/packed.h"

#include <string.h>

#define ARJ_MAX    2600 /* bytes of a header, by its description */
#define ARJ_LEAST  30
#define VMDK_FLAGS 8
#define ORC_TAIL   4 /* "ORC" and the length of what stands before it */

enum status
packed_part(struct extractor *x, struct part *p)
{
	job_note_words(x, COVER_UNSUPPORTED, "packed as %s has it", x->parser);
	return x->stop ? ST_OK : job_rest(x, p);
}

bool
packed_is_binary(struct format_look *l)
{
	return l->seen.zeros;
}

/* The header of the archive itself: its length, that of its first part, and
 * the kind of file that means the archive. */
bool
packed_is_arj(struct format_look *l)
{
	const uint8_t *p = l->head.ptr;
	size_t n;

	if (l->head.len < 4 + ARJ_LEAST)
		return false;
	n = p[2] | (size_t)p[3] << 8;
	return n >= ARJ_LEAST && n <= ARJ_MAX && p[4] >= ARJ_LEAST &&
	       p[4] <= n && p[10] == 2;
}

bool
packed_is_ace(struct format_look *l)
{
	return l->head.len >= 14 && l->head.ptr[4] == 0;
}

/* Only those made for sending are packed: bit 16 of their flags. */
bool
packed_is_vmdk(struct format_look *l)
{
	return l->head.len >= VMDK_FLAGS + 4 &&
	       (l->head.ptr[VMDK_FLAGS + 2] & 1) != 0;
}

bool
packed_is_orc(struct format_look *l)
{
	struct part *p = l->part;
	uint8_t tail[ORC_TAIL];

	if (!part_seekable(p) || p->size == UINT64_MAX)
		return l->seen.zeros;
	return p->size > 2 * ORC_TAIL &&
	       part_pread(p, tail, sizeof(tail), p->size - sizeof(tail)) &&
	       memcmp(tail, "ORC", 3) == 0;
}
