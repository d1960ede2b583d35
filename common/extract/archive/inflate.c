#include "extract/archive/inflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

struct inflater {
	struct inflate_state state;
	struct part *from;
	uint64_t left; /* bytes of input that may still be consumed */
	uint64_t out;
	uint32_t crc;
	bool end;
};

struct inflater *
inflater_new(void)
{
	return calloc(1, sizeof(struct inflater));
}

void
inflater_free(struct inflater *f)
{
	if (f == NULL)
		return;
	explicit_bzero(f, sizeof(*f));
	free(f);
}

void
inflater_start(struct inflater *f, struct part *from, uint64_t limit)
{
	isal_inflate_init(&f->state);
	f->state.crc_flag = ISAL_DEFLATE;
	f->from = from;
	f->left = limit;
	f->out = 0;
	f->crc = 0;
	f->end = false;
}

/*
 * The codec reads ahead into its bit buffer; at the end whole bytes of it
 * belong to what follows the stream.
 */
static void
give_back(struct inflater *f)
{
	size_t n = f->state.read_in_length > 0
		       ? (size_t)f->state.read_in_length / 8
		       : 0;

	part_unread(f->from, n);
	f->left += n;
}

static enum status
inflate_some(struct inflater *f)
{
	struct span in = part_ahead(f->from);
	size_t used;
	int r;

	if (in.len > f->left)
		in.len = (size_t)f->left;
	if (in.len > UINT32_MAX)
		in.len = UINT32_MAX;
	/* the codec does not write through its input pointer */
	memcpy(&f->state.next_in, &in.ptr, sizeof(in.ptr));
	f->state.avail_in = (uint32_t)in.len;
	r = isal_inflate(&f->state);
	if (r < 0 || f->state.avail_in > in.len)
		return ST_MALFORMED; /* its pointers mean nothing then */
	used = in.len - f->state.avail_in;
	f->left -= used;
	part_consume(f->from, used);
	if (f->state.block_state == ISAL_BLOCK_FINISH) {
		f->end = true;
		give_back(f);
		return ST_OK;
	}
	return used == 0 && in.len == 0 ? ST_CLOSED : ST_OK;
}

enum status
inflater_read(struct inflater *f, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;
	size_t room = n < UINT32_MAX ? n : UINT32_MAX;
	uint32_t before;

	*got = 0;
	f->state.next_out = dst;
	f->state.avail_out = (uint32_t)room;
	while (st == ST_OK && !f->end && f->state.avail_out > 0) {
		before = f->state.avail_out;
		st = inflate_some(f);
		if (st == ST_CLOSED && f->state.avail_out != before)
			st = ST_OK; /* it still had bytes inside */
	}
	*got = room - f->state.avail_out;
	f->crc = crc32_gzip_refl(f->crc, dst, *got);
	f->out += *got;
	return st;
}

uint32_t
inflater_crc(const struct inflater *f)
{
	return f->crc;
}

uint64_t
inflater_out(const struct inflater *f)
{
	return f->out;
}
