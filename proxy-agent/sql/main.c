#include "proxy-agent/reader/serve.h"
#include "proxy-agent/sql/table.h"

/* trawl-source-sql: databases that speak SQL, each by its own protocol. */
int
main(void)
{
	return serve("trawl-source-sql", sql_sources);
}
