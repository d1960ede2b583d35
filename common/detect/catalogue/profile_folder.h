#ifndef DETECT_CATALOGUE_PROFILE_FOLDER_H
#define DETECT_CATALOGUE_PROFILE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "detect/catalogue/profile.h"

/*
 * profile_folder: where profiles lie: in profiles/ of the folders of one's own
 * rules, and of the catalogue.
 */
#define PROFILE_FOLDER "profiles"
#define PROFILES_MAX   256 /* of a catalogue */

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

#endif
