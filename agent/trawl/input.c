#include "agent/trawl/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "sys/file.h"

#define PIECE ((size_t)1 << 20)

/* A file that nobody has read of yet. */
static bool
is_whole_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       lseek(fd, 0, SEEK_CUR) == 0;
}

static enum status
copy(int from, int to, uint64_t most, uint8_t *piece)
{
	uint64_t sum = 0;
	enum status st = ST_OK;

	while (st == ST_OK) {
		ssize_t n = read(from, piece, PIECE);

		if (n == 0)
			return ST_OK;
		if (n < 0 && errno != EINTR)
			return status_of_errno(errno);
		sum += n > 0 ? (uint64_t)n : 0;
		if (sum > most)
			return ST_LIMIT;
		st = file_write_all(to, span_of(piece, n > 0 ? (size_t)n : 0));
	}
	return st;
}

static enum status
copied(int from, uint64_t most, int *fd)
{
	struct buf piece;
	enum status st;

	*fd = memfd_create("trawl-input", MFD_CLOEXEC);
	if (*fd < 0)
		return status_of_errno(errno);
	buf_init(&piece, PIECE);
	st = buf_reserve(&piece, PIECE);
	if (st == ST_OK)
		st = copy(from, *fd, most, piece.data);
	buf_fini(&piece); /* wiped */
	if (st != ST_OK)
		close(*fd);
	return st;
}

enum status
input_open(int from, uint64_t most, int *fd)
{
	/* or the copy would get its number */
	if (fcntl(from, F_GETFD) < 0)
		return status_of_errno(errno);
	if (!is_whole_file(from))
		return copied(from, most, fd);
	*fd = fcntl(from, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return *fd < 0 ? status_of_errno(errno) : ST_OK;
}

static size_t
find(const struct scan_order *o)
{
	size_t i = 0;

	while (i < o->path_count && !str_is(o->paths[i], INPUT_PATH))
		i++;
	return i;
}

/* There is only one: each further time that it is named is left out. */
static void
leave_out(struct scan_order *o, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < o->path_count; i++)
		if (!str_is(o->paths[i], INPUT_PATH))
			o->paths[kept++] = o->paths[i];
	o->path_count = kept;
}

static void
complain(enum status st, int error)
{
	if (st == ST_LIMIT)
		fprintf(stderr,
			"trawl: standard input: more than %" PRIu64
			" MiB came; write it into a file, and scan that\n",
			INPUT_MAX >> 20);
	else if (error == EISDIR)
		fputs("trawl: standard input is a folder: give its path "
		      "instead of -\n",
		      stderr);
	else if (error == EBADF)
		fputs("trawl: standard input is closed, or open for writing "
		      "only: nothing can be read from it\n",
		      stderr);
	else
		fprintf(stderr, "trawl: standard input: %s\n",
			strerror(error)); /* NOLINT(concurrency-mt-unsafe) */
}

bool
input_take(struct scan_order *order, int *fd)
{
	size_t i = find(order);
	enum status st;

	*fd = 0;
	if (i == order->path_count)
		return true;
	st = input_open(STDIN_FILENO, INPUT_MAX, fd);
	if (st == ST_OK) {
		leave_out(order, i + 1);
		return true;
	}
	complain(st, errno);
	*fd = 0;
	leave_out(order, i);
	return false;
}
