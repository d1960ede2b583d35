#ifndef PROXY_AGENT_NFS_EXPORTS_H
#define PROXY_AGENT_NFS_EXPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "proxy-agent/nfs/attr.h"
#include "proxy-agent/nfs/fault.h"

/*
 * exports: what the mountd of a server offers, for version 3: the list of its
 * exports, and the handle where a path begins. A handle is asked for and given
 * back at once (UMNT), so that the server does not remember us as a client.
 */
#define EXPORTS_MAX 4096

struct share;

struct exports {
	struct buf names; /* paths, each with a NUL behind; no twins */
	uint32_t count;
};

void exports_init(struct exports *e);
void exports_fini(struct exports *e);

enum fault exports_list(struct share *s, struct exports *out);

bool exports_has(const struct exports *e, struct span path);

/* Whether another export holds that path below itself. */
bool exports_above(const struct exports *e, struct span path);

/* The handle of an exported folder, or of one below it. */
enum fault exports_mount(struct share *s, struct span path, struct handle *out);

/* Where a program listens, by the rpcbind of the server; 0: it has none. */
enum fault exports_port(struct share *s, uint32_t program, uint32_t version,
			uint16_t *out);

#endif
