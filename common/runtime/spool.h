#ifndef RUNTIME_SPOOL_H
#define RUNTIME_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/span.h"
#include "base/status.h"
#include "model/batch.h"
#include "model/session.h"

/*
 * spool: the results that the master has not yet acknowledged, on disk, and of
 * each running task the last checkpoint. What spool_append() said ST_OK to
 * survives the death of the process and of the machine, is handed out under its
 * number until it is acknowledged, and its cursor is where the scan goes on.
 *
 * One folder of segment files, named after their first number. A file begins
 * with a mark of every task that stands in it, so the files before it can go as
 * soon as all of them is acknowledged.
 *
 * Damage: a torn tail is cut. Bytes that are damaged elsewhere cost only the
 *         entries they hold: later ones are kept, the lost numbers are handed
 *         out as holes (they have been given and may be committed, so they are
 *         never given again), and the tasks around them go back to the
 *         checkpoint before the damage.
 * Owner:  spool_close() takes NULL.
 * Threads: one. A sync blocks for as long as the disk takes.
 * Limits: quota bytes of files; more is ST_FULL and changes nothing.
 */
#define SPOOL_QUOTA_MIN     (4u * 1024 * 1024)
#define SPOOL_QUOTA_DEFAULT (1024u * 1024 * 1024)
#define SPOOL_TASKS_MAX     256

struct spool;

/* What is done to the disk; tests put their own in. */
struct spool_io {
	void *arg;
	int (*create)(void *arg, int dir, const char *name);
	ssize_t (*write)(void *arg, int fd, struct span s, uint64_t at);
	int (*sync)(void *arg, int fd); /* a file's data, or a folder */
	int (*cut)(void *arg, int fd, uint64_t size);
};

struct spool_config {
	uint64_t quota;  /* bytes, at least SPOOL_QUOTA_MIN */
	uint32_t stream; /* of every entry */
	uint8_t incarnation[INCARNATION_LEN];
	const struct spool_io *io; /* NULL: the disk */
};

/* What opening met. */
struct spool_report {
	bool fresh;       /* there was no file: nothing is known */
	uint64_t cut;     /* bytes of a torn tail */
	uint64_t damaged; /* bytes elsewhere that hold no entry */
	uint64_t holes;   /* numbers that were given and are lost */
	uint64_t foreign; /* entries of another incarnation, left out */
};

/* The folder exists and is ours alone; the descriptor stays the caller's. */
NODISCARD enum status spool_open(int dir, const struct spool_config *c,
				 struct spool **out, struct spool_report *met);
void spool_close(struct spool *sp);

struct spool_entry {
	uint64_t seq; /* given by spool_append() */
	uint64_t task;
	bool last;                  /* the task ends with it */
	bool hole;                  /* nothing is left of it but its number */
	struct batch_totals totals; /* of the task up to the cursor */
	struct span cursor;
	struct span payload;
};

/*
 * Write an entry and sync it. ST_FULL: no room by quota or disk; ST_IO: the
 * disk failed. In both cases nothing counts and the call may be repeated.
 */
NODISCARD enum status spool_append(struct spool *sp, struct spool_entry *e);

/*
 * The entry of a number, good until the next call. One that is lost or was
 * dropped is a hole with the task next to it. ST_EOF: not yet given.
 */
NODISCARD enum status spool_read(struct spool *sp, uint64_t seq,
				 struct spool_entry *out);

/*
 * All up to seq is committed by the master. Again or older is fine;
 * ST_MALFORMED for a number that was never given.
 */
NODISCARD enum status spool_ack(struct spool *sp, uint64_t seq);

/* Numbers up to seq are taken: the next one is above. For a spool that is
 * older than what the master has. */
NODISCARD enum status spool_skip(struct spool *sp, uint64_t seq);

/* Where a task stands. */
struct spool_mark {
	uint64_t task;
	uint64_t seq; /* of its last entry */
	bool ended;   /* by an entry that was the last one */
	struct batch_totals totals;
	struct span cursor; /* good until the next append */
};

NODISCARD enum status spool_mark(const struct spool *sp, uint64_t task,
				 struct spool_mark *out);
/* The i-th of all marks; ST_EOF behind the last. */
NODISCARD enum status spool_mark_at(const struct spool *sp, size_t i,
				    struct spool_mark *out);
/* A task is over and acknowledged, or never to be heard of again. */
void spool_forget(struct spool *sp, uint64_t task);

uint64_t spool_next(const struct spool *sp);  /* number of the next entry */
uint64_t spool_acked(const struct spool *sp); /* highest acknowledged */
uint64_t spool_bytes(const struct spool *sp); /* of the files */

#endif
