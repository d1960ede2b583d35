#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/object.h"

/*
 * fields: records whose fields are named one by one (an entry of a directory,
 * a hash of a cache, documents of a collection) on their way from a source to
 * an extractor, as a stream of bytes. All numbers are little endian.
 *
 *	magic   FIELDS_MAGIC
 *	record  'K', u32 length, its key; the fields behind it are its
 *	field   'F', u8 flags, u32 length, name; then its value in pieces, each
 *	        u32 length and bytes; one of no bytes ends it
 *	note    'N', u8 enum cover_reason, u32 length, words: what was not read
 *	end     'E', u64 records or fields read, u64 counted by the server
 *
 * A stream without an end was cut. Without a record the fields are those of
 * the object itself.
 */
#define FIELDS_MAGIC     "\211TRAWL FIELDS\r\n\032\n"
#define FIELDS_MAGIC_LEN (sizeof(FIELDS_MAGIC) - 1)
#define FIELDS_NAME      1024 /* bytes of a name or key; longer ones are cut */
#define FIELDS_PIECE     ((uint32_t)1 << 20) /* bytes of one */

enum fields_flag {
	FIELDS_BINARY = 1, /* bytes, not text in UTF-8 */
	FIELDS_LABEL = 2,  /* the name is no part of what is stored: "[3]" */
};

NODISCARD enum status fields_begin(struct buf *to);
NODISCARD enum status fields_record(struct buf *to, struct span key);

/* A whole field; in pieces when it is large. Whether it is text is looked at.
 */
NODISCARD enum status fields_put(struct buf *to, struct span name,
				 uint8_t flags, struct span value);

/* The same in steps: a name, pieces, and one of no bytes. */
NODISCARD enum status fields_name(struct buf *to, struct span name,
				  uint8_t flags);
NODISCARD enum status fields_piece(struct buf *to, struct span piece);

NODISCARD enum status fields_note(struct buf *to, enum cover_reason why,
				  struct span words);
NODISCARD enum status fields_end(struct buf *to, uint64_t read,
				 uint64_t counted);

/* FIELDS_BINARY or 0, by the first bytes of a value. */
uint8_t fields_look(struct span first);

#endif
