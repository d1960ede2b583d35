#ifndef PROXY_AGENT_SOURCE_FILES_HOST_IMPL_H
#define PROXY_AGENT_SOURCE_FILES_HOST_IMPL_H

#include "proxy-agent/source/files/door.h"
#include "proxy-agent/source/files/version.h"
#include "proxy-agent/source/files/walk.h"
#include "source/mounts.h"
#include "source/source.h"

/*
 * host: a host's folders over SSH, shared by the files of this name and the
 * table of what they can, sftp.c. One thread.
 */
#define HOST_AHEAD 32 /* objects that are asked for before their turn */

/* One object of the walk, begun before its turn. */
struct ahead {
	struct buf path; /* on the server */
	struct folder_entry attr;
	uint8_t reason;
	enum mounts_kind left_out; /* of reason COVER_MOUNT, if known */
	bool folder;
	struct door_file file; /* none: nothing to be read */
	char version[VERSION_MAX];
};

struct source {
	struct patience patience;
	struct ssh *ssh;
	struct door door;
	struct walk walk;
	bool skips_pseudo;         /* the target lies in none */
	bool mounts;               /* enter what is mounted, too */
	enum mounts_kind left_out; /* why host_enter() said ST_UNSUPPORTED */
	struct buf table;          /* what is mounted where; empty: not known */
	struct mounts_line own;    /* the target's, in there */
	struct ring ring;          /* of these: */
	struct ahead ahead[HOST_AHEAD];
};

/* ---- host_open.c: beginning and end ---- */
NODISCARD enum status host_open(const struct source_target *t,
				struct source **out);
void host_close(struct source *s);

/* ---- host_walk.c: the way through its folders ---- */
/* ST_OK: the walk is inside the folder that the path names. */
NODISCARD enum status host_enter(struct source *s);
/* The object that the path names, at the end of the ring. */
struct ahead *host_ahead(struct source *s, const struct folder_entry *e);
/* Its content is asked for, if there is any that is wanted. */
void host_begin(struct source *s, struct ahead *a);
void host_fill(struct source *s);
/* Go down to where an earlier walk was; stop where it no longer matches. */
void host_resume(struct source *s, struct span cursor);

/* ---- host_mounts.c: which of its file systems are entered ---- */
NODISCARD enum status host_read_mounts(struct source *s);
/* The folder that has just been entered. */
bool host_leaves_out(struct source *s);
/* What a kernel makes up, by the places where that stands. */
bool host_is_pseudo(struct span path);

/* The session is of no use any more. */
static inline bool
host_is_fatal(enum status st)
{
	return st == ST_CLOSED || st == ST_TIMEOUT || st == ST_MALFORMED ||
	       st == ST_NOMEM;
}

/* What the ledger says of it, enum cover. */
uint8_t host_reason(enum status st);

#endif
