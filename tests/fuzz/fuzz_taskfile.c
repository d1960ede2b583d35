#include <stdint.h>
#include <stdlib.h>

#include "runtime/taskfile.h"

/* What is taken for a task file has paths within the bytes that were given. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct task_order o;
	enum task_wish wish;

	if (taskfile_parse(span_of(data, size), &o, &wish) != ST_OK)
		return 0;
	if (wish < WISH_RUN || wish > WISH_STOP)
		abort();
	if (o.order.path_count > ORDER_PATHS_MAX)
		abort();
	for (size_t i = 0; i < o.order.path_count; i++)
		if (o.order.paths[i].len > size)
			abort();
	return 0;
}
