#include "proxy-agent/reader/serve.h"
#include "proxy-agent/source/table.h"

/* trawl-source: what speaks its protocols by small libraries, or by our own. */
int
main(void)
{
	return serve("trawl-source", proxy_sources);
}
