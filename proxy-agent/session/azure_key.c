#include "proxy-agent/session/azure_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "proxy-agent/session/href.h"

#define TEXT_MAX   (64 * 1024)
#define KEY_MAX    1024
#define PARAMS_MAX 32

static struct span
name_of(struct span param)
{
	return span_of(param.ptr, str_find(param, '='));
}

static int
by_name(const void *a, const void *b)
{
	const struct span *one = a, *two = b;

	return str_order(name_of(*one), name_of(*two));
}

/* Each on a line of its own, in the order of their names, not escaped. */
static enum status
add_params(struct buf *to, struct span query)
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
		struct span name = name_of(params[i]);

		st = buf_addf(to, "\n%.*s:", (int)name.len,
			      (const char *)name.ptr);
		if (st == ST_OK)
			st = href_unescape(span_skip(params[i], name.len + 1),
					   to);
	}
	return st;
}

/* Of all parameters, only comp counts in the short form. */
static enum status
add_comp(struct buf *to, struct span query)
{
	struct span part;

	while (str_next(&query, '&', &part))
		if (str_starts(part, "comp="))
			return buf_addf(to, "?%.*s", (int)part.len,
					(const char *)part.ptr);
	return ST_OK;
}

static enum status
add_resource(const struct azure_key *k, struct span url, struct buf *to)
{
	struct href u;
	enum status st;

	href_split(url, &u);
	if (u.authority.len == 0)
		return ST_MALFORMED;
	st = buf_addf(to, "/%.*s", (int)k->account.len,
		      (const char *)k->account.ptr);
	if (st == ST_OK)
		st = u.path.len == 0 ? buf_add_byte(to, '/')
				     : buf_add(to, u.path.ptr, u.path.len);
	if (st != ST_OK)
		return st;
	return k->lite || k->table ? add_comp(to, u.query)
				   : add_params(to, u.query);
}

static enum status
add_line(struct buf *to, struct span s)
{
	enum status st = buf_add(to, s.ptr, s.len);

	return st == ST_OK ? buf_add_byte(to, '\n') : st;
}

static enum status
add_headers(const struct azure_request *r, struct buf *to)
{
	return buf_addf(to, "x-ms-date:%.*s\nx-ms-version:%.*s\n",
			(int)r->date.len, (const char *)r->date.ptr,
			(int)r->version.len, (const char *)r->version.ptr);
}

/* The lines before the resource. */
static enum status
add_head(const struct azure_key *k, const struct azure_request *r,
	 struct buf *to)
{
	enum status st;

	if (k->table) {
		/* method, MD5, type; the short form has only the date */
		st = k->lite ? ST_OK : buf_add_str(to, "GET\n\n\n");
		return st == ST_OK ? add_line(to, r->date) : st;
	}
	if (k->lite) {
		/* method, MD5, type, date (which is x-ms-date) */
		st = buf_add_str(to, "GET\n\n\n\n");
		return st == ST_OK ? add_headers(r, to) : st;
	}
	/* method, encoding, language, length, MD5, type, date, since */
	st = buf_add_str(to, "GET\n\n\n\n\n\n\n\n");
	if (st == ST_OK)
		st = add_line(to, r->if_match);
	if (st == ST_OK)
		st = buf_add_byte(to, '\n'); /* if none match */
	if (st == ST_OK)
		st = add_line(to, r->if_unmodified_since);
	if (st == ST_OK)
		st = add_line(to, r->range);
	return st == ST_OK ? add_headers(r, to) : st;
}

enum status
azure_key_text(const struct azure_key *k, const struct azure_request *r,
	       struct buf *to)
{
	enum status st = add_head(k, r, to);

	return st == ST_OK ? add_resource(k, r->url, to) : st;
}

enum status
azure_key_sign(const struct azure_key *k, const struct azure_request *r,
	       struct buf *to)
{
	uint8_t digest[HASH_LEN];
	struct buf text, key;
	enum status st;

	buf_init(&text, TEXT_MAX);
	buf_init(&key, KEY_MAX);
	st = codec_unbase64(CODEC_BASE64, k->key, &key);
	if (st == ST_OK)
		st = azure_key_text(k, r, &text);
	if (st == ST_OK) {
		hash_hmac(buf_span(&key), buf_span(&text), digest);
		st =
		    buf_addf(to, "SharedKey%s %.*s:", k->lite ? "Lite" : "",
			     (int)k->account.len, (const char *)k->account.ptr);
		if (st == ST_OK)
			st = codec_base64(CODEC_BASE64,
					  span_of(digest, sizeof(digest)), to);
		secret_wipe(digest, sizeof(digest));
	}
	buf_fini(&key);
	buf_fini(&text);
	return st;
}
