#ifndef AGENT_TRAWL_CHOOSE_H
#define AGENT_TRAWL_CHOOSE_H

#include <stdbool.h>

#include "detect/detect.h"
#include "model/order.h"

/*
 * choose: which data types, as the options --types, --profile and --rules of
 * several commands say.
 *
 * Owner: spans point into argv; names of profiles into `names`.
 */
#define CHOOSE_RULES 16

struct choose {
	struct detect_options options;
	struct span types[ORDER_TYPES_MAX];
	const char *rules[CHOOSE_RULES];
	char names[4096]; /* "profile:NAME" of each */
	size_t used;
};

#define CHOOSE_OPTIONS                                                         \
	{"types", required_argument, NULL, 't'},                               \
	    {"profile", required_argument, NULL, 'p'},                         \
	{                                                                      \
		"rules", required_argument, NULL, 'R'                          \
	}

/* False after it has said on stderr what is wrong. */
bool choose_take(struct choose *c, int letter, const char *value);

/* For a detector; good as long as c stays where it is. */
const struct detect_options *choose_options(struct choose *c);

#endif
