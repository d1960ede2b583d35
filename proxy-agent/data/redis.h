#ifndef PROXY_AGENT_DATA_REDIS_H
#define PROXY_AGENT_DATA_REDIS_H

#include "source/source.h"

/*
 * redis: the keys of a Redis server, each an object:
 * redis://[USER@]HOST[:6379][/DATABASE[/KEY]], rediss:// with TLS.
 *
 * Names are listed first (SCAN) and sorted; then values are read, some asked
 * for ahead of their turn. A string is read as what it holds, everything else
 * by its members: "[3]", the name of a field, the id of an entry. Keys that are
 * gone by then are told as such; keys listed are compared with DBSIZE. What a
 * module keeps is named and not read. Other nodes of a cluster are named: each
 * is a target of its own.
 *
 * Nothing is changed: only commands that read. Where the server can (7.2 and
 * later, CLIENT NO-TOUCH) a key does not even count as used.
 *
 * Credential: user, password, ca (PEM); a server may want none of them.
 * Options:    include, exclude: globs on the key.
 * Cursor:     the database, which part of its names, the key.
 */
extern const struct source_ops redis_source, rediss_source;

#endif
