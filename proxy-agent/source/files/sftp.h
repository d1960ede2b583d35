#ifndef PROXY_AGENT_SOURCE_FILES_SFTP_H
#define PROXY_AGENT_SOURCE_FILES_SFTP_H

#include "source/source.h"

/*
 * sftp: files and folders of a host over SFTP. Folders are walked depth first,
 * names in bytewise order; links are named and not followed (the target itself
 * may be one), what is no file is not opened. /proc, /sys and the like are
 * entered only when the target lies in one.
 *
 * ssh:// is the whole host as its user sees it: sftp-server is run read-only by
 * the user's shell, with the option sudo=yes as root; without one, commands
 * (session/shell.h). File systems that stand on no disk of it are left out.
 */
extern const struct source_ops ssh_source;
extern const struct source_ops sftp_source;

#endif
