#ifndef DETECT_PROFILE_H
#define DETECT_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "detect/catalogue.h"

/*
 * profile: a named and dated choice of data types, profiles/<id>.yaml.
 *
 * A type is in it when one selector of `include` takes it and none of
 * `exclude` does. A selector takes what all that it says agrees with.
 * Owner:  all of it lives in the arena of the catalogue.
 */
struct selector {
	const struct span *types; /* ids and globs */
	const struct span *categories, *countries, *risks;
	size_t type_count, category_count, country_count, risk_count;
	bool by_default; /* only types that are found unless told otherwise */
};

struct profile {
	const char *id, *name, *about;
	const char *date; /* "2026-11-22" */
	unsigned version;
	const struct selector *include, *exclude;
	size_t include_count, exclude_count;
};

#define PROFILE_FOLDER    "profiles"
#define PROFILE_ID_MAX    48
#define PROFILE_SELECTORS 64
#define PROFILES_MAX      256 /* of a catalogue */

/* From the bytes of a file; *why is "FILE:LINE: field ..." when it is wrong. */
NODISCARD enum status profile_read(struct catalogue *c, const char *file,
				   struct span bytes, struct profile **out,
				   struct buf *why);

/*
 * By name: of the folders of one's own rules first, then of the catalogue.
 * ST_NOTFOUND with the names that there are in *why.
 */
NODISCARD enum status profile_find(struct catalogue *c, struct span name,
				   struct profile **out, struct buf *why);

bool profile_is_there(const struct catalogue *c, struct span name);

/* All there are, in order of their names; those of one's own hide others. */
NODISCARD enum status profile_all(struct catalogue *c, struct profile **out,
				  size_t room, size_t *count, struct buf *why);

bool profile_has(const struct profile *p, const struct data_type *t);

#endif
