#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "model/finding.h"
#include "model/note.h"
#include "model/object.h"
#include "model/order.h"
#include "model/text.h"

/*
 * record: the nouns as bytes, for pipes between our own processes (worker to
 * scanner, scanner to link, link to scanner) and nothing else. One record is
 * kind (1 byte), body length (u32, little endian), body; bodies are varints
 * and length-prefixed spans. Decoded spans borrow from the input.
 *
 * Errors: record_next() gives ST_EOF at the end of the bytes, ST_AGAIN when the
 *         last record is cut short, ST_MALFORMED for anything else; a body that
 *         is longer than it should be is malformed too.
 *
 * Order of records of one object: its findings and notes, then its OBJECT
 * record; they belong to the OBJECT record that follows them. A PROGRESS record
 * just before a CURSOR record counts exactly what lies before that cursor, from
 * the start of this run of the scanner.
 */
enum record_kind {
	/* scanner to link, in walk order */
	RECORD_FINDING = 1,
	RECORD_OBJECT = 2,
	RECORD_CURSOR = 3, /* all before this cursor is done and reported */
	RECORD_PROGRESS = 4,
	RECORD_END = 5, /* outcome u8, message span; the last record */
	RECORD_NOTE = 6,
	RECORD_TEXT = 7,   /* what extractors read, for `trawl extract` */
	RECORD_ANSWER = 8, /* to RECORD_ASK, the last record */
	/* link to scanner */
	RECORD_ORDER = 16, /* the first record */
	RECORD_PAUSE = 17,
	RECORD_RESUME = 18,
	RECORD_STOP = 19,
	RECORD_ROOM = 20, /* the link has taken n bytes: credit */
	RECORD_ASK = 21,  /* the first record, in place of an order */
};

#define RECORD_HEAD 5
#define RECORD_MAX  262144 /* bytes of one body: 256 KiB */

struct record {
	enum record_kind kind;
	union {
		struct finding finding;
		struct object object;
		struct note note;
		struct text text;
		struct span cursor;
		struct scan_progress progress;
		struct {
			uint8_t outcome; /* enum scan_outcome */
			struct span message;
		} end;
		const struct scan_order *order; /* 5 KiB: not in here */
		struct span words; /* ASK, ANSWER: packed, model/session.h */
		uint64_t room;
	};
};

/* It is cleared for each record that comes, of which there are millions. */
_Static_assert(sizeof(struct record) <= 192, "a record is small");

NODISCARD enum status record_add(struct buf *to, const struct record *r);

/* Decode the first record of s; on ST_OK *used is how many bytes it took. An
 * ORDER is malformed. */
NODISCARD enum status record_next(struct span s, struct record *r,
				  size_t *used);

/* The same where an ORDER may come: it is put into *order. */
NODISCARD enum status record_next_order(struct span s, struct scan_order *order,
					struct record *r, size_t *used);

#endif
