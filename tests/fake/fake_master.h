#ifndef FAKE_MASTER_H
#define FAKE_MASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/token.h"
#include "model/session.h"
#include "model/task.h"
#include "sys/loop.h"
#include "wire/link.h"

/*
 * fake_master: a master of one agent port on loopback, in memory, that does
 * what its fields say. It keeps what it was sent exactly once, as the real one
 * does, and remembers enough to compare.
 */
#define FAKE_ROWS_MAX 65536

struct fake_master {
	struct loop *loop;
	uint16_t port;
	struct token token; /* what `enroll` takes */

	/* How it behaves; may be changed at any time. */
	bool unverified; /* enrolments wait */
	uint32_t bye;    /* answer HELLO and ENROLL so, 0: do not */
	uint32_t retry_after;
	bool silent;        /* batches are taken and not acknowledged */
	bool deaf;          /* HELLO is not answered */
	uint64_t credit;    /* bytes */
	uint32_t heartbeat; /* seconds */
	int64_t clock_ahead_us;
	int64_t cert_seconds;   /* life of certificates that it signs */
	int64_t cert_starts_in; /* seconds; 0: it is good already */
	uint64_t forget_from;   /* answer HELLO with this seq less one, once */
	unsigned drops;         /* so many batches have their line cut */

	/* What it has. */
	uint64_t seq; /* committed */
	uint8_t incarnation[INCARNATION_LEN];
	struct heartbeat beat; /* last */
	unsigned hellos, enrols, beats, renewals, again, nacks, fillers;
	unsigned connections;
	char kind[16];  /* that the last HELLO said can be read */
	bool with_pass; /* the line at hand came up with one */
	struct task_progress progress; /* last; current is empty */
	uint8_t outcome;               /* of the last batch that had one */
	uint64_t ended;                /* tasks */
	uint64_t under_way_max;        /* bytes not acknowledged, at the most */
	/* One line a finding, "path place type offset", sorted by rows(). */
	char *row[FAKE_ROWS_MAX];
	size_t rows;

	/* The order that is repeated to an agent that does not hold it. */
	uint64_t task;
	const char *const *paths;
	size_t path_count;
	uint64_t bytes_per_second;

	/* Inside. */
	struct tls *tls;
	struct key *ca_key;
	struct buf ca;
	int door;
	struct loop_io *watch;
	struct link *link;
	bool online;
	uint64_t unacked;
	struct arena arena;
	struct buf frame;
	struct buf waiting; /* csr of one that waits */
};

void fake_master_open(struct fake_master *m, struct loop *l);
void fake_master_close(struct fake_master *m);

/* In a child: its door on a loop that was made there. */
void fake_master_serve_on(struct fake_master *m, struct loop *l);

/* Send to the agent that is there; false when none is. The paths stay the
 * caller's and good. */
bool fake_master_order(struct fake_master *m, uint64_t task,
		       const char *const *paths, size_t count);
bool fake_master_control(struct fake_master *m, uint64_t task,
			 enum task_action action);
/* Any words, right or wrong, to whoever is on the line. */
void fake_master_say(struct fake_master *m, enum wire_kind kind,
		     struct span body);
void fake_master_ack(struct fake_master *m);    /* all that it has */
void fake_master_verify(struct fake_master *m); /* the one that waits */
void fake_master_cut(struct fake_master *m);
void fake_master_bye(struct fake_master *m, uint32_t code);

/* Sorted, repeats of one object in one task taken once. */
size_t fake_master_rows(struct fake_master *m);

#endif
