#include "agent/trawl/out.h"
#include "base/str.h"
#include "model/match.h"

#include <string.h>

/*
 * One JSON object a line; the keys are a promise to whoever reads them. There
 * may be millions of rows, so what stands in each of them is put as it is.
 */
#define ROW_FIXED 256 /* bytes of keys and numbers of a row, at most */

/* Literals and numbers, where there is room for them. */
#define PUT(at, text) put(at, text, sizeof(text) - 1)

static inline uint8_t *
put(uint8_t *at, const char *text, size_t n)
{
	memcpy(at, text, n);
	return at + n;
}

static uint8_t *
put_number(uint8_t *at, uint64_t v)
{
	uint8_t digits[20];
	size_t from = sizeof(digits), n;

	do {
		digits[--from] = (uint8_t)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	n = sizeof(digits) - from;
	memcpy(at, digits + from, n);
	return at + n;
}

static uint8_t *
room(struct out *o, size_t n)
{
	out_need(buf_reserve(&o->text, n));
	return o->text.data + o->text.len;
}

static void
done(struct out *o, const uint8_t *at)
{
	o->text.len = (size_t)(at - o->text.data);
}

static void
literal(struct out *o, const char *text, size_t n)
{
	done(o, put(room(o, n), text, n));
}

#define LITERAL(o, text) literal(o, text, sizeof(text) - 1)

static void
quote(struct out *o, struct span s)
{
	out_need(json_quote(&o->text, s));
}

/* In quotes: no words of a reason need anything else. */
static const struct quoted {
	const char *text;
	size_t len;
} reasons[] = {
#define REASON_QUOTED(code, text) {"\"" text "\",", sizeof(text) + 2},
    REASON_TABLE(REASON_QUOTED)
#undef REASON_QUOTED
};

#define REASON_MOST 96 /* bytes of one, in quotes and with a comma */

#define REASON_FITS(code, text)                                                \
	_Static_assert(sizeof(text) + 2 <= REASON_MOST, "has room");
REASON_TABLE(REASON_FITS)
#undef REASON_FITS

static void
put_reasons(struct out *o, uint64_t bits)
{
	uint8_t *at = room(o, (size_t)REASON__COUNT * REASON_MOST + 2);

	*at++ = '[';
	bits &= REASON(REASON__COUNT) - 1;
	for (uint64_t left = bits; left != 0; left &= left - 1) {
		const struct quoted *q = &reasons[__builtin_ctzll(left)];

		at = put(at, q->text, q->len);
	}
	at -= bits != 0; /* the comma behind the last */
	*at++ = ']';
	done(o, at);
}

static void
put_also(struct out *o, struct span ids)
{
	struct span id;

	LITERAL(o, ",\"also\":[");
	for (bool more = false; str_next(&ids, ',', &id); more = true) {
		if (more)
			LITERAL(o, ",");
		quote(o, id);
	}
	LITERAL(o, "]");
}

/* Where it was found: rows of one object follow each other. */
static void
put_path(struct out *o, struct span path)
{
	if (o->rows == 0 || !span_eq(buf_span(&o->last), path)) {
		buf_clear(&o->last);
		buf_clear(&o->head);
		out_need(buf_add(&o->last, path.ptr, path.len));
		out_need(buf_add_str(&o->head, "{\"path\":"));
		out_need(json_quote(&o->head, path));
		out_need(buf_add_str(&o->head, ",\"place\":"));
	}
	out_bytes(o, buf_span(&o->head));
}

static void
put_where(struct out *o, const struct finding *m)
{
	uint8_t *at = room(o, ROW_FIXED);

	at = PUT(at, ",\"offset\":");
	at = put_number(at, m->offset);
	at = PUT(at, ",\"length\":");
	at = put_number(at, m->length);
	at = PUT(at, ",\"match\":");
	done(o, at);
}

static void
put_how_sure(struct out *o, const struct finding *m)
{
	uint8_t *at = room(o, ROW_FIXED);

	at = PUT(at, ",\"confidence\":");
	at = put_number(at, m->confidence);
	if (m->level == LEVEL_STRICT)
		at = PUT(at, ",\"level\":\"strict\",\"reasons\":");
	else
		at = PUT(at, ",\"level\":\"broad\",\"reasons\":");
	done(o, at);
}

static void
row(struct out *o, const struct scan_found *f)
{
	const struct finding *m = f->finding;

	put_path(o, f->path);
	quote(o, m->place);
	LITERAL(o, ",\"type\":");
	quote(o, m->type);
	put_where(o, m);
	quote(o, out_match(f));
	put_how_sure(o, m);
	put_reasons(o, m->reasons);
	if (m->also.len > 0)
		put_also(o, m->also);
	LITERAL(o, "}\n");
}

const struct out_format out_jsonl = {.name = "jsonl", .row = row};
