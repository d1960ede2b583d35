#include <string.h>

#include "model/fields.h"
#include "proxy-agent/data/mongo_bson.h"
#include "proxy-agent/data/mongo_impl.h"

#define TRIES 5

/* ---- connections ---- */

enum status
mongo_open_cursor(struct source *s)
{
	const struct unit *u = mongo_unit_of(s);
	const struct mongo_choice c = mongo_choice_of(s, u);
	struct mongo_find f = {.base = u->base,
			       .collection = u->name,
			       .by_id = u->kind == MONGO_COLLECTION,
			       .behind = buf_span(&s->doc)};

	if (u->by_field && !u->files) /* a file needs its name */
		mongo_choice_tell(&c, &f.told);
	return mongo_cursor_open(s->link, &f, &s->cursor);
}

enum status
mongo_come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	if (s->failures++ >= TRIES)
		return ST_IO;
	for (unsigned i = 0; i < TRIES && account_again(st); i++) {
		account_rest(i);
		st = mongo_dial(s);
	}
	if (st == ST_OK && s->step != ENDED)
		st = mongo_open_cursor(s);
	return st;
}

/* ---- documents ---- */

static enum status
put_document(struct source *s)
{
	struct mongo_choice c = mongo_choice_of(s, mongo_unit_of(s));
	struct span doc = span_of(NULL, 0);
	enum status st = mongo_cursor_next(s->cursor, &doc);

	if (st == ST_EOF) {
		s->step = ENDED;
		if (mongo_unit_of(s)->kind != MONGO_COLLECTION)
			s->counted = s->read;
		return fields_end(&s->out, s->read, s->counted);
	}
	if (st != ST_OK)
		return st;
	s->failures = 0;
	st = mongo_bson_put_some(
	    &s->out, doc, mongo_unit_of(s)->by_field ? mongo_choice_ask : NULL,
	    &c);
	if (st == ST_MALFORMED || st == ST_LIMIT)
		st = fields_note(&s->out, COVER_MALFORMED,
				 span_str("a document is not well formed"));
	s->read++;
	(void)throttle_take(&s->rate, 1);
	s->given = 0;
	buf_clear(&s->doc);
	if (st == ST_OK)
		st = buf_add(&s->doc, doc.ptr, doc.len);
	s->step = mongo_unit_of(s)->files ? PIECES : DOCUMENTS;
	return st;
}

/* ---- files ---- */

static enum status
open_pieces(struct source *s)
{
	const struct unit *u = mongo_unit_of(s);
	struct span passed;
	struct buf name;
	enum status st;
	size_t n;

	buf_init(&name, PATH_CAP);
	n = strlen(u->name) - strlen(".files"); /* as all of u->files end */
	st = buf_addf(&name, "%.*s.chunks", (int)n, u->name);
	if (st == ST_OK)
		st = buf_add_byte(&name, 0);
	if (st == ST_OK)
		st = mongo_cursor_pieces(s->link, u->base,
					 (const char *)name.data,
					 buf_span(&s->doc), &s->pieces);
	buf_fini(&name);
	for (uint64_t i = 0; st == ST_OK && i < s->given; i++)
		st = mongo_cursor_next(s->pieces, &passed);
	return st;
}

static enum status
put_name(struct source *s, struct span first)
{
	struct span name = span_of(NULL, 0);

	if (mongo_bson_bytes(buf_span(&s->doc), "filename", &name) != ST_OK ||
	    name.len == 0)
		name = span_str("file");
	return fields_name(&s->out, name, FIELDS_LABEL | fields_look(first));
}

static enum status
put_piece(struct source *s)
{
	struct span doc, bytes = span_of(NULL, 0);
	enum status st = s->pieces == NULL ? open_pieces(s) : ST_OK;

	if (st == ST_OK)
		st = mongo_cursor_next(s->pieces, &doc);
	if (st == ST_EOF) {
		mongo_cursor_close(s->pieces);
		s->pieces = NULL;
		s->step = DOCUMENTS;
		return s->given > 0 ? fields_piece(&s->out, span_of(NULL, 0))
				    : ST_OK;
	}
	if (st == ST_OK)
		st = mongo_bson_bytes(doc, "data", &bytes);
	if (st == ST_OK && s->given++ == 0)
		st = put_name(s, bytes);
	while (st == ST_OK && bytes.len > 0) {
		size_t n = bytes.len < FIELDS_PIECE ? bytes.len : FIELDS_PIECE;

		st = fields_piece(&s->out, span_of(bytes.ptr, n));
		bytes = span_skip(bytes, n);
	}
	return st == ST_NOTFOUND ? ST_OK : st;
}

enum status
mongo_make_more(struct source *s)
{
	enum status st = s->step == PIECES ? put_piece(s) : put_document(s);

	return st == ST_CLOSED ? mongo_come_back(s) : st;
}
