#ifndef PROXY_AGENT_NFS_FLOW_H
#define PROXY_AGENT_NFS_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy-agent/nfs/share.h"

/*
 * flow: the bytes of one file: FLOW_FIRST small READs, once the first of them
 * is answered, while its turn has not come, FLOW_WINDOW of them afterwards.
 * When the line is lost, what came before is given out first. What is refused
 * to us is asked for once more in the name of the file's owner, when that is
 * wanted. A server that asks to wait is asked again, later and later.
 *
 * Owner:  flow_end() takes NULL; answers that are still on their way find
 *         nobody and are dropped.
 * Limits: FLOW_WINDOW pieces of SHARE_PIECE bytes.
 */
#define FLOW_WINDOW 16
#define FLOW_FIRST  4
#define FLOW_SMALL  (64u * 1024) /* bytes in one of the first */

struct flow;

struct flow_spec {
	struct share *share;
	struct handle handle;
	struct who who;
	struct who owner;
	bool may_owner; /* a refusal is answered by the owner's name */
	uint64_t size;  /* as listed */
};

/* NULL: no memory, or the line is lost. */
struct flow *flow_begin(const struct flow_spec *spec);
void flow_end(struct flow *f);

/* Until its first bytes are there; FAULT_LOST: the line is. */
enum fault flow_first(struct flow *f);

/* *got 0 at the end. */
enum fault flow_read(struct flow *f, void *dst, size_t n, size_t *got);

/* It was refused to us and given to its owner. */
bool flow_as_owner(const struct flow *f);

#endif
