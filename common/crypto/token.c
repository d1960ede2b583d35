#include "crypto/token.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

#define HEAD "trawl1:"

static bool
is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Letters, digits, - and _ in labels of 1 to 63, joined by single dots. */
static bool
is_name(struct span s)
{
	size_t label = 0;

	if (s.len == 0 || s.len > TOKEN_HOST_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' && label > 0)
			label = 0;
		else if (!is_word(s.ptr[i]) || ++label > 63)
			return false;
	}
	return label > 0;
}

static bool
is_ip6(struct span s)
{
	struct in6_addr ignored;
	char text[INET6_ADDRSTRLEN];

	return str_copy(text, sizeof(text), s) == ST_OK &&
	       inet_pton(AF_INET6, text, &ignored) == 1;
}

/* ":port" to the end, or nothing (then 0). */
static enum status
read_port(struct span s, uint16_t *port)
{
	uint64_t n;

	if (s.len == 0) {
		*port = 0;
		return ST_OK;
	}
	if (s.len < 2 || s.ptr[0] != ':' || s.ptr[1] == '0')
		return ST_MALFORMED;
	if (str_to_u64(span_skip(s, 1), 1, UINT16_MAX, &n) != ST_OK)
		return ST_MALFORMED;
	*port = (uint16_t)n;
	return ST_OK;
}

enum status
token_address(struct span text, char *host, size_t room, uint16_t *port)
{
	bool ip6 = text.len > 0 && text.ptr[0] == '[';
	size_t end = str_find(text, ip6 ? ']' : ':');
	struct span name = span_of(text.ptr, end);
	uint16_t p;

	if (ip6) {
		if (end == text.len)
			return ST_MALFORMED;
		name = span_of(text.ptr + 1, end - 1);
		end++;
	}
	if (ip6 ? !is_ip6(name) : !is_name(name))
		return ST_MALFORMED;
	if (read_port(span_skip(text, end), &p) != ST_OK)
		return ST_MALFORMED;
	if (str_copy(host, room, name) != ST_OK)
		return ST_LIMIT;
	*port = p;
	return ST_OK;
}

/* The last `:part` of a text, cut off it. */
static bool
cut_last(struct span *text, struct span *part)
{
	size_t i = text->len;

	while (i > 0 && text->ptr[i - 1] != ':')
		i--;
	if (i == 0)
		return false;
	*part = span_skip(*text, i);
	text->len = i - 1;
	return true;
}

static enum status
read_hex(struct span s, uint8_t *dst, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] >= 'A' && s.ptr[i] <= 'F')
			return ST_MALFORMED; /* one token has one text */
	return codec_unhex(s, dst, len) == ST_OK ? ST_OK : ST_MALFORMED;
}

enum status
token_parse(struct span text, struct token *out)
{
	struct token t = {0};
	struct span secret, pin;
	enum status st = ST_MALFORMED;

	if (text.len >= TOKEN_TEXT_MAX || !str_starts(text, HEAD))
		return ST_MALFORMED;
	text = span_skip(text, strlen(HEAD));
	if (cut_last(&text, &secret) && cut_last(&text, &pin) &&
	    read_hex(secret, t.secret, sizeof(t.secret)) == ST_OK &&
	    read_hex(pin, t.pin, sizeof(t.pin)) == ST_OK &&
	    token_address(text, t.host, sizeof(t.host), &t.port) == ST_OK &&
	    t.port != 0) {
		*out = t;
		st = ST_OK;
	}
	secret_wipe(&t, sizeof(t));
	return st;
}

enum status
token_format(const struct token *t, char text[TOKEN_TEXT_MAX])
{
	struct span host = span_of(t->host, strnlen(t->host, sizeof(t->host)));
	bool ip6 = is_ip6(host);
	char pin[2 * sizeof(t->pin) + 1], secret[2 * sizeof(t->secret) + 1];

	if ((!ip6 && !is_name(host)) || t->port == 0)
		return ST_USAGE;
	codec_hex(span_of(t->pin, sizeof(t->pin)), pin);
	codec_hex(span_of(t->secret, sizeof(t->secret)), secret);
	snprintf(text, TOKEN_TEXT_MAX, HEAD "%s%.*s%s:%" PRIu16 ":%s:%s",
		 ip6 ? "[" : "", (int)host.len, t->host, ip6 ? "]" : "",
		 t->port, pin, secret);
	secret_wipe(secret, sizeof(secret));
	return ST_OK;
}

void
token_key(const uint8_t secret[TOKEN_SECRET_LEN], uint8_t key[TOKEN_KEY_LEN])
{
	hash_sha256(span_of(secret, TOKEN_SECRET_LEN), key);
}
