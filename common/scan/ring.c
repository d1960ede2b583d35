#include "scan/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"

/* ---- the reader's end ------------------------------------------------------
 */

/* A packet takes a page. Fewer are given to a user who has many pipes. */
static bool
is_narrow(int fd)
{
	long page = sysconf(_SC_PAGESIZE);
	int room = fcntl(fd, F_SETPIPE_SZ, (int)(RING_AHEAD * page));

	if (room < 0)
		room = fcntl(fd, F_GETPIPE_SZ);
	return room > 0 && room <= (long)RING_AHEAD * page;
}

enum status
ring_open(struct slot_head *h, struct ring_out *out, int *to)
{
	int ends[2];

	must(h->used <= RING_AT);
	if (pipe2(ends, O_CLOEXEC | O_DIRECT) != 0)
		return ST_IO;
	if (!is_narrow(ends[1])) {
		close(ends[0]);
		close(ends[1]);
		return ST_IO;
	}
	*out = (struct ring_out){.slot = h, .fd = ends[1]};
	*to = ends[0];
	return ST_OK;
}

static size_t
place_of(uint32_t turn)
{
	return RING_AT + (size_t)(turn % RING_PIECES) * RING_PIECE;
}

uint8_t *
ring_room(const struct ring_out *s)
{
	return (uint8_t *)s->slot + place_of(s->turn);
}

enum status
ring_push(struct ring_out *s, uint32_t n)
{
	ssize_t w;

	must(n > 0 && n <= RING_PIECE);
	do
		w = write(s->fd, &n, sizeof(n));
	while (w < 0 && errno == EINTR);
	s->turn++;
	return w == sizeof(n) ? ST_OK : ST_EOF;
}

enum status
ring_copy(struct ring_out *s, struct span bytes)
{
	enum status st = ST_OK;
	size_t n;

	while (st == ST_OK && bytes.len > 0) {
		n = bytes.len < RING_PIECE ? bytes.len : RING_PIECE;
		memcpy(ring_room(s), bytes.ptr, n);
		st = ring_push(s, (uint32_t)n);
		bytes = span_skip(bytes, n);
	}
	return st;
}

void
ring_end(struct ring_out *s, enum slot_stream how)
{
	s->slot->stream = how;
	close(s->fd);
	s->fd = -1;
}

/* ---- the worker's end ------------------------------------------------------
 */

/* The next piece; none: it is at its end. */
static enum status
take_piece(struct ring_in *s)
{
	uint32_t n = 0;
	ssize_t r;

	do
		r = read(s->fd, &n, sizeof(n));
	while (r < 0 && errno == EINTR);
	if (r == 0)
		return s->slot->stream == STREAM_WHOLE ? ST_EOF : ST_IO;
	if (r != sizeof(n) || n > RING_PIECE)
		return ST_IO;
	s->left = span_of((const uint8_t *)s->slot + place_of(s->turn++), n);
	return ST_OK;
}

enum status
ring_read(struct ring_in *s, void *dst, size_t n, size_t *got)
{
	enum status st = s->left.len > 0 ? ST_OK : take_piece(s);

	*got = 0;
	if (st != ST_OK)
		return st == ST_EOF ? ST_OK : st;
	*got = n < s->left.len ? n : s->left.len;
	memcpy(dst, s->left.ptr, *got);
	s->left = span_skip(s->left, *got);
	return ST_OK;
}
