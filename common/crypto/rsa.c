#include "crypto/rsa.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "crypto/bcrypt.h"

#define KEY_MAX (64 * 1024) /* bytes of a key's file */
#define BEGIN   "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END     "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC   "openssh-key-v1" /* and its NUL */

struct rsa {
	EVP_PKEY *key;
};

/* ---- OpenSSH's own format --------------------------------------------------
 */

static struct span
field(struct span *rest)
{
	const uint8_t *p = rest->ptr;
	struct span out;
	size_t n;

	if (rest->len < 4)
		goto bad;
	n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	if (n > rest->len - 4)
		goto bad;
	out = span_of(p + 4, n);
	*rest = span_of(p + 4 + n, rest->len - 4 - n);
	return out;
bad:
	*rest = span_of(NULL, 0);
	return *rest;
}

/* What stands between the two lines, decoded. */
static enum status
unwrap(struct span text, struct buf *to)
{
	const uint8_t *from = memmem(text.ptr, text.len, BEGIN, strlen(BEGIN));
	const uint8_t *end;
	struct buf bare;
	enum status st = ST_OK;

	if (from == NULL)
		return ST_UNSUPPORTED;
	from += strlen(BEGIN);
	end = memmem(from, text.len - (size_t)(from - text.ptr), END,
		     strlen(END));
	if (end == NULL)
		return ST_MALFORMED;
	buf_init(&bare, KEY_MAX);
	for (; st == ST_OK && from < end; from++)
		if (*from > ' ')
			st = buf_add_byte(&bare, *from);
	if (st == ST_OK)
		st = codec_unbase64(CODEC_BASE64, buf_span(&bare), to);
	buf_fini(&bare);
	return st;
}

/* Modulus, exponent and private exponent are enough to sign. */
static EVP_PKEY *
from_numbers(struct span n, struct span e, struct span d)
{
	const struct {
		const char *name;
		struct span value;
	} all[] = {{OSSL_PKEY_PARAM_RSA_N, n},
		   {OSSL_PKEY_PARAM_RSA_E, e},
		   {OSSL_PKEY_PARAM_RSA_D, d}};
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *bn[3] = {NULL, NULL, NULL};
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;
	bool ok = bld != NULL && ctx != NULL;

	for (size_t i = 0; ok && i < 3; i++) {
		bn[i] = BN_secure_new();
		ok = bn[i] != NULL &&
		     BN_bin2bn(all[i].value.ptr, (int)all[i].value.len,
			       bn[i]) != NULL &&
		     OSSL_PARAM_BLD_push_BN(bld, all[i].name, bn[i]) == 1;
	}
	if (ok)
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	for (size_t i = 0; i < 3; i++)
		BN_clear_free(bn[i]);
	return key;
}

/* Behind two equal numbers, which tell whether the passphrase was right. */
static enum status
take_numbers(struct span body, EVP_PKEY **out)
{
	struct span n, e, d;

	if (body.len < 8 || memcmp(body.ptr, body.ptr + 4, 4) != 0)
		return ST_DENIED;
	body = span_skip(body, 8);
	(void)field(&body); /* the name of its kind once more */
	n = field(&body);
	e = field(&body);
	d = field(&body);
	if (n.len == 0 || e.len == 0 || d.len == 0)
		return ST_MALFORMED;
	*out = from_numbers(n, e, d);
	return *out == NULL ? ST_MALFORMED : ST_OK;
}

/* How it is locked: OpenSSH's PROTOCOL.key. */
struct lock {
	struct span cipher, kdf, options, passphrase;
};

static const struct {
	const char *name, *evp;
} ciphers[] = {
    {"aes256-ctr", "AES-256-CTR"}, {"aes256-cbc", "AES-256-CBC"},
    {"aes192-ctr", "AES-192-CTR"}, {"aes192-cbc", "AES-192-CBC"},
    {"aes128-ctr", "AES-128-CTR"}, {"aes128-cbc", "AES-128-CBC"},
};

static EVP_CIPHER *
cipher_of(struct span name)
{
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
		if (str_is(name, ciphers[i].name))
			return EVP_CIPHER_fetch(NULL, ciphers[i].evp, NULL);
	return NULL;
}

static enum status
decrypt(const EVP_CIPHER *cipher, const uint8_t *key, struct span body,
	struct buf *to)
{
	const uint8_t *iv = key + EVP_CIPHER_get_key_length(cipher);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	enum status st =
	    ctx == NULL ? ST_NOMEM : buf_reserve(to, body.len + 32);
	int n = 0;

	if (st == ST_OK &&
	    (EVP_DecryptInit_ex(ctx, cipher, NULL, key, iv) != 1 ||
	     EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	     EVP_DecryptUpdate(ctx, to->data, &n, body.ptr, (int)body.len) !=
		 1))
		st = ST_MALFORMED;
	if (st == ST_OK)
		to->len = (size_t)n;
	EVP_CIPHER_CTX_free(ctx);
	return st;
}

/* The passphrase gives key and initial vector, one behind the other. */
static enum status
unlock(const struct lock *l, struct span body, struct buf *to)
{
	EVP_CIPHER *cipher = cipher_of(l->cipher);
	struct span options = l->options, salt = field(&options);
	uint8_t key[BCRYPT_BYTES];
	enum status st = ST_USAGE;

	if (l->passphrase.len == 0)
		st = ST_DENIED;
	else if (cipher != NULL && str_is(l->kdf, "bcrypt") && options.len == 4)
		st = bcrypt_key(l->passphrase, salt,
				(uint32_t)options.ptr[0] << 24 |
				    (uint32_t)options.ptr[1] << 16 |
				    (uint32_t)options.ptr[2] << 8 |
				    options.ptr[3],
				key,
				(size_t)EVP_CIPHER_get_key_length(cipher) +
				    (size_t)EVP_CIPHER_get_iv_length(cipher));
	if (st == ST_OK)
		st = decrypt(cipher, key, body, to);
	explicit_bzero(key, sizeof(key));
	EVP_CIPHER_free(cipher);
	return st;
}

static enum status
take_locked(const struct lock *l, struct span body, EVP_PKEY **out)
{
	struct buf clear;
	enum status st;

	if (str_is(l->cipher, "none"))
		return take_numbers(body, out);
	buf_init(&clear, KEY_MAX);
	st = unlock(l, body, &clear);
	if (st == ST_OK)
		st = take_numbers(buf_span(&clear), out);
	buf_fini(&clear);
	return st;
}

static enum status
parse_openssh(struct span in, struct span passphrase, EVP_PKEY **out)
{
	const size_t magic = sizeof(MAGIC);
	struct lock l = {.passphrase = passphrase};
	struct span half;

	if (in.len < magic || memcmp(in.ptr, MAGIC, magic) != 0)
		return ST_MALFORMED;
	in = span_skip(in, magic);
	l.cipher = field(&in);
	l.kdf = field(&in);
	l.options = field(&in);
	in = span_skip(in, 4); /* how many; there is one */
	half = field(&in);     /* the public one */
	if (!str_is(field(&half), "ssh-rsa"))
		return ST_UNSUPPORTED;
	return take_locked(&l, field(&in), out);
}

static enum status
read_openssh(struct span text, struct span passphrase, EVP_PKEY **out)
{
	struct buf raw;
	enum status st;

	buf_init(&raw, KEY_MAX);
	st = unwrap(text, &raw);
	if (st == ST_OK)
		st = parse_openssh(buf_span(&raw), passphrase, out);
	buf_fini(&raw);
	return st;
}

/* ---- PEM -------------------------------------------------------------------
 */

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

/* ---- the door --------------------------------------------------------------
 */

enum status
rsa_open(struct span text, struct span passphrase, struct rsa **out)
{
	EVP_PKEY *key = NULL;
	struct rsa *r;
	enum status st;

	if (text.len == 0 || text.len > KEY_MAX)
		return ST_MALFORMED;
	if (memmem(text.ptr, text.len, BEGIN, strlen(BEGIN)) != NULL)
		st = read_openssh(text, passphrase, &key);
	else
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

static enum status
number(const struct rsa *r, const char *name, struct buf *to)
{
	BIGNUM *bn = NULL;
	enum status st = ST_NOMEM;

	if (EVP_PKEY_get_bn_param(r->key, name, &bn) == 1) {
		size_t n = (size_t)BN_num_bytes(bn);

		st = buf_reserve(to, n);
		if (st == ST_OK)
			to->len += (size_t)BN_bn2bin(bn, to->data + to->len);
	}
	BN_free(bn);
	return st;
}

enum status
rsa_public(const struct rsa *r, struct buf *n, struct buf *e)
{
	enum status st = number(r, OSSL_PKEY_PARAM_RSA_N, n);

	return st == ST_OK ? number(r, OSSL_PKEY_PARAM_RSA_E, e) : st;
}

enum status
rsa_sign(const struct rsa *r, enum rsa_hash hash, struct span data,
	 struct buf *to)
{
	const EVP_MD *md = hash == RSA_SHA256 ? EVP_sha256() : EVP_sha512();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = (size_t)EVP_PKEY_get_size(r->key);
	enum status st = ctx == NULL ? ST_NOMEM : buf_reserve(to, n);

	if (st == ST_OK &&
	    (EVP_DigestSignInit(ctx, NULL, md, NULL, r->key) != 1 ||
	     EVP_DigestSign(ctx, to->data + to->len, &n, data.ptr, data.len) !=
		 1))
		st = ST_IO;
	if (st == ST_OK)
		to->len += n;
	EVP_MD_CTX_free(ctx);
	return st;
}
