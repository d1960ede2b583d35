#ifndef PROXY_AGENT_NFS_NFS_H
#define PROXY_AGENT_NFS_NFS_H

#include "source/source.h"

/*
 * nfs: files that a server exports over NFS, version 3 or 4. The walk is by
 * handles, in bytewise order of names; AHEAD files are asked for before their
 * turn. nfs://HOST/ is everything: the exports that mountd lists, or what the
 * root of version 4 shows.
 */
extern const struct source_ops nfs_source;

#endif
