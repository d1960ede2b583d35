#include "agent/worker/scanner.h"

#include "agent/source/table.h"
#include "scan/program.h"

/* Who cannot reach other hosts says so at once. */
static enum status
own_host_only(void *arg, const struct scan_order *o, struct buf *why)
{
	(void)arg;
	for (size_t i = 0; i < o->path_count; i++) {
		struct span p = o->paths[i];

		if (source_scheme(p).len == 0)
			continue;
		if (buf_addf(why,
			     "a node agent reads its own host only: %.*s "
			     "needs a proxy agent",
			     (int)p.len, (const char *)p.ptr) != ST_OK)
			return ST_NOMEM;
		return ST_UNSUPPORTED;
	}
	return ST_OK;
}

int
scanner_run(int from, int to)
{
	const struct program_spec p = {.sources = agent_sources,
				       .check = own_host_only};

	return program_run(&p, from, to);
}
