#include "proxy-agent/session/patience.h"

#include "base/str.h"
#include "source/pairs.h"

#define LONGEST 3600

static uint32_t
choose(const struct pairs *options, const char *name, uint32_t seconds)
{
	struct span s = pairs_find(*options, name);
	uint64_t n = seconds;

	if (s.ptr != NULL && str_to_u64(s, 1, LONGEST, &n) != ST_OK)
		n = seconds;
	return (uint32_t)n * 1000;
}

struct patience
patience_of(const struct pairs *options)
{
	return (struct patience){
#define PATIENCE_VALUE(name, seconds, help)                                    \
	.name##_ms = choose(options, #name "_timeout", seconds),
	    PATIENCE_TABLE(PATIENCE_VALUE)
#undef PATIENCE_VALUE
	};
}
