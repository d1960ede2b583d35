#ifndef PROXY_AGENT_SMB_VISITED_H
#define PROXY_AGENT_SMB_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * visited: the folders that a walk was in, by their identity: a server that
 * follows links on its own side shows one folder under several names.
 *
 * Owner:  all zero is empty; visited_fini() ends any.
 * Limits: VISITED_MAX of them; later ones, and all when memory is short, are
 * met as if for the first time.
 */
#define VISITED_MAX (1u << 19)

struct visited {
	uint64_t *slots; /* 0: free */
	size_t room;     /* a power of two, or 0 */
	size_t count;
};

/* False: it was there before. An id of 0 is never there. */
bool visited_add(struct visited *s, uint64_t id);
void visited_fini(struct visited *s);

#endif
