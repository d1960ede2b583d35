#include "proxy-agent/firebird/table.h"
#include "proxy-agent/reader/serve.h"

/* trawl-source-firebird: databases of Firebird, by its own client library. */
int
main(void)
{
	return serve("trawl-source-firebird", firebird_sources);
}
