#include "extract/memfile.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum status
extractor_file(struct extractor *x)
{
	x->file = memfd_create("trawl", MFD_CLOEXEC);
	return x->file < 0 ? status_of_errno(errno) : ST_OK;
}

static bool
write_all(int fd, struct span s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = span_skip(s, (size_t)n);
	}
	return true;
}

static bool
copy(struct extractor *x, struct part *p, struct memfile *f)
{
	for (;;) {
		struct span s = part_ahead(p);

		if (s.len == 0)
			return true;
		if (s.len > PART_BUF)
			s.len = PART_BUF;
		if (s.len > x->budget.memory - x->kept || !write_all(f->fd, s))
			return false;
		x->kept += s.len;
		f->size += s.len;
		part_consume(p, s.len);
	}
}

bool
memfile_open(struct extractor *x, struct part *p, struct memfile *f)
{
	*f = (struct memfile){.fd = x->file};
	if (x->file < 0 || x->file_used)
		return false;
	x->file_used = true;
	snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
	if (lseek(f->fd, 0, SEEK_SET) == 0 && copy(x, p, f) &&
	    lseek(f->fd, 0, SEEK_SET) == 0)
		return true;
	memfile_close(x, f);
	return false;
}

void
memfile_close(struct extractor *x, struct memfile *f)
{
	x->kept -= f->size;
	f->size = 0;
	x->file_used = false;
	/* its pages go back to the system, which clears them */
	if (ftruncate(f->fd, 0) != 0)
		x->file_used = true; /* then there is none any more */
}
