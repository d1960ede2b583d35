#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#include "extract/archive/codec.h"

static void *
open_by(lzma_ret (*init)(lzma_stream *s))
{
	lzma_stream *s = calloc(1, sizeof(*s));

	if (s != NULL && init(s) != LZMA_OK) {
		free(s);
		s = NULL;
	}
	return s;
}

/* Memory is bounded for the whole process; the library finds out itself. */
static lzma_ret
init_xz(lzma_stream *s)
{
	return lzma_stream_decoder(s, UINT64_MAX, LZMA_TELL_UNSUPPORTED_CHECK);
}

static lzma_ret
init_alone(lzma_stream *s)
{
	return lzma_alone_decoder(s, UINT64_MAX);
}

static void *
xz_open(void)
{
	return open_by(init_xz);
}

static void *
lzma_open(void)
{
	return open_by(init_alone);
}

static void
close_stream(void *state)
{
	lzma_end(state);
	free(state);
}

static enum status
meaning(lzma_ret r)
{
	switch ((int)r) {
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* more input is wanted */
	case LZMA_UNSUPPORTED_CHECK:
		return ST_OK;
	case LZMA_STREAM_END:
		return ST_EOF;
	case LZMA_MEM_ERROR:
	case LZMA_MEMLIMIT_ERROR:
		return ST_NOMEM;
	case LZMA_OPTIONS_ERROR:
		return ST_UNSUPPORTED;
	default:
		return ST_MALFORMED;
	}
}

static enum status
run(void *state, struct span in, uint8_t *out, size_t room, size_t *used,
    size_t *made)
{
	lzma_stream *s = state;
	lzma_ret r;

	s->next_in = in.ptr;
	s->avail_in = in.len;
	s->next_out = out;
	s->avail_out = room;
	r = lzma_code(s, LZMA_RUN);
	*used = in.len - s->avail_in;
	*made = room - s->avail_out;
	return meaning(r);
}

/* Streams may be padded with zeros, four at a time. */
static bool
xz_begins(struct span head)
{
	return head.len >= 12 && memcmp(head.ptr, "\xfd\x37zXZ\0", 6) == 0;
}

static bool
lzma_begins(struct span head)
{
	(void)head;
	return false; /* it has no magic that could be relied on */
}

const struct codec codec_xz = {xz_open, close_stream, run, xz_begins};
const struct codec codec_lzma = {lzma_open, close_stream, run, lzma_begins};
