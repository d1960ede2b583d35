#ifndef CORE_CHECKPOINT_H
#define CORE_CHECKPOINT_H

#include "base/status.h"

struct checkpoint;

/*
 * checkpoint: a thread with a connection of its own that moves committed pages
 * from the log into the database file, so that no commit ever waits for it.
 *
 * Owner:   checkpoint_close() takes NULL and waits for the thread.
 * Threads: shares nothing with the writer but the file.
 */
NODISCARD enum status checkpoint_open(const char *database,
				      struct checkpoint **out);
/* Start the thread: after the sandbox is closed, so that it is inside too. */
NODISCARD enum status checkpoint_start(struct checkpoint *k);
void checkpoint_close(struct checkpoint *k);

#endif
