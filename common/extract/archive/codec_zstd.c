#include <string.h>
#include <zstd.h>

#include "extract/archive/codec.h"

#define WINDOW_LOG 28 /* 256 MiB of window; larger ones are noted as memory */

static void *
open_frame(void)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();

	if (z != NULL && ZSTD_isError(ZSTD_DCtx_setParameter(
			     z, ZSTD_d_windowLogMax, WINDOW_LOG))) {
		ZSTD_freeDCtx(z);
		z = NULL;
	}
	return z;
}

static void
close_frame(void *state)
{
	ZSTD_freeDCtx(state);
}

/* NOLINTBEGIN(readability-non-const-parameter): the library writes to it */
static enum status
run(void *state, struct span in, uint8_t *out, size_t room, size_t *used,
    size_t *made)
{
	ZSTD_inBuffer from = {in.ptr, in.len, 0};
	ZSTD_outBuffer to = {out, room, 0};
	size_t r = ZSTD_decompressStream(state, &to, &from);

	*used = from.pos;
	*made = to.pos;
	if (r == 0)
		return ST_EOF;
	if (!ZSTD_isError(r))
		return ST_OK;
	/* its codes of errors are stable by their names only */
	if (strstr(ZSTD_getErrorName(r), "memory") != NULL)
		return ST_NOMEM;
	return strstr(ZSTD_getErrorName(r), "ictionary") != NULL
		   ? ST_UNSUPPORTED
		   : ST_MALFORMED;
}

/* NOLINTEND(readability-non-const-parameter) */

/* A frame, or one that is to be skipped. */
static bool
begins(struct span head)
{
	return head.len >= 8 &&
	       (memcmp(head.ptr, "\x28\xb5\x2f\xfd", 4) == 0 ||
		((head.ptr[0] & 0xf0) == 0x50 &&
		 memcmp(head.ptr + 1, "\x2a\x4d\x18", 3) == 0));
}

const struct codec codec_zstd = {open_frame, close_frame, run, begins};
