#include "master/api/page.h"

#include <string.h>

#include "base/codec.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

#define MAC_LEN 12

void
page_key(struct span secret, uint8_t key[PAGE_KEY_LEN])
{
	hash_hkdf(secret, span_of(NULL, 0), span_str("trawl cursor 1"), key,
		  PAGE_KEY_LEN);
}

static enum status
mac_of(const uint8_t key[PAGE_KEY_LEN], const char *list, struct span text,
       uint8_t out[HASH_LEN])
{
	struct buf b;
	enum status st;

	buf_init(&b, PAGE_CURSOR_MAX + 256);
	st = buf_add(&b, list, strlen(list) + 1);
	if (st == ST_OK)
		st = buf_add(&b, text.ptr, text.len);
	if (st == ST_OK)
		hash_hmac(span_of(key, PAGE_KEY_LEN), buf_span(&b), out);
	buf_fini(&b);
	return st;
}

enum status
page_seal(const uint8_t key[PAGE_KEY_LEN], const char *list, struct span text,
	  struct buf *to)
{
	uint8_t mac[HASH_LEN];
	struct buf b;
	enum status st = mac_of(key, list, text, mac);

	if (st != ST_OK)
		return st;
	buf_init(&b, PAGE_CURSOR_MAX);
	st = buf_add(&b, mac, MAC_LEN);
	if (st == ST_OK)
		st = buf_add(&b, text.ptr, text.len);
	if (st == ST_OK)
		st = codec_base64(CODEC_BASE64_URL, buf_span(&b), to);
	buf_fini(&b);
	return st;
}

static enum status
check(const uint8_t key[PAGE_KEY_LEN], const char *list, struct span sealed,
      struct span *text)
{
	uint8_t mac[HASH_LEN];
	enum status st;

	if (sealed.len < MAC_LEN)
		return ST_MALFORMED;
	st = mac_of(key, list, span_skip(sealed, MAC_LEN), mac);
	if (st != ST_OK)
		return st;
	if (!secret_equal(mac, sealed.ptr, MAC_LEN))
		return ST_MALFORMED;
	*text = span_skip(sealed, MAC_LEN);
	return ST_OK;
}

enum status
page_open(const uint8_t key[PAGE_KEY_LEN], const char *list, struct span cursor,
	  struct arena *a, struct span *text)
{
	struct span inner;
	struct buf b;
	enum status st;

	if (cursor.len > PAGE_CURSOR_MAX)
		return ST_MALFORMED;
	buf_init(&b, PAGE_CURSOR_MAX);
	st = codec_unbase64(CODEC_BASE64_URL, cursor, &b);
	if (st == ST_OK)
		st = check(key, list, buf_span(&b), &inner);
	if (st == ST_OK) {
		char *copy = arena_str(a, inner);

		*text = span_of(copy, copy == NULL ? 0 : inner.len);
		st = copy == NULL ? ST_LIMIT : ST_OK;
	}
	buf_fini(&b);
	return st;
}
