#ifndef PROXY_AGENT_FIREBIRD_FIREBIRD_H
#define PROXY_AGENT_FIREBIRD_FIREBIRD_H

#include "proxy-agent/source/sql/sql.h"
#include "source/source.h"

/*
 * firebird: firebird://USER@HOST[:3050]/DATABASE[/TABLE] of Firebird 3.
 *
 * DATABASE is an alias of the server's, or a path there with its slashes as
 * %2F. All of a table is of one snapshot, whose transaction cannot write. The
 * password is never sent: sign-in is by SRP, whose key then encrypts what is
 * said; the option tls=off lets a server do without that.
 */
extern const struct source_ops firebird_source;

/* Its catalogue: RDB$RELATIONS and others of the Language Reference. */
extern const struct sql_dialect firebird_dialect;

#endif
