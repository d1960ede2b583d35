#include "scan/slot.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/must.h"

static size_t
size_of(size_t count)
{
	return count * SLOT_SIZE + SLOTS_TAIL;
}

/* A mapping of a descriptor that is open for reading can never be written. */
static int
open_readonly(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

enum status
slots_open(size_t count, struct slots *out)
{
	size_t size = size_of(count);
	int fd = memfd_create("trawl-slots", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int ro;
	void *base;

	if (fd < 0)
		return ST_NOMEM;
	if (ftruncate(fd, (off_t)size) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
		close(fd);
		return ST_NOMEM;
	}
	ro = open_readonly(fd);
	/* without /proc the same memory, readable by agreement only */
	base = mmap(NULL, size, PROT_READ, MAP_SHARED, ro >= 0 ? ro : fd, 0);
	if (ro >= 0)
		close(ro);
	if (base == MAP_FAILED) {
		close(fd);
		return ST_NOMEM;
	}
	*out = (struct slots){.base = base, .count = count, .fd = fd};
	return ST_OK;
}

void
slots_close(struct slots *s)
{
	if (s->base != NULL)
		munmap(s->base, size_of(s->count));
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct slots){.fd = -1};
}

enum status
slots_writable(struct slots *s)
{
	size_t size = size_of(s->count);
	void *base =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);

	if (base == MAP_FAILED)
		return ST_NOMEM;
	if (s->base != NULL)
		munmap(s->base, size);
	close(s->fd);
	s->base = base;
	s->fd = -1;
	return ST_OK;
}

struct slot_head *
slot_write(const struct slots *s, size_t i)
{
	must(i < s->count);
	return (struct slot_head *)(void *)(s->base + i * SLOT_SIZE);
}

_Atomic uint64_t *
slots_signs(const struct slots *s)
{
	return (_Atomic uint64_t *)(void *)(s->base + s->count * SLOT_SIZE);
}

static bool
inside(uint32_t off, uint32_t len)
{
	return off <= SLOT_SIZE && len <= SLOT_SIZE - off;
}

const struct slot_head *
slot_check(const struct slots *s, size_t i)
{
	const struct slot_head *h;

	if (i >= s->count)
		return NULL;
	h = slot_write(s, i);
	if (h->count > SLOT_ITEMS || h->fds > SLOT_FDS ||
	    !inside(h->cursor, h->cursor_len))
		return NULL;
	for (size_t k = 0; k < h->count; k++) {
		const struct slot_item *it = &h->items[k];

		if (!inside(it->path, it->path_len) ||
		    !inside(it->data, it->data_len) ||
		    !inside(it->detail, it->detail_len) || it->fd > h->fds)
			return NULL;
		if ((it->flags & SLOT_STREAM) && (h->count != 1 || it->fd != 1))
			return NULL;
	}
	return h;
}
