#ifndef PROXY_AGENT_SESSION_IMAP_H
#define PROXY_AGENT_SESSION_IMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/stream.h"

/*
 * imap: a mailbox that is only looked at (RFC 9051, 3501). Folders are opened
 * by EXAMINE, messages fetched by BODY.PEEK: nothing is marked as read, moved
 * or deleted, whatever we do.
 *
 * Several fetches may be on their way; their messages come in the order asked.
 * Owner:   imap_close() takes NULL and closes the stream.
 * Threads: one at a time.
 * Limits:  a folder name 1 KiB, folders 100,000, a response with its
 *          short strings 1 MiB.
 * Errors:  as stream.h; ST_DENIED the server said no, ST_MALFORMED it spoke no
 *          IMAP. imap_trouble() has the words.
 */
#define IMAP_FOLDERS 100000
#define IMAP_NAME    1024

struct imap;

struct imap_login {
	struct span user;
	struct span password;
	struct span token; /* OAuth 2: then XOAUTH2, and no password is sent */
	bool encrypt;      /* STARTTLS first, or fail */
};

/* Takes the stream, also when it fails; `why` gets one sentence. */
NODISCARD enum status imap_open(struct stream *stream,
				const struct imap_login *login,
				struct imap **out, struct buf *why);
void imap_close(struct imap *m);

/* What the server is known by in its greeting; may be empty. */
struct span imap_greeting(const struct imap *m);

struct imap_folder {
	struct span raw;  /* as the server wants it */
	struct span name; /* UTF-8, levels joined by '/' */
	bool container;   /* has no messages of its own */
};

/* Calls each() for every folder, in the server's order. */
typedef void imap_each_folder(void *arg, const struct imap_folder *f);
NODISCARD enum status imap_folders(struct imap *m, imap_each_folder *each,
				   void *arg);

struct imap_box {
	uint32_t validity; /* UIDVALIDITY: other UIDs when it changes */
	uint32_t exists;   /* messages */
	uint32_t next;     /* UIDNEXT, 0: not said */
};

/* ST_NOTFOUND: there is no such folder. */
NODISCARD enum status imap_examine(struct imap *m, struct span raw,
				   struct imap_box *box);

struct imap_message {
	uint32_t number; /* in the folder now, from 1 */
	uint32_t uid;
	uint64_t size; /* RFC822.SIZE */
};

/*
 * Uid and size of the messages first..last, in list[0..*count) by number.
 * None of imap_ask() may be on its way.
 */
NODISCARD enum status imap_sizes(struct imap *m, uint32_t first, uint32_t last,
				 struct imap_message *list, size_t *count);

/*
 * Leaves those in the list that fit the words of a search: "SINCE 1-Feb-2026".
 * None of imap_ask() may be on its way.
 */
NODISCARD enum status imap_search(struct imap *m, struct span words,
				  struct imap_message *list, size_t *count);

/* Ask for messages, "4,7,9", or a range of one message's bytes. */
NODISCARD enum status imap_ask(struct imap *m, struct span uids);
NODISCARD enum status imap_ask_range(struct imap *m, uint32_t uid,
				     uint64_t from, uint32_t count);

/*
 * The next body of what was asked: its uid (0: only `number` is known) and its
 * bytes, which imap_read() gives; what is not read is passed over. ST_EOF: one
 * question is answered.
 */
struct imap_body {
	uint32_t number, uid;
	uint64_t size;
};
NODISCARD enum status imap_next(struct imap *m, struct imap_body *body);
NODISCARD enum status imap_read(struct imap *m, void *dst, size_t n,
				size_t *got);

/* The number of a message that was deleted meanwhile, each once; 0: none. */
uint32_t imap_gone(struct imap *m);

const char *imap_trouble(struct imap *m, enum status st);

#endif
