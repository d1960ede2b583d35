#include "master/api/pem.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "sys/file.h"

enum status
pem_fingerprint(struct span pem, char *dst, size_t room)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	uint8_t digest[HASH_LEN];
	struct buf text, der;
	const char *at, *end;
	enum status st = ST_OK;

	/* file_read() left no NUL, so search within the bytes. */
	at = memmem(pem.ptr, pem.len, begin, strlen(begin));
	if (at == NULL)
		return ST_MALFORMED;
	at += strlen(begin);
	end = memmem(at, pem.len - (size_t)(at - (const char *)pem.ptr),
		     "-----END", 8);
	if (end == NULL)
		return ST_MALFORMED;
	buf_init(&text, PEM_FILE_MAX);
	buf_init(&der, PEM_FILE_MAX);
	for (; at < end && st == ST_OK; at++)
		if (*at != '\n' && *at != '\r' && *at != ' ')
			st = buf_add_byte(&text, (uint8_t)*at);
	if (st == ST_OK)
		st = codec_unbase64(CODEC_BASE64, buf_span(&text), &der);
	if (st == ST_OK)
		hash_sha256(buf_span(&der), digest);
	for (size_t i = 0; st == ST_OK && i < HASH_LEN; i++)
		snprintf(dst + 3 * i, room - 3 * i, "%02X%s", digest[i],
			 i + 1 < HASH_LEN ? ":" : "");
	buf_fini(&text);
	buf_fini(&der);
	return st;
}

enum status
pem_read(const char *path, struct buf *to)
{
	enum status st = file_read(path, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '\0');
	if (st != ST_OK)
		log_error("%s cannot be read: %s", path, status_text(st));
	return st;
}
