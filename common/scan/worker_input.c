#include <errno.h>
#include <unistd.h>

#include "scan/worker_impl.h"

static enum status
file_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct worker *w = arg;
	ssize_t r;

	do
		r = pread(w->fd, dst, n, (off_t)off);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return ST_IO;
	*got = (size_t)r;
	return ST_OK;
}

/* From another host: in order, and its end counts only when it is told. */
static enum status
piece_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct worker *w = arg;

	return ring_read(&w->ring, dst, n, got);
}

static enum status
file_extent(void *arg, uint64_t off, uint64_t *begin, uint64_t *end)
{
	const struct worker *w = arg;
	off_t data = lseek(w->fd, (off_t)off, SEEK_DATA), hole;

	if (data < 0)
		return ST_EOF;
	hole = lseek(w->fd, data, SEEK_HOLE);
	if (hole < 0)
		return ST_EOF;
	*begin = (uint64_t)data;
	*end = (uint64_t)hole;
	return ST_OK;
}

struct extract_input
worker_input(struct worker *w, const struct slot_head *h,
	     const struct slot_item *it)
{
	struct extract_input in = {.arg = w, .size = it->size, .name = w->path};

	if (it->fd == 0) {
		in.bytes = slot_span(h, it->data, it->data_len);
		return in;
	}
	if (it->flags & SLOT_STREAM)
		in.read = piece_read;
	else
		in.pread = file_pread;
	if (it->flags & SLOT_UNSIZED)
		in.size = UINT64_MAX;
	if (it->flags & SLOT_SPARSE)
		in.extent = file_extent;
	return in;
}
