#include <string.h>

#include "proxy-agent/nfs/exports.h"
#include "proxy-agent/nfs/rpc.h"
#include "proxy-agent/nfs/share.h"
#include "sys/pace.h"

#define LIST_NAMES (32u * 1024)  /* bytes of names in one answer */
#define LIST_BYTES (128u * 1024) /* of an answer in all */

/* A call that is waited for. */
struct wait3 {
	struct share *share;
	bool done;
	enum fault fault;
	struct attr *attr;
	/* of a listing: */
	share_entry *on;
	void *arg;
	uint64_t cookie;
	char verf[NFS3_COOKIEVERFSIZE];
	bool eof;
};

static nfs_fh3
handle3(struct handle *h)
{
	return (nfs_fh3){{h->len, h->bytes}};
}

static void
take_handle(const nfs_fh3 *h, struct handle *out)
{
	if (h->data.data_len == 0 || h->data.data_len > HANDLE_MAX)
		return;
	out->len = h->data.data_len;
	memcpy(out->bytes, h->data.data_val, out->len);
}

static void
take_attr(const fattr3 *a, struct attr *out)
{
	out->mode = attr_kind((uint32_t)a->type) | (a->mode & 07777u);
	out->uid = a->uid;
	out->gid = a->gid;
	out->has_owner = out->has_group = true;
	out->size = a->size;
	out->mtime = a->mtime.seconds;
	out->fsid = (struct fsid){a->fsid, 0};
	out->has_fsid = true;
}

static void
take_post(const post_op_attr *a, struct attr *out)
{
	if (a->attributes_follow)
		take_attr(&a->post_op_attr_u.attributes, out);
}

/* The answer is there; false: it says no more than its fault. */
static bool
arrived(struct wait3 *w, int status, const void *data)
{
	line_heard(&w->share->line);
	w->done = true;
	if (status == RPC_STATUS_SUCCESS && data != NULL)
		return true;
	w->fault = share_refusal(w->share, status, data);
	return false;
}

static enum fault
wait_for(struct wait3 *w, int rc)
{
	line_called(&w->share->line, rc);
	if (!line_until(&w->share->line, &w->done))
		return FAULT_LOST;
	return w->fault;
}

/* ---- one object ------------------------------------------------------------
 */

static void
on_getattr(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const GETATTR3res *r = data;
	struct wait3 *w = arg;

	(void)rpc;
	if (!arrived(w, status, data))
		return;
	w->fault = fault_of((uint32_t)r->status);
	if (w->fault == FAULT_NONE)
		take_attr(&r->GETATTR3res_u.resok.obj_attributes, w->attr);
}

static enum fault
look(struct share *s, const struct handle *h, struct who who, struct attr *out)
{
	struct handle copy = *h;
	struct GETATTR3args args = {handle3(&copy)};
	struct wait3 w = {.share = s, .attr = out};

	*out = (struct attr){.handle = *h};
	if (!share_as(s, who))
		return FAULT_LOST;
	return wait_for(
	    &w, rpc_nfs3_getattr_async(s->line.rpc, on_getattr, &args, &w));
}

static void
on_lookup(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const LOOKUP3res *r = data;
	struct wait3 *w = arg;

	(void)rpc;
	if (!arrived(w, status, data))
		return;
	w->fault = fault_of((uint32_t)r->status);
	if (w->fault != FAULT_NONE)
		return;
	take_handle(&r->LOOKUP3res_u.resok.object, &w->attr->handle);
	take_post(&r->LOOKUP3res_u.resok.obj_attributes, w->attr);
}

static enum fault
lookup(struct share *s, const struct handle *folder, struct span name,
       struct who who, struct attr *out)
{
	struct handle copy = *folder;
	struct share_name n;
	struct LOOKUP3args args = {{handle3(&copy), n.text}};
	struct wait3 w = {.share = s, .attr = out};
	enum fault f;

	*out = (struct attr){0};
	if (!share_name(name, &n))
		return FAULT_GONE;
	if (!share_as(s, who))
		return FAULT_LOST;
	f = wait_for(&w,
		     rpc_nfs3_lookup_async(s->line.rpc, on_lookup, &args, &w));
	if (f == FAULT_NONE && out->handle.len == 0)
		return FAULT_IO;
	if (f == FAULT_NONE && out->mode == 0) {
		copy = out->handle;
		f = look(s, &copy, who, out);
	}
	return f;
}

/* ---- where a path begins ---------------------------------------------------
 */

static void
on_fsinfo(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const FSINFO3res *r = data;
	struct wait3 *w = arg;

	(void)rpc;
	if (arrived(w, status, data) && r->status == NFS3_OK)
		w->attr->max_read = r->FSINFO3res_u.resok.rtmax;
}

static void
ask_limits(struct share *s, struct attr *root)
{
	struct handle copy = root->handle;
	struct FSINFO3args args = {handle3(&copy)};
	struct wait3 w = {.share = s, .attr = root};

	(void)wait_for(
	    &w, rpc_nfs3_fsinfo_async(s->line.rpc, on_fsinfo, &args, &w));
	if (root->max_read >= 4096 && root->max_read < s->piece)
		s->piece = root->max_read;
}

/* Down from a folder that mountd gave, name by name. */
static enum fault
descend(struct share *s, struct span rest, struct who who, struct attr *at)
{
	enum fault f = FAULT_NONE;

	while (f == FAULT_NONE && rest.len > 0) {
		const uint8_t *slash = memchr(rest.ptr, '/', rest.len);
		size_t n =
		    slash == NULL ? rest.len : (size_t)(slash - rest.ptr);
		struct handle folder = at->handle;

		if (n > 0)
			f = lookup(s, &folder, span_of(rest.ptr, n), who, at);
		rest = span_skip(rest, n + 1);
	}
	return f;
}

/* A mountd takes an export, mostly a folder below one too, but never a file. */
static enum fault
find(struct share *s, struct span path, struct who who, struct attr *out)
{
	struct span head = path;
	struct handle h = {0};
	enum fault first = FAULT_NONE, f;

	for (;;) {
		f = exports_mount(s, head, &h);
		if (f == FAULT_NONE || f == FAULT_LOST || f == FAULT_REFUSED ||
		    f == FAULT_SECURITY || f == FAULT_VERSION)
			break;
		if (first == FAULT_NONE)
			first = f;
		while (head.len > 0 && head.ptr[head.len - 1] != '/')
			head.len--;
		if (head.len <= 1)
			return first;
		head.len--;
	}
	if (f != FAULT_NONE)
		return f;
	f = look(s, &h, who, out);
	if (f == FAULT_NONE) {
		ask_limits(s, out);
		f = descend(s, span_skip(path, head.len), who, out);
	}
	return f;
}

/* ---- folders ---------------------------------------------------------------
 */

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void
on_listed(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const READDIRPLUS3res *r = data;
	const READDIRPLUS3resok *ok;
	struct wait3 *w = arg;

	(void)rpc;
	if (!arrived(w, status, data))
		return;
	w->fault = fault_of((uint32_t)r->status);
	if (w->fault != FAULT_NONE)
		return;
	ok = &r->READDIRPLUS3res_u.resok;
	w->eof = ok->reply.eof != 0;
	memcpy(w->verf, ok->cookieverf, sizeof(w->verf));
	if (ok->reply.entries == NULL)
		w->eof = true; /* or it would be asked for ever */
	for (const entryplus3 *e = ok->reply.entries;
	     e != NULL && w->fault == FAULT_NONE; e = e->nextentry) {
		struct entry one = {.name = span_str(e->name)};

		w->cookie = e->cookie;
		if (is_dots(e->name))
			continue;
		take_post(&e->name_attributes, &one.attr);
		if (e->name_handle.handle_follows)
			take_handle(&e->name_handle.post_op_fh3_u.handle,
				    &one.attr.handle);
		w->fault = w->on(w->arg, &one);
	}
}

static void
on_names(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const READDIR3res *r = data;
	const READDIR3resok *ok;
	struct wait3 *w = arg;

	(void)rpc;
	if (!arrived(w, status, data))
		return;
	w->fault = fault_of((uint32_t)r->status);
	if (w->fault != FAULT_NONE)
		return;
	ok = &r->READDIR3res_u.resok;
	w->eof = ok->reply.eof != 0 || ok->reply.entries == NULL;
	memcpy(w->verf, ok->cookieverf, sizeof(w->verf));
	for (const entry3 *e = ok->reply.entries;
	     e != NULL && w->fault == FAULT_NONE; e = e->nextentry) {
		const struct entry one = {.name = span_str(e->name)};

		w->cookie = e->cookie;
		if (!is_dots(e->name))
			w->fault = w->on(w->arg, &one);
	}
}

static enum fault
list_page(struct wait3 *w, struct handle *folder)
{
	struct share *s = w->share;
	struct READDIRPLUS3args plus = {
	    .dir = handle3(folder),
	    .cookie = w->cookie,
	    .dircount = LIST_NAMES,
	    .maxcount = LIST_BYTES,
	};
	struct READDIR3args names = {
	    .dir = plus.dir, .cookie = w->cookie, .count = LIST_NAMES};

	w->done = false;
	memcpy(plus.cookieverf, w->verf, sizeof(w->verf));
	memcpy(names.cookieverf, w->verf, sizeof(w->verf));
	if (s->plain_list)
		return wait_for(w, rpc_nfs3_readdir_async(s->line.rpc, on_names,
							  &names, w));
	return wait_for(
	    w, rpc_nfs3_readdirplus_async(s->line.rpc, on_listed, &plus, w));
}

static enum fault
list(struct share *s, const struct handle *folder, struct who who,
     share_entry *on, void *arg)
{
	struct handle copy = *folder;
	struct wait3 w = {.share = s, .on = on, .arg = arg};
	enum fault f = FAULT_NONE;

	while (f == FAULT_NONE && !w.eof) {
		if (!share_as(s, who))
			return FAULT_LOST;
		f = list_page(&w, &copy);
		if (f == FAULT_UNSUPPORTED && !s->plain_list) {
			s->plain_list = true;
			f = FAULT_NONE;
		}
	}
	return f;
}

/* ---- bytes -----------------------------------------------------------------
 */

static void
on_read(struct rpc_context *rpc, int status, void *data, void *arg)
{
	struct share_read *read = arg;
	const READ3res *r = data;
	const READ3resok *ok;
	enum fault f;

	(void)rpc;
	line_heard(&read->share->line);
	if (status != RPC_STATUS_SUCCESS || r == NULL) {
		f = share_refusal(read->share, status, data);
		read->done(read, f, span_of(NULL, 0), true);
		return;
	}
	ok = &r->READ3res_u.resok;
	f = fault_of((uint32_t)r->status);
	if (f == FAULT_NONE)
		read->done(read, f,
			   span_of(ok->data.data_val, ok->data.data_len),
			   ok->eof != 0);
	else
		read->done(read, f, span_of(NULL, 0), true);
}

static bool
read_piece(struct share_read *r, const struct handle *h, struct who who,
	   uint64_t at, uint32_t count)
{
	struct handle copy = *h;
	struct READ3args args = {handle3(&copy), at, count};
	struct share *s = r->share;
	int rc;

	if (!share_as(s, who))
		return false;
	rc = rpc_nfs3_read_async(s->line.rpc, on_read, &args, r);
	line_called(&s->line, rc);
	pace_came(s->line.pace, count); /* it will: what waits has company */
	return rc == 0;
}

const struct dialect dialect_3 = {
    .version = 3,
    .find = find,
    .look = look,
    .lookup = lookup,
    .list = list,
    .read = read_piece,
};
