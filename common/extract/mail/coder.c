#include "extract/mail/coder.h"

#include <string.h>
#include <strings.h>

#include "base/codec.h"
#include "extract/mail/quartets.h"

enum coding
coder_find(struct span word)
{
	static const struct {
		const char *word;
		enum coding coding;
	} words[] = {
	    {"7bit", CODING_NONE},      {"8bit", CODING_NONE},
	    {"binary", CODING_NONE},    {"quoted-printable", CODING_QUOTED},
	    {"base64", CODING_BASE64},  {"x-uuencode", CODING_UU},
	    {"x-uue", CODING_UU},       {"uuencode", CODING_UU},
	    {"x-yencode", CODING_YENC}, {"yenc", CODING_YENC},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word.len == strlen(words[i].word) &&
		    strncasecmp((const char *)word.ptr, words[i].word,
				word.len) == 0)
			return words[i].coding;
	return word.len == 0 ? CODING_NONE : CODING_OTHER;
}

/* The bytes of a quartet that ends early. */
static size_t
flush64(struct coder *c, uint8_t *dst)
{
	size_t n = c->have > 1 ? c->have - 1u : 0;

	c->bits <<= 6 * (4 - c->have);
	for (size_t i = 0; i < n; i++)
		dst[i] = (uint8_t)(c->bits >> (16 - 8 * i));
	c->bits = 0;
	c->have = 0;
	return n;
}

static size_t
base64(struct coder *c, struct span s, uint8_t *dst)
{
	size_t n = 0, used;

	for (size_t i = 0; i < s.len; i++) {
		uint32_t d;

		if (c->have == 0) {
			used = quartets_decode(span_skip(s, i), dst + n);
			n += used / 4 * 3;
			i += used;
			if (i == s.len)
				break;
		}
		d = quartets_digit(s.ptr[i]);
		if (s.ptr[i] == '=' && c->have > 0)
			n += flush64(c, dst + n);
		if (d == QUARTETS_NONE)
			continue;
		c->bits = c->bits << 6 | d;
		if (++c->have < 4)
			continue;
		dst[n++] = (uint8_t)(c->bits >> 16);
		dst[n++] = (uint8_t)(c->bits >> 8);
		dst[n++] = (uint8_t)c->bits;
		c->bits = 0;
		c->have = 0;
	}
	return n;
}

/* have: 0 in text, 1 behind '=', 2 behind '=' and a digit (in bits). */
static size_t
quoted_byte(struct coder *c, uint8_t b, uint8_t *dst)
{
	size_t n = 0;
	int d = codec_digit(b);

	if (c->have == 0) {
		c->have = b == '=';
		dst[0] = c->word && b == '_' ? ' ' : b;
		return c->have == 0;
	}
	if (c->have == 1 && (b == '\n' || b == '\r' || b == ' ')) {
		c->have = b != '\n'; /* the line goes on in the next */
		return 0;
	}
	if (c->have == 1 && d >= 0) {
		c->bits = b;
		c->have = 2;
		return 0;
	}
	if (c->have == 2 && d >= 0) {
		dst[n++] =
		    (uint8_t)((unsigned)codec_digit((uint8_t)c->bits) << 4 |
			      (unsigned)d);
	} else {
		dst[n++] = '=';
		if (c->have == 2)
			dst[n++] = (uint8_t)c->bits;
		dst[n++] = b;
	}
	c->have = 0;
	return n;
}

/* What is not escaped goes through as it is. */
static size_t
quoted(struct coder *c, struct span s, uint8_t *dst)
{
	size_t n = 0, i = 0;

	while (i < s.len) {
		const uint8_t *escape;
		size_t plain = s.len - i;

		if (c->have > 0 || c->word) {
			n += quoted_byte(c, s.ptr[i++], dst + n);
			continue;
		}
		escape = memchr(s.ptr + i, '=', plain);
		if (escape != NULL)
			plain = (size_t)(escape - s.ptr) - i;
		memcpy(dst + n, s.ptr + i, plain);
		n += plain;
		i += plain;
		if (escape != NULL)
			n += quoted_byte(c, s.ptr[i++], dst + n);
	}
	return n;
}

static size_t
yenc(struct coder *c, struct span s, uint8_t *dst)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\r' || s.ptr[i] == '\n')
			continue;
		if (s.ptr[i] == '=' && c->have == 0) {
			c->have = 1;
			continue;
		}
		dst[n++] = (uint8_t)(s.ptr[i] - 42 - (c->have ? 64 : 0));
		c->have = 0;
	}
	return n;
}

size_t
coder_put(struct coder *c, struct span s, uint8_t *dst)
{
	switch (c->coding) {
	case CODING_BASE64:
		return base64(c, s, dst);
	case CODING_YENC:
		return yenc(c, s, dst);
	case CODING_QUOTED:
		return quoted(c, s, dst);
	case CODING_NONE:
	case CODING_UU:
	case CODING_OTHER:
		break;
	}
	if (s.len > 0)
		memcpy(dst, s.ptr, s.len);
	return s.len;
}

size_t
coder_end(struct coder *c, uint8_t *dst, bool *cut)
{
	size_t n = 0;

	*cut = c->coding == CODING_BASE64 && c->have > 0;
	if (*cut)
		return flush64(c, dst);
	if (c->coding == CODING_QUOTED && c->have > 0) {
		dst[n++] = '=';
		if (c->have == 2)
			dst[n++] = (uint8_t)c->bits;
	}
	c->have = 0;
	return n;
}

size_t
coder_uu(struct span line, uint8_t dst[64])
{
	size_t want, n = 0;
	uint32_t bits = 0;

	if (line.len == 0)
		return 0;
	want = (line.ptr[0] - 32u) & 63;
	for (size_t i = 1; n < want && i < line.len + 4; i++) {
		uint8_t c = i < line.len ? line.ptr[i] : ' ';

		bits = bits << 6 | ((c - 32u) & 63);
		for (unsigned k = 0; i % 4 == 0 && k < 3 && n < want; k++)
			dst[n++] = (uint8_t)(bits >> (16 - 8 * k));
	}
	return n;
}
