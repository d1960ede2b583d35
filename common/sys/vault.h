#ifndef SYS_VAULT_H
#define SYS_VAULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * vault: memory for a secret. It is never swapped, never in a core file, not
 * there in forked children, and with memfd_secret (where the kernel has it) out
 * of reach of the kernel's own map, too. What was in it is gone when it closes.
 *
 * It travels to another process of ours as a descriptor: both then have the
 * same memory, and who closes it first wipes it for both.
 *
 * Owner:  vault_open() and vault_take() make one, vault_close() ends it.
 * Errors: ST_LIMIT when no memory may be locked (RLIMIT_MEMLOCK).
 */
#define VAULT_MAX (1u << 20) /* bytes of one */

struct vault {
	uint8_t *base; /* NULL: closed */
	size_t room;
	size_t len; /* in use, the owner's to say */
	int fd;
};

NODISCARD enum status vault_open(size_t room, struct vault *out);

/* The vault behind a descriptor of another process, which is ours then. */
NODISCARD enum status vault_take(int fd, size_t len, struct vault *out);

void vault_close(struct vault *v); /* wipes; takes a closed one */

/* It was passed on: ours ends, what is in it stands for the other process. */
void vault_leave(struct vault *v);

static inline struct span
vault_span(const struct vault *v)
{
	return span_of(v->base, v->len);
}

#endif
