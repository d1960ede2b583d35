#include "extract/data/avro.h"

#include <stdio.h>
#include <string.h>

#include "extract/data/packed.h"
#include "extract/text.h"

#define SYNC      16
#define BLOCK_MAX (UINT64_C(1) << 40)
#define HEAD_MAX  32768 /* a header that is longer is not looked into */

/* Zigzag, lowest bits first. */
static bool
take_long(struct span *s, int64_t *out)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && s->len > 0; shift += 7) {
		uint8_t c = s->ptr[0];

		*s = span_skip(*s, 1);
		v |= (uint64_t)(c & 0x7f) << shift;
		if (c & 0x80)
			continue;
		*out = (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
		return true;
	}
	return false;
}

static bool
take_bytes(struct span *s, struct span *out)
{
	int64_t n;

	if (!take_long(s, &n) || n < 0 || (uint64_t)n > s->len)
		return false;
	*out = span_of(s->ptr, (size_t)n);
	*s = span_skip(*s, (size_t)n);
	return true;
}

static bool
is(struct span s, const char *word)
{
	return s.len == strlen(word) && memcmp(s.ptr, word, s.len) == 0;
}

static enum packed
codec_named(struct span s)
{
	static const struct {
		const char *name;
		enum packed how;
	} codecs[] = {
	    {"null", PACKED_NOT},      {"deflate", PACKED_DEFLATE},
	    {"snappy", PACKED_SNAPPY}, {"zstandard", PACKED_ZSTD},
	    {"bzip2", PACKED_BZIP2},   {"xz", PACKED_XZ},
	};

	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (is(s, codecs[i].name))
			return codecs[i].how;
	return PACKED_OTHER;
}

/* Entries of the header's map up to its end; false: it is not one. */
static bool
read_entries(struct span *s, int64_t count, enum packed *how)
{
	struct span key, value;

	for (int64_t i = 0; i < count; i++) {
		if (!take_bytes(s, &key) || !take_bytes(s, &value))
			return false;
		if (is(key, "avro.codec"))
			*how = codec_named(value);
	}
	return true;
}

/* The length of the header with its mark; 0: it is none. */
static size_t
header_len(struct span s, enum packed *how)
{
	size_t all = s.len;
	int64_t count, size;

	s = span_skip(s, strlen(AVRO_MAGIC));
	for (;;) {
		if (!take_long(&s, &count) || count == INT64_MIN)
			return 0;
		if (count == 0)
			break;
		if (count < 0 && !take_long(&s, &size))
			return 0;
		if (!read_entries(&s, count < 0 ? -count : count, how))
			return 0;
	}
	return s.len < SYNC ? 0 : all - s.len + SYNC;
}

static enum status
read_block(struct extractor *x, struct part *p, enum packed how, uint64_t n,
	   uint64_t number)
{
	uint64_t sum = how == PACKED_SNAPPY && n >= 4 ? 4 : 0;
	struct job_outer outer;
	enum status st;
	char name[32];

	snprintf(name, sizeof(name), "block %llu", (unsigned long long)number);
	job_begin_member(x, span_str(name), &outer);
	st = packed_read(x, p, how, n - sum);
	job_end_member(x, &outer);
	part_consume(p, part_peek(p, sum).len < sum ? 0 : sum);
	return st;
}

/* False: that is not how a block begins. */
static bool
begin_block(struct part *p, uint64_t *n)
{
	struct span s = part_peek(p, 20), all;
	int64_t rows, size;

	if (s.len > 20)
		s.len = 20;
	all = s;
	if (!take_long(&s, &rows) || !take_long(&s, &size) || rows < 0 ||
	    size < 0 || (uint64_t)size > BLOCK_MAX)
		return false;
	part_consume(p, all.len - s.len);
	*n = (uint64_t)size;
	return true;
}

static enum status
read_blocks(struct extractor *x, struct part *p, enum packed how,
	    const uint8_t mark[SYNC])
{
	enum status st = ST_OK;
	struct span s;
	uint64_t n;

	for (uint64_t i = 1; st == ST_OK && !x->stop; i++) {
		if (part_peek(p, 1).len == 0)
			return ST_OK;
		if (!begin_block(p, &n))
			break;
		if (!job_count(x))
			return ST_OK;
		st = read_block(x, p, how, n, i);
		s = part_peek(p, SYNC);
		if (s.len < SYNC || memcmp(s.ptr, mark, SYNC) != 0)
			break;
		part_consume(p, SYNC);
	}
	if (st != ST_OK || x->stop)
		return st;
	job_note(x,
		 part_peek(p, 1).len == 0 ? COVER_TRUNCATED : COVER_MALFORMED);
	return job_rest(x, p);
}

enum status
avro_part(struct extractor *x, struct part *p)
{
	enum packed how = PACKED_NOT;
	struct span s = part_peek(p, HEAD_MAX);
	size_t n = header_len(s, &how);
	uint8_t mark[SYNC];
	enum status st;

	if (n == 0) {
		job_note(x, COVER_MALFORMED);
		return job_rest(x, p);
	}
	memcpy(mark, s.ptr + n - SYNC, SYNC);
	st = text_bytes(x, p, n);
	return st == ST_OK && !x->stop ? read_blocks(x, p, how, mark) : st;
}
