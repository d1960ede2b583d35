#ifndef EXTRACT_DATA_SQLITEVFS_H
#define EXTRACT_DATA_SQLITEVFS_H

#include <stdint.h>

#include <sqlite3.h>

#include "extract/part.h"

/*
 * sqlitevfs: a part as the one file that SQLite sees. It is only read, never
 * locked, has no journal and no temporary files beside it. The part is
 * seekable, its size known.
 */
#define SQLITEVFS_BLOCK (64 * 1024)

struct sqlitevfs {
	sqlite3_vfs vfs;
	char name[32];
	struct part *part;
	uint64_t at, next;              /* of the block; behind the last read */
	size_t len;                     /* bytes of the block */
	uint8_t block[SQLITEVFS_BLOCK]; /* read ahead of a walk in order */
};

/* Makes it known to SQLite under v->name, until the end. */
int sqlitevfs_begin(struct sqlitevfs *v, struct part *p);
void sqlitevfs_end(struct sqlitevfs *v);

#endif
