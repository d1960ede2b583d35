#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * arena: memory for one unit of work (an item, a request, a message), freed as
 * a whole and wiped when it is.
 *
 * Owner:   whoever called arena_init().
 * Threads: one owner at a time.
 * Limits:  past the cap arena_take() gives NULL.
 */
struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes handed out, padding included */
	size_t cap;
	bool lent; /* the memory is the caller's */
};

void arena_init(struct arena *a, size_t cap);
void arena_fini(struct arena *a);

/*
 * Out of zeroed memory of the caller, aligned for any type, and none else. The
 * arena begins with a head in it; arena_fini() leaves the memory alone.
 */
void arena_lend(struct arena *a, void *memory, size_t n);

/* How much of it is taken, from its beginning. */
size_t arena_lent(const struct arena *a);

/* Wipes all, keeps the newest block for the next unit. */
void arena_clear(struct arena *a);

/* n zeroed bytes, aligned for any type; NULL past the cap or out of memory. */
void *arena_take(struct arena *a, size_t n);

/* count * size without overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Copies with a NUL behind; NULL as above. */
char *arena_str(struct arena *a, struct span s);

#endif
