#ifndef RUNTIME_SPOOL_IMPL_H
#define RUNTIME_SPOOL_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "runtime/segment.h"
#include "runtime/spool.h"

/*
 * spool_impl: what the parts of the spool share, and nobody else includes.
 *
 *   spool.c         append, acknowledge, open, close
 *   spool_piece.c   its files: written in groups, begun with marks, dropped
 *   spool_mark.c    where each task stands
 *   spool_read.c    entries by number
 *   spool_replay.c  opening: what the files still hold
 */
#define SPOOL_NAME_ROOM 32
#define SPOOL_HOLES_MAX 64

/* One file: numbers first .. end - 1, bytes that count. */
struct piece {
	uint64_t first, end;
	uint64_t bytes;
};

struct mark {
	uint64_t task, seq;
	bool ended;
	bool held; /* behind damage: later entries do not move it */
	struct batch_totals totals;
	size_t cursor_len;
	uint8_t *cursor; /* owned */
};

struct range {
	uint64_t from, to; /* to is behind the last */
};

struct spool {
	struct spool_config config;
	struct spool_io io;
	int dir;             /* borrowed */
	int active;          /* the last piece, for writing; -1: to be made */
	bool marked;         /* it begins with all marks that must be there */
	uint64_t piece_max;  /* bytes, then a new file */
	struct piece *piece; /* in order, at least one after open */
	size_t pieces, piece_room;
	uint64_t next, acked;
	struct mark marks[SPOOL_TASKS_MAX];
	size_t mark_count;
	struct buf group; /* what is written together */
	struct range
	    hole[SPOOL_HOLES_MAX]; /* numbers that opening found lost */
	size_t holes;
	bool holes_more; /* than fit */
	int read_fd;
	uint64_t read_first; /* of the piece that is open, 0: none */
	uint64_t asked;      /* number that was last read */
	struct segment_reader reader;
	struct segment_entry ahead; /* read, but above what was asked for */
	bool has_ahead;
};

/* ---- spool_piece.c ---- */

extern const struct spool_io spool_disk;

void spool_piece_name(uint64_t first, char name[SPOOL_NAME_ROOM]);
/* All files of the folder, in order; and the first of an empty one. */
NODISCARD enum status spool_piece_list(struct spool *sp);
NODISCARD enum status spool_piece_fresh(struct spool *sp);
struct piece *spool_piece_last(const struct spool *sp);
/* An entry of ours under a number, with nothing in it yet. */
struct segment_entry spool_piece_entry(const struct spool *sp, uint8_t kind,
				       uint64_t seq);
/* Write sp->group at the end of the last file and sync it, or nothing. */
NODISCARD enum status spool_piece_put(struct spool *sp);
/* Begin a file with the marks in it; then the ones before may go. */
NODISCARD enum status spool_piece_turn(struct spool *sp);
/* Files that hold nothing but acknowledged numbers go; the last one stays. */
void spool_piece_drop_acked(struct spool *sp);

/* ---- spool_mark.c ---- */

struct mark *spool_mark_find(struct spool *sp, uint64_t task); /* or NULL */
struct mark *spool_mark_make(struct spool *sp, uint64_t task); /* NULL: full */
/* A copy of a cursor for spool_mark_move(), which takes it. */
NODISCARD enum status spool_mark_copy(struct span s, uint8_t **out);
void spool_mark_move(struct mark *m, const struct segment_entry *e,
		     uint8_t *cursor);

/* ---- spool_read.c ---- */

bool spool_is_ours(const struct spool *sp, const struct segment_entry *e);
void spool_read_end(struct spool *sp); /* lets go of the file being read */

/* ---- spool_replay.c ---- */

/* Walks all files: marks, holes and the next number. */
NODISCARD enum status spool_replay(struct spool *sp, struct spool_report *met);

#endif
