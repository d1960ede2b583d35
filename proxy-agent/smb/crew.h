#ifndef PROXY_AGENT_SMB_CREW_H
#define PROXY_AGENT_SMB_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/span.h"
#include "base/status.h"
#include "source/source.h"

/*
 * crew: a few processes with a session each, which read files ahead of their
 * turn: libsmbclient waits for every answer and is not safe for threads, so
 * that several files are under way only in several processes. One is forked
 * before the program loses its rights: the foreman, who loses its own but to
 * fork, and forks a hand when something is said to it for the first time. A
 * hand is told the target with its first job, so that a target of one file
 * costs none. What they read comes as it is read, never more of it than fits
 * into a socket.
 *
 * Jobs are given to them in turn and must be read in the order they were
 * begun. A server may let in fewer of them than there are: the jobs of one that
 * stays outside fail with EUSERS, and it gets no more.
 *
 * Owner:  crew_close() takes NULL; the hands end with their sockets.
 * Errors: what cifs_trouble() says of crew_error(); ST_CLOSED also when a hand
 *         is gone that was let in.
 */
#define CREW_MAX    8
#define CREW_SOCKET 10 /* descriptor of the first of them */
#define CREW_DEPTH  2  /* jobs that one may have waiting */

struct crew;

/* First of all in main(): who loses its rights how, `parent` being its own. */
NODISCARD enum status crew_hire(enum status (*foreman)(pid_t parent),
				enum status (*hand)(pid_t parent));

/* Keeps the target, its options and its credential for `count` of them. */
NODISCARD enum status crew_open(const struct source_target *t, size_t count,
				struct crew **out);
void crew_close(struct crew *c);

/* A place for one more job is there. */
bool crew_free(const struct crew *c);

/* How many still work: as long as nobody was kept out, all of them. */
size_t crew_hands(const struct crew *c);

NODISCARD enum status crew_begin(struct crew *c, struct span path,
				 uint64_t *job);
NODISCARD enum status crew_read(struct crew *c, uint64_t job, void *dst,
				size_t n, size_t *got);
NODISCARD enum status crew_end(struct crew *c, uint64_t job);

int crew_error(const struct crew *c); /* errno of the last failure */

#endif
