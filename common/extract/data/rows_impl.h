/*
 * A table on its way as the files of it share it: `rowsinput` takes bytes of
 * the stream, `rowsrow` a row, `rowslarge` a cell that comes in pieces,
 * `rowsplace` says where something stands, `rows` goes through it all.
 */
#ifndef EXTRACT_DATA_ROWS_IMPL_H
#define EXTRACT_DATA_ROWS_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "extract/job.h"
#include "extract/made.h"
#include "model/rows.h"

#define KEYS     32768 /* rows whose keys are remembered */
#define KEY_TEXT 40

struct column {
	char *name;
	uint8_t flags;
	bool late; /* not in the head: its cells bring their name along */
};

/* The key of a row whose text may still be on its way. */
struct key {
	uint32_t row;
	uint32_t len;        /* 0: none that could be said */
	char text[KEY_TEXT]; /* ends with a 0 */
};

struct rows_reader {
	struct extractor *x;
	struct part *p;
	struct made *made;
	struct column *columns;
	uint32_t count;
	struct span *cells; /* of the row at hand; ptr NULL: none */
	struct span in;     /* of the part: there, and not taken yet */
	size_t held;        /* bytes of it when it came */
	struct buf row;     /* when it does not stand in one piece there */
	uint32_t number;    /* of the row at hand, from 1 */
	struct key *keys;
	bool broken; /* the stream is not as it should be */
};

/* What was taken is so for the part, too. */
void rows_settle(struct rows_reader *r);
/* As many of n as are at hand; 0: the stream ends. */
size_t rows_take_some(struct rows_reader *r, void *dst, size_t n);
/* All of them, or the stream is broken. */
bool rows_take(struct rows_reader *r, void *dst, size_t n);
static inline bool
rows_take_tag(struct rows_reader *r, uint8_t *tag)
{
	if (r->in.len == 0)
		return rows_take(r, tag, 1);
	*tag = r->in.ptr[0];
	r->in = span_skip(r->in, 1);
	return true;
}

bool rows_take32(struct rows_reader *r, uint32_t *n);
/* Why something is not read, in printable words; else the stream is broken. */
bool rows_take_why(struct rows_reader *r, enum cover_reason *why,
		   char words[ROWS_WORDS + 1]);

/* A key that says no more than which row it is. */
bool rows_key_said(struct span key);
/* "row 88 card, key 42" */
size_t rows_place(const struct rows_reader *r, uint32_t row, uint32_t column,
		  char *dst, size_t room);

/* A row: its line, and behind it what is long or bytes. */
enum status rows_put(struct rows_reader *r);
/* A large cell as a member. */
enum status rows_put_large(struct rows_reader *r);
/* One that is not read, or not to its end. */
void rows_put_unread(struct rows_reader *r);

#endif
