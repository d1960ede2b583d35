/* Property: no bytes make the pipe hand out more than was put in. */
#include <stdlib.h>
#include <unistd.h>

#include "sys/pipe.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pipe_message m;
	size_t total = 0;
	struct pipe *p;
	int fds[2];
	enum status st;

	if (size > 65536)
		return 0;
	if (pipe_pair(fds) != ST_OK || pipe_open(fds[0], 4096, &p) != ST_OK)
		abort();
	if (size > 0 && write(fds[1], data, size) != (ssize_t)size)
		abort();
	close(fds[1]);
	while ((st = pipe_poll(p, &m)) == ST_OK) {
		total += PIPE_HEAD + m.body.len;
		if (m.fd_count != 0)
			abort();
	}
	if (total > size || (st != ST_CLOSED && st != ST_MALFORMED))
		abort();
	pipe_close(p);
	return 0;
}
