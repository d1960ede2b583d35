#include "proxy-agent/sql/drda_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/sql/drda_row.h"
#include "proxy-agent/sql/drda_text.h"

/* ---- types ---- */

/* Data types of volume 1 (DRDA environmental descriptors). */
static const struct drda_type types[] = {
    {0x02, DRDA_FIXED, DRDA_INTEGER},   {0x04, DRDA_FIXED, DRDA_INTEGER},
    {0x06, DRDA_FIXED, DRDA_INTEGER},   {0x16, DRDA_FIXED, DRDA_INTEGER},
    {0x0a, DRDA_FIXED, DRDA_FLOAT},     {0x0c, DRDA_FIXED, DRDA_FLOAT},
    {0x0e, DRDA_PACKED, DRDA_DECIMAL},  {0x1e, DRDA_COUNTED, DRDA_BYTES},
    {0x20, DRDA_FIXED, DRDA_SINGLE},    {0x22, DRDA_FIXED, DRDA_TIME},
    {0x24, DRDA_FIXED, DRDA_TIMESTAMP}, {0x26, DRDA_FIXED, DRDA_BYTES},
    {0x28, DRDA_COUNTED, DRDA_BYTES},   {0x2a, DRDA_COUNTED, DRDA_BYTES},
    {0x30, DRDA_FIXED, DRDA_SINGLE},    {0x32, DRDA_COUNTED, DRDA_SINGLE},
    {0x34, DRDA_COUNTED, DRDA_SINGLE},  {0x36, DRDA_DOUBLE, DRDA_PAIRED},
    {0x38, DRDA_PAIRS, DRDA_PAIRED},    {0x3a, DRDA_PAIRS, DRDA_PAIRED},
    {0x3c, DRDA_FIXED, DRDA_MIXED},     {0x3e, DRDA_COUNTED, DRDA_MIXED},
    {0x40, DRDA_COUNTED, DRDA_MIXED},   {0x44, DRDA_SHORT, DRDA_BYTES},
    {0x46, DRDA_SHORT, DRDA_SINGLE},    {0x48, DRDA_SHORT, DRDA_MIXED},
    {0xbe, DRDA_FIXED, DRDA_BOOLEAN},   {0xc0, DRDA_FIXED, DRDA_BYTES},
    {0xc2, DRDA_COUNTED, DRDA_BYTES},   {0xc8, DRDA_LARGE, DRDA_BYTES},
    {0xca, DRDA_LARGE, DRDA_SINGLE},    {0xcc, DRDA_LARGE, DRDA_PAIRED},
    {0xce, DRDA_LARGE, DRDA_MIXED},
};

const struct drda_type *
drda_type_of(uint8_t type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == (type & 0xfe))
			return &types[i];
	return NULL;
}

/* ---- values ---- */

uint64_t
drda_value_number(const uint8_t *p, size_t n, bool little)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[little ? n - 1 - i : i];
	return v;
}

static enum status
put_integer(struct buf *to, struct span s, bool little)
{
	char text[24];
	uint64_t v;
	unsigned shift;

	if (s.len == 0 || s.len > 8)
		return ST_MALFORMED;
	v = drda_value_number(s.ptr, s.len, little);
	shift = 64 - 8 * (unsigned)s.len;
	snprintf(text, sizeof(text), "%lld",
		 (long long)((int64_t)(v << shift) >> shift));
	return buf_add_str(to, text);
}

/* The shortest text that gives the same number again. */
static enum status
put_float(struct buf *to, struct span s, bool little)
{
	uint64_t bits = s.len == 4 || s.len == 8
			    ? drda_value_number(s.ptr, s.len, little)
			    : 0;
	uint32_t half = (uint32_t)bits;
	char text[40];
	double d;
	float f;

	if (s.len != 4 && s.len != 8)
		return ST_MALFORMED;
	memcpy(&d, &bits, sizeof(d));
	memcpy(&f, &half, sizeof(f));
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits,
			 s.len == 4 ? (double)f : d);
		if (s.len == 4 ? strtof(text, NULL) == f
			       : strtod(text, NULL) == d)
			break;
	}
	return buf_add_str(to, text);
}

#define DIGITS 63 /* of a decimal */

/* Digits of four bits, the last is the sign: B and D are negative. */
static enum status
put_decimal(struct buf *to, struct span s, size_t scale)
{
	char text[DIGITS + 4];
	size_t n = s.len * 2 - 1, at = 0;
	uint8_t sign = s.ptr[s.len - 1] & 0x0f;
	bool begun = false;

	if (n > DIGITS || scale > n || sign < 0x0a)
		return ST_MALFORMED;
	if (sign == 0x0b || sign == 0x0d)
		text[at++] = '-';
	for (size_t i = 0; i < n; i++) {
		unsigned d =
		    i % 2 == 0 ? s.ptr[i / 2] >> 4 : s.ptr[i / 2] & 0x0fu;

		if (d > 9)
			return ST_MALFORMED;
		if (i + scale == n) {
			if (!begun)
				text[at++] = '0';
			text[at++] = '.';
		}
		begun = begun || d > 0 || i + scale + 1 >= n;
		if (begun)
			text[at++] = (char)('0' + d);
	}
	return buf_add(to, text, at);
}

/* 2020-01-31-10.11.12.123 as 2020-01-31 10:11:12.123, and 10.11.12 likewise. */
static enum status
put_time(struct buf *to, struct span s, uint16_t ccsid, size_t time_at)
{
	size_t from = to->len;
	enum status st = drda_text_add(to, ccsid, s);
	uint8_t *p;

	if (st != ST_OK || to->len < from + time_at + 8)
		return st;
	p = to->data + from + time_at;
	if (time_at > 0 && p[-1] == '-')
		p[-1] = ' ';
	for (size_t i = 2; i <= 5; i += 3)
		if (p[i] == '.')
			p[i] = ':';
	return ST_OK;
}

static bool
is_true(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != 0 && s.ptr[i] != 0xf0)
			return true;
	return false;
}

enum status
drda_value_add(struct buf *to, const struct drda_column *c,
	       enum drda_value value, struct span s, bool little)
{
	switch (value) {
	case DRDA_INTEGER:
		return put_integer(to, s, little);
	case DRDA_FLOAT:
		return put_float(to, s, little);
	case DRDA_DECIMAL:
		return put_decimal(to, s, c->length & 0xff);
	case DRDA_BOOLEAN:
		return buf_add_str(to, is_true(s) ? "true" : "false");
	case DRDA_TIME:
		return put_time(to, s, c->ccsid, 0);
	case DRDA_TIMESTAMP:
		return put_time(to, s, c->ccsid, 11);
	case DRDA_BYTES:
		return s.len == 0 ? ST_OK : buf_add(to, s.ptr, s.len);
	case DRDA_SINGLE:
	case DRDA_PAIRED:
	case DRDA_MIXED:
		break;
	}
	return drda_text_add(to, c->ccsid, s);
}
