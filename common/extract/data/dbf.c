#include "extract/data/dbf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/made.h"
#include "extract/text.h"

#define HEADER     32
#define FIELD      32 /* bytes of a field's description */
#define FIELDS_MAX 2046
#define NAME       11
#define END        0x0d /* of the descriptions */
#define DELETED    '*'

struct field {
	uint8_t name[NAME];
	uint8_t type;
	uint32_t at, len; /* in a record */
};

struct dbf {
	struct extractor *x;
	struct made *made;
	size_t field_count;
	uint32_t record_len;
	uint8_t record[UINT16_MAX];
	struct field fields[FIELDS_MAX];
};

static uint32_t
le16(const uint8_t *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

static uint32_t
le32(const uint8_t *p)
{
	return le16(p + 2) << 16 | le16(p);
}

/* ---- telling ---------------------------------------------------------------
 */

static bool
is_name(const uint8_t *p)
{
	size_t n = strnlen((const char *)p, NAME);

	for (size_t i = 0; i < n; i++)
		if (p[i] <= ' ' || p[i] == 0x7f)
			return false;
	return n > 0;
}

static bool
is_type(uint8_t c)
{
	return c != 0 && strchr("CNFDLMGBPYTIV@O+QW0X", c) != NULL;
}

bool
dbf_is(struct format_look *l)
{
	static const uint8_t kinds[] = {0x02, 0x03, 0x04, 0x05, 0x30,
					0x31, 0x32, 0x43, 0x63, 0x83,
					0x8b, 0x8e, 0xcb, 0xf5, 0xfb};
	const uint8_t *h = l->head.ptr;

	return l->head.len > HEADER + FIELD &&
	       memchr(kinds, h[0], sizeof(kinds)) != NULL && h[2] <= 12 &&
	       h[3] <= 31 && le16(h + 8) > HEADER + FIELD && le16(h + 10) > 1 &&
	       is_name(h + HEADER) && is_type(h[HEADER + NAME]);
}

/* ---- places ----------------------------------------------------------------
 */

static struct span
field_name(const struct field *f)
{
	return span_of(f->name, strnlen((const char *)f->name, NAME));
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	const struct dbf *d = arg;
	struct span name = field_name(&d->fields[m->b >> 1]);
	int n = snprintf(dst, room, "%srow %lu %.*s",
			 m->b & 1 ? "deleted " : "", (unsigned long)m->a,
			 (int)name.len, (const char *)name.ptr);

	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* ---- reading ---------------------------------------------------------------
 */

static uint32_t
field_len(const uint8_t *p)
{
	/* long texts have the upper byte where numbers have their decimals */
	return p[NAME] == 'C' ? le16(p + 16) : p[16];
}

static bool
read_fields(struct dbf *d, struct part *p, size_t header)
{
	uint32_t at = 1; /* behind the mark of deletion */
	struct span s;

	for (size_t off = HEADER; off + FIELD < header + 1; off += FIELD) {
		struct field *f = &d->fields[d->field_count];

		s = part_peek(p, FIELD);
		if (s.len == 0 || s.ptr[0] == END ||
		    d->field_count == FIELDS_MAX)
			break;
		if (s.len < FIELD || !is_name(s.ptr))
			return false;
		memcpy(f->name, s.ptr, NAME);
		f->type = s.ptr[NAME];
		f->at = at;
		f->len = field_len(s.ptr);
		at += f->len;
		d->field_count++;
		part_consume(p, FIELD);
		if (at > d->record_len)
			return false;
	}
	return d->field_count > 0;
}

static void
put_value(struct dbf *d, const struct field *f)
{
	struct span s = span_of(d->record + f->at, f->len);
	char text[32];

	while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == 0))
		s.len--;
	while (s.len > 0 && s.ptr[0] == ' ')
		s = span_skip(s, 1);
	if ((f->type == 'I' || f->type == '+') && f->len == 4) {
		snprintf(text, sizeof(text), "%ld",
			 (long)(int32_t)le32(d->record + f->at));
		s = span_str(text);
	}
	made_text(d->made, s);
}

static void
put_record(struct dbf *d, uint32_t row)
{
	uint32_t deleted = d->record[0] == DELETED;

	for (size_t i = 0; i < d->field_count; i++) {
		made_mark(d->made, row, (uint32_t)i << 1 | deleted);
		put_value(d, &d->fields[i]);
		made_byte(d->made, i + 1 < d->field_count ? '\t' : '\n');
	}
}

static void
put_head(struct dbf *d)
{
	struct buf head;

	buf_init(&head, MADE_FIRST);
	for (size_t i = 0; i < d->field_count; i++) {
		struct span s = field_name(&d->fields[i]);

		if ((i > 0 && buf_add(&head, "\t", 1) != ST_OK) ||
		    buf_add(&head, s.ptr, s.len) != ST_OK)
			break;
	}
	made_head(d->made, buf_span(&head));
	buf_fini(&head);
}

/* Into d->record; what is left of a row that is cut goes out, or stays. */
static bool
next_record(struct dbf *d, struct part *p)
{
	struct span s;
	size_t got;

	if (d->record_len >
	    PART_BUF - PART_BACK) { /* more than can be peeked */
		got = part_read(p, d->record, d->record_len);
		if (got < d->record_len)
			made_text(d->made, span_of(d->record, got));
		return got == d->record_len;
	}
	s = part_peek(p, d->record_len);
	if (s.len < d->record_len)
		return false;
	memcpy(d->record, s.ptr, d->record_len);
	part_consume(p, d->record_len);
	return true;
}

static enum status
read_records(struct dbf *d, struct part *p, uint32_t count)
{
	enum status st = made_begin(d->x, &d->made, say, d);
	uint32_t row = 1;

	if (st != ST_OK)
		return st;
	put_head(d);
	for (; row <= count && !d->x->stop; row++) {
		if (!next_record(d, p))
			break;
		put_record(d, row);
		if (row % 1024 == 0)
			(void)job_in_time(d->x);
	}
	st = made_end(d->made);
	if (row <= count && !d->x->stop)
		job_note_words(d->x, COVER_TRUNCATED, "%lu of %lu rows",
			       (unsigned long)row - 1, (unsigned long)count);
	return st;
}

static enum status
read_table(struct dbf *d, struct part *p)
{
	struct span h = part_peek(p, HEADER);
	uint32_t count = le32(h.ptr + 4), header = le16(h.ptr + 8);
	enum status st;

	d->record_len = le16(h.ptr + 10);
	part_consume(p, HEADER);
	if (!read_fields(d, p, header) || p->pos > header) {
		job_note(d->x, COVER_MALFORMED);
		return job_rest(d->x, p);
	}
	st = text_bytes(d->x, p, header - p->pos);
	if (st == ST_OK && !d->x->stop)
		st = read_records(d, p, count);
	return st == ST_OK && !d->x->stop ? job_rest(d->x, p) : st;
}

enum status
dbf_part(struct extractor *x, struct part *p)
{
	struct dbf *d = calloc(1, sizeof(*d));
	enum status st = ST_NOMEM;

	if (d != NULL) {
		d->x = x;
		st = read_table(d, p);
	}
	free(d);
	return st;
}
