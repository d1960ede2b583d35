#include "master/api/etag.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "crypto/hash.h"

void
etag_version(char dst[ETAG_MAX], const char *kind, uint64_t id,
	     uint64_t version)
{
	snprintf(dst, ETAG_MAX, "\"%s-%" PRIu64 "-%" PRIu64 "\"", kind, id,
		 version);
}

void
etag_bytes(char dst[ETAG_MAX], struct span bytes)
{
	uint8_t digest[HASH_LEN];
	char hex[2 * 10 + 1];

	hash_sha256(bytes, digest);
	codec_hex(span_of(digest, 10), hex);
	snprintf(dst, ETAG_MAX, "\"%s\"", hex);
}

static bool
in_list(const char *header, const char *etag, bool weak)
{
	struct span rest = span_str(header), part;

	while (str_next(&rest, ',', &part)) {
		part = str_trim(part);
		if (str_is(part, "*"))
			return true;
		if (weak && str_starts(part, "W/"))
			part = span_skip(part, 2);
		if (str_is(part, etag))
			return true;
	}
	return false;
}

bool
etag_matches(const char *header, const char *etag)
{
	return header != NULL && in_list(header, etag, false);
}

bool
etag_unchanged(const char *header, const char *etag)
{
	return header != NULL && in_list(header, etag, true);
}
