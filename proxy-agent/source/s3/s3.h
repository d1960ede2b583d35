#ifndef PROXY_AGENT_SOURCE_S3_S3_H
#define PROXY_AGENT_SOURCE_S3_S3_H

#include "source/source.h"

/*
 * s3: a bucket of S3 or of a store that speaks like it:
 *
 *   s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=NAME
 *
 * endpoint: else that of Amazon in the region (us-east-1). style=path or host:
 * where the bucket stands; else host for Amazon, path for others. versions=yes:
 * every version of each object; version=ID: that one of one object. All are
 * options of the target as well. Credential: user (access key id), password
 * (secret key), token (of a temporary key); without them nothing is signed.
 *
 * Objects come in the order of the store's list, which is that of the bytes of
 * their keys; the position is a key (and version).
 */
extern const struct source_ops s3_source;

#endif
