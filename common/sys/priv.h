#ifndef SYS_PRIV_H
#define SYS_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

/*
 * priv: rights, and losing them for good. Every drop is verified: a process
 * that could still get its rights back is told ST_DENIED and must not go on.
 */
struct priv_user {
	uid_t uid;
	gid_t gid;
	char name[64];
};

/* ST_NOTFOUND when there is no such user. */
NODISCARD enum status priv_find(const char *name, struct priv_user *out);

bool priv_is_root(void);

/* Capabilities that a process may keep, as bits. */
#define PRIV_NONE     0u
#define PRIV_READ_ALL (1u << 0) /* CAP_DAC_READ_SEARCH */
#define PRIV_NO_TRACE (1u << 3) /* CAP_FOWNER: O_NOATIME on anybody's files */
#define PRIV_PASS_ON  (1u << 8) /* programs that we start keep them, too */
#define PRIV_BIND_LOW (1u << 1) /* CAP_NET_BIND_SERVICE */
#define PRIV_BECOME   (1u << 2) /* children run as others and are signalled */

/*
 * Become `user` (NULL: stay who we are), without supplementary groups, with
 * only the kept capabilities, never to gain any by exec. When not root the
 * user stays and the capabilities are cut to those kept. The kernel forgets at
 * a change of user whom a process dies with: call proc_die_with() once more.
 */
NODISCARD enum status priv_drop(const struct priv_user *user, unsigned keep);

/* What is still held, for logs and tests: PRIV_ bits. */
unsigned priv_held(void);

/* No capability and, when it was dropped, no way back to uid 0. */
NODISCARD enum status priv_verify(const struct priv_user *user, unsigned keep);

#endif
