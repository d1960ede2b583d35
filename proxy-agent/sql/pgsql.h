#ifndef PROXY_AGENT_SQL_PGSQL_H
#define PROXY_AGENT_SQL_PGSQL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"

/*
 * pgsql: a session with a PostgreSQL server (libpq) that can only read: every
 * transaction is READ ONLY, whatever the account may do.
 *
 * Owner:   pgsql_close() takes NULL.
 * Threads: one at a time.
 * Errors:  ST_DENIED sign-in or rights, ST_TIMEOUT, ST_CLOSED the connection
 *          is gone, ST_IO what else the server says; pgsql_trouble() has words.
 */
struct pgsql;

struct pgsql_to {
	const char *host, *port, *database, *user;
	const char *password; /* or NULL */
	const char *sslmode;  /* as libpq has it; NULL: its "prefer" */
	struct span ca_pem;   /* then the server's name is verified; or empty */
	struct patience patience;
};

NODISCARD enum status pgsql_open(const struct pgsql_to *to, struct pgsql **out,
				 struct buf *why);
void pgsql_close(struct pgsql *p);

/* A command without rows. ST_CLOSED while a copy has not come to its end. */
NODISCARD enum status pgsql_run(struct pgsql *p, const char *sql);

/* The rows of a query, by COPY in its binary form. */
NODISCARD enum status pgsql_copy(struct pgsql *p, const char *query);
/* In one message; what follows the first ST_EOF are the rows of the second. */
NODISCARD enum status pgsql_copy_both(struct pgsql *p, const char *query,
				      const char *then);

/* One row: *cells of cell[], at most room; ST_EOF: no more. Good until then. */
NODISCARD enum status pgsql_copy_next(struct pgsql *p, struct span *cell,
				      size_t room, size_t *cells);

/* How many rows the server says that it sent, once they ended. */
uint64_t pgsql_counted(const struct pgsql *p);

/* What the last failure was, in words of the server or ours. */
const char *pgsql_trouble(const struct pgsql *p);

#endif
