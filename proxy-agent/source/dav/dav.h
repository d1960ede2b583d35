#ifndef PROXY_AGENT_SOURCE_DAV_DAV_H
#define PROXY_AGENT_SOURCE_DAV_DAV_H

#include "source/source.h"

/*
 * dav: a folder on a server of WebDAV (RFC 4918), Nextcloud's among them:
 * dav://HOST/PATH, with TLS davs://HOST/PATH. Folder by folder by PROPFIND of
 * depth 1; its files come before those of its folders, each in bytewise order
 * of their names. Only PROPFIND and GET are ever sent: no lock, no change.
 *
 * Options, besides those of http_target.h and source/filter.h: none. A password
 * goes to another host by TLS or digest alone.
 */
extern const struct source_ops dav_source, davs_source;

#endif
