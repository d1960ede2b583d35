#include <bzlib.h>
#include <stdlib.h>
#include <string.h>

#include "extract/archive/codec.h"

static void *
bzip2_open(void)
{
	bz_stream *s = calloc(1, sizeof(*s));

	if (s != NULL && BZ2_bzDecompressInit(s, 0, 0) != BZ_OK) {
		free(s);
		s = NULL;
	}
	return s;
}

static void
bzip2_close(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

static enum status
bzip2_run(void *state, struct span in, uint8_t *out, size_t room, size_t *used,
	  size_t *made)
{
	bz_stream *s = state;
	unsigned have = in.len < (1u << 30) ? (unsigned)in.len : 1u << 30;
	unsigned want = room < (1u << 30) ? (unsigned)room : 1u << 30;
	int r;

	memcpy(&s->next_in, &in.ptr, sizeof(in.ptr)); /* it only reads */
	s->avail_in = have;
	memcpy(&s->next_out, &out, sizeof(out));
	s->avail_out = want;
	r = BZ2_bzDecompress(s);
	*used = have - s->avail_in;
	*made = want - s->avail_out;
	if (r == BZ_STREAM_END)
		return ST_EOF;
	if (r == BZ_MEM_ERROR)
		return ST_NOMEM;
	return r == BZ_OK ? ST_OK : ST_MALFORMED;
}

static bool
bzip2_begins(struct span head)
{
	return head.len >= 10 && memcmp(head.ptr, "BZh", 3) == 0 &&
	       head.ptr[3] >= '1' && head.ptr[3] <= '9' &&
	       (memcmp(head.ptr + 4, "1AY&SY", 6) == 0 ||
		memcmp(head.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

const struct codec codec_bzip2 = {bzip2_open, bzip2_close, bzip2_run,
				  bzip2_begins};
