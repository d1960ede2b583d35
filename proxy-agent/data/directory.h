#ifndef PROXY_AGENT_DATA_DIRECTORY_H
#define PROXY_AGENT_DATA_DIRECTORY_H

#include "source/source.h"

/*
 * directory: the entries of an LDAP directory, each an object with its DN for
 * a name and its attributes for places: ldap://HOST[:389]/[BASE DN], ldaps://
 * with TLS from the start. Without a base all that the server says it holds.
 *
 * Names are listed first, by pages, and sorted; then entries are read, some
 * asked for ahead of their turn. What refers to other servers is named and not
 * followed. Where the server gives no more names than a limit of its own, that
 * is told of the base. A search is no change, and leaves no trace in an entry.
 *
 * Credential: user (a DN), password, ca (PEM); none: who may be anybody.
 * TLS:        StartTLS on any other host; tls=no only without a password,
 *             tls=yes on this host, too.
 * Options:    filter (RFC 4515), attributes (with commas; all), operational,
 *             scope (all, level, entry), tls.
 * Cursor:     the base, which part of its names, the DN.
 */
extern const struct source_ops ldap_source, ldaps_source;

#endif
