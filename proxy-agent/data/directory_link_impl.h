/*
 * A session with a directory as the files that see libldap share it:
 * `directory_link` connects, signs in and waits for answers, `directory_search`
 * lists names, `directory_entry` reads what stands under one. One thread.
 */
#ifndef PROXY_AGENT_DATA_DIRECTORY_LINK_IMPL_H
#define PROXY_AGENT_DATA_DIRECTORY_LINK_IMPL_H

#include <ldap.h>
#include <sys/time.h>

#include "proxy-agent/data/directory_link.h"

struct directory_link {
	LDAP *ld;
	struct timeval patience;
	struct pace *pace; /* or NULL */
	char trouble[240];
};

/* What a code of libldap or of a server means. */
enum status directory_link_status(int code);

/* A call failed on our side of the connection, or the server refused. */
enum status directory_link_failed(struct directory_link *d, int code);

/* All of an answer; the caller frees it. */
NODISCARD enum status directory_link_wait(struct directory_link *d, int id,
					  LDAPMessage **all);

/* What the server says at the end of an answer. */
int directory_link_code(struct directory_link *d, LDAPMessage *all,
			LDAPControl ***controls);

#endif
