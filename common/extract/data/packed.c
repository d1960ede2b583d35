#include "extract/data/packed.h"

#include <stdlib.h>
#include <string.h>

#include "extract/archive/codec.h"
#include "extract/archive/inflate.h"
#include "extract/data/snappy.h"
#include "extract/text.h"

#define PIECE_MAX (32u << 20) /* of what is unpacked at once */

struct source {
	struct extractor *x;
	struct inflater *inflater; /* or */
	struct codec_reader codec;
};

static enum status
source_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct source *s = arg;
	enum status st = s->inflater != NULL
			     ? inflater_read(s->inflater, dst, n, got)
			     : codec_read(&s->codec, dst, n, got);

	return job_spend(s->x, *got) ? st : ST_LIMIT;
}

static enum status
read_all(struct extractor *x, struct source *s)
{
	struct part p = {.arg = s, .read = source_read, .size = UINT64_MAX};
	enum status st;

	p.buf = job_buf(x);
	if (p.buf == NULL)
		return ST_NOMEM;
	st = job_rest(x, &p);
	if (st == ST_OK && !x->stop)
		job_note_failure(x, &p);
	return st;
}

static enum status
read_deflate(struct extractor *x, struct part *p, uint64_t n)
{
	struct source s = {.x = x, .inflater = job_inflater(x)};

	if (s.inflater == NULL)
		return ST_NOMEM;
	inflater_start(s.inflater, p, n);
	return read_all(x, &s);
}

static enum status
read_codec(struct extractor *x, struct part *p, const struct codec *c,
	   uint64_t n)
{
	struct source s = {.x = x};
	enum status st;

	codec_start(&s.codec, c, p, n, false);
	st = read_all(x, &s);
	codec_stop(&s.codec);
	return st;
}

static enum status
give_bytes(struct extractor *x, const uint8_t *data, size_t len)
{
	struct part out;

	part_memory(&out, span_of(data, len));
	return job_spend(x, len) ? job_rest(x, &out) : ST_OK;
}

static enum status
read_snappy(struct extractor *x, struct part *p, size_t n)
{
	uint8_t *in = malloc(n + 1), *out = NULL;
	size_t len = 0, have;
	enum status st = ST_NOMEM, given = ST_OK;

	if (in != NULL) {
		have = part_read(p, in, n);
		st = snappy_unpack(span_of(in, have), PIECE_MAX, &out, &len);
		if (out != NULL)
			given = give_bytes(x, out, len);
		else if (st == ST_MALFORMED || st == ST_LIMIT)
			given = give_bytes(x, in, have);
	}
	free(in);
	free(out);
	if (st == ST_MALFORMED)
		job_note(x, COVER_MALFORMED);
	else if (st == ST_LIMIT)
		job_note(x, COVER_MEMORY);
	else if (st != ST_OK)
		return st;
	return given;
}

static enum status
read_how(struct extractor *x, struct part *p, enum packed how, uint64_t n)
{
	switch (how) {
	case PACKED_DEFLATE:
		return read_deflate(x, p, n);
	case PACKED_ZSTD:
		return read_codec(x, p, &codec_zstd, n);
	case PACKED_BZIP2:
		return read_codec(x, p, &codec_bzip2, n);
	case PACKED_XZ:
		return read_codec(x, p, &codec_xz, n);
	case PACKED_SNAPPY:
		if (n <= PIECE_MAX)
			return read_snappy(x, p, (size_t)n);
		job_note(x, COVER_MEMORY);
		return text_bytes(x, p, n);
	case PACKED_OTHER:
		job_note(x, COVER_UNSUPPORTED);
		return text_bytes(x, p, n);
	case PACKED_GZIP:
	case PACKED_NOT:
		break;
	}
	return text_bytes(x, p, n);
}

static void
skip_to(struct part *p, uint64_t to)
{
	while (p->pos < to) {
		struct span s = part_ahead(p);

		if (s.len == 0)
			return;
		part_consume(p, s.len < to - p->pos ? s.len
						    : (size_t)(to - p->pos));
	}
}

enum status
packed_read(struct extractor *x, struct part *p, enum packed how, uint64_t n)
{
	uint64_t end = n < UINT64_MAX - p->pos ? p->pos + n : UINT64_MAX;
	enum status st = read_how(x, p, how, n);

	if (st == ST_OK && !x->stop)
		skip_to(p, end);
	return st;
}
