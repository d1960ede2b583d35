#ifndef PROXY_AGENT_SOURCE_MAIL_EWS_H
#define PROXY_AGENT_SOURCE_MAIL_EWS_H

#include "source/source.h"

/*
 * ews: a mailbox of Exchange by its web services (2010 SP1 and later):
 *
 *   ews://HOST[:PORT]/MAILBOX[/FOLDER...]
 *
 * MAILBOX is an address. When it is not the user's own, the user acts for it
 * (impersonation, a right of administrators), or with access=delegate reads
 * what was shared with him. Signing in: user and password by NTLM or basic, or
 * OAuth as for Exchange Online; always over TLS. Each item is read as MIME, its
 * attachments within; nothing is marked.
 */
extern const struct source_ops ews_source;

#endif
