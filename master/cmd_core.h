#ifndef MASTER_CMD_CORE_H
#define MASTER_CMD_CORE_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "master/core/core.h"
#include "master/settings.h"

/* What core is told, with the memory that it points into; wipe it. */
struct cmd_core {
	struct core_config config;
	struct conf_address address;
	char database[SETTINGS_PATH];
	char pin[2 * HASH_LEN + 1];
};

NODISCARD enum status cmd_core_config(const struct settings *s,
				      struct cmd_core *to, struct buf *why);

/*
 * One operation (core/ops.md): asked of the core that runs, or, when none does
 * and `offline`, done here under the lock of the data folder. args and answer
 * are JSON. ST_OK also when the answer is a problem: see *http.
 */
struct cmd_question {
	const struct settings *s;
	const char *op;
	struct span args;
	bool offline;
};
NODISCARD enum status cmd_ask(const struct cmd_question *q, unsigned *http,
			      struct buf *answer, struct buf *why);

#endif
