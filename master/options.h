#ifndef MASTER_OPTIONS_H
#define MASTER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * options: the flags of one command (not settings, which are conf's), taken out
 * of argv before the settings are read. --name value or --name=value.
 */
#define OPTION_VALUES_MAX 64

struct option {
	const char *name; /* "path" */
	bool flag;        /* has no value */
	unsigned max;     /* how often it may be given; 0: once */
	const char *help;
	const char *values[OPTION_VALUES_MAX]; /* out */
	unsigned count;                        /* out */
};

/* The table ends with name NULL. ST_USAGE and a sentence in *why. */
NODISCARD enum status options_take(struct option *table, int *argc, char **argv,
				   struct buf *why);

/* The value of an option, NULL when it was not given. */
const char *option_value(const struct option *table, const char *name);
const struct option *option_find(const struct option *table, const char *name);

#endif
