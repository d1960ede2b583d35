#ifndef PROXY_AGENT_SOURCE_MAIL_IMAP_H
#define PROXY_AGENT_SOURCE_MAIL_IMAP_H

#include "source/source.h"

/*
 * imap: the messages of a mailbox, folder by folder in order of their names,
 * messages by UID: imaps://USER@HOST[:993]/FOLDER. Nothing is marked as read.
 *
 * Credential: user (or in the target), password, token (OAuth 2) or what one is
 *             had by (sign_in.h), ca (PEM).
 * Cursor:     UIDVALIDITY, UID and folder: it holds while the folder lives.
 * Lost links: three times in a row it connects again and goes on at the byte
 *             where it was.
 */
extern const struct source_ops imap_source;  /* 143, STARTTLS when offered */
extern const struct source_ops imaps_source; /* 993 */

#endif
