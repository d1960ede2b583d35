#include "base/str.h"
#include "proxy-agent/data/redis_impl.h"

#define SCAN_AT_ONCE "1000"

static enum status
take_name(struct source *s)
{
	struct redis_word w;
	enum status st = redis_next(s->first, &w);

	buf_clear(&s->word);
	if (st == ST_OK && w.kind != REDIS_BULK)
		return ST_MALFORMED;
	if (st == ST_OK && w.n > (int64_t)NAME_CAP)
		return ST_OK; /* the count will not agree */
	if (st == ST_OK)
		st = redis_all(s->first, &s->word);
	if (st != ST_OK || !filter_takes(&s->filter, buf_span(&s->word), 0, 0))
		return st;
	return roster_add(&s->names, buf_span(&s->word));
}

/* All of a page, whether there is room for it or not. */
static enum status
take_names(struct source *s, int64_t count)
{
	enum status st = ST_OK;
	bool full = false;

	for (int64_t i = 0; st == ST_OK && i < count; i++) {
		st = take_name(s);
		full |= st == ST_LIMIT;
		st = st == ST_LIMIT ? ST_OK : st;
	}
	return st == ST_OK && full ? ST_LIMIT : st;
}

/* One page; *cursor is "0" behind the last. */
static enum status
scan_page(struct source *s, struct buf *cursor)
{
	const struct span words[] = {span_str("SCAN"), buf_span(cursor),
				     span_str("COUNT"), span_str(SCAN_AT_ONCE)};
	struct redis_word w;
	enum status st = redis_ask(s->first, words, 4, &w);

	if (st == ST_OK && (w.kind != REDIS_LIST || w.n != 2))
		return ST_MALFORMED;
	if (st == ST_OK)
		st = redis_next(s->first, &w);
	buf_clear(cursor);
	if (st == ST_OK)
		st = w.kind == REDIS_BULK ? redis_all(s->first, cursor)
					  : ST_MALFORMED;
	if (st == ST_OK)
		st = redis_next(s->first, &w);
	if (st != ST_OK)
		return st == ST_LIMIT ? ST_MALFORMED : st;
	return w.kind == REDIS_LIST ? take_names(s, w.n) : ST_MALFORMED;
}

static enum status
scan_all(struct source *s)
{
	struct buf cursor;
	enum status st;

	buf_init(&cursor, 32);
	st = buf_add_byte(&cursor, '0');
	do
		st = st == ST_OK ? scan_page(s, &cursor) : st;
	while (st == ST_OK && !str_is(buf_span(&cursor), "0"));
	buf_fini(&cursor);
	return st;
}

static enum status
list_part(struct source *s, uint32_t part, uint32_t parts)
{
	roster_begin(&s->names, part, parts);
	return s->only.len > 0 ? roster_add(&s->names, buf_span(&s->only))
			       : scan_all(s);
}

/* When they are too many for one part, smaller ones: all from the start. */
static enum status
list_names(struct source *s, uint32_t part, uint32_t parts)
{
	enum status st = list_part(s, part, parts);

	while (st == ST_LIMIT && part == 0 && parts < ROSTER_PARTS) {
		parts *= 2;
		st = list_part(s, part, parts);
	}
	roster_sort(&s->names);
	if (st == ST_OK)
		s->met += s->names.count;
	s->at = s->asked = s->ahead_at = 0;
	return st;
}

enum status
redis_begin_base(struct source *s, uint32_t part, uint32_t parts)
{
	const uint32_t number = s->bases.list[s->base].number;
	enum status st = redis_server_select(s->first, number);

	if (st == ST_OK && s->rest != NULL)
		st = redis_server_select(s->rest, number);
	s->whole = s->whole || part == 0;
	if (st == ST_OK && part == 0) {
		s->met = 0;
		st = redis_server_count(s->first, &s->before);
	}
	if (st == ST_OK)
		st = list_names(s, part, parts);
	s->listed = st == ST_OK;
	return st;
}
