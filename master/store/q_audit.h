#ifndef STORE_Q_AUDIT_H
#define STORE_Q_AUDIT_H

#include <stdint.h>

#include "master/store/store.h"

/* q_audit: who did what, when and from where. Rows are only ever added. */
struct audit_row {
	uint64_t id, user; /* user 0: the system or the command line */
	int64_t at;
	struct span actor, address;
	struct span action;  /* "scan.create" */
	struct span subject; /* "scan 7" */
	struct span detail;  /* JSON */
};
typedef enum status audit_fn(void *arg, const struct audit_row *row);

/* Newest first, those before id `before` (0: from the newest). */
NODISCARD enum status q_audit_list(struct store *s, uint64_t before,
				   uint32_t limit, audit_fn *fn, void *arg);
/* Newest first, of one subject. */
NODISCARD enum status q_audit_of(struct store *s, struct span subject,
				 uint32_t limit, audit_fn *fn, void *arg);

/* Writing, core only. */
NODISCARD enum status q_audit_add(struct store *s, const struct audit_row *row);

#endif
