#include "sys/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SECRET_MAGIC 0x5345434d /* linux/magic.h of newer systems */

/* Newer than the headers of older systems. */
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

/* Locked by its nature; NULL when this kernel has none, or no room for it. */
static uint8_t *
map_secret(struct vault *v)
{
	void *base;

	v->fd = (int)syscall(SYS_memfd_secret, O_CLOEXEC);
	if (v->fd < 0)
		return NULL;
	if (ftruncate(v->fd, (off_t)v->room) == 0) {
		base = mmap(NULL, v->room, PROT_READ | PROT_WRITE, MAP_SHARED,
			    v->fd, 0);
		if (base != MAP_FAILED)
			return base;
	}
	close(v->fd);
	v->fd = -1;
	return NULL;
}

/* Such memory is locked by its nature, and no core file has it. */
static bool
is_secret(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (uint32_t)fs.f_type == SECRET_MAGIC;
}

static enum status
guard(struct vault *v)
{
	if (!is_secret(v->fd)) {
		if (mlock(v->base, v->room) != 0)
			return ST_LIMIT;
		if (madvise(v->base, v->room, MADV_DONTDUMP) != 0)
			return ST_IO;
	}
	return madvise(v->base, v->room, MADV_DONTFORK) == 0 ? ST_OK : ST_IO;
}

static enum status
map(struct vault *v)
{
	void *base =
	    mmap(NULL, v->room, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd, 0);

	if (base == MAP_FAILED)
		return errno == EAGAIN ? ST_LIMIT : ST_NOMEM;
	v->base = base;
	return guard(v);
}

enum status
vault_open(size_t room, struct vault *out)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct vault v = {.fd = -1};
	enum status st;

	if (room == 0 || room > VAULT_MAX)
		return ST_LIMIT;
	v.room = (room + page - 1) / page * page;
	v.base = map_secret(&v);
	if (v.base != NULL) {
		st = guard(&v);
	} else {
		v.fd = memfd_create("trawl-vault", MFD_CLOEXEC);
		if (v.fd < 0)
			return ST_NOMEM;
		st = ftruncate(v.fd, (off_t)v.room) == 0 ? map(&v) : ST_NOMEM;
	}
	if (st != ST_OK) {
		vault_close(&v);
		return st;
	}
	*out = v;
	return ST_OK;
}

enum status
vault_take(int fd, size_t len, struct vault *out)
{
	struct vault v = {.fd = fd, .len = len, .room = 1};
	struct stat sb;
	enum status st = ST_MALFORMED;

	if (fstat(fd, &sb) == 0 && sb.st_size > 0 && sb.st_size <= VAULT_MAX &&
	    (size_t)sb.st_size >= len) {
		v.room = (size_t)sb.st_size;
		st = map(&v);
	}
	if (st != ST_OK) {
		vault_close(&v);
		return st;
	}
	*out = v;
	return ST_OK;
}

void
vault_leave(struct vault *v)
{
	if (v->base != NULL)
		munmap(v->base, v->room);
	if (v->room > 0 && v->fd >= 0)
		close(v->fd);
	*v = (struct vault){.fd = -1};
}

void
vault_close(struct vault *v)
{
	if (v->base != NULL)
		explicit_bzero(v->base, v->room);
	vault_leave(v);
}
