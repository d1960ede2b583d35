/*
 * An export that is read, as the files of it share it: `nfs_open` gets to the
 * target, `nfs_folder` lists a folder, `nfs_walk` goes through them, `nfs`
 * gives the objects out. One thread.
 */
#ifndef PROXY_AGENT_NFS_NFS_IMPL_H
#define PROXY_AGENT_NFS_NFS_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/nfs/flow.h"
#include "proxy-agent/nfs/nfs.h"
#include "proxy-agent/nfs/site.h"
#include "proxy-agent/source/files/version.h"
#include "proxy-agent/source/files/walk.h"

#define AHEAD 64 /* objects that are asked for before their turn */
#define SAID  256

/* A folder on the way down. */
struct place {
	struct handle handle;
	struct who who; /* in whose name it could be listed */
	struct fsid fsid;
	bool has_fsid;
	enum fault left; /* why not all of it was listed */
	struct folder_entry entry;
};

/* What is kept behind a name, before its handle. */
struct tail {
	uint8_t fault; /* enum fault: it tells nothing of itself */
	bool mount;    /* another file system begins here */
	bool owner;    /* uid is known */
};

/* One object of the walk, begun before its turn. */
struct ahead {
	struct buf path; /* on the server */
	struct folder_entry entry;
	struct handle folder; /* where it was listed, to look once more */
	struct who who;       /* who could list that */
	size_t name;          /* in the path: where its name begins */
	bool has_owner;
	bool is_folder;
	bool by_owner; /* the first of a folder that only its owner may list */
	uint8_t fault; /* enum fault */
	uint8_t reason;
	struct flow *flow; /* NULL: nothing to be read */
	char version[VERSION_MAX];
};

struct source {
	struct site site;
	struct walk walk;
	struct place *places; /* FOLDERS_DEPTH, of each level */
	bool tell_owner; /* a folder needed its owner: its first item says so */
	struct ring ring; /* of these: */
	struct ahead ahead[AHEAD];
	bool lost; /* the connection */
	char said[SAID];
};

/* Without the server nothing more can be asked for: what has come is given out,
 * and who is started again resumes. */
static inline enum fault
nfs_alive(struct source *s, enum fault f)
{
	if (f == FAULT_LOST)
		s->lost = true;
	return f;
}

static inline struct place *
nfs_here(const struct source *s)
{
	return &s->places[s->walk.folders.depth - 1];
}

static inline bool
nfs_is_other(const struct place *p, const struct attr *a)
{
	return p->has_fsid && a->has_fsid && !fsid_eq(p->fsid, a->fsid);
}

static inline void
nfs_fill_entry(struct folder_entry *e, const struct attr *a)
{
	e->mode = a->mode;
	e->uid = a->uid;
	e->gid = a->gid;
	e->mtime = a->mtime;
	e->size = a->size;
}

enum status nfs_source_open(const struct source_target *t, struct source **out);
void nfs_source_close(struct source *s);

/* FAULT_NONE: the walk is inside the folder that the path names. */
enum fault nfs_enter(struct source *s, struct place *p);

/* The object that the path names gets a place in the ring. */
struct ahead *nfs_ahead(struct source *s, const struct folder_entry *e,
			enum fault f);

/* Its bytes are asked for, if they are wanted. */
void nfs_begin(struct source *s, struct ahead *a, const struct handle *h);

/* As many of the next objects as the ring has room for, while there is a
 * connection. */
void nfs_fill(struct source *s);

/* Go down to where an earlier walk was; stop where it no longer matches. */
void nfs_resume(struct source *s, struct span cursor);

#endif
