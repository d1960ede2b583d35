#include "model/fields.h"

#include "base/codec.h"
#include "base/utf.h"

#define LOOK 4096 /* bytes that say whether it is text */

static enum status
put(struct buf *to, struct span s)
{
	enum status st = codec_add32(to, (uint32_t)s.len);

	return st == ST_OK ? buf_add(to, s.ptr, s.len) : st;
}

static struct span
cut(struct span s)
{
	return span_of(s.ptr, s.len < FIELDS_NAME ? s.len : FIELDS_NAME);
}

enum status
fields_begin(struct buf *to)
{
	return buf_add(to, FIELDS_MAGIC, FIELDS_MAGIC_LEN);
}

enum status
fields_record(struct buf *to, struct span key)
{
	enum status st = buf_add_byte(to, 'K');

	return st == ST_OK ? put(to, cut(key)) : st;
}

enum status
fields_name(struct buf *to, struct span name, uint8_t flags)
{
	enum status st = buf_add_byte(to, 'F');

	if (st == ST_OK)
		st = buf_add_byte(to, flags);
	return st == ST_OK ? put(to, cut(name)) : st;
}

enum status
fields_piece(struct buf *to, struct span piece)
{
	return piece.len > FIELDS_PIECE ? ST_LIMIT : put(to, piece);
}

enum status
fields_put(struct buf *to, struct span name, uint8_t flags, struct span value)
{
	enum status st = fields_name(to, name, flags | fields_look(value));

	while (st == ST_OK && value.len > 0) {
		size_t n = value.len < FIELDS_PIECE ? value.len : FIELDS_PIECE;

		st = fields_piece(to, span_of(value.ptr, n));
		value = span_skip(value, n);
	}
	return st == ST_OK ? codec_add32(to, 0) : st;
}

enum status
fields_note(struct buf *to, enum cover_reason why, struct span words)
{
	enum status st = buf_add_byte(to, 'N');

	if (st == ST_OK)
		st = buf_add_byte(to, (uint8_t)why);
	return st == ST_OK ? put(to, cut(words)) : st;
}

enum status
fields_end(struct buf *to, uint64_t read, uint64_t counted)
{
	enum status st = buf_add_byte(to, 'E');

	if (st == ST_OK)
		st = codec_add64(to, read);
	return st == ST_OK ? codec_add64(to, counted) : st;
}

uint8_t
fields_look(struct span first)
{
	struct span s = span_of(first.ptr, first.len < LOOK ? first.len : LOOK);

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '\t' || (s.ptr[i] > '\r' && s.ptr[i] < 0x1b))
			return FIELDS_BINARY;
	/* what is looked at may end within a character */
	return s.len - utf_valid_prefix(s) > (s.len < first.len ? 3 : 0)
		   ? FIELDS_BINARY
		   : 0;
}
