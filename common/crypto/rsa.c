#include "crypto/rsa.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX (64 * 1024) /* bytes of a key's file */

struct rsa {
	EVP_PKEY *key;
};

static int
give_passphrase(char *dst, int room, int writing, void *arg)
{
	const struct span *words = arg;

	(void)writing;
	if (words->ptr == NULL || words->len > (size_t)room)
		return -1;
	memcpy(dst, words->ptr, words->len);
	return (int)words->len;
}

static enum status
read_pem(struct span text, struct span passphrase, EVP_PKEY **out)
{
	BIO *in = BIO_new_mem_buf(text.ptr, (int)text.len);
	const bool locked = memmem(text.ptr, text.len, "ENCRYPTED", 9) != NULL;

	if (in == NULL)
		return ST_NOMEM;
	*out = PEM_read_bio_PrivateKey(in, NULL, give_passphrase, &passphrase);
	BIO_free(in);
	if (*out == NULL)
		return locked ? ST_DENIED : ST_MALFORMED;
	if (EVP_PKEY_is_a(*out, "RSA"))
		return ST_OK;
	EVP_PKEY_free(*out);
	*out = NULL;
	return ST_UNSUPPORTED;
}

enum status
rsa_open(struct span text, struct span passphrase, struct rsa **out)
{
	EVP_PKEY *key = NULL;
	struct rsa *r;
	enum status st;

	if (text.len == 0 || text.len > KEY_MAX)
		return ST_MALFORMED;
	st = read_pem(text, passphrase, &key);
	if (st != ST_OK)
		return st;
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		EVP_PKEY_free(key);
		return ST_NOMEM;
	}
	r->key = key;
	*out = r;
	return ST_OK;
}

void
rsa_close(struct rsa *r)
{
	if (r == NULL)
		return;
	EVP_PKEY_free(r->key);
	free(r);
}

enum status
rsa_sign(const struct rsa *r, struct span data, struct buf *to)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = (size_t)EVP_PKEY_get_size(r->key);
	enum status st = ctx == NULL ? ST_NOMEM : buf_reserve(to, n);

	if (st == ST_OK &&
	    (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, r->key) != 1 ||
	     EVP_DigestSign(ctx, to->data + to->len, &n, data.ptr, data.len) !=
		 1))
		st = ST_IO;
	if (st == ST_OK)
		to->len += n;
	EVP_MD_CTX_free(ctx);
	return st;
}
