#include "proxy-agent/sql/drda_substitute.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf.h"
#include "crypto/hash.h"

#define TEXT_MAX ((size_t)256 << 10)

/* The numbers of UTF-16 that a code point has; their lower eight bits count. */
static size_t
units(uint32_t cp, uint8_t to[2])
{
	if (cp < 0x10000) {
		to[0] = (uint8_t)cp;
		return 1;
	}
	cp -= 0x10000;
	to[0] = (uint8_t)(cp >> 10);
	to[1] = (uint8_t)cp;
	return 2;
}

/*
 * Twice as many bytes as letters: the upper halves of all, the lower half of
 * the last, and zeros.
 */
static enum status
add_halves(struct buf *to, struct span text)
{
	size_t begin = to->len, count = 0;
	enum status st = ST_OK;
	uint8_t last = 0;

	while (text.len > 0 && st == ST_OK) {
		uint32_t cp;
		uint8_t low[2];
		size_t n = utf_decode(text, &cp), k;

		if (n == 0)
			return ST_MALFORMED;
		k = units(cp, low);
		for (size_t i = 0; i < k && st == ST_OK; i++)
			st = buf_add_byte(to, low[i] >> 4);
		last = low[k - 1];
		count += k;
		text = span_skip(text, n);
	}
	if (st == ST_OK && count > 0)
		st = buf_add_byte(to, last & 0x0f);
	while (st == ST_OK && to->len < begin + 2 * count)
		st = buf_add_byte(to, 0);
	return st;
}

/* The password as Derby keeps it: a mark of how, and SHA-1 in hexadecimal. */
static enum status
add_kept(struct buf *to, struct span password)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t hash[HASH_SHA1_LEN];
	char text[4 + 2 * HASH_SHA1_LEN] = {'3', 'b', '6', '0'};
	struct buf halves;
	enum status st;

	buf_init(&halves, TEXT_MAX);
	st = add_halves(&halves, password);
	hash_sha1(buf_span(&halves), hash);
	for (size_t i = 0; i < sizeof(hash); i++) {
		text[4 + 2 * i] = digits[hash[i] >> 4];
		text[5 + 2 * i] = digits[hash[i] & 0x0f];
	}
	if (st == ST_OK)
		st = add_halves(to,
				span_of((const uint8_t *)text, sizeof(text)));
	buf_fini(&halves);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(hash, sizeof(hash));
	return st;
}

enum status
drda_substitute(const char *user, const char *password,
		const uint8_t ours[DRDA_SEED], const uint8_t theirs[DRDA_SEED],
		uint8_t out[DRDA_SUBSTITUTE])
{
	static const uint8_t sequence[8] = {0, 0, 0, 0, 0, 0, 0, 1};
	uint8_t token[HASH_SHA1_LEN];
	struct buf b;
	enum status st;

	buf_init(&b, TEXT_MAX);
	st = add_halves(&b, span_str(user));
	if (st == ST_OK)
		st = add_kept(&b, span_str(password));
	hash_sha1(buf_span(&b), token);
	buf_clear(&b);
	if (st == ST_OK)
		st = buf_add(&b, token, sizeof(token));
	if (st == ST_OK)
		st = buf_add(&b, theirs, DRDA_SEED);
	if (st == ST_OK)
		st = buf_add(&b, ours, DRDA_SEED);
	if (st == ST_OK)
		st = add_halves(&b, span_str(user));
	if (st == ST_OK)
		st = buf_add(&b, sequence, sizeof(sequence));
	hash_sha1(buf_span(&b), out);
	buf_fini(&b);
	explicit_bzero(token, sizeof(token));
	return st;
}
