#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "base/span.h"
#include "master/core/state.h"

/* audit: one row for every change, in the transaction that makes it. */
struct actor {
	uint64_t
	    user; /* 0: nobody signed in, PEER_USER_OPERATOR: command line */
	struct span address;
};

/* Who it is in words. */
#define AUDIT_NAME_ROOM 128
void audit_name(struct core *c, const struct actor *who,
		char name[AUDIT_NAME_ROOM]);

/* subject: "agent" and 7 make "agent 7". detail: JSON, or empty. */
NODISCARD enum status audit_write(struct core *c, const struct actor *who,
				  const char *action, struct span subject,
				  struct span detail);
NODISCARD enum status audit_on(struct core *c, const struct actor *who,
			       const char *action, const char *kind,
			       uint64_t id);
NODISCARD enum status audit_system(struct core *c, struct span address,
				   const char *action, const char *kind,
				   uint64_t id);

#endif
