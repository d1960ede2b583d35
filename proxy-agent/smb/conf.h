#ifndef PROXY_AGENT_SMB_CONF_H
#define PROXY_AGENT_SMB_CONF_H

#include "base/status.h"
#include "proxy-agent/smb/login.h"

/*
 * conf: the settings of libsmbclient, which takes most of them from a file
 * only: one in memory, by a name of this process. It stands over whatever
 * /etc/samba/smb.conf of this host says, and holds no secret.
 */
#define CONF_PATH 64 /* bytes of such a name and its NUL */

NODISCARD enum status conf_make(const struct login *l, char path[CONF_PATH]);

/*
 * The same for its Kerberos, by the environment of this process: tickets stay
 * in memory; a realm that the target names stands instead of /etc/krb5.conf.
 */
NODISCARD enum status conf_kerberos(const struct login *l);

#endif
