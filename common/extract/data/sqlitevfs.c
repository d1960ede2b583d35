#include "extract/data/sqlitevfs.h"

#include <stdio.h>
#include <string.h>

#define VERSIONS_AT 18 /* two bytes, 2: changes stand in a file beside it */

struct file {
	sqlite3_file base;
	struct sqlitevfs *of;
};

static int
file_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

/* n bytes at off, ahead of them more when they are read in order. */
static bool
fetch(struct sqlitevfs *v, uint8_t *dst, size_t n, uint64_t off)
{
	uint64_t left = v->part->size - off;
	bool follows = off == v->next;

	v->next = off + n;
	if (v->part->whole.ptr != NULL || !follows || n > sizeof(v->block))
		return part_pread(v->part, dst, n, off);
	v->at = off;
	v->len = left < sizeof(v->block) ? (size_t)left : sizeof(v->block);
	if (!part_pread(v->part, v->block, v->len, off)) {
		v->len = 0;
		return false;
	}
	memcpy(dst, v->block, n);
	return true;
}

static bool
read_at(struct sqlitevfs *v, uint8_t *dst, size_t n, uint64_t off)
{
	if (v->len >= n && off >= v->at && off - v->at <= v->len - n) {
		memcpy(dst, v->block + (off - v->at), n);
		v->next = off + n;
		return true;
	}
	return fetch(v, dst, n, off);
}

/* The log beside a database is none of this file: it is read as it stands. */
static void
without_log(uint8_t *dst, size_t n, uint64_t off)
{
	for (uint64_t at = VERSIONS_AT; at < VERSIONS_AT + 2; at++)
		if (at >= off && at - off < n && dst[at - off] == 2)
			dst[at - off] = 1;
}

static int
file_read(sqlite3_file *f, void *dst, int amount, sqlite3_int64 offset)
{
	struct sqlitevfs *v = ((struct file *)f)->of;
	size_t n = (size_t)amount, have = n;
	uint64_t off = (uint64_t)offset;

	if (off >= v->part->size)
		have = 0;
	else if (have > v->part->size - off)
		have = (size_t)(v->part->size - off);
	if (have > 0 && !read_at(v, dst, have, off))
		return SQLITE_IOERR_READ;
	without_log(dst, have, off);
	if (have == n)
		return SQLITE_OK;
	memset((uint8_t *)dst + have, 0, n - have);
	return SQLITE_IOERR_SHORT_READ;
}

static int
file_write(sqlite3_file *f, const void *src, int n, sqlite3_int64 off)
{
	(void)f;
	(void)src;
	(void)n;
	(void)off;
	return SQLITE_READONLY;
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	(void)f;
	(void)size;
	return SQLITE_READONLY;
}

static int
file_flag(sqlite3_file *f, int flag)
{
	(void)f;
	(void)flag;
	return SQLITE_OK;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct file *)f)->of->part->size;
	return SQLITE_OK;
}

static int
file_reserved(sqlite3_file *f, int *out)
{
	(void)f;
	*out = 0;
	return SQLITE_OK;
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	(void)f;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
file_sector(sqlite3_file *f)
{
	(void)f;
	return 4096;
}

static int
file_traits(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_flag,
    .xFileSize = file_size,
    .xLock = file_flag,
    .xUnlock = file_flag,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
	 int *got)
{
	f->pMethods = NULL;
	if (name == NULL || (flags & SQLITE_OPEN_MAIN_DB) == 0)
		return SQLITE_CANTOPEN;
	((struct file *)f)->of = vfs->pAppData;
	f->pMethods = &file_methods;
	if (got != NULL)
		*got = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)name;
	(void)sync;
	return SQLITE_READONLY;
}

static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	(void)name;
	(void)flags;
	*out = 0;
	return SQLITE_OK;
}

static int
vfs_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	snprintf(out, (size_t)n, "%s", name);
	return SQLITE_OK;
}

static int
vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	memset(out, 1, (size_t)n);
	return n;
}

static int
vfs_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int
vfs_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 0;
	return SQLITE_OK;
}

static int
vfs_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	if (n > 0)
		out[0] = 0;
	return 0;
}

int
sqlitevfs_begin(struct sqlitevfs *v, struct part *p)
{
	memset(v, 0, offsetof(struct sqlitevfs, block));
	snprintf(v->name, sizeof(v->name), "part-%p", (void *)v);
	v->part = p;
	v->vfs = (sqlite3_vfs){
	    .iVersion = 1,
	    .szOsFile = sizeof(struct file),
	    .mxPathname = 64,
	    .zName = v->name,
	    .pAppData = v,
	    .xOpen = vfs_open,
	    .xDelete = vfs_delete,
	    .xAccess = vfs_access,
	    .xFullPathname = vfs_path,
	    .xRandomness = vfs_random,
	    .xSleep = vfs_sleep,
	    .xCurrentTime = vfs_time,
	    .xGetLastError = vfs_error,
	};
	return sqlite3_vfs_register(&v->vfs, 0);
}

void
sqlitevfs_end(struct sqlitevfs *v)
{
	sqlite3_vfs_unregister(&v->vfs);
}
