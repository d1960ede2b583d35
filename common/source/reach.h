#ifndef SOURCE_REACH_H
#define SOURCE_REACH_H

#include <stdbool.h>

#include "base/span.h"
#include "source/pairs.h"

/*
 * reach: how far an order for a target on another host gets, by its options.
 * What it leaves out is not proven to be gone when it is not met.
 *
 * Options that only say which road leads there (certificates, how many
 * sessions) change nothing of that; any other is taken to change it.
 */
struct reach {
	struct pairs options;
	struct span credential; /* its name: another may see another part */
};

/* Every object that `then` met `now` meets as well, if it is still there. */
bool reach_objects(const struct reach *now, const struct reach *then);

/* Of an object that both met, `now` reads all that `then` has read. */
bool reach_content(const struct reach *now, const struct reach *then);

#endif
