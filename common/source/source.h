#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/object.h"
#include "source/own.h"
#include "source/pairs.h"

/*
 * source: a place that holds objects, walked in an order that is the same each
 * time, so that a position in it (the cursor) stands for all that came before.
 *
 * A program lists its sources in a const table, which ends with NULL; the
 * reader process finds one by the scheme of the target and is the only one to
 * call it. A source copies bytes and never looks at them. Files of this host
 * are read by a reader forked from the calling program; targets with a scheme
 * by a program of its own (trawl-source), one process for each target.
 */
struct source_item {
	struct span path; /* as the user would write it; good until next() */
	uint64_t size;    /* bytes; as found by take(), look() or a count */
	int64_t mtime;    /* seconds since 1970 */
	uint32_t mode, uid, gid; /* mode 0: not asked yet */
	uint8_t reason;          /* enum cover_reason; COVER_OK: readable */
	bool folder;             /* a folder that is not entered, see reason */
	bool sparse;             /* has holes; known after take() */
	bool trickle; /* read() may give less than asked before the end */
	/* One sentence on why it cannot be read, or empty; good until next() */
	struct span detail;
	/*
	 * When the target wants versions: what tells this one of the object
	 * from any other: inode and times, an ETag ... Empty: nothing does for
	 * sure, and it is read. Good until next().
	 */
	struct span version;
};

/* Versions that need not be read, see source_target.known. */
struct source_known {
	bool (*has)(const void *arg, struct span path, struct span version);
	const void *arg;
};

/*
 * Where a secret of the credential goes that the server replaced, so that the
 * next to sign in has the new one.
 */
struct source_renewal {
	void (*keep)(void *arg, struct span name, struct span was,
		     struct span is);
	void *arg;
};

/*
 * What a source may keep of its target for the next scan like this one, in its
 * own words: they come back as they were, or not at all.
 */
struct source_past {
	struct span kept; /* by the scan before, as long as the source lives */
	/* In parts, in order; the last makes it whole. */
	void (*keep)(void *arg, struct span part, bool last);
	void *arg;
};

struct pace;

struct source_target {
	struct span path; /* what the order names, scheme and all */
	struct span
	    cursor; /* go on behind this position; empty: from the start */
	bool count; /* sizes only: next() opens nothing, read() is not called */
	/*
	 * One level only, for a person who chooses: next() gives what stands
	 * in the target itself, folders too (reason COVER_OK, folder true),
	 * enters none and opens nothing.
	 */
	bool browse;
	/*
	 * The credential: user, password, key ... as the kind needs. Its memory
	 * is wiped when open() returns: who needs more of it later keeps that
	 * in a vault of its own (sys/vault.h) and never anywhere else.
	 */
	struct pairs access;
	struct pairs options; /* of the target, as long as the source lives;
				 names that a source ignores are not its own */
	/*
	 * NULL: versions are not wanted. What it has() will not be read: who
	 * asks a server for objects before their turn leaves that one out.
	 */
	const struct source_known *known;
	const struct source_past *past; /* NULL: nothing is kept */
	/* NULL: nobody keeps it. As long as the source lives. */
	const struct source_renewal *renewal;
	const struct own *own; /* files of this host: not content; or NULL */
	/* What the path "-" stands for: open for good, readable anywhere; 0:
	 * nothing does. */
	int input;
	/*
	 * open() says here in one sentence why it failed: what, where, what to
	 * do. Never a secret. NULL: nobody asks.
	 */
	struct buf *why;
	/* Hears of what is asked and answered, as long as the source lives, see
	 * sys/pace.h; who reads rests by it. NULL: nobody asks. */
	struct pace *pace;
};

struct source; /* each implementation defines its own */

struct source_ops {
	const char *scheme; /* "smb": the part before ://; "" for plain paths */

	NODISCARD enum status (*open)(const struct source_target *t,
				      struct source **out);
	/* The next object; ST_EOF behind the last. An object that cannot be
	 * read is an item with a reason. ST_AGAIN: the connection is lost for
	 * good; a new process goes on behind the last one that was read. */
	NODISCARD enum status (*next)(struct source *s,
				      struct source_item *item);
	/* Bytes of the object that next() gave; *got 0 at its end. When it
	 * fails, *got still says what came before. ST_AGAIN: as of next(); of
	 * this object, what came is kept when it is lost again and again. */
	NODISCARD enum status (*read)(struct source *s, void *dst, size_t n,
				      size_t *got);
	/* Its descriptor, which the caller then owns, and what its metadata
	 * says; ST_UNSUPPORTED when it can only be read. NULL: no object of
	 * this source has one; large ones are streamed by read(). */
	NODISCARD enum status (*take)(struct source *s,
				      struct source_item *item, int *fd);
	/* Add the position behind the object that next() gave; nothing when
	 * the target itself was that object: none can follow. */
	NODISCARD enum status (*cursor)(const struct source *s, struct buf *to);
	/* Metadata of one path; needs no open source. May be NULL. */
	NODISCARD enum status (*look)(struct span path,
				      struct source_item *item);
	void (*close)(struct source *s); /* takes NULL and half-open ones */
	/* Whoever walks it keeps its option `rate`: objects a second. Else the
	 * source does, of requests or rows, or there is no such option. */
	bool paced;
};

/* A value of the credential, or of the options; ptr is NULL: not given. */
static inline struct span
source_access(const struct source_target *t, const char *name)
{
	return pairs_find(t->access, name);
}

static inline struct span
source_option(const struct source_target *t, const char *name)
{
	return pairs_find(t->options, name);
}

/* "smb" of "smb://host/share"; empty when it is a plain path. */
struct span source_scheme(struct span path);

/* The source for a target by its scheme; NULL when no table row fits. */
const struct source_ops *source_find(const struct source_ops *const *table,
				     struct span path);

#endif
