/* What the library wants used instead looks algorithms up and takes memory for
 * each message: three times the time of the hash itself. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/mac.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

#define BLOCK SHA256_CBLOCK

/* Both hashes behind their first block, the key. They hold no pointer: a copy
 * of one is a fresh start. */
struct mac {
	SHA256_CTX inner, outer;
};

static void
begin(SHA256_CTX *c, const uint8_t key[BLOCK], uint8_t pad)
{
	uint8_t block[BLOCK];

	for (size_t i = 0; i < BLOCK; i++)
		block[i] = key[i] ^ pad;
	must(SHA256_Init(c) == 1 && SHA256_Update(c, block, BLOCK) == 1);
	OPENSSL_cleanse(block, sizeof(block));
}

enum status
mac_open(struct span key, struct mac **out)
{
	struct mac *m = calloc(1, sizeof(*m));
	uint8_t block[BLOCK] = {0};

	if (m == NULL)
		return ST_NOMEM;
	if (key.len > BLOCK)
		hash_sha256(key, block);
	else if (key.len > 0)
		memcpy(block, key.ptr, key.len);
	begin(&m->inner, block, 0x36);
	begin(&m->outer, block, 0x5c);
	OPENSSL_cleanse(block, sizeof(block));
	*out = m;
	return ST_OK;
}

void
mac_close(struct mac *m)
{
	if (m == NULL)
		return;
	OPENSSL_cleanse(m, sizeof(*m));
	free(m);
}

static void
finish(const SHA256_CTX *begun, struct span s, uint8_t out[HASH_LEN])
{
	SHA256_CTX one = *begun;

	must(SHA256_Update(&one, s.ptr, s.len) == 1);
	must(SHA256_Final(out, &one) == 1);
}

void
mac_of(const struct mac *m, struct span s, uint8_t out[HASH_LEN])
{
	finish(&m->inner, s, out);
	finish(&m->outer, span_of(out, HASH_LEN), out);
}
