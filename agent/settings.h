#ifndef AGENT_SETTINGS_H
#define AGENT_SETTINGS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "conf/schema.h"

/*
 * settings of trawl-agent: one table for the file agent.conf in the state
 * folder, the environment, flags, help and documentation.
 */
struct settings {
	char state[3000];
	char master[300];
	char ca_pin[80];
	uint64_t spool_quota;
	uint64_t reconnect_base, reconnect_cap; /* milliseconds */
	uint64_t retry;                         /* milliseconds */
	uint64_t max_tasks;
	uint64_t nice;
	unsigned io;
	char scanner[3000];
	char user[64];
	unsigned log_level;
	bool again;
};

/* Words of io, as the kernel numbers them from io_classes[]. */
extern const unsigned settings_io_class[];

extern const struct conf_schema settings_schema;

/*
 * Defaults, then agent.conf in the state folder, environment, flags. Words that
 * are no flag are left in argv[from .. from + *words).
 */
struct settings_args {
	int argc;
	char **argv;
	int from;
	int words; /* out */
};
NODISCARD enum status settings_read(struct settings_args *a, struct settings *s,
				    struct buf *why);

#endif
