#include "model/rows.h"

#include <string.h>

#include "base/codec.h"

static enum status
put(struct buf *to, struct span s)
{
	enum status st =
	    s.len >= ROWS_NULL ? ST_LIMIT : codec_add32(to, (uint32_t)s.len);

	return st == ST_OK ? buf_add(to, s.ptr, s.len) : st;
}

enum status
rows_begin(struct buf *to, uint32_t columns)
{
	enum status st = buf_add(to, ROWS_MAGIC, ROWS_MAGIC_LEN);

	return st == ST_OK ? codec_add32(to, columns) : st;
}

enum status
rows_column(struct buf *to, struct span name, uint8_t flags)
{
	enum status st = buf_add_byte(to, flags);

	if (name.len > ROWS_NAME)
		name.len = ROWS_NAME;
	return st == ST_OK ? put(to, name) : st;
}

enum status
rows_columns(struct buf *to, uint32_t more)
{
	enum status st = buf_add_byte(to, 'C');

	return st == ST_OK ? codec_add32(to, more) : st;
}

enum status
rows_row(struct buf *to)
{
	return buf_add_byte(to, 'R');
}

enum status
rows_cell(struct buf *to, struct span value)
{
	return put(to, value);
}

enum status
rows_null(struct buf *to)
{
	return codec_add32(to, ROWS_NULL);
}

static bool
stands_in_row(struct span cell)
{
	return cell.ptr != NULL && cell.len <= ROWS_CELL;
}

enum status
rows_whole(struct buf *to, const struct span *cell, uint32_t cells)
{
	size_t need = 1 + (size_t)cells * 4;
	enum status st;
	uint8_t *at;

	for (uint32_t i = 0; i < cells; i++)
		need += stands_in_row(cell[i]) ? cell[i].len : 0;
	st = buf_reserve(to, need);
	if (st != ST_OK)
		return st;
	at = to->data + to->len;
	*at++ = 'R';
	for (uint32_t i = 0; i < cells; i++) {
		bool there = stands_in_row(cell[i]);
		uint32_t n = there ? (uint32_t)cell[i].len : 0;

		codec_put32(at, there ? n : ROWS_NULL);
		at += 4;
		if (n > 0)
			memcpy(at, cell[i].ptr, n);
		at += n;
	}
	to->len += need;
	return ST_OK;
}

enum status
rows_large(struct buf *to, uint32_t column, struct span key, struct span piece)
{
	enum status st = buf_add_byte(to, 'L');

	if (st == ST_OK)
		st = codec_add32(to, column);
	if (st == ST_OK)
		st = put(to, key);
	return st == ST_OK ? put(to, piece) : st;
}

enum status
rows_more(struct buf *to, struct span piece)
{
	enum status st = buf_add_byte(to, 'M');

	return st == ST_OK ? put(to, piece) : st;
}

static enum status
put_why(struct buf *to, uint8_t reason, struct span words)
{
	enum status st = buf_add_byte(to, reason);

	if (words.len > ROWS_WORDS)
		words.len = ROWS_WORDS;
	return st == ST_OK ? put(to, words) : st;
}

enum status
rows_unread(struct buf *to, uint32_t column, struct span key, uint8_t reason,
	    struct span words)
{
	enum status st = buf_add_byte(to, 'U');

	if (st == ST_OK)
		st = codec_add32(to, column);
	if (st == ST_OK)
		st = put(to, key);
	return st == ST_OK ? put_why(to, reason, words) : st;
}

enum status
rows_note(struct buf *to, uint8_t reason, struct span words)
{
	enum status st = buf_add_byte(to, 'N');

	return st == ST_OK ? put_why(to, reason, words) : st;
}

static enum status
put_end(struct buf *to, uint8_t tag, uint64_t read, uint64_t counted)
{
	enum status st = buf_add_byte(to, tag);

	if (st == ST_OK)
		st = codec_add64(to, read);
	return st == ST_OK ? codec_add64(to, counted) : st;
}

enum status
rows_end(struct buf *to, uint64_t read, uint64_t counted)
{
	return put_end(to, 'E', read, counted);
}

enum status
rows_sample(struct buf *to, uint64_t read, uint64_t counted)
{
	return put_end(to, 'S', read, counted);
}
