#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include "proxy-agent/data/directory.h"
#include "proxy-agent/data/mongo.h"
#include "proxy-agent/data/redis.h"
#include "proxy-agent/reader/serve.h"

/* trawl-source-data: directories and stores of keys and documents. */
int
main(void)
{
	static const struct source_ops *const sources[] = {
	    &ldap_source,  &ldaps_source,  &mongo_source,
	    &redis_source, &rediss_source, NULL,
	};

	/* libldap reads no settings of whoever runs us, and writes to sockets
	 * that may be gone */
	if (setenv("LDAPNOINIT", "1", 1) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return 1;
	return serve("trawl-source-data", sources);
}
