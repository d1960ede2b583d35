#include "extract/data/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "extract/made.h"
#include "model/fields.h"

#define PLACES       16384 /* fields whose places are remembered */
#define PLACE_TEXT   124
#define PART_TEXT    60   /* of it for a key, and for a name */
#define ID_DIGITS    24   /* of an ObjectId of MongoDB */
#define NAME_DIGITS  9    /* so many could be what is looked for */
#define BINARY_LEAST 32   /* bytes; shorter ones are no files */
#define LONG_LEAST   4096 /* bytes of text that gets lines of its own */

/* Where a field is whose text may still be on its way. */
struct spot_text {
	uint32_t number;
	char text[PLACE_TEXT];
};

struct reader {
	struct extractor *x;
	struct part *p;
	struct made *made;
	struct spot_text *places;
	uint32_t record; /* from 1; 0: the object itself */
	uint32_t number; /* of the field among all, from 1 */
	uint32_t within; /* its number in the record */
	uint8_t flags;
	size_t name_len, len, left; /* left: of the piece that comes next */
	size_t most;                /* of value that was ever in use */
	bool broken;                /* the stream is not as it should be */
	char key[PART_TEXT], name[FIELDS_NAME];
	uint8_t value[FIELDS_PIECE];
};

/* ---- bytes ---- */

static bool
take(struct reader *r, void *dst, size_t n)
{
	bool whole = part_read(r->p, dst, n) == n;

	r->broken |= !whole;
	return whole;
}

static bool
take32(struct reader *r, size_t most, size_t *n)
{
	uint8_t raw[4] = {0};
	bool whole = take(r, raw, sizeof(raw));

	*n = codec_get32(raw);
	r->broken |= *n > most;
	return whole && *n <= most;
}

/* ---- places ---- */

/* An id that a server made: its digits are those of nothing else. */
static bool
is_object_id(struct span s)
{
	static const char head[] = "ObjectId(";
	const size_t at = sizeof(head) - 1;

	if (s.len != at + ID_DIGITS + 1 || memcmp(s.ptr, head, at) != 0 ||
	    s.ptr[s.len - 1] != ')')
		return false;
	for (size_t i = 0; i < ID_DIGITS; i++)
		if (strchr("0123456789abcdef", s.ptr[at + i]) == NULL ||
		    s.ptr[at + i] == 0)
			return false;
	return true;
}

/* A name that says no more than which one it is. */
static bool
may_be_said(struct span s)
{
	size_t digits = 0;

	if (is_object_id(s))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
			return false;
		digits += s.ptr[i] >= '0' && s.ptr[i] <= '9';
	}
	return s.len > 0 && s.len < PART_TEXT && digits < NAME_DIGITS;
}

static void
remember_place(struct reader *r)
{
	struct spot_text *t = &r->places[r->number % PLACES];
	char field[PART_TEXT];

	if (may_be_said(span_of(r->name, r->name_len)))
		snprintf(field, sizeof(field), "%.*s", (int)r->name_len,
			 r->name);
	else
		snprintf(field, sizeof(field), "field %u", r->within);
	t->number = r->number;
	snprintf(t->text, sizeof(t->text), "%s%s%s", r->key,
		 r->record > 0 ? ", " : "", field);
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	const struct reader *r = arg;
	const struct spot_text *t = &r->places[m->a % PLACES];
	int n = t->number == m->a ? snprintf(dst, room, "%s", t->text)
				  : snprintf(dst, room, "field %u", m->a);

	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static struct span
place_at_hand(const struct reader *r)
{
	return span_str(r->places[r->number % PLACES].text);
}

/* ---- a record ---- */

static void
take_record(struct reader *r)
{
	size_t n;

	if (!take32(r, FIELDS_NAME, &n) || !take(r, r->name, n))
		return;
	r->record++;
	r->within = 0;
	if (may_be_said(span_of(r->name, n)))
		snprintf(r->key, sizeof(r->key), "%.*s", (int)n, r->name);
	else
		snprintf(r->key, sizeof(r->key), "record %u", r->record);
}

/* ---- a value ---- */

/* To a piece with bytes, or the end: left is 0 there. */
static bool
next_piece(struct reader *r)
{
	return take32(r, FIELDS_PIECE, &r->left) && r->left > 0;
}

struct large {
	struct reader *r;
	size_t given; /* of the first piece */
	bool ended;
};

static enum status
read_large(void *arg, void *dst, size_t n, size_t *got)
{
	struct large *l = arg;
	struct reader *r = l->r;

	*got = 0;
	if (l->given < r->len) {
		*got = n < r->len - l->given ? n : r->len - l->given;
		memcpy(dst, r->value + l->given, *got);
		l->given += *got;
		return ST_OK;
	}
	if (r->left == 0 && !l->ended)
		l->ended = !next_piece(r);
	if (l->ended)
		return ST_OK;
	*got = part_read(r->p, dst, n < r->left ? n : r->left);
	r->left -= *got;
	r->broken |= *got == 0;
	l->ended = *got == 0;
	return ST_OK;
}

/* As what it holds; the pieces that were not wanted are passed over. */
static enum status
put_member(struct reader *r)
{
	struct large l = {.r = r, .ended = r->left == 0};
	struct part p = {.arg = &l, .read = read_large, .size = UINT64_MAX};
	uint8_t rest[4096];
	enum status st = ST_OK;
	size_t got = 1;

	if (l.ended)
		part_memory(&p, span_of(r->value, r->len));
	if (job_count(r->x))
		st = job_member(r->x, &p, place_at_hand(r));
	while (got > 0 && !l.ended && !r->broken)
		(void)!read_large(&l, rest, sizeof(rest), &got);
	return st;
}

/* Without what would end a line. */
static void
put_inline(struct made *m, struct span s)
{
	while (s.len > 0) {
		size_t n = 0;

		while (n < s.len && s.ptr[n] >= ' ')
			n++;
		if (n > 0)
			made_text(m, span_of(s.ptr, n));
		if (n < s.len)
			made_byte(m, ' ');
		s = span_skip(s, n + 1);
	}
}

static void
put_text(struct reader *r)
{
	struct span name = span_of(r->name, r->name_len),
		    value = span_of(r->value, r->len);

	made_mark(r->made, r->number, 0);
	if (!(r->flags & FIELDS_LABEL) && fields_look(name) == 0) {
		put_inline(r->made, name);
		made_text(r->made, span_str(": "));
		made_mark(r->made, r->number, 1);
	}
	if (r->len >= LONG_LEAST)
		made_text(r->made, value);
	else if (!(r->flags & FIELDS_BINARY))
		put_inline(r->made, value);
	made_byte(r->made, '\n');
}

static enum status
put_field(struct reader *r)
{
	if (!take(r, &r->flags, 1) || !take32(r, FIELDS_NAME, &r->name_len) ||
	    !take(r, r->name, r->name_len))
		return ST_OK;
	r->number++;
	r->within++;
	r->len = 0;
	remember_place(r);
	if (next_piece(r)) {
		if (!take(r, r->value, r->left))
			return ST_OK;
		r->len = r->left;
		r->most = r->len > r->most ? r->len : r->most;
		(void)next_piece(r);
	}
	if (r->broken && r->len == 0)
		return ST_OK;
	if (r->left == 0 &&
	    !((r->flags & FIELDS_BINARY) && r->len >= BINARY_LEAST)) {
		put_text(r);
		return ST_OK;
	}
	return put_member(r);
}

/* ---- the stream ---- */

static void
take_note(struct reader *r)
{
	uint8_t why = 0;
	size_t n;

	if (!take(r, &why, 1) || !take32(r, FIELDS_NAME, &n) ||
	    !take(r, r->name, n))
		return;
	if (why == COVER_OK || why >= COVER__COUNT)
		r->broken = true;
	else
		job_note_words(r->x, why, "%.*s", (int)n, r->name);
}

static void
check_count(struct reader *r)
{
	uint8_t raw[16];
	uint64_t sent, counted;

	if (!take(r, raw, sizeof(raw)))
		return;
	sent = codec_get64(raw);
	counted = codec_get64(raw + 8);
	if (sent != counted)
		job_note_words(r->x, COVER_CHANGED,
			       "%llu were read, the server counted %llu",
			       (unsigned long long)sent,
			       (unsigned long long)counted);
}

static enum status
put_all(struct reader *r)
{
	enum status st = ST_OK;
	uint8_t tag = 0;

	part_consume(r->p, FIELDS_MAGIC_LEN);
	while (st == ST_OK && !r->broken && !r->x->stop && take(r, &tag, 1)) {
		if (tag == 'E') {
			check_count(r);
			break;
		}
		if (tag == 'F')
			st = put_field(r);
		else if (tag == 'K')
			take_record(r);
		else if (tag == 'N')
			take_note(r);
		else
			r->broken = true;
		if (!job_in_time(r->x))
			break;
	}
	return st;
}

static void
release(struct reader *r)
{
	if (r == NULL)
		return;
	explicit_bzero(r->value, r->most);
	free(r->places);
	free(r);
}

enum status
fields_part(struct extractor *x, struct part *p)
{
	struct reader *r = malloc(sizeof(*r));
	enum status st = ST_NOMEM, end;

	if (r == NULL)
		return ST_NOMEM;
	memset(r, 0, offsetof(struct reader, value));
	r->x = x;
	r->p = p;
	r->places = calloc(PLACES, sizeof(*r->places));
	if (r->places != NULL)
		st = made_begin(x, &r->made, say, r);
	if (st == ST_OK) {
		st = put_all(r);
		end = made_end(r->made);
		st = st == ST_OK ? end : st;
	}
	if (r->broken && !x->stop)
		job_note_words(x, COVER_TRUNCATED, "after field %u", r->number);
	release(r);
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}
