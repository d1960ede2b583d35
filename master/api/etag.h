#ifndef MASTER_API_ETAG_H
#define MASTER_API_ETAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* etag: strong tags of representations, and what clients say about them. */
#define ETAG_MAX 64

/* Of a thing with a version: "finding-17-3" in quotes. */
void etag_version(char dst[ETAG_MAX], const char *kind, uint64_t id,
		  uint64_t version);

/* Of bytes: 20 hex digits of their SHA-256 in quotes. */
void etag_bytes(char dst[ETAG_MAX], struct span bytes);

/* If-Match: strong comparison, a list or "*". NULL: false. */
bool etag_matches(const char *header, const char *etag);

/* If-None-Match: weak comparison, a list or "*". NULL: false. */
bool etag_unchanged(const char *header, const char *etag);

#endif
