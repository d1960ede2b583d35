#ifndef PROXY_AGENT_FIREBIRD_ATTACH_H
#define PROXY_AGENT_FIREBIRD_ATTACH_H

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/source/sql/sql.h"

/*
 * attach: a connection to one database of a Firebird server, as struct sql_ops
 * has it. Every call into the library is watched: one that is late loses the
 * connection.
 */
NODISCARD enum status firebird_attach(const struct sql_to *to,
				      struct sql_session **out,
				      struct buf *why);
void firebird_detach(struct sql_session *s); /* takes NULL */

/* The block of parameters that a sign-in takes, the password in it. */
NODISCARD enum status firebird_parameters(struct buf *dpb,
					  const struct sql_to *to);

const char *firebird_trouble(const struct sql_session *s);

#endif
