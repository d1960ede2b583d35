#ifndef PROXY_AGENT_SMB_CIFS_H
#define PROXY_AGENT_SMB_CIFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/smb/login.h"

/*
 * cifs: one session to one server by libsmbclient, the only user of that
 * library. It signs in with the first call and once only: a session that was
 * refused says so for ever and sends no password again.
 *
 * Paths are "SHARE/FOLDER/NAME", bytes as the server has them, without a slash
 * at either end.
 *
 * Owner:   cifs_close() takes NULL. The login must live as long. libsmbclient
 *          keeps copies of user and password in memory of its own while the
 *          session stands; it wipes none of them.
 * Threads: one in a process: Debian's libsmbclient is not safe for more.
 * Errors:  cifs_error() has errno of the last call, cifs_trouble() what that
 *          means.
 */
struct cifs;
struct cifs_file;

struct cifs_entry {
	uint64_t size;
	int64_t mtime;  /* seconds since 1970 */
	uint64_t id;    /* of the folder itself by any name; 0: not known */
	uint16_t attrs; /* CIFS_... */
};

enum cifs_attr {
	CIFS_READONLY = 0x1,
	CIFS_FOLDER = 0x10,
	CIFS_DEVICE = 0x40,
	CIFS_REPARSE = 0x400, /* a DFS link, a junction, a symbolic link */
	CIFS_OFFLINE = 0x1000,
};

/* ST_OK: go on; else the listing ends with that. */
typedef enum status cifs_entry_fn(void *arg, struct span name,
				  const struct cifs_entry *e);

/* Signs in nowhere yet, but for the ticket of a keytab; says why it has none.
 */
NODISCARD enum status cifs_open(const struct login *l, struct buf *why,
				struct cifs **out);
void cifs_close(struct cifs *c);

/* Every share of the server that holds files. */
NODISCARD enum status cifs_shares(struct cifs *c, cifs_entry_fn *fn, void *arg);

/* What stands in a folder, in the server's order; *self: its own id. */
NODISCARD enum status cifs_list(struct cifs *c, struct span path,
				cifs_entry_fn *fn, void *arg, uint64_t *self);
NODISCARD enum status cifs_stat(struct cifs *c, struct span path,
				struct cifs_entry *out);

/* One file at a time; read from its beginning. *got 0 at its end. */
NODISCARD enum status cifs_file(struct cifs *c, struct span path);
NODISCARD enum status cifs_seek(struct cifs *c, uint64_t to);
NODISCARD enum status cifs_read(struct cifs *c, void *dst, size_t n,
				size_t *got);
void cifs_file_end(struct cifs *c);

int cifs_error(const struct cifs *c); /* errno of the last failure */

/* Whether server and share have let us in at all. */
bool cifs_stood(const struct cifs *c);

/* What the server said when it refused the sign-in, or "". */
const char *cifs_said(const struct cifs *c);

struct cifs_trouble {
	int error; /* errno; 0 ends the table and means any other */
	enum status st;
	uint8_t reason; /* enum cover_reason */
	bool lost;      /* the connection is of no more use */
	const char *words;
};

const struct cifs_trouble *cifs_trouble(int error);

#endif
