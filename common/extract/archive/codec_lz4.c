#include <lz4frame.h>
#include <string.h>

#include "extract/archive/codec.h"

static void *
open_frame(void)
{
	LZ4F_dctx *z = NULL;

	if (LZ4F_isError(LZ4F_createDecompressionContext(&z, LZ4F_VERSION)))
		return NULL;
	return z;
}

static void
close_frame(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

static enum status
run(void *state, struct span in, uint8_t *out, size_t room, size_t *used,
    size_t *made)
{
	size_t r;

	*used = in.len;
	*made = room;
	r = LZ4F_decompress(state, out, made, in.ptr, used, NULL);
	if (!LZ4F_isError(r))
		return r == 0 ? ST_EOF : ST_OK;
	*used = *made = 0;
	if (strstr(LZ4F_getErrorName(r), "alloc") != NULL)
		return ST_NOMEM;
	return strstr(LZ4F_getErrorName(r), "ictionary") != NULL
		   ? ST_UNSUPPORTED
		   : ST_MALFORMED;
}

static bool
begins(struct span head)
{
	return head.len >= 7 &&
	       (memcmp(head.ptr, "\x04\x22\x4d\x18", 4) == 0 ||
		((head.ptr[0] & 0xf0) == 0x50 &&
		 memcmp(head.ptr + 1, "\x2a\x4d\x18", 3) == 0));
}

const struct codec codec_lz4 = {open_frame, close_frame, run, begins};
