#ifndef MASTER_API_STATIC_H
#define MASTER_API_STATIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct asset;

/*
 * static: which file of the console answers a path, in which encoding. A path
 * without a dot in its last part is a view of the console: index.html.
 */
enum static_encoding {
	STATIC_PLAIN,
	STATIC_GZIP,
	STATIC_BROTLI,
	STATIC__COUNT
};

struct static_hit {
	size_t index; /* of the table */
	const struct asset *asset;
	enum static_encoding encoding;
	bool unchanged; /* If-None-Match has its tag: 304 */
	bool forever;   /* its name holds a hash of its content */
};

/* files: sorted by path. False: there is no such file. */
bool static_find(const struct asset *files, size_t count, struct span path,
		 const char *accept_encoding, const char *if_none_match,
		 struct static_hit *hit);

struct span static_bytes(const struct asset *a, enum static_encoding e);

/* "br", "gzip"; NULL for plain. */
const char *static_encoding_name(enum static_encoding e);

#endif
