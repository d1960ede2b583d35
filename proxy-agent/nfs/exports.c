#include "proxy-agent/nfs/exports.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/nfs/rpc.h"
#include "proxy-agent/nfs/share.h"
#include "proxy-agent/session/net.h"

#define PATH_BYTES   1024 /* MNTPATHLEN of RFC 1813 */
#define EXPORT_BYTES (EXPORTS_MAX * (PATH_BYTES + 1u))
#define TCP          6
#define AUTH_SYS_NO  1
#define AUTH_GSS_LOW 390003 /* krb5, krb5i, krb5p */

/* One call to a mountd or rpcbind. */
struct talk {
	struct share side; /* a line of its own, who we are */
	bool done;
	enum fault fault;
	struct exports *exports;
	struct handle handle;
	uint32_t port;
};

static enum fault
begin(struct talk *e, const struct share *s, uint16_t port)
{
	struct buf *why = s->why;

	e->side = (struct share){.host = s->host, .patience = s->patience};
	if (line_open(s->host, port, s->patience, why, &e->side.line) != ST_OK)
		return FAULT_LOST;
	if (share_as(&e->side, (struct who){0, 0}))
		return FAULT_NONE;
	line_close(&e->side.line);
	return FAULT_LOST;
}

static enum fault
finish(struct talk *e, int rc)
{
	e->done = false;
	e->fault = FAULT_NONE;
	line_called(&e->side.line, rc);
	if (!line_until(&e->side.line, &e->done))
		return FAULT_LOST;
	return e->fault;
}

static bool
arrived(struct talk *e, int status, const void *data)
{
	line_heard(&e->side.line);
	e->done = true;
	if (status == RPC_STATUS_SUCCESS)
		return true;
	e->fault = share_refusal(&e->side, status, data);
	return false;
}

/* ---- rpcbind ---------------------------------------------------------------
 */

static void
on_port(struct rpc_context *rpc, int status, void *data, void *arg)
{
	struct talk *e = arg;

	(void)rpc;
	if (arrived(e, status, data) && data != NULL)
		memcpy(&e->port, data, sizeof(e->port));
}

enum fault
exports_port(struct share *s, uint32_t program, uint32_t version, uint16_t *out)
{
	struct talk e = {0};
	enum fault f = begin(&e, s, PMAP_PORT);

	if (f != FAULT_NONE)
		return f;
	f = finish(&e, rpc_pmap2_getport_async(e.side.line.rpc, (int)program,
					       (int)version, TCP, on_port, &e));
	line_close(&e.side.line);
	if (f == FAULT_NONE)
		*out = e.port > UINT16_MAX ? 0 : (uint16_t)e.port;
	return f;
}

/* ---- mountd ----------------------------------------------------------------
 */

static enum fault
begin_mountd(struct talk *e, struct share *s)
{
	enum fault f;

	if (s->mount_port == 0) {
		f = exports_port(s, MOUNT_PROGRAM, MOUNT_V3, &s->mount_port);
		if (f != FAULT_NONE)
			return f;
		if (s->mount_port == 0)
			return FAULT_VERSION;
	}
	return begin(e, s, s->mount_port);
}

void
exports_init(struct exports *e)
{
	e->count = 0;
	buf_init(&e->names, EXPORT_BYTES);
}

void
exports_fini(struct exports *e)
{
	buf_fini(&e->names);
	e->count = 0;
}

bool
exports_has(const struct exports *e, struct span path)
{
	const char *at = (const char *)e->names.data;

	for (uint32_t i = 0; i < e->count; i++, at += strlen(at) + 1)
		if (str_is(path, at))
			return true;
	return false;
}

bool
exports_above(const struct exports *e, struct span path)
{
	const char *at = (const char *)e->names.data;

	for (uint32_t i = 0; i < e->count; i++) {
		const size_t n = strlen(at);

		/* "/" alone ends with the slash that the others lack */
		if (n < path.len && (n == 1 || path.ptr[n] == '/') &&
		    str_starts(path, at))
			return true;
		at += n + 1;
	}
	return false;
}

static enum fault
add(struct exports *e, const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	if (path[0] != '/' || n > PATH_BYTES ||
	    exports_has(e, span_of(path, n)))
		return FAULT_NONE; /* no path, or said already */
	if (e->count == EXPORTS_MAX || buf_add(&e->names, path, n) != ST_OK ||
	    buf_add_byte(&e->names, 0) != ST_OK)
		return FAULT_LIMIT;
	e->count++;
	return FAULT_NONE;
}

static void
on_exports(struct rpc_context *rpc, int status, void *data, void *arg)
{
	struct talk *e = arg;

	(void)rpc;
	if (!arrived(e, status, data) || data == NULL)
		return;
	for (const exportnode *n = *(exports *)data;
	     n != NULL && e->fault == FAULT_NONE; n = n->ex_next)
		e->fault = add(e->exports, n->ex_dir);
}

enum fault
exports_list(struct share *s, struct exports *out)
{
	struct talk e = {.exports = NULL};
	enum fault f = begin_mountd(&e, s);

	if (f != FAULT_NONE)
		return f;
	e.exports = out;
	f = finish(&e,
		   rpc_mount3_export_async(e.side.line.rpc, on_exports, &e));
	line_close(&e.side.line);
	return f;
}

/* Kerberos alone, as the list of what it accepts has it. */
static bool
wants_kerberos(const mountres3_ok *m)
{
	bool kerberos = false;

	for (u_int i = 0; i < m->auth_flavors.auth_flavors_len; i++) {
		int flavor = m->auth_flavors.auth_flavors_val[i];

		if (flavor == AUTH_SYS_NO || flavor == 0)
			return false;
		kerberos = kerberos || flavor >= AUTH_GSS_LOW;
	}
	return kerberos;
}

static void
on_mount(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const mountres3 *r = data;
	struct talk *e = arg;
	const mountres3_ok *ok;

	(void)rpc;
	if (!arrived(e, status, data) || r == NULL)
		return;
	e->fault = fault_of((uint32_t)r->fhs_status);
	if (e->fault != FAULT_NONE)
		return;
	ok = &r->mountres3_u.mountinfo;
	if (wants_kerberos(ok))
		e->fault = FAULT_SECURITY;
	else if (ok->fhandle.fhandle3_len == 0 ||
		 ok->fhandle.fhandle3_len > HANDLE_MAX)
		e->fault = FAULT_IO;
	if (e->fault != FAULT_NONE)
		return;
	e->handle.len = ok->fhandle.fhandle3_len;
	memcpy(e->handle.bytes, ok->fhandle.fhandle3_val, e->handle.len);
}

static void
on_left(struct rpc_context *rpc, int status, void *data, void *arg)
{
	(void)rpc;
	arrived(arg, status, data);
}

enum fault
exports_mount(struct share *s, struct span path, struct handle *out)
{
	char name[PATH_BYTES + 1];
	struct talk e = {0};
	enum fault f;

	if (str_copy(name, sizeof(name), path) != ST_OK)
		return FAULT_GONE;
	f = begin_mountd(&e, s);
	if (f != FAULT_NONE)
		return f;
	f = finish(&e,
		   rpc_mount3_mnt_async(e.side.line.rpc, on_mount, name, &e));
	if (f == FAULT_NONE) {
		*out = e.handle;
		/* whether it forgets us is its own affair */
		(void)finish(&e, rpc_mount3_umnt_async(e.side.line.rpc, on_left,
						       name, &e));
	}
	line_close(&e.side.line);
	return f;
}
