#ifndef PROXY_AGENT_SQL_PEM_H
#define PROXY_AGENT_SQL_PEM_H

#include "base/span.h"

/*
 * pem: certificates for libraries that want the name of a file: one of memory.
 * Gives its descriptor, which the caller closes after the library read it, and
 * its name; -1 on failure.
 */
#define PEM_NAME 40

int pem_file(struct span pem, char name[PEM_NAME]);

#endif
