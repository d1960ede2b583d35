#ifndef MASTER_LISTEN_H
#define MASTER_LISTEN_H

#include "base/buf.h"
#include "base/status.h"
#include "master/proc/parent.h"
#include "master/settings.h"

/*
 * listen: every socket that the outside may knock at, opened by the parent
 * before it has children. What goes wrong is a sentence that says what to do.
 */
NODISCARD enum status listen_all(const struct settings *s,
				 struct parent_config *to, struct buf *why);
void listen_close(struct parent_config *of, const struct settings *s);

/* A socket address of DATA/run/admin.sock; *dir is open as long as it is used.
 */
struct sockaddr_un;
NODISCARD enum status listen_admin_address(const struct settings *s, int *dir,
					   struct sockaddr_un *out);

#endif
