#ifndef PROXY_AGENT_SMB_SMB_H
#define PROXY_AGENT_SMB_SMB_H

#include "source/source.h"

/*
 * Shares of Windows and Samba: smb://[DOMAIN;]USER@HOST[:PORT]/[SHARE[/PATH]].
 * Without a share every disk share is walked whose name does not end in "$".
 */
extern const struct source_ops smb_source;

#endif
