#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "conf/schema.h"

/*
 * conf: default < file < environment < flag, into the program's own struct.
 *
 * A file is lines "key = value"; # begins a comment at the start of a line or
 * behind a space; a value may stand in double quotes. Keys in the environment
 * are TRAWL_KEY in capitals with - as _. A flag is --key value or --key=value;
 * a bool may stand alone (--key) or be denied (--no-key).
 *
 * Errors: ST_USAGE and a sentence in *why (the caller has called buf_init() on
 * it) that names file and line, variable or flag, the key, what was given and
 * what is allowed.
 */

/* Every default; must() that they pass their own checks. */
void conf_defaults(const struct conf_schema *s, void *into);

NODISCARD enum status conf_text(const struct conf_schema *s, struct span text,
				const char *name, void *into, struct buf *why);

/* A file that is not there is ST_NOTFOUND and says so in *why. */
NODISCARD enum status conf_file(const struct conf_schema *s, const char *path,
				void *into, struct buf *why);

/* Variables TRAWL_* that no setting has are passed over. */
NODISCARD enum status conf_env(const struct conf_schema *s, char *const *envp,
			       void *into, struct buf *why);

/*
 * Flags of argv[from..argc). Words that are no flag are moved, in order, to
 * argv[from..from + *rest); "--" ends the flags. A flag that is in no setting
 * is ST_USAGE.
 */
struct conf_args {
	int argc;
	char **argv;
	int from; /* first to look at */
	int rest; /* out: number of other words */
};
NODISCARD enum status conf_flags(const struct conf_schema *s,
				 struct conf_args *args, void *into,
				 struct buf *why);

/* One setting by name, as if it stood in a file. */
NODISCARD enum status conf_set(const struct conf_schema *s, struct span key,
			       struct span value, void *into, struct buf *why);

/* The table of flags for --help; the table as Markdown for the docs. */
void conf_help(const struct conf_schema *s, FILE *to);
void conf_markdown(const struct conf_schema *s, FILE *to);

/*
 * Parts of an address that CONF_ADDRESS accepted: host is empty for "any".
 * ST_MALFORMED when it is none.
 */
struct conf_address {
	char host[256];
	uint16_t port;
};
NODISCARD enum status conf_address(const char *text, struct conf_address *out);

#endif
