#include "extract/pdf/crypt.h"

#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/cbc.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <string.h>

#define PASSWORD_MAX 127 /* of revision 5 and 6 */

static const uint8_t padding[32] = {
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e,
    0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68,
    0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a};

static void
md5(uint8_t *data, size_t n)
{
	struct md5_ctx h;

	md5_init(&h);
	md5_update(&h, n, data);
	md5_digest(&h, MD5_DIGEST_SIZE, data);
}

static void
rc4(const uint8_t *key, size_t key_len, const uint8_t *in, size_t n,
    uint8_t *out)
{
	struct arcfour_ctx c;

	arcfour_set_key(&c, key_len, key);
	arcfour_crypt(&c, n, out, in);
	explicit_bzero(&c, sizeof(c));
}

/* ---- revisions 2 to 4: MD5 and RC4
 * ---------------------------------------------
 */

static void
old_key(const struct pdf_lock *l, struct span password, struct pdf_crypt *c)
{
	uint8_t pad[32], digest[MD5_DIGEST_SIZE], word[4];
	size_t n = password.len < 32 ? password.len : 32;
	uint32_t rights = (uint32_t)l->rights;
	struct md5_ctx h;

	if (n > 0)
		memcpy(pad, password.ptr, n);
	memcpy(pad + n, padding, 32 - n);
	md5_init(&h);
	md5_update(&h, 32, pad);
	md5_update(&h, 32, l->owner.ptr);
	for (int i = 0; i < 4; i++)
		word[i] = (uint8_t)(rights >> (8 * i));
	md5_update(&h, 4, word);
	md5_update(&h, l->id.len, l->id.ptr);
	if (l->revision >= 4 && !l->metadata)
		md5_update(&h, 4, (const uint8_t *)"\xff\xff\xff\xff");
	md5_digest(&h, sizeof(digest), digest);
	c->key_len = l->revision == 2 ? 5 : l->bits / 8;
	for (int i = 0; i < 50 && l->revision > 2; i++)
		md5(digest, c->key_len);
	memcpy(c->key, digest, c->key_len);
}

static bool
old_check(const struct pdf_lock *l, const struct pdf_crypt *c)
{
	uint8_t d[32], key[16];
	struct md5_ctx h;

	if (l->revision == 2) {
		rc4(c->key, c->key_len, padding, 32, d);
		return nettle_memeql_sec(d, l->user.ptr, 32);
	}
	md5_init(&h);
	md5_update(&h, 32, padding);
	md5_update(&h, l->id.len, l->id.ptr);
	md5_digest(&h, MD5_DIGEST_SIZE, d);
	for (unsigned i = 0; i < 20; i++) {
		for (size_t k = 0; k < c->key_len; k++)
			key[k] = (uint8_t)(c->key[k] ^ i);
		rc4(key, c->key_len, d, 16, d);
	}
	return nettle_memeql_sec(d, l->user.ptr, 16);
}

/* The owner's password gives the user's. */
static bool
old_owner(const struct pdf_lock *l, struct span password, struct pdf_crypt *c)
{
	size_t n = password.len < 32 ? password.len : 32;
	size_t len = l->revision == 2 ? 5 : l->bits / 8;
	uint8_t d[32], user[32], key[16];

	if (n > 0)
		memcpy(d, password.ptr, n);
	memcpy(d + n, padding, 32 - n);
	md5(d, 32);
	for (int i = 0; i < 50 && l->revision > 2; i++)
		md5(d, 16);
	memcpy(user, l->owner.ptr, 32);
	for (unsigned i = l->revision == 2 ? 1 : 20; i-- > 0;) {
		for (size_t k = 0; k < len; k++)
			key[k] = (uint8_t)(d[k] ^ i);
		rc4(key, len, user, 32, user);
	}
	old_key(l, span_of(user, 32), c);
	explicit_bzero(user, sizeof(user));
	return old_check(l, c);
}

/* ---- revisions 5 and 6: SHA-2 and AES-256
 * ---------------------------------------
 */

static void
sha2(unsigned bits, const uint8_t *in, size_t n, uint8_t *out)
{
	struct sha512_ctx h;
	struct sha256_ctx small;

	if (bits == 256) {
		sha256_init(&small);
		sha256_update(&small, n, in);
		sha256_digest(&small, 32, out);
	} else if (bits == 384) {
		sha384_init(&h);
		sha384_update(&h, n, in);
		sha384_digest(&h, 48, out);
	} else {
		sha512_init(&h);
		sha512_update(&h, n, in);
		sha512_digest(&h, 64, out);
	}
}

/* Algorithm 2.B of ISO 32000-2: rounds until the last byte says so. */
static void
harden(struct span password, struct span user, uint8_t k[64])
{
	uint8_t one[PASSWORD_MAX + 64 + 48], all[64 * sizeof(one)];
	struct aes128_ctx aes;
	size_t len = 32;

	for (unsigned round = 0; round < 512; round++) {
		size_t n = password.len + len + user.len;
		unsigned sum = 0;
		uint8_t iv[16];

		if (password.len > 0)
			memcpy(one, password.ptr, password.len);
		memcpy(one + password.len, k, len);
		if (user.len > 0)
			memcpy(one + password.len + len, user.ptr, user.len);
		for (size_t i = 0; i < 64; i++)
			memcpy(all + i * n, one, n);
		memcpy(iv, k + 16, 16);
		aes128_set_encrypt_key(&aes, k);
		cbc_encrypt(&aes, (nettle_cipher_func *)aes128_encrypt, 16, iv,
			    64 * n, all, all);
		for (size_t i = 0; i < 16; i++)
			sum += all[i];
		len = sum % 3 == 0 ? 32 : sum % 3 == 1 ? 48 : 64;
		sha2((unsigned)len * 8, all, 64 * n, k);
		if (round >= 63 && all[64 * n - 1] <= round + 1 - 32)
			break;
	}
}

static void
hash_of(const struct pdf_lock *l, struct span password, const uint8_t *salt,
	struct span user, uint8_t k[64])
{
	uint8_t in[PASSWORD_MAX + 8 + 48];

	if (password.len > 0)
		memcpy(in, password.ptr, password.len);
	memcpy(in + password.len, salt, 8);
	if (user.len > 0)
		memcpy(in + password.len + 8, user.ptr, user.len);
	sha2(256, in, password.len + 8 + user.len, k);
	if (l->revision >= 6)
		harden(password, user, k);
}

static bool
new_try(const struct pdf_lock *l, struct span password, bool owner,
	struct pdf_crypt *c)
{
	struct span check = owner ? l->owner : l->user;
	struct span sealed = owner ? l->owner_key : l->user_key;
	struct span user = owner ? span_of(l->user.ptr, 48) : span_of(NULL, 0);
	uint8_t k[64], iv[16] = {0};
	struct aes256_ctx aes;

	if (password.len > PASSWORD_MAX)
		password.len = PASSWORD_MAX;
	hash_of(l, password, check.ptr + 32, user, k);
	if (!nettle_memeql_sec(k, check.ptr, 32))
		return false;
	hash_of(l, password, check.ptr + 40, user, k);
	aes256_set_decrypt_key(&aes, k);
	cbc_decrypt(&aes, (nettle_cipher_func *)aes256_decrypt, 16, iv, 32,
		    c->key, sealed.ptr);
	c->key_len = 32;
	explicit_bzero(&aes, sizeof(aes));
	return true;
}

bool
pdf_unlock(const struct pdf_lock *l, struct span password, struct pdf_crypt *c)
{
	if (l->revision >= 5)
		return l->user.len >= 48 && l->owner.len >= 48 &&
		       l->user_key.len >= 32 && l->owner_key.len >= 32 &&
		       (new_try(l, password, false, c) ||
			new_try(l, password, true, c));
	if (l->user.len < 32 || l->owner.len < 32 || l->bits < 40 ||
	    l->bits > 128)
		return false;
	old_key(l, password, c);
	return old_check(l, c) || old_owner(l, password, c);
}

/* ---- what is in the file
 * ----------------------------------------------------------
 */

static size_t
object_key(const struct pdf_crypt *c, enum pdf_cipher how, uint32_t num,
	   uint32_t gen, uint8_t key[MD5_DIGEST_SIZE])
{
	static const uint8_t salt[] = {'s', 'A', 'l', 'T'};
	uint8_t d[PDF_KEY_MAX + 9];
	size_t n = c->key_len;

	memcpy(d, c->key, n);
	d[n++] = (uint8_t)num;
	d[n++] = (uint8_t)(num >> 8);
	d[n++] = (uint8_t)(num >> 16);
	d[n++] = (uint8_t)gen;
	d[n++] = (uint8_t)(gen >> 8);
	if (how == PDF_AES128) {
		memcpy(d + n, salt, sizeof(salt));
		n += sizeof(salt);
	}
	md5(d, n);
	memcpy(key, d, MD5_DIGEST_SIZE);
	explicit_bzero(d, sizeof(d));
	n = c->key_len + 5;
	return n < MD5_DIGEST_SIZE ? n : MD5_DIGEST_SIZE;
}

/* A whole number of blocks behind the first, with padding at the end. */
static size_t
aes(enum pdf_cipher how, const uint8_t *key, struct span in, uint8_t *out)
{
	size_t n = (in.len - 16) / 16 * 16;
	struct aes128_ctx small;
	struct aes256_ctx large;
	uint8_t iv[16];

	if (n == 0)
		return 0;
	memcpy(iv, in.ptr, 16);
	if (how == PDF_AES128) {
		aes128_set_decrypt_key(&small, key);
		cbc_decrypt(&small, (nettle_cipher_func *)aes128_decrypt, 16,
			    iv, n, out, in.ptr + 16);
	} else {
		aes256_set_decrypt_key(&large, key);
		cbc_decrypt(&large, (nettle_cipher_func *)aes256_decrypt, 16,
			    iv, n, out, in.ptr + 16);
	}
	return out[n - 1] >= 1 && out[n - 1] <= 16 ? n - out[n - 1] : n;
}

enum status
pdf_decrypt(const struct pdf_crypt *c, enum pdf_cipher how, uint32_t num,
	    uint32_t gen, struct span in, struct buf *to)
{
	uint8_t key[PDF_KEY_MAX];
	enum status st;

	if (how == PDF_PLAIN)
		return buf_add(to, in.ptr, in.len);
	if (in.len == 0 || (how != PDF_RC4 && in.len < 16))
		return ST_OK;
	st = buf_reserve(to, in.len);
	if (st != ST_OK)
		return st;
	if (how == PDF_AES256)
		memcpy(key, c->key, 32);
	if (how == PDF_RC4) {
		size_t n = object_key(c, how, num, gen, key);

		rc4(key, n, in.ptr, in.len, to->data + to->len);
		to->len += in.len;
	} else {
		if (how == PDF_AES128)
			(void)object_key(c, how, num, gen, key);
		to->len += aes(how, key, in, to->data + to->len);
	}
	explicit_bzero(key, sizeof(key));
	return ST_OK;
}
