/*
 * A mailbox that is read, as the files of it share it: `imap_open` connects and
 * begins, `imap_window` lists the messages of the folder at hand,
 * `imap_body` asks for them ahead and reads one, `imap` gives the items. One
 * thread.
 */
#ifndef PROXY_AGENT_SOURCE_MAIL_IMAP_IMPL_H
#define PROXY_AGENT_SOURCE_MAIL_IMAP_IMPL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/session/imap.h"
#include "proxy-agent/session/oauth.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/mail/imap.h"
#include "proxy-agent/source/mail/imap_folders.h"

#define WINDOW   500      /* messages listed at a time */
#define UNWANTED UINT_MAX /* as a question: no body is asked for */

#define IMAP_VERSION 64
#define IMAP_PATH    8192

struct source {
	struct account login;
	struct oauth *oauth; /* that gives its tokens; or NULL */
	struct imap *imap;   /* NULL: the connection is lost */
	struct imap_folders folders;
	struct buf days;  /* words of a search; empty: every message */
	size_t folder;    /* at hand; folders.count: behind the last */
	bool opened;      /* the folder at hand is */
	enum status gone; /* why it cannot be opened again; or ST_OK */
	struct imap_box box;

	struct imap_message list[WINDOW];
	unsigned question[WINDOW]; /* that asked for it, 0: none did yet */
	size_t count, at;          /* of list; at: behind the item */
	uint32_t next_number;      /* first one of the next window */
	uint32_t after;            /* UIDs up to here are done */

	unsigned asked, answered; /* questions, ever */
	struct imap_body body;    /* that came and whose turn is not yet */
	bool waiting;             /* there is such a one */
	bool ranges;              /* the item comes in pieces */
	uint64_t given;           /* bytes of the item, to whoever reads */
	uint64_t range_from;      /* of the next piece to ask for */
	unsigned pieces;          /* that came, of questions not answered yet */
	bool ended;               /* of the item: no more */

	char version[IMAP_VERSION];
	struct buf path, detail;
	const struct source_known *known; /* versions are wanted; or NULL */
	bool count_only, browse, lost;
};

enum status imap_source_open(const struct source_target *t,
			     struct source **out);
void imap_source_close(struct source *s);
/*
 * Again from the message at hand, in this folder. ST_OK: it goes on; else the
 * mailbox is lost, or this folder alone, which is s->gone then.
 */
enum status imap_come_back(struct source *s);

/* As people write it: the message of the folder at hand, or (0) that folder. */
enum status imap_path(const struct source *s, uint32_t uid, struct buf *to);
/* What it will always have: its numbers and size. */
struct span imap_version(const struct source *s, const struct imap_message *m,
			 char to[IMAP_VERSION]);

/* The folder at hand; ST_NOTFOUND: it is gone, or was made anew. */
enum status imap_window_examine(struct source *s);
void imap_window_forget(struct source *s);
/* The next message of the folder, in s->list[s->at - 1]. */
enum status imap_window_next(struct source *s);
/* Numbers go down by one behind a message that was deleted. */
void imap_window_follow(struct source *s);
/* All that was asked has been answered. */
enum status imap_window_finish(struct source *s);

/* The message at hand, as far as its first byte. ST_NOTFOUND: it is gone. */
enum status imap_body_begin(struct source *s);
/* The same over a new connection, from s->given on. */
enum status imap_body_resume(struct source *s);
enum status imap_body_read(struct source *s, void *dst, size_t n, size_t *got);

#endif
