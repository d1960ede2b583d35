#ifndef EXTRACT_DATA_STRETCHES_H
#define EXTRACT_DATA_STRETCHES_H

#include "extract/job.h"

/*
 * stretches: the parts of a file that nothing in it uses, one behind the other
 * as one member, whatever they hold: what was deleted lies there. At most
 * STRETCHES_MAX of them; `read` gives n bytes at an offset of the file.
 */
#define STRETCHES_MAX (1u << 20)

struct stretch {
	uint64_t at, end; /* in the file; of all of them so far */
};

struct stretches {
	struct extractor *x;
	bool (*read)(void *arg, void *dst, size_t n, uint64_t at);
	void *arg;
	struct stretch *list; /* in any order */
	size_t count, room;
};

/* False: there are too many, or no memory; it is left out. */
bool stretches_add(struct stretches *v, uint64_t from, uint64_t to);
/* All of them, when there are any, and frees what was held. */
NODISCARD enum status stretches_put(struct stretches *v, struct span name);

#endif
