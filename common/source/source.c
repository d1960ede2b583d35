#include "source/source.h"

#include <string.h>

/* Length of the scheme in "smb://host/share"; 0 when it is a plain path. */
static size_t
scheme_len(struct span path)
{
	const uint8_t *at;

	if (path.ptr == NULL || path.len == 0 || path.ptr[0] == '/' ||
	    path.ptr[0] == '.')
		return 0;
	at = memmem(path.ptr, path.len, "://", 3);
	if (at == NULL || memchr(path.ptr, '/', (size_t)(at - path.ptr)))
		return 0;
	return (size_t)(at - path.ptr);
}

struct span
source_scheme(struct span path)
{
	return span_of(path.ptr, scheme_len(path));
}

const struct source_ops *
source_find(const struct source_ops *const *table, struct span path)
{
	struct span scheme = source_scheme(path);

	for (; *table != NULL; table++)
		if (span_eq(span_str((*table)->scheme), scheme))
			return *table;
	return NULL;
}
