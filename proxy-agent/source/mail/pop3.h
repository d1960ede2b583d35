#ifndef PROXY_AGENT_SOURCE_MAIL_POP3_H
#define PROXY_AGENT_SOURCE_MAIL_POP3_H

#include "source/source.h"

/*
 * pop3: the messages of a mailbox in order of their numbers, named by their
 * unique ids: pop3s://USER@HOST[:995]/. Nothing is marked or deleted.
 *
 * Credential: user (or in the target), password or token (OAuth 2), ca (PEM).
 * Cursor:     the unique id of a message; when that is gone, from the start.
 * Lost links: three times in a row it connects again; what was given of a
 *             message is passed over.
 */
extern const struct source_ops pop3_source;  /* 110, STLS when offered */
extern const struct source_ops pop3s_source; /* 995 */

#endif
