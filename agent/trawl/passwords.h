#ifndef AGENT_TRAWL_PASSWORDS_H
#define AGENT_TRAWL_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * passwords: a file with one a line, to be tried on what is encrypted. They
 * are wiped when they are closed.
 */
#define PASSWORDS_BYTES (1u << 20)

struct passwords {
	struct buf text;
	struct span *list; /* into text */
	size_t count;
};

/* False after it has said on stderr what is wrong. */
bool passwords_open(struct passwords *p, const char *file);
void passwords_close(struct passwords *p); /* takes one that is all zero */

#endif
