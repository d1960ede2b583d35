#ifndef PROXY_AGENT_SMB_READING_H
#define PROXY_AGENT_SMB_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/smb/cifs.h"

/*
 * reading: the file that a session has open, from its start to its end. When
 * the connection breaks it goes on over a new one, once, in little pieces.
 *
 * Owner:  who has the session; the file is ended by cifs_file_end().
 * Errors: as cifs_read(); what cifs_trouble() says of .error.
 */
#define READING_PIECE (1u << 20)

struct reading {
	struct cifs *cifs;
	struct span path; /* borrowed */
	uint64_t at;
	size_t most; /* bytes that are asked for at once */
	bool end;
	int error; /* errno of the failure */
};

void reading_begin(struct reading *r, struct cifs *c, struct span path);

/* The next bytes, up to READING_PIECE. */
NODISCARD enum status reading_next(struct reading *r, void *dst, size_t *got);

#endif
