#include "detect/check/secret.h"

#include <string.h>

#include "base/str.h"
#include "detect/assign/guess.h"
#include "detect/catalogue/class.h"
#include "detect/check/digits.h"
#include "model/match.h"

/* What the checks of this file may be told; each takes its own part of it. */
struct secret {
	int32_t skip;      /* leading bytes to leave out */
	int32_t part;      /* between dots, from 1 */
	int32_t min, max;  /* counts */
	int32_t centibits; /* entropy a character, times 100 */
	struct span text;  /* a word */
};

static struct span
without_head(struct span v, const struct secret *a)
{
	return span_skip(v, (size_t)a->skip);
}

/* log2 times 65536, for 1..65535: sixteen squarings, no floating point. */
static uint64_t
log2_fixed(uint32_t n)
{
	unsigned whole = 31U - (unsigned)__builtin_clz(n);
	uint64_t x = (uint64_t)n << (32 - whole), log = whole;

	for (unsigned i = 0; i < 16; i++) {
		x = (x >> 1) * (x >> 1) >> 30;
		log <<= 1;
		if (x >> 33 != 0) {
			log |= 1;
			x >>= 1;
		}
	}
	return log;
}

/* Shannon, over the bytes of the value itself. */
static bool
entropy(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	unsigned seen[256] = {0};
	uint64_t sum = 0;

	v = without_head(v, a);
	if (v.len == 0 || v.len > CLASS_RUN_MAX)
		return false;
	for (size_t i = 0; i < v.len; i++)
		seen[v.ptr[i]]++;
	for (unsigned b = 0; b < 256; b++)
		if (seen[b] > 0)
			sum += seen[b] * log2_fixed(seen[b]);
	/* bits = log2(n) - sum / n */
	return (log2_fixed((uint32_t)v.len) - sum / v.len) * 100 >=
	       (uint64_t)a->centibits << 16;
}

static uint32_t
crc32(struct span s)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < s.len; i++) {
		crc ^= s.ptr[i];
		for (unsigned k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
	}
	return ~crc;
}

/* 0-9 A-Z a-z, most significant first; UINT64_MAX for another character. */
static uint64_t
base62(struct span s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];
		unsigned d;

		if (c >= '0' && c <= '9')
			d = (unsigned)c - '0';
		else if (c >= 'A' && c <= 'Z')
			d = (unsigned)c - 'A' + 10;
		else if (c >= 'a' && c <= 'z')
			d = (unsigned)c - 'a' + 36;
		else
			return UINT64_MAX;
		v = v * 62 + d;
	}
	return v;
}

static bool
crc32_base62(struct span v, const struct check *c)
{
	const struct secret *a = c->params;

	v = without_head(v, a);
	if (v.len <= 6)
		return false;
	return base62(span_of(v.ptr + v.len - 6, 6)) ==
	       crc32(span_of(v.ptr, v.len - 6));
}

/* Value of a base64 character of either alphabet, 64 for none. */
static unsigned
base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)c - 'A';
	if (c >= 'a' && c <= 'z')
		return (unsigned)c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return (unsigned)c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : 64;
}

/* Bytes of s decoded into out[0..room); SIZE_MAX when s is no base64. */
static size_t
base64_decode(struct span s, uint8_t *out, size_t room)
{
	uint32_t acc = 0;
	size_t n = 0;
	unsigned bits = 0;

	while (s.len > 0 && s.ptr[s.len - 1] == '=')
		s.len--;
	for (size_t i = 0; i < s.len; i++) {
		unsigned v = base64_value(s.ptr[i]);

		if (v > 63)
			return SIZE_MAX;
		acc = acc << 6 | v;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n < room)
			out[n] = (uint8_t)(acc >> bits);
		n++;
	}
	return s.len % 4 == 1 ? SIZE_MAX : n;
}

static bool
base64_size(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	uint8_t none[1];
	size_t n = base64_decode(v, none, 0);

	return n != SIZE_MAX && n >= (size_t)a->min && n <= (size_t)a->max;
}

/* The n-th part between dots decodes to an object with the key. */
static bool
base64_json(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	uint8_t json[512];
	struct span part = {0};
	size_t n, key = a->text.len;

	for (int32_t i = 0; i < a->part; i++)
		if (!str_next(&v, '.', &part))
			return false;
	n = base64_decode(part, json, sizeof(json));
	if (n == SIZE_MAX || n < 2 || json[0] != '{')
		return false;
	if (n > sizeof(json))
		n = sizeof(json);
	for (size_t i = 1; i + key + 2 <= n; i++)
		if (json[i] == '"' && json[i + 1 + key] == '"' &&
		    memcmp(json + i + 1, a->text.ptr, key) == 0)
			return true;
	return false;
}

static bool
parts(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	struct span part;
	uint32_t n = 0;

	while (str_next(&v, '.', &part)) {
		if (part.len == 0)
			return false;
		n++;
	}
	return n >= (size_t)a->min;
}

/* So many words between blanks. */
static bool
spaced(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	int64_t n = 0;

	for (size_t i = 0; i < v.len; i++)
		n += v.ptr[i] != ' ' && (i == 0 || v.ptr[i - 1] == ' ');
	return n >= (int64_t)a->min;
}

static bool
digit_and_letter(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	bool digit = false, letter = false;

	v = without_head(v, a);
	for (size_t i = 0; i < v.len; i++) {
		uint8_t b = v.ptr[i];

		digit |= b >= '0' && b <= '9';
		letter |= (b | 32) >= 'a' && (b | 32) <= 'z';
	}
	return digit && letter;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool
holds_word(struct span v, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= v.len; i++) {
		size_t k = 0;

		while (k < n && lower(v.ptr[i + k]) == (uint8_t)word[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

/* Words and marks that people and templates write where a secret would be. */
static bool
not_placeholder(struct span v, const struct check *c)
{
	static const char *const words[] = {
	    "placeholder", "changeme",  "change_me", "your_",  "your-",
	    "xxxx",        "****",      "....",      "<",      "${",
	    "{{",          "%(",        "redacted",  "dummy",  "000000000000",
	    "insert",      "123456789", "abcdefgh",  "sample", "todo"};

	(void)c;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (holds_word(v, words[i]))
			return false;
	return check_not_all_same(v, c);
}

/* Names for a password rather than one, in URLs of manuals and templates. */
static bool
url_password(struct span v, const struct check *c)
{
	static const char *const words[] = {
	    "password", "passwd", "pass",   "pwd",  "secret",     "user",
	    "username", "token",  "foobar", "pw",   "xxx",        "...",
	    "mypass",   "host",   "port",   "test", "mypassword", "tiger"};
	size_t at = str_find(v, '@'), colon;

	(void)c;
	v = span_of(v.ptr, at);
	colon = v.len;
	while (colon > 0 && v.ptr[colon - 1] != ':')
		colon--;
	v = span_skip(v, colon);
	if (v.len < 3 || !check_not_all_same(v, c) || v.ptr[0] == '$' ||
	    v.ptr[0] == '%' || v.ptr[0] == '{' || v.ptr[0] == '[')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v.len == strlen(words[i]) && holds_word(v, words[i]))
			return false;
	return !guess_stop_words(v) && !guess_template(v) &&
	       not_placeholder(v, c);
}

/* Base64 between the lines of a PEM block, headers of old keys left out. */
static bool
pem_body(struct span v, const struct check *c)
{
	const struct secret *a = c->params;
	size_t body = 0, run = 0;

	for (size_t i = 0; i < v.len; i++) {
		if (base64_value(v.ptr[i]) < 64 && v.ptr[i] != '-') {
			run++;
			continue;
		}
		/* lines of words and dashes do not count */
		if (run >= 16)
			body += run;
		run = 0;
	}
	return body >= (size_t)a->min;
}

static bool
likely_token(struct span v, const struct check *c)
{
	(void)c;
	return guess_token(v);
}

static bool
likely_password(struct span v, const struct check *c)
{
	(void)c;
	return guess_password(v) || guess_token(v);
}

/* A token, or a password of ten characters and more with signs in it. */
static bool
likely_secret(struct span v, const struct check *c)
{
	(void)c;
	if (guess_token(v))
		return true;
	for (size_t i = 0; v.len >= 10 && i < v.len; i++)
		if (strchr("!@#$^&*?+~", v.ptr[i]) != NULL)
			return guess_password(v);
	return false;
}

/* Base64 of name:password in printable characters. */
static bool
base64_pair(struct span v, const struct check *c)
{
	uint8_t pair[256];
	size_t n = base64_decode(v, pair, sizeof(pair)), colon;

	(void)c;
	if (n == SIZE_MAX || n > sizeof(pair) || n < 4)
		return false;
	for (size_t i = 0; i < n; i++)
		if (pair[i] < ' ' || pair[i] > '~')
			return false;
	colon = str_find(span_of(pair, n), ':');
	if (colon + 4 > n)
		return false;
	v = span_of(pair + colon + 1, n - colon - 1);
	return !guess_template(v) && !guess_stop_words(v);
}

/* More than the words that manuals, templates and factories write there. */
static bool
not_stop_words(struct span v, const struct check *c)
{
	(void)c;
	return !guess_stop_words(v) && !guess_template(v);
}

/* The part before the first dot is base64 of a number: when the bot was made.
 */
static bool
discord_id(struct span v, const struct check *c)
{
	uint8_t id[32];
	size_t n;

	(void)c;
	v.len = str_find(v, '.');
	n = base64_decode(v, id, sizeof(id));
	if (n < 17 || n > 20)
		return false;
	for (size_t i = 0; i < n; i++)
		if (id[i] < '0' || id[i] > '9')
			return false;
	return true;
}

/* $scheme$...$hash, the last part as long as the scheme has it. */
static bool
crypt_hash(struct span v, const struct check *c)
{
	static const struct {
		const char *scheme;
		size_t hash; /* length of the last part, at least */
		bool exact;
	} schemes[] = {{"1", 22, true},        {"apr1", 22, true},
		       {"5", 43, true},        {"6", 86, true},
		       {"2a", 53, true},       {"2b", 53, true},
		       {"2x", 53, true},       {"2y", 53, true},
		       {"y", 43, true},        {"gy", 43, true},
		       {"7", 43, true},        {"argon2id", 22, false},
		       {"argon2i", 22, false}, {"argon2d", 22, false},
		       {"P", 31, true},        {"H", 31, true}};
	struct span part = {0}, scheme = {0};

	(void)c;
	if (!str_next(&v, '$', &part) || !str_next(&v, '$', &scheme))
		return false;
	while (str_next(&v, '$', &part))
		;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (str_is(scheme, schemes[i].scheme))
			return part.len == schemes[i].hash ||
			       (!schemes[i].exact &&
				part.len > schemes[i].hash);
	return false;
}

#define A(field) offsetof(struct secret, field)
#define COUNT(name, must)                                                      \
	{                                                                      \
#name, CHECK_NUMBER, A(name), must, 0, 100000, NULL            \
	}
#define END                                                                    \
	{                                                                      \
		.name = NULL                                                   \
	}
static const struct check_param entropy_params[] = {COUNT(centibits, true),
						    COUNT(skip, false), END};
static const struct check_param skip_must[] = {COUNT(skip, true), END};
static const struct check_param skip_may[] = {COUNT(skip, false), END};
static const struct check_param size_params[] = {COUNT(min, true),
						 COUNT(max, true), END};
static const struct check_param json_params[] = {
    COUNT(part, true), {"text", CHECK_TEXT, A(text), true, 0, 0, NULL}, END};
static const struct check_param min_must[] = {COUNT(min, true), END};

#define OP(name, why, params)                                                  \
	{                                                                      \
#name, name, why, params, sizeof(struct secret), NULL, NULL    \
	}
const struct check_op check_secret_ops[] = {
    OP(entropy, REASON(REASON_ENTROPY), entropy_params),
    OP(crc32_base62, REASON(REASON_CHECKSUM), skip_must),
    OP(base64_size, REASON(REASON_STRUCTURE), size_params),
    OP(base64_json, REASON(REASON_STRUCTURE), json_params),
    OP(parts, REASON(REASON_STRUCTURE), min_must),
    OP(spaced, 0, min_must),
    OP(digit_and_letter, 0, skip_may),
    OP(not_placeholder, 0, NULL),
    OP(url_password, 0, NULL),
    OP(likely_token, REASON(REASON_ENTROPY), NULL),
    OP(likely_password, 0, NULL),
    OP(likely_secret, REASON(REASON_ENTROPY), NULL),
    OP(base64_pair, REASON(REASON_STRUCTURE), NULL),
    OP(not_stop_words, 0, NULL),
    OP(discord_id, REASON(REASON_STRUCTURE), NULL),
    OP(crypt_hash, REASON(REASON_STRUCTURE), NULL),
    OP(pem_body, REASON(REASON_STRUCTURE), min_must),
    {.name = NULL},
};
