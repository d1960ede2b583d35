#ifndef AGENT_TRAWL_REMOTE_H
#define AGENT_TRAWL_REMOTE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "scan/scan.h"

/*
 * remote: targets on other hosts, as the command line names them: their file of
 * credentials, their options, the program that reads them.
 *
 * Owner: all zero is none; remote_close() wipes.
 */
#define REMOTE_OPTIONS_MAX 4096 /* bytes */

struct remote {
	struct scan_remote how;
	struct vault file; /* of credentials; closed: none */
	const char *name;  /* of that file */
	uint8_t options[REMOTE_OPTIONS_MAX];
	char programs[PATH_MAX]; /* the folder where they stand */
};

/* One --option NAME=VALUE; false after it has said what is wrong. */
bool remote_option(struct remote *r, const char *word);

/*
 * --credential FILE: read into locked memory. False after it has said what is
 * wrong: others may read it, it is too large ...
 */
bool remote_credential(struct remote *r, const char *name);

/* Whether it is a target of another host that could be read. Says why not. */
bool remote_check(struct remote *r, struct span target);

void remote_close(struct remote *r);

#endif
