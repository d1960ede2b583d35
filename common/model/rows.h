#ifndef MODEL_ROWS_H
#define MODEL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/holds.h"

/*
 * rows: a table on its way from a source (a database) to an extractor, as a
 * stream of bytes. All numbers are little endian.
 *
 *	magic   ROWS_MAGIC
 *	columns u32 count, then each: u8 flags, u32 length, name (UTF-8)
 *	row     'R', then each cell: u32 length (ROWS_NULL: none), bytes
 *	columns 'C', u32 count, then each as above: behind those that were told
 *	        so far, for tables whose rows say themselves what they have
 *	large   'L', u32 column, u32 length and bytes: the key of its row as
 *	        people read it, u32 length and bytes: a piece of that cell.
 *	        Further pieces follow as 'M', u32 length, bytes; one of no
 *	        bytes ends them
 *	unread  'U', u32 column, u32 length and bytes: the key of its row, u8
 *	        reason, u32 length and words: a cell that is not read, or not to
 *	        its end
 *	note    'N', u8 reason (enum cover_reason), u32 length and words:
 *	        something of the table is not read
 *	end     'E', u64 rows read, u64 rows that the server counted
 *	sample  'S', the same two: it ends here because no more were wanted;
 *	        a count of 0 is not known
 *
 * Cells are text in UTF-8, or bytes where the column has ROWS_BINARY. Large
 * ones, which no row should hold in memory, are NULL in their row.
 */
#define ROWS_MAGIC     "\211TRAWL ROWS\r\n\032\n"
#define ROWS_MAGIC_LEN (sizeof(ROWS_MAGIC) - 1)
#define ROWS_NULL      UINT32_MAX
#define ROWS_COLUMNS   4096
#define ROWS_NAME      512 /* bytes of a column's name; longer ones are cut */
#define ROWS_WORDS     256 /* bytes of a note's words; longer ones are cut */
#define ROWS_CELL      ((uint32_t)1 << 20) /* larger ones are `large` */

enum rows_flag {
	ROWS_KEY = 1,    /* of the primary key */
	ROWS_BINARY = 2, /* bytes, not text */
};
#define ROWS_HOLDS 4 /* its bits from here on are an enum holds */

NODISCARD enum status rows_begin(struct buf *to, uint32_t columns);
NODISCARD enum status rows_column(struct buf *to, struct span name,
				  uint8_t flags);
/* So many more by rows_column(), which all rows from here on have, too. */
NODISCARD enum status rows_columns(struct buf *to, uint32_t more);
NODISCARD enum status rows_row(struct buf *to);
NODISCARD enum status rows_cell(struct buf *to, struct span value);
NODISCARD enum status rows_null(struct buf *to);
/* All of a row at once; a cell without a ptr, or above ROWS_CELL, is NULL. */
NODISCARD enum status rows_whole(struct buf *to, const struct span *cell,
				 uint32_t cells);
NODISCARD enum status rows_large(struct buf *to, uint32_t column,
				 struct span key, struct span piece);
NODISCARD enum status rows_more(struct buf *to, struct span piece);
NODISCARD enum status rows_unread(struct buf *to, uint32_t column,
				  struct span key, uint8_t reason,
				  struct span words);
NODISCARD enum status rows_note(struct buf *to, uint8_t reason,
				struct span words);
NODISCARD enum status rows_end(struct buf *to, uint64_t read, uint64_t counted);
NODISCARD enum status rows_sample(struct buf *to, uint64_t read,
				  uint64_t counted);

#endif
