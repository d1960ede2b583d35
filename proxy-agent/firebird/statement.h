#ifndef PROXY_AGENT_FIREBIRD_STATEMENT_H
#define PROXY_AGENT_FIREBIRD_STATEMENT_H

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/sql/sql.h"

/*
 * statement: what is said within a connection, as struct sql_ops has it. Out of
 * a transaction that was begun, each query has one of its own that cannot
 * write.
 */
NODISCARD enum status firebird_run(struct sql_session *s, const char *sql);
NODISCARD enum status firebird_query(struct sql_session *s, const char *sql);
NODISCARD enum status firebird_fetch(struct sql_session *s, struct span *cell,
				     size_t cells);

#endif
