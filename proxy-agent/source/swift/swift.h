#ifndef PROXY_AGENT_SOURCE_SWIFT_SWIFT_H
#define PROXY_AGENT_SOURCE_SWIFT_SWIFT_H

#include "source/source.h"

/*
 * swift: containers of OpenStack Swift and of stores like it:
 * swift://[CONTAINER/[PREFIX]]?auth=URL. Sign-in by TempAuth (an address that
 * ends in /v1.0), Keystone version 3 (one that ends in /v3) or version 2.0
 * (/v2.0): user and password of the credential, options project, domain and
 * region; with 2.0 api_key, which Rackspace has instead of a password, and the
 * region of the user where none is named. A token that ran out is replaced
 * once.
 *
 * A large object is read as one; its segments are not read again where they lie
 * within the target.
 */
extern const struct source_ops swift_source;

#endif
