#ifndef PROXY_AGENT_SESSION_SHELL_TEXT_H
#define PROXY_AGENT_SESSION_SHELL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/sftp.h"

/*
 * shell_text: what goes to a shell of a host and what comes back.
 *
 * Behind the output of each command stands a mark that no content can foresee:
 * a newline, 32 digits drawn for this session, a blank, one letter for how it
 * went and a newline.
 */
#define SHELL_MARK 34 /* bytes of the mark up to its letter */
#define SHELL_TAIL 2  /* letter and newline */

struct shell_mark {
	char text[SHELL_MARK + 1];
};

void shell_mark_make(struct shell_mark *m, const uint8_t random[16]);

/*
 * How many bytes at the front are output for sure. *letter is 0, or the mark
 * with that letter stands right behind them.
 */
size_t shell_output(struct span have, const struct shell_mark *m,
		    uint8_t *letter);

/* One word of a command, whatever is in it; ST_MALFORMED: a NUL. */
NODISCARD enum status shell_quote(struct buf *to, struct span word);

/*
 * "f644 SIZE SECONDS.PART UID GID NAME" as find says it, or "=81a4 ..." with
 * the whole mode in hexadecimal as stat does. False: it is neither.
 */
bool shell_entry(struct span record, struct sftp_attr *a, struct span *name);

#endif
