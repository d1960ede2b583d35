#include "proxy-agent/session/sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "base/must.h"
#include "base/str.h"
#include "crypto/secret.h"
#include "proxy-agent/session/href.h"

#define TEXT_MAX   (64 * 1024)
#define PARAMS_MAX 64

void
sigv4_init(struct sigv4 *s)
{
	memset(s, 0, sizeof(*s));
	buf_init(&s->authorization, TEXT_MAX);
}

void
sigv4_fini(struct sigv4 *s)
{
	buf_fini(&s->authorization);
}

static void
hex_of(struct span s, char text[2 * HASH_LEN + 1])
{
	uint8_t digest[HASH_LEN];

	hash_sha256(s, digest);
	codec_hex(span_of(digest, sizeof(digest)), text);
}

/* ---- the canonical request -------------------------------------------------
 */

static int
by_bytes(const void *a, const void *b)
{
	const struct span *one = a, *two = b;

	return str_order(*one, *two);
}

/*
 * The parameters in the order of their names. Compared as "name=value": an
 * equals sign sorts before every letter that a name may go on with, but behind
 * the digits, -, . and %; so names are compared without it first.
 */
static int
by_name(const void *a, const void *b)
{
	const struct span *one = a, *two = b;
	struct span first = span_of(one->ptr, str_find(*one, '='));
	struct span second = span_of(two->ptr, str_find(*two, '='));
	int order = by_bytes(&first, &second);

	return order != 0 ? order : by_bytes(one, two);
}

static enum status
add_query(struct buf *to, struct span query)
{
	struct span params[PARAMS_MAX], part;
	enum status st = ST_OK;
	size_t n = 0;

	while (str_next(&query, '&', &part)) {
		if (n == PARAMS_MAX)
			return ST_LIMIT;
		if (part.len > 0)
			params[n++] = part;
	}
	if (n > 1)
		qsort(params, n, sizeof(params[0]), by_name);
	for (size_t i = 0; i < n && st == ST_OK; i++) {
		st = i == 0 ? ST_OK : buf_add_byte(to, '&');
		if (st == ST_OK)
			st = buf_add(to, params[i].ptr, params[i].len);
		if (st == ST_OK && str_find(params[i], '=') == params[i].len)
			st = buf_add_byte(to, '=');
	}
	return st;
}

static enum status
add_headers(struct buf *to, const struct sigv4_key *k, struct span host,
	    const struct sigv4 *s)
{
	enum status st;

	st = buf_addf(to, "host:%.*s\n", (int)host.len, (const char *)host.ptr);
	if (st == ST_OK)
		st = buf_addf(to, "x-amz-content-sha256:%s\nx-amz-date:%s\n",
			      s->body, s->date);
	if (st == ST_OK && k->token.len > 0)
		st = buf_addf(to, "x-amz-security-token:%.*s\n",
			      (int)k->token.len, (const char *)k->token.ptr);
	return st;
}

static const char *
signed_headers(const struct sigv4_key *k)
{
	return k->token.len > 0 ? "host;x-amz-content-sha256;x-amz-date;"
				  "x-amz-security-token"
				: "host;x-amz-content-sha256;x-amz-date";
}

static enum status
canonical(const struct sigv4_key *k, const struct sigv4_request *r,
	  const struct sigv4 *s, struct buf *to)
{
	struct href u;
	enum status st;

	href_split(r->url, &u);
	if (u.authority.len == 0)
		return ST_MALFORMED;
	st = buf_addf(to, "%s\n", r->method);
	if (st == ST_OK)
		st = u.path.len == 0 ? buf_add_byte(to, '/')
				     : buf_add(to, u.path.ptr, u.path.len);
	if (st == ST_OK)
		st = buf_add_byte(to, '\n');
	if (st == ST_OK)
		st = add_query(to, u.query);
	if (st == ST_OK)
		st = buf_add_byte(to, '\n');
	if (st == ST_OK)
		st = add_headers(to, k, u.authority, s);
	if (st == ST_OK)
		st = buf_addf(to, "\n%s\n%s", signed_headers(k), s->body);
	return st;
}

/* ---- the key of the day and the signature ----------------------------------
 */

static void
chain(uint8_t key[HASH_LEN], struct span s)
{
	uint8_t next[HASH_LEN];

	hash_hmac(span_of(key, HASH_LEN), s, next);
	memcpy(key, next, HASH_LEN);
	secret_wipe(next, sizeof(next));
}

static enum status
day_key(const struct sigv4_key *k, const char *date, uint8_t key[HASH_LEN])
{
	struct buf first;
	enum status st;

	buf_init(&first, TEXT_MAX);
	st = buf_add_str(&first, "AWS4");
	if (st == ST_OK)
		st = buf_add(&first, k->secret.ptr, k->secret.len);
	if (st == ST_OK) {
		hash_hmac(buf_span(&first), span_of(date, 8), key);
		chain(key, k->region);
		chain(key, k->service);
		chain(key, span_str("aws4_request"));
	}
	buf_fini(&first);
	return st;
}

static enum status
string_to_sign(const struct sigv4_key *k, const struct sigv4 *s,
	       struct span request, struct buf *to)
{
	char digest[2 * HASH_LEN + 1];

	hex_of(request, digest);
	return buf_addf(
	    to, "AWS4-HMAC-SHA256\n%s\n%.8s/%.*s/%.*s/aws4_request\n%s",
	    s->date, s->date, (int)k->region.len, (const char *)k->region.ptr,
	    (int)k->service.len, (const char *)k->service.ptr, digest);
}

static enum status
authorize(const struct sigv4_key *k, struct span text, struct sigv4 *out)
{
	char signature[2 * HASH_LEN + 1];
	uint8_t key[HASH_LEN], digest[HASH_LEN];
	enum status st = day_key(k, out->date, key);

	if (st != ST_OK)
		return st;
	hash_hmac(span_of(key, sizeof(key)), text, digest);
	secret_wipe(key, sizeof(key));
	codec_hex(span_of(digest, sizeof(digest)), signature);
	buf_clear(&out->authorization);
	return buf_addf(&out->authorization,
			"AWS4-HMAC-SHA256 Credential=%.*s/%.8s/%.*s/%.*s/"
			"aws4_request, SignedHeaders=%s, Signature=%s",
			(int)k->id.len, (const char *)k->id.ptr, out->date,
			(int)k->region.len, (const char *)k->region.ptr,
			(int)k->service.len, (const char *)k->service.ptr,
			signed_headers(k), signature);
}

enum status
sigv4_sign(const struct sigv4_key *k, const struct sigv4_request *r,
	   struct sigv4 *out)
{
	time_t at = (time_t)r->wall_s;
	struct buf request, text;
	struct tm tm;
	enum status st;

	must(gmtime_r(&at, &tm) != NULL);
	strftime(out->date, sizeof(out->date), "%Y%m%dT%H%M%SZ", &tm);
	hex_of(r->body, out->body);
	buf_init(&request, TEXT_MAX);
	buf_init(&text, TEXT_MAX);
	st = canonical(k, r, out, &request);
	if (st == ST_OK)
		st = string_to_sign(k, out, buf_span(&request), &text);
	if (st == ST_OK)
		st = authorize(k, buf_span(&text), out);
	buf_fini(&request);
	buf_fini(&text);
	return st;
}
