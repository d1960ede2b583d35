#ifndef DETECT_CATALOGUE_YML_PLAIN_H
#define DETECT_CATALOGUE_YML_PLAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"
#include "detect/catalogue/yml.h"

/*
 * yml_plain: the few ways of writing YAML that catalogue files keep to, read
 * in one pass, ten times as fast as all of YAML is.
 *
 * Maps and lists by indent, [a, b] and {k: v}, texts in quotes or bare, longer
 * ones over several lines. What it is not sure of, and all that is wrong, it
 * declines: false, and the whole reader has the word. What it takes, it takes
 * as that one does; the fuzz target holds them against each other.
 * Owner:  as of yml_parse_apart(); of what was declined there is waste.
 */
NODISCARD bool yml_plain(struct span bytes, struct arena *nodes,
			 struct arena *texts, struct yml_node **root);

#endif
