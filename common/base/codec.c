#include "base/codec.h"

#include <stdbool.h>
#include <string.h>

void
codec_hex(struct span s, char *dst)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < s.len; i++) {
		dst[2 * i] = hex[s.ptr[i] >> 4];
		dst[2 * i + 1] = hex[s.ptr[i] & 15];
	}
	dst[2 * s.len] = '\0';
}

enum status
codec_unhex(struct span s, uint8_t *dst, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (codec_digit(s.ptr[i]) < 0)
			return ST_MALFORMED;
	if (s.len % 2 != 0 || s.len / 2 != len)
		return ST_LIMIT;
	for (size_t i = 0; i < len; i++)
		dst[i] = (uint8_t)(codec_digit(s.ptr[2 * i]) << 4 |
				   codec_digit(s.ptr[2 * i + 1]));
	return ST_OK;
}

static const char alphabets[2][65] = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

enum status
codec_base64(enum codec_base64 kind, struct span s, struct buf *to)
{
	const char *alphabet = alphabets[kind];
	enum status st = buf_reserve(to, (s.len + 2) / 3 * 4);

	for (size_t i = 0; st == ST_OK && i < s.len; i += 3) {
		size_t n = s.len - i < 3 ? s.len - i : 3;
		uint32_t v = (uint32_t)s.ptr[i] << 16;
		char four[4];

		if (n > 1)
			v |= (uint32_t)s.ptr[i + 1] << 8;
		if (n > 2)
			v |= s.ptr[i + 2];
		for (unsigned k = 0; k < 4; k++)
			four[k] = alphabet[v >> (18 - 6 * k) & 63];
		if (kind == CODEC_BASE64)
			memset(four + n + 1, '=', 3 - n);
		st = buf_add(to, four, kind == CODEC_BASE64 ? 4 : n + 1);
	}
	return st;
}

static int
sixbits(enum codec_base64 kind, uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (uint8_t)alphabets[kind][62])
		return 62;
	return c == (uint8_t)alphabets[kind][63] ? 63 : -1;
}

/* 2..4 letters into 1..3 bytes; letters that carry other bits are refused. */
static enum status
four_to_three(enum codec_base64 kind, struct span s, struct buf *to)
{
	uint32_t v = 0;
	uint8_t three[3];

	if (s.len < 2)
		return ST_MALFORMED;
	for (size_t i = 0; i < 4; i++) {
		int six = i < s.len ? sixbits(kind, s.ptr[i]) : 0;

		if (six < 0)
			return ST_MALFORMED;
		v = v << 6 | (uint32_t)six;
	}
	for (unsigned i = 0; i < 3; i++)
		three[i] = (uint8_t)(v >> (16 - 8 * i));
	if ((s.len == 2 && (v & 0xffff) != 0) ||
	    (s.len == 3 && (v & 0xff) != 0))
		return ST_MALFORMED;
	return buf_add(to, three, s.len - 1);
}

enum status
codec_unbase64(enum codec_base64 kind, struct span s, struct buf *to)
{
	size_t before = to->len;
	enum status st = ST_OK;

	if (kind == CODEC_BASE64) {
		if (s.len % 4 != 0)
			return ST_MALFORMED;
		for (int i = 0; i < 2 && s.len > 0 && s.ptr[s.len - 1] == '=';
		     i++)
			s.len--;
	}
	for (size_t i = 0; st == ST_OK && i < s.len; i += 4)
		st = four_to_three(
		    kind, span_of(s.ptr + i, s.len - i < 4 ? s.len - i : 4),
		    to);
	if (st != ST_OK)
		to->len = before;
	return st;
}

/* Bit by bit for the table, which the compiler cannot make at compile time. */
static uint32_t
crc_of_byte(uint32_t v)
{
	for (int i = 0; i < 8; i++)
		v = v >> 1 ^ (0x82f63b78u & (0u - (v & 1)));
	return v;
}

static uint32_t
crc_plain(uint32_t crc, struct span s)
{
	uint32_t table[256];

	for (uint32_t i = 0; i < 256; i++)
		table[i] = crc_of_byte(i);
	for (size_t i = 0; i < s.len; i++)
		crc = crc >> 8 ^ table[(crc ^ s.ptr[i]) & 255];
	return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t
crc_fast(uint32_t crc, struct span s)
{
	uint64_t wide = crc;

	for (; s.len >= 8; s = span_skip(s, 8)) {
		uint64_t word;

		memcpy(&word, s.ptr, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (size_t i = 0; i < s.len; i++)
		crc = __builtin_ia32_crc32qi(crc, s.ptr[i]);
	return crc;
}

static bool
has_fast(void)
{
	return __builtin_cpu_supports("sse4.2") != 0;
}
#else
static uint32_t
crc_fast(uint32_t crc, struct span s)
{
	return crc_plain(crc, s);
}

static bool
has_fast(void)
{
	return false;
}
#endif

uint32_t
codec_crc32c(uint32_t crc, struct span s)
{
	if (has_fast())
		return ~crc_fast(~crc, s);
	return codec_crc32c_plain(crc, s);
}

uint32_t
codec_crc32c_plain(uint32_t crc, struct span s)
{
	return ~crc_plain(~crc, s);
}

enum status
codec_add32(struct buf *to, uint32_t v)
{
	uint8_t raw[4];

	codec_put32(raw, v);
	return buf_add(to, raw, sizeof(raw));
}

enum status
codec_add64(struct buf *to, uint64_t v)
{
	uint8_t raw[8];

	codec_put64(raw, v);
	return buf_add(to, raw, sizeof(raw));
}

enum status
codec_put_varint(struct buf *to, uint64_t v)
{
	uint8_t bytes[10];
	size_t n = 0;

	while (v >= 0x80) {
		bytes[n++] = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	bytes[n++] = (uint8_t)v;
	return buf_add(to, bytes, n);
}

enum status
codec_get_varint(struct span *s, uint64_t *v)
{
	uint64_t value = 0;

	for (size_t i = 0; i < s->len && i < 10; i++) {
		uint8_t b = s->ptr[i];

		if (i == 9 && b > 1)
			return ST_MALFORMED;
		value |= (uint64_t)(b & 0x7f) << (7 * i);
		if (b & 0x80)
			continue;
		if (b == 0 && i > 0)
			return ST_MALFORMED; /* a shorter form exists */
		*v = value;
		*s = span_skip(*s, i + 1);
		return ST_OK;
	}
	return ST_MALFORMED;
}

enum status
codec_put_span(struct buf *to, struct span s)
{
	enum status st = codec_put_varint(to, s.len);

	return st != ST_OK ? st : buf_add(to, s.ptr, s.len);
}

enum status
codec_get_span(struct span *s, size_t max, struct span *out)
{
	struct span rest = *s;
	uint64_t n;
	enum status st = codec_get_varint(&rest, &n);

	if (st != ST_OK)
		return st;
	if (n > rest.len)
		return ST_MALFORMED;
	if (n > max)
		return ST_LIMIT;
	*out = span_of(rest.ptr, (size_t)n);
	*s = span_skip(rest, (size_t)n);
	return ST_OK;
}
