#include "proxy-agent/odbc/table.h"
#include "proxy-agent/reader/serve.h"

/* trawl-source-odbc: databases that only their vendor's driver can read. */
int
main(void)
{
	return serve("trawl-source-odbc", odbc_sources);
}
