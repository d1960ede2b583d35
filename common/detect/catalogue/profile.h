#ifndef DETECT_CATALOGUE_PROFILE_H
#define DETECT_CATALOGUE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "detect/catalogue/selector.h"

/*
 * profile: a named and dated choice of data types, profiles/<id>.yaml.
 *
 * A type is in it when one selector of `include` takes it and none of
 * `exclude` does.
 * Owner:  all of it lives in the arena of the catalogue.
 */
struct profile {
	const char *id, *name, *about;
	const char *date; /* "2026-11-22" */
	unsigned version;
	const struct selector *include, *exclude;
	size_t include_count, exclude_count;
};

#define PROFILE_ID_MAX 48

/* From the bytes of a file; *why is "FILE:LINE: field ..." when it is wrong. */
NODISCARD enum status profile_read(struct catalogue *c, const char *file,
				   struct span bytes, struct profile **out,
				   struct buf *why);

bool profile_has(const struct profile *p, const struct data_type *t);

#endif
