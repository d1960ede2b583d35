#ifndef SCAN_DIRECTOR_H
#define SCAN_DIRECTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "scan/clean.h"
#include "scan/results.h"
#include "scan/scan.h"
#include "scan/slot.h"
#include "scan/worker.h"
#include "source/own.h"
#include "sys/pipe.h"
#include "sys/priv.h"

/*
 * director: what the calling process knows of a running scan. Internal to the
 * room: child.c starts and ends processes, seat.c gives workers their work,
 * hear.c hears what all of them say, watch.c looks after what takes too long,
 * batch.c keeps the batches, emit.c gives the results out in walk order.
 */
#define SCAN_WHY_MAX 1024 /* bytes of why a target is given up */
#define TRIES_MAX    250  /* weight of deaths an object may cause */
#define TRY_CRASH    125  /* died of itself: one more chance, alone */
#define TRY_LOST     50   /* of a stream: its reader died over it */
#define TRY_KILLED   1    /* SIGKILL from outside */

enum batch_state { BATCH_NONE, BATCH_WAITING, BATCH_RUNNING, BATCH_DONE };

/* One filled slot and what came of it; as many as there are slots. */
struct batch {
	enum batch_state state;
	uint64_t seq;
	const struct slot_head *head;
	int fds[SLOT_FDS];
	size_t fd_count;
	uint32_t next;  /* items below this are finished */
	uint32_t until; /* the end of what the worker was asked */
	uint8_t tries[SLOT_ITEMS];
	struct results results; /* segments in order of items */
	size_t complete;        /* bytes of results of finished items */
	/* of a stream: the position before it */
	uint32_t before_root;
	struct buf before;
	bool lost; /* its reader died too often: what came of it counts */
};

enum child_state {
	CHILD_NONE,
	CHILD_STARTING,
	CHILD_IDLE,
	CHILD_BUSY,
	CHILD_DYING
};

struct worker_seat {
	enum child_state state;
	struct pipe *pipe;
	pid_t pid;
	struct batch *batch;
	bool overdue; /* killed by us: its object took too long */
	/* the watch: when the object at hand was first seen */
	uint64_t seq;
	uint32_t item;
	int64_t cpu_ns;
	uint64_t since_ms;
	uint64_t read;
};

/* Where the results of the first batch are being given out. */
struct emit {
	struct results_at at; /* in its results */
	uint32_t item;        /* next item */
	size_t left;          /* bytes left of the open segment */
	struct span clear;
	uint64_t matches; /* of the object at hand */
	uint64_t passed;  /* of it, by the allow list */
};

struct scan {
	struct scan_order order;
	uint8_t *order_bytes; /* what its spans point to */
	struct scan_options options;
	struct scan_remote remote; /* what options.remote points to */
	struct priv_user nobody;   /* as who workers run when we are root */
	bool drop;
	char cache[PATH_MAX]; /* what options.cache points to, or "" */
	struct scan_sink sink;
	struct slots slots;
	uint8_t *status; /* a page for each worker */
	size_t worker_count;
	int epoll;

	struct clean *clean;      /* with order.skip_unchanged, or NULL */
	struct clean_known known; /* for the readers */
	struct buf past;          /* what the reader at hand keeps, so far */
	uint32_t past_root;       /* of which target */
	struct own own;           /* likewise: what is no content */
	const char *cached[3];    /* how our files in the cache begin; NULL */
	struct extract_kit *libraries; /* loaded when confined, or NULL */
	pid_t reader_pid, census_pid, zygote_pid;
	bool reader_far; /* by the starter: no child of ours */
	struct pipe *reader, *census, *zygote;
	bool zygote_ready, walked;
	unsigned reader_deaths, zygote_deaths; /* without progress between */
	struct worker_seat workers[SCAN_JOBS_MAX];

	struct batch *batches; /* one for each slot */
	struct results_shelf shelf;
	uint64_t next_seq; /* the reader's next batch */
	uint64_t emit_seq; /* the next batch to be given out */
	uint32_t root;     /* the reader's cursor behind its last batch */
	struct buf cursor;
	bool arrived;      /* the reader at hand is through with its part */
	uint32_t forsaken; /* number + 1 of a target that is given up */
	uint8_t forsaken_reason; /* enum cover_reason */
	char forsaken_why[SCAN_WHY_MAX];
	struct buf suspect; /* path of a stream that killed its worker */
	uint64_t suspect_seq;
	uint8_t suspect_tries;
	struct buf last; /* path of the last object that was given out */
	struct emit emit;

	struct scan_progress sum; /* of all that was given out */
	uint64_t unreached;       /* targets without any connection */
	uint64_t cursor_bytes;    /* of results since the last cursor */
	uint64_t cursor_ms, progress_ms, watch_ms;
	bool cursor_due;
	bool held, paused, stopping;
	enum scan_outcome outcome; /* 0 while it goes on */
	struct buf message;
};

/* Who an epoll event is from; workers follow. */
enum peer { PEER_READER, PEER_CENSUS, PEER_ZYGOTE, PEER_WORKER };

/* ---- scan.c */
/* The scan ends without a result; the first reason counts. */
void scan_fail(struct scan *s, struct span why);

/* ---- child.c: forked, sandboxed by themselves; what they need is in *s */
NODISCARD enum status child_reader(struct scan *s); /* at s->cursor */
void child_signal_reader(struct scan *s, int number);
NODISCARD enum status child_census(struct scan *s); /* if totals are wanted */
NODISCARD enum status child_zygote(struct scan *s);
NODISCARD enum status child_listen(struct scan *s, struct pipe *p,
				   unsigned peer);
void child_hang_up(struct scan *s, struct pipe **p); /* takes NULL in *p */
void child_end(pid_t *pid); /* SIGKILL and wait; takes 0 */

/* ---- remote.c: targets that a program of its own reads */
struct errand;
bool remote_is(const struct scan_options *o, struct span target);
NODISCARD enum status remote_spawn(const struct scan_remote *how,
				   const struct scan_wanted *w,
				   struct scan_reader *out, struct buf *why);
/* As kill(2); SIGKILL: and it is gone. */
void remote_signal(const struct scan_remote *how, pid_t pid, int number);
struct remote_files {
	int known, past; /* of clean.h, past.c; -1: none */
};
NODISCARD enum status remote_tell(const struct scan_remote *how, struct pipe *p,
				  struct remote_files f, struct errand *e);
/* What a TALK_RENEWED says goes to who gave the credential, and is wiped. */
void remote_renewed(const struct scan_remote *how, struct pipe *p,
		    struct span body);
/* For target s->root, which is forsaken when it cannot be. */
void remote_start(struct scan *s);
/* It is named as not read, and the scan goes on with the next one. */
void remote_forsake(struct scan *s, uint8_t reason, struct span why);
/* The reader at hand, wherever it runs. */
void remote_end_reader(struct scan *s);
/* The worker of a stream died: read the object once more. */
void remote_rewind(struct scan *s, struct batch *b, unsigned weight);
void remote_recall(struct scan *s, struct batch *b);

/* ---- seat.c: a seat for each worker; the zygote is what forks and signals */
void seat_dispatch(struct scan *s); /* waiting batches to idle workers */
void seat_signal(struct scan *s, size_t id, int number);
/* A worker that talks nonsense has been taken over: end it. */
void seat_distrust(struct scan *s, size_t id);
/* Its end: put the batch back, without the guilty object if need be. */
void seat_bury(struct scan *s, size_t id, unsigned weight);

/* ---- hear.c */
void hear_peer(struct scan *s, unsigned peer);

/* ---- watch.c */
void watch_workers(struct scan *s);

/* ---- batch.c */
struct batch *batch_find(struct scan *s, uint64_t seq);
struct batch *batch_waiting(struct scan *s); /* the first by seq, or NULL */
bool batch_streams(const struct batch *b);   /* one object, through a pipe */
/* Its reader has not said how it ends; it says so before the pipe is closed. */
bool batch_flows(const struct batch *b);
void batch_clear(struct batch *b);
/* Skip what needs no worker; false when the batch is finished. */
bool batch_range(struct batch *b);
/* Results from a worker; anything odd is ST_MALFORMED. */
NODISCARD enum status batch_result(struct batch *b, struct span body);
/* What a dead worker was reading, as it says itself: nothing to rely on. */
struct batch_last {
	struct span place, parser;
};
/* Its worker died at `item`; the rest will be tried again. */
void batch_died(struct batch *b, uint32_t item, unsigned weight,
		const struct batch_last *last);
/* The object takes too long, or killed too many workers: give it up. */
void batch_give_up(struct batch *b, uint32_t item, enum cover_reason why,
		   const struct batch_last *last);

/* ---- rights.c */
void rights_find_nobody(struct scan *s);

/* ---- ours.c: what Trawl keeps here is no content */
void ours_find(struct scan *s);

/* ---- unchanged.c: what need not be read again; without it all is read */
void unchanged_open(struct scan *s);
void unchanged_save(struct scan *s); /* once the scan is over */
void unchanged_close(struct scan *s);

/* ---- past.c: what readers keep of their targets beside that */
int past_open(struct scan *s); /* of target s->root; -1: nothing */
void past_hear(struct scan *s, bool last, struct span part);

/* ---- emit.c */
void emit_ready(struct scan *s);
void emit_unfinished(struct scan *s); /* after a stop */
void emit_progress(struct scan *s);

/* ---- cursor of the whole scan: which path of the order, and where in it */
NODISCARD enum status cursor_pack(uint32_t root, struct span at,
				  struct buf *to);
NODISCARD enum status cursor_unpack(struct span s, uint32_t *root,
				    struct span *at);

#endif
