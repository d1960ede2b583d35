#ifndef PROXY_AGENT_SOURCE_CLOUD_CHANGES_H
#define PROXY_AGENT_SOURCE_CLOUD_CHANGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/cloud/mirror.h"
#include "source/source.h"

/*
 * changes: drives that are listed as a whole once, and by what changed since
 * from then on. What stood there and the position that goes with it are kept
 * from scan to scan as one, sealed, so that they cannot come apart; they say
 * nothing of what was read. A position that the service does not know any more,
 * one that is CHANGES_DAYS old, and changes that do not fit what was kept: all
 * is listed anew. What cannot be had this way is listed folder by folder.
 *
 * Owner:  changes_close() takes NULL.
 * Limits: CHANGES_MAX bytes of all drives of a target; further ones are listed
 *         folder by folder.
 */
#define CHANGES_MAX  (16u << 20)
#define CHANGES_DAYS 7
#define CHANGES_PAGE 5000 /* elements of a folder at a time */

struct changes;

/* How a service tells changes. `read` trims the element to what is kept. */
struct cloud_changes {
	const char *more;      /* form of the next page and of what came since;
				  NULL: it is a URL */
	const char *more_post; /* sent with that; or NULL */
	const char *entries, *next, *position;
	const char *go_on; /* "true" there: next, else position */
	const char *root;  /* the key of the root, where no element is it */
	/* Of a container's id, the key of its element; empty: of the root. */
	struct span (*key)(struct span id);
	enum status (*read)(json_t *element, struct mirror_change *to,
			    struct buf *room);
};

struct changes_ops {
	/* One answer: `at` empty asks for all there is. */
	enum status (*ask)(void *arg, const struct cloud_changes *how,
			   struct span at, json_t **out);
	void *arg;
};

/* NULL in *out: nothing is kept of this target. */
NODISCARD enum status changes_open(const struct source_target *t,
				   const struct changes_ops *ops,
				   struct changes **out);
void changes_close(struct changes *c);

/*
 * Into a drive. ST_UNSUPPORTED: it is to be listed folder by folder, as is what
 * comes behind changes_leave().
 */
NODISCARD enum status changes_enter(struct changes *c,
				    const struct cloud_changes *how,
				    struct span drive);
void changes_leave(struct changes *c);
bool changes_within(const struct changes *c);

/* Of the drive at hand: see mirror.h. */
bool changes_child(const struct changes *c, struct span parent, size_t n,
		   struct span *text);

/* All was walked: what is known now is kept. */
void changes_keep(struct changes *c);

#endif
