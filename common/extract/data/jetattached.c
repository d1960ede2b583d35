#include "extract/data/jetattached.h"

#include "extract/ole/le.h"

#define WRAPPER  8 /* bytes: packed or not, how many follow */
#define PACKED   1
#define ZLIB     0x78 /* what a packed one begins with, of two bytes */
#define HEAD_MIN 12
#define HEAD_MAX 1024

enum status
jet_attached_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct jet_attached *a = arg;

	if (a->inflater != NULL)
		return inflater_read(a->inflater, dst, n, got);
	*got = part_read(&a->packed, dst, n);
	return a->packed.failed;
}

static bool
skip(struct jet_attached *a, uint8_t *dst, size_t n)
{
	size_t have = 0, got = 1;

	while (have < n && got > 0) {
		if (jet_attached_read(a, dst + have, n - have, &got) != ST_OK)
			return false;
		have += got;
	}
	return have == n;
}

/* The head begins with its own length, which counts. */
static bool
skip_head(struct jet_attached *a)
{
	uint8_t head[HEAD_MAX];
	uint32_t len;

	if (!skip(a, head, 4))
		return false;
	len = le32(head);
	return len >= HEAD_MIN && len <= HEAD_MAX && skip(a, head, len - 4);
}

bool
jet_attached_begin(struct jet_long *l, struct jet_attached *a)
{
	uint64_t size = l->left;
	struct span s;
	uint32_t how;

	a->inflater = NULL;
	a->packed = (struct part){
	    .arg = l, .read = jet_long_read, .size = UINT64_MAX, .buf = a->buf};
	s = part_peek(&a->packed, WRAPPER + 2);
	if (s.len < WRAPPER + 2)
		return false;
	how = le32(s.ptr);
	if (how > PACKED || le32(s.ptr + 4) == 0 ||
	    (how == PACKED ? s.ptr[WRAPPER] != ZLIB
			   : le32(s.ptr + 4) + (uint64_t)WRAPPER != size))
		return false;
	part_consume(&a->packed, how == PACKED ? WRAPPER + 2 : WRAPPER);
	if (how == PACKED) {
		a->inflater = inflater_new();
		if (a->inflater == NULL)
			return false;
		inflater_start(a->inflater, &a->packed, UINT64_MAX);
	}
	return skip_head(a);
}

void
jet_attached_end(struct jet_attached *a)
{
	if (a->inflater != NULL)
		inflater_free(a->inflater);
	a->inflater = NULL;
}
