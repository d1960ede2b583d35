#include <stddef.h>

#include "proxy-agent/data/redis.h"
#include "proxy-agent/reader/serve.h"

/* trawl-source-data: directories and stores of keys and documents. */
int
main(void)
{
	static const struct source_ops *const sources[] = {
	    &redis_source,
	    &rediss_source,
	    NULL,
	};

	return serve("trawl-source-data", sources);
}
