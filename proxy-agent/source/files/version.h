#ifndef PROXY_AGENT_SOURCE_FILES_VERSION_H
#define PROXY_AGENT_SOURCE_FILES_VERSION_H

#include <stdbool.h>

#include "proxy-agent/source/files/folders.h"
#include "source/source.h"

/*
 * version: what tells versions of a file apart on a server that has size, time
 * of the last change and perhaps an identity for it: all of these, once that
 * time is so far back by our clock (VERSION_SETTLED_S) that nothing new can
 * bear it any more.
 */
#define VERSION_MAX       72
#define VERSION_SETTLED_S 60

/* "" when versions are not wanted (known is NULL) or cannot be told. */
void version_of(const struct source_known *known, const struct folder_entry *e,
		char to[VERSION_MAX]);

/* Whether that version of a file need not be read: its path is that of the
 * target and, escaped, the one on the server. */
bool version_known(const struct source_known *known, const struct buf *root,
		   const struct buf *path, const char *version);

#endif
