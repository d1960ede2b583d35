#ifndef RUNTIME_TASKFILE_H
#define RUNTIME_TASKFILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"

/*
 * taskfile: one task order on disk and what people want of it, so that a
 * restarted agent goes on without asking. Replaced as a whole, with a checksum.
 */
#define TASKFILE_MAX (512u * 1024)

/* What people want of a task; lies on disk, never change a number. */
enum task_wish { WISH_RUN = 1, WISH_PAUSE = 2, WISH_STOP = 3 };

NODISCARD enum status taskfile_write(const char *dir,
				     const struct task_order *o,
				     enum task_wish wish);

/*
 * Bytes go into *bytes and the order borrows from them. ST_MALFORMED for a file
 * that is damaged.
 */
NODISCARD enum status taskfile_read(const char *dir, uint64_t task,
				    struct buf *bytes, struct task_order *o,
				    enum task_wish *wish);

/* The same, of bytes. */
NODISCARD enum status taskfile_parse(struct span s, struct task_order *o,
				     enum task_wish *wish);

void taskfile_remove(const char *dir, uint64_t task);

/* Numbers of the tasks in the folder; at most max. */
NODISCARD enum status taskfile_list(const char *dir, uint64_t *tasks,
				    size_t max, size_t *count);

#endif
