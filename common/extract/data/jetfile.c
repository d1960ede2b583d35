#include "extract/data/jetfile.h"

#include <stdlib.h>
#include <string.h>

#include "extract/ole/le.h"

#define HIDDEN      0x18 /* bytes of the header from here on are masked */
#define HIDDEN_LEN  126
#define CODEPAGE_AT 0x3c
#define KEY_AT      0x3e
#define CATALOG     2 /* page of the table of all tables */
#define ROW_MASK    0x1fff
#define FIELD       12 /* bytes of a long value in its row */
#define INLINE_BIT  0x80000000u
#define SINGLE_BIT  0x40000000u
#define LOOK_EVERY  4096

/* ---- RC4 -------------------------------------------------------------------
 */

static void
rc4(const uint8_t *key, size_t key_len, uint8_t *p, size_t n)
{
	uint8_t s[256], t;
	unsigned a = 0, b = 0;

	for (unsigned i = 0; i < 256; i++)
		s[i] = (uint8_t)i;
	for (unsigned i = 0; i < 256; i++) {
		b = (b + s[i] + key[i % key_len]) & 255;
		t = s[i];
		s[i] = s[b];
		s[b] = t;
	}
	b = 0;
	for (size_t i = 0; i < n; i++) {
		a = (a + 1) & 255;
		b = (b + s[a]) & 255;
		t = s[a];
		s[a] = s[b];
		s[b] = t;
		p[i] ^= s[(s[a] + s[b]) & 255];
	}
}

/* Each page has a key of its own: the database's with its number. */
static void
decode(const struct jet *j, uint32_t number, uint8_t *p, size_t n)
{
	uint8_t key[4];

	if (!j->encoded || number == 0)
		return;
	for (unsigned i = 0; i < 4; i++)
		key[i] = (uint8_t)(j->key[i] ^ number >> 8 * i);
	rc4(key, sizeof(key), p, n);
}

/* ---- pages -----------------------------------------------------------------
 */

const uint8_t *
jet_page(struct jet *j, uint32_t number)
{
	struct jet_page *c = &j->pages[number % JET_PAGES];

	if (number == 0 || number >= j->count)
		return NULL;
	if (c->number == number)
		return c->bytes;
	c->number = 0;
	if (!part_pread(j->p, c->bytes, j->page_size,
			(uint64_t)number * j->page_size))
		return NULL;
	decode(j, number, c->bytes, j->page_size);
	c->number = number;
	return c->bytes;
}

bool
jet_bytes(void *arg, void *dst, size_t n, uint64_t at)
{
	struct jet *j = arg;
	uint8_t *to = dst;
	size_t step;

	if (!j->encoded)
		return part_pread(j->p, dst, n, at);
	for (; n > 0; n -= step, to += step, at += step) {
		uint64_t number = at / j->page_size;
		uint32_t off = (uint32_t)(at % j->page_size);
		const uint8_t *p =
		    number < j->count ? jet_page(j, (uint32_t)number) : NULL;

		step = j->page_size - off < n ? j->page_size - off : n;
		if (p != NULL)
			memcpy(to, p + off, step);
		else if (!part_pread(j->p, to, step, at))
			return false;
	}
	return true;
}

/* ---- begin -----------------------------------------------------------------
 */

bool
jet_is(struct span head)
{
	static const char jet[] = "Standard Jet DB", ace[] = "Standard ACE DB";

	return head.len > HIDDEN + HIDDEN_LEN &&
	       (memcmp(head.ptr + 4, jet, sizeof(jet)) == 0 ||
		memcmp(head.ptr + 4, ace, sizeof(ace)) == 0);
}

static bool
read_header(struct jet *j)
{
	static const uint8_t mask[] = {0xc7, 0xda, 0x39, 0x6b};
	uint8_t h[HIDDEN + HIDDEN_LEN];

	if (!part_pread(j->p, h, sizeof(h), 0))
		return false;
	rc4(mask, sizeof(mask), h + HIDDEN, HIDDEN_LEN);
	j->wide = h[0x14] != 0;
	j->page_size = j->wide ? 4096 : 2048;
	j->codepage = le16(h + CODEPAGE_AT);
	memcpy(j->key, h + KEY_AT, sizeof(j->key));
	j->encoded = le32(j->key) != 0;
	j->count = j->p->size / j->page_size < JET_PAGES_MAX
		       ? (uint32_t)(j->p->size / j->page_size)
		       : JET_PAGES_MAX;
	return true;
}

/* Backwards, so that the first of an owner is known last. */
static void
read_owners(struct jet *j)
{
	for (uint32_t n = j->count; n-- > 1;) {
		const uint8_t *p = jet_page(j, n);
		uint32_t owner = p == NULL ? 0 : le32(p + 4);

		if (n % LOOK_EVERY == 0 && !job_in_time(j->x))
			return;
		if (p == NULL || p[0] != JET_ROWS || owner == 0 ||
		    owner >= j->count)
			continue;
		j->next[n] = j->first[owner];
		j->first[owner] = n;
	}
}

enum status
jet_begin(struct jet *j, struct extractor *x, struct part *p)
{
	const uint8_t *catalog;

	j->x = x;
	j->p = p;
	if (!read_header(j))
		return ST_MALFORMED;
	catalog = jet_page(j, CATALOG);
	if (j->encoded && (catalog == NULL || catalog[0] != JET_TABLE))
		return ST_UNSUPPORTED;
	j->first = calloc((size_t)j->count + 1, sizeof(*j->first));
	j->next = calloc((size_t)j->count + 1, sizeof(*j->next));
	if (j->first == NULL || j->next == NULL)
		return ST_NOMEM;
	read_owners(j);
	return ST_OK;
}

void
jet_end(struct jet *j)
{
	free(j->first);
	free(j->next);
	explicit_bzero(j->pages, sizeof(j->pages));
}

/* ---- rows ------------------------------------------------------------------
 */

static size_t
count_at(const struct jet *j)
{
	return j->wide ? 12 : 8;
}

unsigned
jet_row_count(struct jet *j, uint32_t page)
{
	const uint8_t *p = jet_page(j, page);
	size_t at = count_at(j);
	unsigned n;

	if (p == NULL || p[0] != JET_ROWS)
		return 0;
	n = le16(p + at);
	return at + 2 + n * 2u <= j->page_size ? n : 0;
}

struct span
jet_row(struct jet *j, uint32_t page, unsigned row, unsigned *flags)
{
	const uint8_t *p;
	unsigned from, to = j->page_size;
	size_t at = count_at(j) + 2 + row * (size_t)2;

	if (row >= jet_row_count(j, page))
		return span_of(NULL, 0);
	p = jet_page(j, page);
	if (p == NULL)
		return span_of(NULL, 0);
	from = le16(p + at) & ROW_MASK;
	*flags = le16(p + at) & (JET_DELETED | JET_LEADS);
	if (row > 0)
		to = le16(p + at - 2) & ROW_MASK;
	return from >= at + 2 && from < to && to <= j->page_size
		   ? span_of(p + from, to - from)
		   : span_of(NULL, 0);
}

void
jet_unused(struct jet *j, uint32_t page, uint64_t *from, uint64_t *to)
{
	uint64_t start = (uint64_t)page * j->page_size;
	unsigned n = jet_row_count(j, page), end = j->page_size;
	const uint8_t *p = jet_page(j, page);

	for (unsigned i = 0; p != NULL && i < n; i++) {
		unsigned at = le16(p + count_at(j) + 2 + i * 2) & ROW_MASK;

		if (at < end)
			end = at;
	}
	*from = start + count_at(j) + 2 + n * 2u;
	*to = start + end;
}

/* ---- long values -----------------------------------------------------------
 */

void
jet_long_begin(struct jet *j, struct span field, struct jet_long *l)
{
	uint32_t head;

	l->j = j;
	l->next = 0;
	l->left = l->at = l->len = 0;
	l->chain = false;
	if (field.len < FIELD)
		return;
	head = le32(field.ptr);
	l->left = head & ~(INLINE_BIT | SINGLE_BIT);
	if (head & INLINE_BIT) {
		field = span_skip(field, FIELD);
		l->len = field.len < l->left ? field.len : (size_t)l->left;
		if (field.ptr != NULL)
			memcpy(l->mem, field.ptr, l->len);
		l->left = l->len;
	} else {
		l->next = le32(field.ptr + 4);
		l->chain = !(head & SINGLE_BIT);
	}
}

/* The next row that has some of it; false: there is none. */
static bool
next_row(struct jet_long *l)
{
	uint32_t page = l->next >> 8;
	unsigned flags;
	struct span s;

	if (l->next == 0)
		return false;
	s = jet_row(l->j, page, l->next & 255, &flags);
	l->next = 0;
	if (l->chain && s.len > 4) {
		l->next = le32(s.ptr);
		s = span_skip(s, 4);
	} else if (l->chain) {
		return false;
	}
	l->at = 0;
	l->len = s.len < JET_PAGE_MAX ? s.len : JET_PAGE_MAX;
	if (l->len > 0)
		memcpy(l->mem, s.ptr, l->len);
	return l->len > 0;
}

enum status
jet_long_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct jet_long *l = arg;
	uint8_t *to = dst;

	*got = 0;
	while (*got < n && l->left > 0) {
		size_t some = n - *got;

		if (l->at == l->len && !next_row(l))
			break;
		if (some > l->len - l->at)
			some = l->len - l->at;
		if (some > l->left)
			some = (size_t)l->left;
		memcpy(to + *got, l->mem + l->at, some);
		l->at += some;
		l->left -= some;
		*got += some;
	}
	l->j->given += *got;
	if (l->j->given > l->j->p->size && !job_spend(l->j->x, *got))
		return ST_LIMIT;
	return *got == 0 && l->left > 0 && n > 0 ? ST_CLOSED : ST_OK;
}
