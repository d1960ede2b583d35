#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "extract/extract.h"
#include "model/finding.h"
#include "model/note.h"
#include "model/object.h"
#include "model/order.h"
#include "model/text.h"
#include "source/pairs.h"
#include "source/source.h"
#include "sys/vault.h"

/*
 * scan: one scan order, carried out. The calling process directs and parses
 * nothing: a reader (walks and opens), a zygote (holds the compiled detector)
 * and sandboxed workers (extract and detect) are forked from it. Any of them
 * may be killed at any moment; the results are the same.
 *
 * Use:     scan_open(); then until scan_step() says ST_EOF: poll scan_fd() for
 *          POLLIN, at most scan_wait_ms() long, and call scan_step().
 * Threads: the calling process has one thread when scan_open() forks.
 * Results: come from within scan_step(), in walk order, each once.
 */
struct scan;
struct renewal;

struct scan_found {
	const struct finding *finding;
	struct span path;  /* of its object */
	struct span clear; /* the raw stretch, only with options.reveal */
};

struct scan_sink {
	void *arg;
	/* A finding of the object that the next object() names. A sink that
	 * falls behind says scan_hold(). */
	void (*finding)(void *arg, const struct scan_found *f);
	/* A place inside that object that was not fully read; may be NULL. */
	void (*note)(void *arg, struct span path, const struct note *n);
	/* Only with options.texts: what was read, as it comes. */
	void (*text)(void *arg, struct span path, const struct text *t);
	/* An object with findings or not fully read; others are only counted
	 * (options.every_object changes that). */
	void (*object)(void *arg, const struct object *o);
	/* All before this cursor was given; `sum` counts exactly that. */
	void (*cursor)(void *arg, struct span cursor,
		       const struct scan_progress *sum);
	/* A match that the allow list lets pass by that line; may be NULL. */
	void (*allowed)(void *arg, unsigned line);
	/* Counts start at zero with each scan_open(), cursor or not. */
	void (*progress)(void *arg, const struct scan_progress *p);
};

/* What a process that reads one target on another host begins with. */
struct scan_wanted {
	struct span target;
	struct span credential; /* its name, or empty */
	struct pairs options;
	int slots; /* descriptor of the memory of the slots */
};

struct scan_reader {
	pid_t pid; /* or by what number else its starter knows it; above 0 */
	int fd;    /* of our socket to it */
	bool told; /* it was given its credential by who started it */
};

/*
 * Who starts and ends such processes for a program that may not. Both calls
 * wait until it is done.
 */
struct scan_starter {
	/* *why (or NULL) says in one sentence why not. */
	enum status (*start)(void *arg, const struct scan_wanted *w,
			     struct scan_reader *out, struct buf *why);
	void (*signal)(void *arg, pid_t pid, int number);
};

/*
 * How targets with a scheme are read that none of the sources knows: by a
 * program of its own, one process for each of them.
 */
struct scan_remote {
	const char
	    *programs; /* absolute: the folder of trawl-source and its kin */
	/* NULL: they are children of this process */
	const struct scan_starter *starter;
	/*
	 * The credential of a target, as pairs, in a vault that the call opens;
	 * ST_OK without one when there is none. Called each time a reader of
	 * that target starts: what was given is wiped when it has signed in.
	 */
	enum status (*access)(void *arg, struct span target, struct vault *out);
	/* A secret of it was replaced by the service; NULL: who started the
	 * reader hears of that. */
	void (*renewed)(void *arg, const struct renewal *r);
	void *arg;
	/* It can be: then targets are not read side by side. */
	bool renews;
	/* for every target; what the order names comes first */
	struct pairs options;
	struct span credential;
};

struct scan_options {
	const struct source_ops *const *sources; /* ends with NULL */
	const struct scan_remote *remote;        /* NULL: this host only */
	const char *catalogue; /* folder of data types; NULL: the installed */
	const char *cache;     /* files of compiled patterns; NULL, "": none */
	/* in the process that compiles, see detect.h; NULL: nobody asks */
	void (*compiling)(size_t expressions);
	const char *const *rules; /* files and folders of one's own types */
	size_t rule_count;
	const char
	    *allow; /* file of findings that pass, see allow.h; or NULL */
	/* all zero: the default; the order's limits come on top */
	struct extract_options extract;
	uint32_t matches_max; /* of one object; 0: SCAN_MATCHES_MAX */
	bool reveal;
	bool every_object;
	bool metadata; /* time, mode and owner of small files, too */
	bool details;  /* digest and context of findings, too */
	/*
	 * Texts instead of findings: nothing is detected, and an object that
	 * crashes is not tried again. In walk order when order.jobs is 1.
	 */
	bool texts;
	int input; /* descriptor that the path "-" stands for; 0: none */
	/* For tests: runs inside the worker before an object is read. */
	void (*before_object)(const struct extract_input *in);
	unsigned hang_seconds; /* CPU without an end to an object; 0: default */
	unsigned cursor_ms;    /* between cursors; 0: SCAN_CURSOR_MS */
};

#define SCAN_MATCHES_MAX  1000000
#define SCAN_JOBS_MAX     64
#define SCAN_PROGRESS_MS  250
#define SCAN_CURSOR_MS    1000
#define SCAN_CURSOR_BYTES (4u * 1024 * 1024) /* of results between cursors */

/* Spans of the order are copied. *why (buf_init() done) explains a failure. */
NODISCARD enum status scan_open(const struct scan_order *order,
				const struct scan_options *o,
				const struct scan_sink *sink, struct scan **out,
				struct buf *why);
void scan_close(struct scan *s); /* takes NULL; ends every child */

/* For a program that does nothing else: the calling process gives up, for good,
 * what it does not need to direct this scan. *why explains a failure. */
NODISCARD enum status scan_confine(struct scan *s, struct buf *why);

/* Whether its patterns are compiled: until then nothing is read for good. */
bool scan_ready(const struct scan *s);

int scan_fd(const struct scan *s);      /* readable when there is work */
int scan_wait_ms(const struct scan *s); /* until a timer is due; -1: none */

/* Do what can be done without waiting. ST_OK: there is more to come; ST_EOF:
 * over, scan_outcome() tells how; anything else cannot happen. */
NODISCARD enum status scan_step(struct scan *s);

/* Stop handing results to the sink until it is false again. The scan goes on
 * until its buffers are full; nothing grows without bound. */
void scan_hold(struct scan *s, bool hold);

void scan_pause(struct scan *s, bool pause); /* freezes the children */
void scan_stop(struct scan *s); /* finish at once; what was found stands */

enum scan_outcome scan_outcome(const struct scan *s);
const char *scan_message(const struct scan *s); /* why it failed, or "" */
void scan_sum(const struct scan *s, struct scan_progress *out);
/* For how long targets were left alone that answered later than usual. */
uint64_t scan_rested_ms(const struct scan *s);
/* Targets that no connection to came about. */
uint64_t scan_unreached(const struct scan *s);

#endif
