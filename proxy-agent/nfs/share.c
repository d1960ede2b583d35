#include "proxy-agent/nfs/share.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/nfs/exports.h"
#include "proxy-agent/nfs/rpc.h"
#include "proxy-agent/session/net.h"

#define NFS_PORT 2049

bool
share_name(struct span name, struct share_name *out)
{
	if (name.len == 0)
		return false;
	out->len = (uint32_t)name.len;
	return str_copy(out->text, sizeof(out->text), name) == ST_OK;
}

/* No supplementary groups: whose they are is for the server to know. */
bool
share_as(struct share *s, struct who who)
{
	struct AUTH *auth;

	if (s->line.rpc == NULL)
		return false;
	if (s->named && s->now.uid == who.uid && s->now.gid == who.gid)
		return true;
	auth = libnfs_authunix_create("trawl", who.uid, who.gid, 0, NULL);
	if (auth == NULL)
		return false;
	rpc_set_auth(s->line.rpc, auth);
	s->now = who;
	s->named = true;
	return true;
}

/* libnfs says by words only what RFC 5531 9 has numbers for. */
enum fault
share_refusal(const struct share *s, int rpc_status, const void *words)
{
	static const struct {
		const char *words;
		enum fault fault;
	} known[] = {
	    {"not accepted", FAULT_REFUSED},
	    {"Program not available", FAULT_VERSION},
	    {"version mismatch", FAULT_VERSION},
	    {"Procedure not available", FAULT_UNSUPPORTED},
	};

	if (rpc_status != RPC_STATUS_ERROR || words == NULL || s->line.lost)
		return FAULT_LOST;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(words, known[i].words) != NULL)
			return known[i].fault;
	return FAULT_LOST;
}

enum status
share_open(struct share *s, const struct dialect *d, uint16_t port)
{
	s->dialect = d;
	s->named = false;
	s->plain_list = false;
	s->piece = SHARE_PIECE;
	if (port == 0 && d->version == 3 &&
	    exports_port(s, NFS_PROGRAM, NFS_V3, &port) != FAULT_NONE)
		port = 0;
	return line_open(s->host, port == 0 ? NFS_PORT : port, s->patience,
			 s->why, &s->line);
}

void
share_close(struct share *s)
{
	line_close(&s->line);
}
