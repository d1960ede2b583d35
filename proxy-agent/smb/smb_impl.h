/*
 * A share that is read, as the files of it share it: `smb_open` gets to the
 * target, `smb_walk` finds what there is, `smb` has it read ahead and gives it
 * out. One thread, one of these in a process.
 */
#ifndef PROXY_AGENT_SMB_SMB_IMPL_H
#define PROXY_AGENT_SMB_SMB_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/smb/cifs.h"
#include "proxy-agent/smb/crew.h"
#include "proxy-agent/smb/login.h"
#include "proxy-agent/smb/reading.h"
#include "proxy-agent/smb/smb.h"
#include "proxy-agent/smb/visited.h"
#include "proxy-agent/source/files/version.h"
#include "proxy-agent/source/files/walk.h"

#define AHEAD 64 /* objects that are asked for before their turn */
#define RESTS 5  /* waits for a server that is gone, 15 s in all */

/* One object of the walk, begun before its turn. */
struct ahead {
	struct buf path; /* "SHARE/FOLDER/NAME" */
	struct folder_entry attr;
	uint8_t reason;
	bool folder;
	bool wanted;  /* it is a file to be read */
	bool stream;  /* asked for by its name; there may be none of it */
	bool some;    /* bytes of it were given out */
	bool alone;   /* no hand can read it */
	bool own;     /* the session of the walk has it open */
	uint64_t job; /* of the crew; 0: not begun */
	const char *detail;
	char version[VERSION_MAX];
};

struct source {
	struct login login;
	struct cifs *cifs;
	struct crew *crew;
	struct walk walk;
	uint64_t chain[FOLDERS_DEPTH]; /* identities of those entered */
	struct visited visited;
	struct ring ring; /* of these: */
	struct ahead ahead[AHEAD];
	struct reading reading; /* of the session of the walk: */
	uint8_t *piece;         /* what it read, of which */
	struct span rest;       /* this was not given out */
	size_t begun;           /* of these have been handed to the crew */
	size_t streams;         /* that are read beside each file */
	bool unlisted;          /* it was told that there may be others */
	bool told; /* that the server lets in fewer sessions than we wanted */
	bool lost; /* the connection of the walk, or a hand */
};

/* Why the walk is not inside the folder that the path names. */
struct smb_hurdle {
	uint8_t reason; /* COVER_OK: it is */
	const char *detail;
};

enum status smb_open(const struct source_target *t, struct source **out);
void smb_close(struct source *s);

/* A server that restarts needs time until it may be asked again. */
enum status smb_await(const struct source *s, unsigned tries, struct buf *why);

/* Waits for it and ends the process: who is started again signs in once more.
 */
void smb_give_up(const struct source *s);

uint32_t smb_mode(const struct cifs_entry *e);

/* Into the folder that the path names; `id` its own, 0: not known. */
struct smb_hurdle smb_enter(struct source *s, uint64_t id);

/* The object that the path names gets a place in the ring. */
struct ahead *smb_ahead(struct source *s, const struct folder_entry *e);
void smb_note_file(struct source *s, struct ahead *a);

/* The next name of the folder that the walk is in. */
void smb_step(struct source *s);

/* Go down to where an earlier walk was; stop where it no longer matches. */
void smb_resume(struct source *s, struct span cursor);

#endif
