#ifndef PROXY_AGENT_SOURCE_MAIL_IMAP_FOLDERS_H
#define PROXY_AGENT_SOURCE_MAIL_IMAP_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/imap.h"
#include "source/filter.h"

/*
 * imap_folders: the folders of a mailbox that a target names, in bytewise order
 * of their raw names, and where a cursor lies among them.
 */
struct imap_place {
	struct span raw, name; /* as struct imap_folder has them */
	uint8_t *memory;       /* in which they stand */
};

struct imap_folders {
	struct imap_place *list;
	size_t count, room;
	size_t first;           /* the cursor's folder; 0 without one */
	uint32_t validity, uid; /* of the cursor */
	bool resumed;           /* its folder is still there */
	struct span want;       /* the path of the target */
	struct filter filter;   /* of names of folders */
	bool met;               /* one of the target's, wanted or not */
	bool full;              /* no memory was left for more */
};

/* path: of the target, "/INBOX"; ST_NOTFOUND: no folder is under it. One whose
 * name the filter does not want is left out, and what is below an excluded one
 * too. */
NODISCARD enum status imap_folders_read(struct imap_folders *f, struct imap *m,
					struct span path, struct span cursor);
void imap_folders_fini(struct imap_folders *f);

/* The UID that the cursor stands behind, when it is of this very folder. */
bool imap_folders_resumed(const struct imap_folders *f,
			  const struct imap_place *place, uint32_t validity,
			  uint32_t *uid);

#endif
