#include <strings.h>

#include "detect/decide/evidence.h"
#include "detect/work.h"

/*
 * net: addresses of hosts and of their adapters. Four small numbers with dots
 * are also versions, sections and object identifiers, so what they are of and
 * what stands around decides.
 */
#define QUADS       4
#define GROUPS      8 /* RFC 4291 */
#define PAIRS       6 /* IEEE 802 */
#define SMALL_QUAD  32
#define PUBLIC      55
#define SMALL       40
#define PRIVATE     45
#define LOCAL       20 /* nobody's: this host, all hosts, none */
#define SHORT_GROUP 30

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26;
}

static bool
hex(uint8_t c)
{
	return digit(c) || (uint8_t)((c | 32) - 'a') < 6;
}

static uint8_t
at(struct span t, size_t i)
{
	return i < t.len ? t.ptr[i] : 0;
}

static uint8_t
before(struct span t, size_t i, size_t n)
{
	return i >= n ? t.ptr[i - n] : 0;
}

/* ---- version 4 ----------------------------------------------------------- */

/* 0 to 255 without a zero before it; gives its digits, 0 when it is none. */
static size_t
read_quad(struct span t, size_t i, unsigned *out)
{
	unsigned v = 0;
	size_t n = 0;

	while (n < 4 && digit(at(t, i + n)))
		v = v * 10 + t.ptr[i + n++] - '0';
	if (n == 0 || v > 255 || (n > 1 && t.ptr[i] == '0'))
		return 0;
	*out = v;
	return n;
}

/* Bytes of a dotted quad at i, 0 when there is none. */
static size_t
read_quads(struct span t, size_t i, unsigned q[QUADS])
{
	size_t p = i;

	for (unsigned k = 0; k < QUADS; k++) {
		size_t n;

		if (k > 0 && at(t, p++) != '.')
			return 0;
		n = read_quad(t, p, &q[k]);
		if (n == 0)
			return 0;
		p += n;
	}
	return p - i;
}

/*
 * Behind a word and its colon, as in "MAC:f6:21:..": some letter of the word is
 * no hexadecimal digit.
 */
#define TITLE_MOST 16

static bool
titled(struct span t, size_t start)
{
	for (size_t n = 2; n < TITLE_MOST; n++) {
		uint8_t c = before(t, start, n);

		if (letter(c) && !hex(c))
			return before(t, start, 1) == ':';
		if (!letter(c) && !digit(c))
			return false;
	}
	return false;
}

/* Blocks of RFC 6890 that are of no one host, or of one in any network. */
static int
quad_score(const unsigned q[QUADS])
{
	unsigned most = 0;

	if (q[0] == 0 || q[0] == 127 || q[0] >= 224 ||
	    (q[0] == 169 && q[1] == 254))
		return LOCAL;
	if (q[0] == 10 || (q[0] == 192 && q[1] == 168) ||
	    (q[0] == 172 && q[1] >= 16 && q[1] < 32) ||
	    (q[0] == 100 && q[1] >= 64 && q[1] < 128))
		return PRIVATE;
	for (unsigned k = 0; k < QUADS; k++)
		most = q[k] > most ? q[k] : most;
	return most < SMALL_QUAD || (q[0] < 10 && most < 100) ? SMALL : PUBLIC;
}

/* RFC 5737 and 3849: for documents. */
static bool
quad_example(const unsigned q[QUADS])
{
	unsigned head = q[0] << 16 | q[1] << 8 | q[2];

	return head == 0xc00002 || head == 0xc63364 || head == 0xcb0071;
}

/* "Chrome/91.0.44.124", "lib-1.2.3.4", "1.2.3.4-rc1", "1.2.3.4.5". */
static bool
versioned(struct span t, size_t start, size_t end)
{
	uint8_t b = before(t, start, 1), e = at(t, end);

	if ((b == '.' || b == '-' || b == '/') &&
	    (letter(before(t, start, 2)) || digit(before(t, start, 2))))
		return b != '-' || !digit(before(t, start, 2));
	if (b == '.' || b == '$')
		return true;
	return (e == '.' && digit(at(t, end + 1))) ||
	       ((e == '-' || e == '+' || e == '~') && letter(at(t, end + 1)));
}

static void
claim(struct detect_scratch *s, size_t start, size_t end, struct verdict *v)
{
	const struct data_type *t = s->d->ip;

	v->reasons |= t->stands;
	if (evidence_alone(s->text, start, end))
		v->score += POINTS_ALONE;
	s->nearby_known = false;
	evidence_words(s, t, start, end, v);
	work_claim(s, start, end, s->d->ip_index, v);
}

/*
 * Three groups of one to three digits and a dot behind each, as the masks have
 * them: most that begins with digits and goes on is a date, a time or an
 * amount.
 */
static bool
dotted(const struct detect_scratch *s, size_t p)
{
	uint64_t digits = work_bits(s, s->masks.digit, p);

	for (unsigned k = 1; k < QUADS; k++) {
		unsigned n = id_length(digits);

		if (n > 3 || at(s->text, p + n) != '.')
			return false;
		p += n + 1;
		digits >>= n + 1;
	}
	return true;
}

static void
quads(struct detect_scratch *s, size_t start)
{
	struct span t = s->text;
	struct verdict v = {.score = 0};
	unsigned q[QUADS];
	size_t end = start + read_quads(t, start, q);

	if (end == start || !evidence_free(t, start, end) ||
	    versioned(t, start, end))
		return;
	v.score = quad_score(q);
	if (quad_example(q))
		v.reasons |= REASON(REASON_TEST_DATA);
	claim(s, start, end, &v);
}

void
net_quads_at(struct detect_scratch *s, size_t start)
{
	if (dotted(s, start))
		quads(s, start);
}

/* ---- version 6 ----------------------------------------------------------- */

struct groups {
	unsigned count, digits;
	bool gap; /* :: */
	uint16_t first;
	size_t end;
};

/* One to four hexadecimal digits at i; their number, 0 when none or more. */
static size_t
read_group(struct span t, size_t i, uint16_t *out)
{
	unsigned v = 0;
	size_t n = 0;

	while (n < 5 && hex(at(t, i + n))) {
		uint8_t c = t.ptr[i + n++];

		v = v * 16 + (digit(c) ? c - 48U : (c | 32U) - 87U);
	}
	*out = (uint16_t)v;
	return n > 4 ? 0 : n;
}

/* The four numbers that may stand for the last two groups. */
static bool
read_tail(struct span t, size_t i, struct groups *g)
{
	unsigned q[QUADS];
	size_t n = read_quads(t, i, q);

	if (n == 0 || g->count > GROUPS - 2)
		return false;
	g->count += 2;
	g->digits += (unsigned)n;
	g->end = i + n;
	return true;
}

/* What stands between groups at i: bytes of ":" or "::", 0 for the end. */
static size_t
read_colon(struct span t, size_t i, struct groups *g)
{
	if (at(t, i) != ':')
		return 0;
	if (at(t, i + 1) != ':')
		return hex(at(t, i + 1)) ? 1 : 0;
	if (g->gap || at(t, i + 2) == ':')
		return 0;
	g->gap = true;
	return 2;
}

static void
read_groups(struct span t, size_t start, struct groups *g)
{
	size_t p = start, n;
	uint16_t v;

	*g = (struct groups){.end = start};
	if (at(t, p) == ':' && at(t, p + 1) == ':') {
		g->gap = true;
		p += 2;
		g->end = p;
	}
	while (g->count < GROUPS) {
		if (g->count > 0 && read_tail(t, p, g))
			return;
		n = read_group(t, p, &v);
		if (n == 0)
			return;
		if (g->count++ == 0)
			g->first = v;
		g->digits += (unsigned)n;
		p += n;
		g->end = p;
		n = read_colon(t, p, g);
		if (n == 0)
			return;
		p += n;
		if (n == 2)
			g->end = p;
	}
}

/* RFC 4291, 4193, 3849 and 6890: what the first group says. */
static int
group_score(const struct groups *g)
{
	bool known = (g->first >= 0x2000 && g->first < 0x4000) ||
		     (g->first & 0xfe00) == 0xfc00 ||
		     (g->first & 0xffc0) == 0xfe80 || g->first >= 0xff00 ||
		     g->first == 0x64;

	if (!g->gap)
		return PUBLIC + 10;
	if (known && g->count >= 2)
		return PUBLIC + 5;
	return g->count >= 4 || (g->count >= 3 && g->digits >= 8) ? PUBLIC
								  : SHORT_GROUP;
}

/*
 * Two colons in a row, or six: less has no address, wherever its first stands.
 * The last is no further than six groups and as many colons away.
 */
#define COLONS_WITHIN 32

static bool
colons_enough(const struct detect_scratch *s, size_t colon)
{
	uint64_t colons = work_bits(s, s->masks.colon, colon) &
			  ((UINT64_C(1) << COLONS_WITHIN) - 1);

	if ((colons & colons >> 1) != 0)
		return true;
	for (unsigned i = 1; i < GROUPS - 2; i++)
		colons &= colons - 1;
	return colons != 0;
}

/* The first colon of an address, or the two that it begins with. */
void
net_groups_at(struct detect_scratch *s, size_t colon)
{
	struct span t = s->text;
	struct verdict v;
	struct groups g;
	size_t start = colon;

	if (!colons_enough(s, colon))
		return;
	while (start > 0 && colon - start < 5 && hex(t.ptr[start - 1]))
		start--;
	if (colon - start > 4 ||
	    (before(t, start, 1) == ':' && !titled(t, start)) ||
	    (start == colon && at(t, colon + 1) != ':') ||
	    !evidence_free(t, start, t.len))
		return;
	read_groups(t, start, &g);
	if (g.count == 0 || (g.gap ? g.count > GROUPS - 1 : g.count < GROUPS) ||
	    (at(t, g.end) == ':' &&
	     (hex(at(t, g.end + 1)) || at(t, g.end + 1) == ':')) ||
	    !evidence_free(t, start, g.end) || at(t, g.end) == '(')
		return;
	v = (struct verdict){.score = group_score(&g)};
	if (g.first == 0x2001 && g.end - start > 9 &&
	    strncasecmp((const char *)t.ptr + start, "2001:db8", 8) == 0)
		v.reasons |= REASON(REASON_TEST_DATA);
	claim(s, start, g.end, &v);
}

/* ---- adapters ------------------------------------------------------------ */

/* All of them the same digit: none, all, or a filler. */
static bool
same_digits(const uint8_t *d, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (d[i] != d[0])
			return false;
	return true;
}

/* `size` hexadecimal digits, a separator, and so on: twelve digits in all. */
static size_t
read_adapter(struct span t, size_t start, size_t size, uint8_t d[12])
{
	size_t n = 0, p = start;
	uint8_t sep = at(t, start + size);

	while (n < 12) {
		if (n > 0 && n % size == 0 && at(t, p++) != sep)
			return 0;
		if (!hex(at(t, p)))
			return 0;
		d[n++] = t.ptr[p++] | 32;
	}
	return p - start;
}

/* The first two of its separators are of those that adapters have. */
static bool
separated(struct span t, size_t start, size_t size)
{
	uint8_t sep = at(t, start + size);

	return (size == 4 ? sep == '.' : sep == ':' || sep == '-') &&
	       at(t, start + 2 * size + 1) == sep;
}

/* "[.1C47.0020.0002]", "[*0201...": elements of a collation */
static bool
weighted(struct span t, size_t start, uint8_t sep)
{
	uint8_t b = before(t, start, 1);

	return sep == '.' && (b == '.' || b == '*');
}

/* Groups of two or of four begin here; the masks say so. */
void
net_adapter_at(struct detect_scratch *s, size_t start, size_t size)
{
	const struct data_type *type = s->d->mac;
	struct span t = s->text;
	uint8_t d[12], sep = at(t, start + size);
	struct verdict v = {.score = type->base, .reasons = type->stands};
	size_t end;

	if (!separated(t, start, size))
		return;
	end = start + read_adapter(t, start, size, d);
	if (weighted(t, start, sep) || end == start || same_digits(d, 12) ||
	    !evidence_free(t, start, end))
		return;
	if ((at(t, end) == sep && hex(at(t, end + 1))) ||
	    (before(t, start, 1) == sep && hex(before(t, start, 2)) &&
	     !titled(t, start)))
		return;
	if (evidence_alone(t, start, end))
		v.score += POINTS_ALONE;
	s->nearby_known = false;
	evidence_words(s, type, start, end, &v);
	work_claim(s, start, end, s->d->mac_index, &v);
}
