/*
 * One session as the files of it share it: `imap_line` is what goes over the
 * wire, `imap_login` who we are, `imap_folder` and `imap_message` what is
 * asked. One thread. ST_CLOSED: the link is gone; ST_DENIED: imap_trouble() has
 * the server's words; ST_MALFORMED: it does not speak RFC 3501.
 */
#ifndef PROXY_AGENT_SESSION_IMAP_IMPL_H
#define PROXY_AGENT_SESSION_IMAP_IMPL_H

#include "base/buf.h"
#include "proxy-agent/session/imap.h"

#define IMAP_LINE ((size_t)1 << 20) /* a response with its short literals */
#define IMAP_GONE ((size_t)1 << 20) /* deleted while we read: 262,144 */

struct imap {
	struct stream *stream;
	uint32_t tag;    /* of the last command */
	struct buf line; /* the response at hand */
	struct buf greeting;
	struct buf can;        /* capabilities, each with a blank before */
	struct buf gone;       /* numbers (u32) of messages deleted meanwhile */
	struct buf short_body; /* one that came as a string, not counted */
	uint64_t body_left; /* bytes of the body at hand, still in the stream */
	bool in_body;       /* the end of its response is still to come */
	char trouble[160];
};

/* What a line is told to, of the responses before the end of a command. */
typedef enum status imap_on_line(void *arg, struct imap *m, struct span line);

/* Words of the server, fit to be shown, for imap_trouble(). */
void imap_keep_words(struct imap *m, struct span text);

/* One whole response to m->line, or as far as a body (m->in_body). */
enum status imap_reply(struct imap *m);

/* What any response may tell besides. ST_CLOSED: it says good-bye. */
enum status imap_note(struct imap *m);

/* "t7 OK ...": ST_OK or ST_DENIED; ST_AGAIN: it ends no command. */
enum status imap_ends(struct imap *m);

/* A line with its tag and verb, to be added to, sent and freed by the caller.
 */
enum status imap_begin(struct imap *m, struct buf *line, const char *verb);
enum status imap_send(struct imap *m, struct buf *line);

/* Until the command ends; each response before it goes to see(), or none. */
enum status imap_finish(struct imap *m, imap_on_line *see, void *arg);

/* All of it: verb, one quoted word (or a NULL span), its responses. */
enum status imap_command(struct imap *m, const char *verb, struct span word,
			 imap_on_line *see, void *arg);

enum status imap_greet(struct imap *m);
enum status imap_encrypt(struct imap *m, const struct imap_login *l,
			 struct buf *why);

/* One try: an account is not locked by us. */
enum status imap_sign_in(struct imap *m, const struct imap_login *l);

static inline uint32_t
imap_small(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

#endif
