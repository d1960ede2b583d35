#include "extract/data/sqlitepage.h"

#include <stdio.h>
#include <string.h>

#define FILE_HEADER   100
#define LEAF_TABLE    0x0d
#define HEADER_MAX    12
#define SMALLEST_TEXT 4 /* bytes that are worth a mark */

static uint32_t
be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static size_t
header_at(const struct sqlitepage *p)
{
	return p->number == 1 ? FILE_HEADER : 0;
}

static bool
is_leaf(uint8_t type)
{
	return type == 0x0d || type == 0x0a;
}

/* Where the pointers to cells begin. */
static size_t
pointers_at(const struct sqlitepage *p)
{
	size_t at = header_at(p);

	return at + (is_leaf(p->bytes.ptr[at]) ? 8 : HEADER_MAX);
}

/* Where the cells begin. */
static size_t
cells_at(const struct sqlitepage *p)
{
	size_t at = be16(p->bytes.ptr + header_at(p) + 5);

	return at == 0 ? 65536 : at;
}

static size_t
cell_count(const struct sqlitepage *p)
{
	return be16(p->bytes.ptr + header_at(p) + 3);
}

bool
sqlitepage_is_tree(const struct sqlitepage *p)
{
	size_t at = header_at(p);
	uint8_t type;

	if (p->bytes.len < at + HEADER_MAX || p->usable > p->bytes.len)
		return false;
	type = p->bytes.ptr[at];
	return (is_leaf(type) || type == 0x05 || type == 0x02) &&
	       p->bytes.ptr[at + 7] <= 60 && cells_at(p) <= p->usable &&
	       pointers_at(p) + 2 * cell_count(p) <= cells_at(p);
}

/* ---- bytes -----------------------------------------------------------------
 */

/* A zero of UTF-16: every other byte is one. */
static bool
is_wide(struct span s, size_t i)
{
	if (s.ptr[i] != 0)
		return false;
	if (i > 0 && s.ptr[i - 1] == 0)
		return false;
	if (i + 1 < s.len && s.ptr[i + 1] == 0)
		return false;
	return (i >= 2 && s.ptr[i - 2] == 0) ||
	       (i + 2 < s.len && s.ptr[i + 2] == 0);
}

static void
put_bytes(struct made *m, struct span s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!is_wide(s, i))
			continue;
		made_text(m, span_of(s.ptr + from, i - from));
		from = i + 1;
	}
	made_text(m, span_skip(s, from));
}

static struct span
without_zeros(struct span s)
{
	while (s.len > 0 && s.ptr[0] == 0)
		s = span_skip(s, 1);
	while (s.len > 0 && s.ptr[s.len - 1] == 0)
		s.len--;
	return s;
}

static void
put_marked(const struct sqlitepage *p, struct span s, enum sqlitepage_mark kind)
{
	s = without_zeros(s);
	if (s.len < SMALLEST_TEXT)
		return;
	made_mark(p->made, p->number, kind);
	put_bytes(p->made, s);
	made_byte(p->made, '\n');
}

void
sqlitepage_bytes(const struct sqlitepage *p)
{
	put_marked(p, span_skip(p->bytes, header_at(p)), SQLITEPAGE_BYTES);
}

void
sqlitepage_unused(const struct sqlitepage *p)
{
	size_t from = pointers_at(p) + 2 * cell_count(p), to = cells_at(p);
	size_t next = be16(p->bytes.ptr + header_at(p) + 1), size;

	put_marked(p, span_of(p->bytes.ptr + from, to - from),
		   SQLITEPAGE_UNUSED);
	/* blocks that were freed, in order: where the next is, their size */
	while (next >= to && next + 4 <= p->usable) {
		from = next;
		next = be16(p->bytes.ptr + from);
		size = be16(p->bytes.ptr + from + 2);
		if (size < 4 || size > p->usable - from)
			break;
		put_marked(p, span_of(p->bytes.ptr + from + 4, size - 4),
			   SQLITEPAGE_UNUSED);
		to = from + size;
	}
}

/* ---- rows ------------------------------------------------------------------
 */

static bool
take_varint(struct span *s, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 9 && i < s->len; i++) {
		uint8_t c = s->ptr[i];

		v = i == 8 ? v << 8 | c : v << 7 | (c & 0x7f);
		if (i < 8 && (c & 0x80))
			continue;
		*s = span_skip(*s, i + 1);
		*out = v;
		return true;
	}
	return false;
}

/* How many bytes of a payload stand in the page itself; section 1.6. */
static uint64_t
local_bytes(uint64_t payload, uint64_t usable)
{
	uint64_t most = usable - 35, least = (usable - 12) * 32 / 255 - 23;
	uint64_t n = least + (payload - least) % (usable - 4);

	if (payload <= most)
		return payload;
	return n <= most ? n : least;
}

static size_t
value_size(uint64_t type)
{
	static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

	if (type < sizeof(sizes))
		return sizes[type];
	type = (type - 12) / 2;
	return type > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)type;
}

void
sqlitepage_real(double d, char *dst, size_t room)
{
	bool whole = d > -1e18 && d < 1e18 && (double)(int64_t)d == d;

	snprintf(dst, room, whole ? "%.0f" : "%.15g", d);
}

static void
put_number(struct made *m, uint64_t type, struct span s)
{
	uint64_t v = s.len > 0 && (s.ptr[0] & 0x80) ? UINT64_MAX : 0;
	char text[32];
	double d;

	for (size_t i = 0; i < s.len; i++)
		v = v << 8 | s.ptr[i];
	if (type == 7) {
		memcpy(&d, &v, sizeof(d));
		sqlitepage_real(d, text, sizeof(text));
	} else {
		snprintf(text, sizeof(text), "%lld", (long long)v);
	}
	made_text(m, span_str(text));
}

static void
put_value(struct made *m, uint64_t type, struct span s)
{
	if (type >= 12)
		put_bytes(m, s);
	else if (type >= 1 && type <= 7)
		put_number(m, type, s);
	made_byte(m, '\t');
}

/* A record: the types of its values, then the values. */
static void
put_record(struct made *m, struct span record)
{
	struct span types = record, values;
	uint64_t header, type;

	if (!take_varint(&types, &header) || header > record.len ||
	    header < record.len - types.len)
		return;
	values = span_skip(record, (size_t)header);
	types.len = (size_t)header - (record.len - types.len);
	while (take_varint(&types, &type)) {
		size_t n = value_size(type);

		if (n > values.len) {
			put_bytes(m, values); /* the rest stands elsewhere */
			break;
		}
		put_value(m, type, span_of(values.ptr, n));
		values = span_skip(values, n);
	}
}

static void
put_cell(const struct sqlitepage *p, size_t at)
{
	struct span s = span_of(p->bytes.ptr + at, p->usable - at);
	uint64_t payload, row, local;

	if (!take_varint(&s, &payload) || !take_varint(&s, &row))
		return;
	local = local_bytes(payload, p->usable);
	if (s.len > local)
		s.len = (size_t)local;
	put_record(p->made, s);
	made_byte(p->made, '\n');
}

void
sqlitepage_rows(const struct sqlitepage *p)
{
	size_t n = cell_count(p), from = cells_at(p), at;
	const uint8_t *pointer = p->bytes.ptr + pointers_at(p);

	if (p->bytes.ptr[header_at(p)] != LEAF_TABLE) {
		put_marked(p, span_of(p->bytes.ptr + from, p->usable - from),
			   SQLITEPAGE_BYTES);
		return;
	}
	made_mark(p->made, p->number, SQLITEPAGE_ROW);
	for (size_t i = 0; i < n; i++) {
		at = be16(pointer + 2 * i);
		if (at >= from && at < p->usable)
			put_cell(p, at);
	}
}
