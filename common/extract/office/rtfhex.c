#include "extract/office/rtfhex.h"

#include <string.h>

#include "base/codec.h"

#define HEAD 4096 /* bytes in which the wrapper of an object ends */

struct hex {
	struct part *p;
	uint64_t left; /* bytes of \bin */
	bool binary;
	uint8_t head[HEAD]; /* read to look at the wrapper */
	size_t at, len;
};

/* Digits to bytes; anything between them but braces and words is passed. */
static size_t
decode(struct part *p, uint8_t *dst, size_t n)
{
	int high = -1;
	size_t have = 0;

	while (have < n) {
		struct span s = part_ahead(p);
		size_t i = 0;

		if (s.len == 0)
			return have;
		for (; i < s.len && have < n; i++) {
			int d = codec_digit(s.ptr[i]);

			if (s.ptr[i] == '{' || s.ptr[i] == '}' ||
			    s.ptr[i] == '\\') {
				part_consume(p, i);
				return have;
			}
			if (d >= 0 && high >= 0)
				dst[have++] = (uint8_t)(high << 4 | d);
			if (d >= 0)
				high = high >= 0 ? -1 : d;
		}
		part_consume(p, i);
	}
	return have;
}

static size_t
fetch(struct hex *h, uint8_t *dst, size_t n)
{
	if (!h->binary)
		return decode(h->p, dst, n);
	if (n > h->left)
		n = (size_t)h->left;
	n = part_read(h->p, dst, n);
	h->left -= n;
	return n;
}

static enum status
hex_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct hex *h = arg;

	if (h->at < h->len) {
		if (n > h->len - h->at)
			n = h->len - h->at;
		memcpy(dst, h->head + h->at, n);
		h->at += n;
		*got = n;
		return ST_OK;
	}
	*got = fetch(h, dst, n);
	return *got == 0 ? h->p->failed : ST_OK;
}

static uint32_t
u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* A string with its length before it; false: it does not fit. */
static bool
skip_string(struct span *s)
{
	uint32_t n;

	if (s->len < 4)
		return false;
	n = u32(s->ptr);
	*s = span_skip(*s, 4);
	if (n > s->len)
		return false;
	*s = span_skip(*s, n);
	return true;
}

/* A text with a zero byte behind it. */
static bool
take_name(struct span *s, struct span *name)
{
	const uint8_t *end = s->len == 0 ? NULL : memchr(s->ptr, 0, s->len);

	if (end == NULL)
		return false;
	*name = span_of(s->ptr, (size_t)(end - s->ptr));
	*s = span_skip(*s, name->len + 1);
	return true;
}

/* A file in a package: its label, its path and its size stand before it. */
static void
skip_package(struct span *s, struct span *label)
{
	struct span at = span_skip(*s, 2), name, path;

	if (s->len < 2 || s->ptr[0] != 2 || s->ptr[1] != 0)
		return;
	if (!take_name(&at, &name) || !take_name(&at, &path) || at.len < 4)
		return;
	at = span_skip(at, 4);
	if (!skip_string(&at) || at.len < 4)
		return;
	*s = span_skip(at, 4);
	*label = name;
}

/* How much of the head is the wrapper (MS-OLEDS 2.2.4); of a package its label.
 */
static size_t
wrapper(struct span head, struct span *label)
{
	struct span s = span_skip(head, 8);

	if (head.len < 20 || u32(head.ptr + 4) != 2)
		return 0;
	for (int i = 0; i < 3; i++) /* its class, its topic, its item */
		if (!skip_string(&s))
			return 0;
	if (s.len < 4)
		return 0;
	s = span_skip(s, 4);
	skip_package(&s, label);
	return head.len - s.len;
}

static enum status
member(struct extractor *x, struct hex *h, struct span name)
{
	struct part inner = {.arg = h, .read = hex_read, .size = UINT64_MAX};
	uint8_t rest[1024];
	enum status st = ST_OK;
	size_t got = 1;

	if (job_count(x))
		st = job_member(x, &inner, name);
	while (st == ST_OK && got > 0 && job_in_time(x))
		st = hex_read(h, rest, sizeof(rest), &got);
	return st == ST_NOMEM || h->p->failed == ST_OK ? st : ST_OK;
}

enum status
rtf_hex(struct extractor *x, struct part *p, struct span name, bool object)
{
	struct hex h = {.p = p};
	struct span label = {0};
	enum status st;
	size_t outer;

	if (object) {
		h.len = decode(p, h.head, HEAD);
		h.at = wrapper(span_of(h.head, h.len), &label);
	}
	if (label.len == 0)
		return member(x, &h, name);
	outer = job_enter(x, name);
	st = member(x, &h, label);
	job_leave(x, outer);
	return st;
}

enum status
rtf_bin(struct extractor *x, struct part *p, uint64_t n, struct span name)
{
	struct hex h = {.p = p, .binary = true, .left = n};

	return member(x, &h, name);
}
