#ifndef EXTRACT_OFFICE_XMLSEEN_H
#define EXTRACT_OFFICE_XMLSEEN_H

#include <stdbool.h>

#include "extract/office/xmlscan.h"

/*
 * xmlseen: tags that begin elements, by their very bytes. Documents are made by
 * programs and say the same few tags over and over: such a tag is parsed once,
 * and known by its bytes when it comes again.
 *
 * Kept is what has its first > where it ends, within XML_SEEN_BYTES: the same
 * bytes up to their first > are the same tag then, wherever they stand.
 */
#define XML_SEEN_BYTES 64 /* that must be readable, too */
#define XML_SEEN_SLOTS 128

/* A name as far as it is compared. */
struct xml_key {
	uint64_t first, last;
	size_t len;
};

struct xml_seen_tag {
	uint8_t bytes[XML_SEEN_BYTES];
	struct xml_key key;
	unsigned what;
	bool empty; /* it ends its element, too */
};

struct xml_seen {
	uint8_t len[XML_SEEN_SLOTS]; /* of each; 0: none yet */
	struct xml_seen_tag tags[XML_SEEN_SLOTS];
};

static inline uint64_t
seen_load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Bytes up to the first > of XML_SEEN_BYTES, with it; 0: there is none. */
static inline size_t
seen_length(const uint8_t *p)
{
	const uint8_t *end = p + XML_SEEN_BYTES, *at = scan_end(p, end);

	return at == end ? 0 : (size_t)(at - p) + 1;
}

static inline size_t
seen_slot(const uint8_t *p, size_t n)
{
	bool brief = n < 8;
	uint64_t mask = brief ? (UINT64_C(1) << 8 * n) - 1 : UINT64_MAX;
	uint64_t first = htole64(le64toh(seen_load(p)) & mask);
	uint64_t last = seen_load(p + (brief ? 0 : n - 8));

	last = brief ? first : last;
	return ((first + (last << 9 | last >> 55) + n) *
		UINT64_C(0x9e3779b97f4a7c15)) >>
	       57;
}

/* Of XML_SEEN_BYTES each, the first n. */
static inline bool
seen_same(const uint8_t *a, const uint8_t *b, size_t n)
{
#if defined(__SSE2__)
	for (size_t i = 0; i < n; i += SCAN_STEP) {
		unsigned differ = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
				      scan_load(a + i), scan_load(b + i))) ^
				  0xffff;

		if (differ != 0)
			return i + (size_t)__builtin_ctz(differ) >= n;
	}
	return true;
#else
	return memcmp(a, b, n) == 0;
#endif
}

/* The tag at p; NULL: not seen yet. *n: its bytes. */
static inline const struct xml_seen_tag *
xml_seen_find(const struct xml_seen *s, const uint8_t *p, size_t *n)
{
	size_t len = seen_length(p), slot;

	if (len == 0)
		return NULL;
	slot = seen_slot(p, len);
	*n = len;
	return s->len[slot] == len && seen_same(s->tags[slot].bytes, p, len)
		   ? &s->tags[slot]
		   : NULL;
}

/* A tag of n bytes at p, of which XML_SEEN_BYTES may be read. */
static inline void
xml_seen_add(struct xml_seen *s, const uint8_t *p, size_t n,
	     const struct xml_key *key, unsigned what)
{
	size_t slot;

	if (n > XML_SEEN_BYTES || seen_length(p) != n)
		return;
	slot = seen_slot(p, n);
	s->len[slot] = (uint8_t)n;
	s->tags[slot] = (struct xml_seen_tag){
	    .key = *key, .what = what, .empty = p[n - 2] == '/'};
	memcpy(s->tags[slot].bytes, p, n);
}

#endif
