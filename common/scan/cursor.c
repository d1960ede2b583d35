#include "scan/director.h"

/* Kept across restarts of the program, and of the host. */
#define CURSOR_VERSION 1
#define HEAD_LEN       5

enum status
cursor_pack(uint32_t root, struct span at, struct buf *to)
{
	uint8_t head[HEAD_LEN] = {CURSOR_VERSION};
	enum status st;

	if (at.len > ORDER_CURSOR_MAX - HEAD_LEN)
		return ST_LIMIT;
	for (unsigned i = 0; i < 4; i++)
		head[1 + i] = (uint8_t)(root >> (8 * i));
	st = buf_add(to, head, sizeof(head));
	return st == ST_OK ? buf_add(to, at.ptr, at.len) : st;
}

enum status
cursor_unpack(struct span s, uint32_t *root, struct span *at)
{
	*root = 0;
	*at = span_of(NULL, 0);
	if (s.len == 0)
		return ST_OK;
	if (s.len < HEAD_LEN || s.ptr[0] != CURSOR_VERSION)
		return ST_MALFORMED;
	for (unsigned i = 0; i < 4; i++)
		*root |= (uint32_t)s.ptr[1 + i] << (8 * i);
	*at = span_skip(s, HEAD_LEN);
	return ST_OK;
}
