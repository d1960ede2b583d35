#ifndef PROXY_AGENT_SMB_TICKET_H
#define PROXY_AGENT_SMB_TICKET_H

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/smb/login.h"

/*
 * ticket: signs in at a KDC with the keytab of a login and leaves the ticket in
 * memory, as the Kerberos library of libsmbclient finds it: by that library
 * itself, which is a Heimdal of Samba's own in most builds, MIT's in others,
 * and brings no header in either. What is called of it is the same in both.
 *
 * Threads: one.
 * Errors:  ST_DENIED: the KDC does not take it; ST_CLOSED: no KDC answers;
 *          ST_UNSUPPORTED: libsmbclient has no such library; *why says which.
 */

/* Into the cache "MEMORY:..." that conf_kerberos() has named. */
NODISCARD enum status ticket_get(const struct login *l, struct buf *why);

#endif
