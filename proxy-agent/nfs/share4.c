#include <string.h>

#include "proxy-agent/nfs/rpc.h"
#include "proxy-agent/nfs/share.h"
#include "sys/pace.h"

#define LIST_NAMES (32u * 1024)
#define LIST_BYTES (128u * 1024)

/* A compound that is waited for; its last operation's result is looked at. */
struct wait4 {
	struct share *share;
	bool done;
	enum fault fault;
	struct attr *attr;
	/* of a listing: */
	share_entry *on;
	void *arg;
	uint64_t cookie;
	char verf[NFS4_VERIFIER_SIZE];
	bool eof;
};

static nfs_argop4
put_handle(struct handle *h)
{
	nfs_argop4 op = {.argop = OP_PUTFH};

	op.nfs_argop4_u.opputfh.object.nfs_fh4_len = h->len;
	op.nfs_argop4_u.opputfh.object.nfs_fh4_val = h->bytes;
	return op;
}

static nfs_argop4
get_attr(uint32_t *words)
{
	nfs_argop4 op = {.argop = OP_GETATTR};

	op.nfs_argop4_u.opgetattr.attr_request.bitmap4_len = ATTR_WORDS;
	op.nfs_argop4_u.opgetattr.attr_request.bitmap4_val = words;
	return op;
}

static nfs_argop4
look_up(struct share_name *n)
{
	nfs_argop4 op = {.argop = OP_LOOKUP};

	op.nfs_argop4_u.oplookup.objname.utf8string_len = n->len;
	op.nfs_argop4_u.oplookup.objname.utf8string_val = n->text;
	return op;
}

static int
compound(struct share *s, nfs_argop4 *ops, uint32_t count, rpc_cb cb, void *arg)
{
	struct COMPOUND4args args = {
	    .argarray = {.argarray_len = count, .argarray_val = ops}};

	return rpc_nfs4_compound_async(s->line.rpc, cb, &args, arg);
}

/* The result of the last operation when all went well; else NULL. */
static const nfs_resop4 *
result(const struct share *s, int status, const void *data, nfs_opnum4 last,
       enum fault *f)
{
	const COMPOUND4res *r = data;
	const nfs_resop4 *op;

	if (status != RPC_STATUS_SUCCESS || r == NULL) {
		*f = share_refusal(s, status, data);
		return NULL;
	}
	*f = fault_of((uint32_t)r->status);
	if (*f != FAULT_NONE)
		return NULL;
	*f = FAULT_IO; /* an answer to another question */
	if (r->resarray.resarray_len == 0)
		return NULL;
	op = &r->resarray.resarray_val[r->resarray.resarray_len - 1];
	if (op->resop != last)
		return NULL;
	*f = FAULT_NONE;
	return op;
}

static enum fault
wait_for(struct wait4 *w, int rc)
{
	line_called(&w->share->line, rc);
	if (!line_until(&w->share->line, &w->done))
		return FAULT_LOST;
	return w->fault;
}

/* ---- one object ------------------------------------------------------------
 */

static enum fault
decode(const fattr4 *a, struct attr *out)
{
	enum status st = attr_decode(
	    a->attrmask.bitmap4_val, a->attrmask.bitmap4_len,
	    span_of(a->attr_vals.attrlist4_val, a->attr_vals.attrlist4_len),
	    out);

	return st == ST_OK ? FAULT_NONE : FAULT_IO;
}

static void
on_attr(struct rpc_context *rpc, int status, void *data, void *arg)
{
	struct wait4 *w = arg;
	const nfs_resop4 *op;

	(void)rpc;
	line_heard(&w->share->line);
	w->done = true;
	op = result(w->share, status, data, OP_GETATTR, &w->fault);
	if (op != NULL)
		w->fault = decode(&op->nfs_resop4_u.opgetattr.GETATTR4res_u
				       .resok4.obj_attributes,
				  w->attr);
	if (w->fault == FAULT_NONE && w->attr->handle.len == 0)
		w->fault = FAULT_IO;
}

static enum fault
ask(struct share *s, nfs_argop4 *ops, uint32_t count, struct who who,
    struct attr *out)
{
	struct wait4 w = {.share = s, .attr = out};

	*out = (struct attr){0};
	if (!share_as(s, who))
		return FAULT_LOST;
	return wait_for(&w, compound(s, ops, count, on_attr, &w));
}

static enum fault
look(struct share *s, const struct handle *h, struct who who, struct attr *out)
{
	uint32_t words[ATTR_WORDS] = {ATTR_WORD_0, ATTR_WORD_1};
	struct handle copy = *h;
	nfs_argop4 ops[] = {put_handle(&copy), get_attr(words)};

	return ask(s, ops, 2, who, out);
}

static enum fault
lookup(struct share *s, const struct handle *folder, struct span name,
       struct who who, struct attr *out)
{
	uint32_t words[ATTR_WORDS] = {ATTR_WORD_0, ATTR_WORD_1};
	struct handle copy = *folder;
	struct share_name n;
	nfs_argop4 ops[3];

	if (!share_name(name, &n))
		return FAULT_GONE;
	ops[0] = put_handle(&copy);
	ops[1] = look_up(&n);
	ops[2] = get_attr(words);
	return ask(s, ops, 3, who, out);
}

static enum fault
find(struct share *s, struct span path, struct who who, struct attr *out)
{
	uint32_t words[ATTR_WORDS] = {ATTR_WORD_0 | ATTR_MAX_READ, ATTR_WORD_1};
	nfs_argop4 ops[] = {{.argop = OP_PUTROOTFH}, get_attr(words)};
	enum fault f = ask(s, ops, 2, who, out);

	while (f == FAULT_NONE && path.len > 0) {
		const uint8_t *slash = memchr(path.ptr, '/', path.len);
		size_t n =
		    slash == NULL ? path.len : (size_t)(slash - path.ptr);
		struct handle folder = out->handle;
		uint32_t max = out->max_read;

		if (n > 0)
			f = lookup(s, &folder, span_of(path.ptr, n), who, out);
		if (out->max_read == 0)
			out->max_read = max;
		path = span_skip(path, n + 1);
	}
	if (f == FAULT_NONE && out->max_read >= 4096 &&
	    out->max_read < s->piece)
		s->piece = out->max_read;
	return f;
}

/* ---- folders ---------------------------------------------------------------
 */

static void
on_listed(struct rpc_context *rpc, int status, void *data, void *arg)
{
	struct wait4 *w = arg;
	const nfs_resop4 *op;
	const READDIR4resok *ok;

	(void)rpc;
	line_heard(&w->share->line);
	w->done = true;
	op = result(w->share, status, data, OP_READDIR, &w->fault);
	if (op == NULL)
		return;
	ok = &op->nfs_resop4_u.opreaddir.READDIR4res_u.resok4;
	/* no entry and no end: it would be asked for ever */
	w->eof = ok->reply.eof != 0 || ok->reply.entries == NULL;
	memcpy(w->verf, ok->cookieverf, sizeof(w->verf));
	for (const entry4 *e = ok->reply.entries;
	     e != NULL && w->fault == FAULT_NONE; e = e->nextentry) {
		struct entry one = {.name = span_of(e->name.utf8string_val,
						    e->name.utf8string_len)};

		w->cookie = e->cookie;
		w->fault = decode(&e->attrs, &one.attr);
		if (w->fault == FAULT_NONE)
			w->fault = w->on(w->arg, &one);
	}
}

static enum fault
list_page(struct wait4 *w, struct handle *folder, struct who who)
{
	uint32_t words[ATTR_WORDS] = {ATTR_WORD_0, ATTR_WORD_1};
	nfs_argop4 ops[] = {put_handle(folder), {.argop = OP_READDIR}};
	READDIR4args *a = &ops[1].nfs_argop4_u.opreaddir;

	a->cookie = w->cookie;
	memcpy(a->cookieverf, w->verf, sizeof(w->verf));
	a->dircount = LIST_NAMES;
	a->maxcount = LIST_BYTES;
	a->attr_request.bitmap4_len = ATTR_WORDS;
	a->attr_request.bitmap4_val = words;
	w->done = false;
	if (!share_as(w->share, who))
		return FAULT_LOST;
	return wait_for(w, compound(w->share, ops, 2, on_listed, w));
}

static enum fault
list(struct share *s, const struct handle *folder, struct who who,
     share_entry *on, void *arg)
{
	struct handle copy = *folder;
	struct wait4 w = {.share = s, .on = on, .arg = arg};
	enum fault f = FAULT_NONE;

	while (f == FAULT_NONE && !w.eof)
		f = list_page(&w, &copy, who);
	return f;
}

/* ---- bytes -----------------------------------------------------------------
 */

static void
on_read(struct rpc_context *rpc, int status, void *data, void *arg)
{
	struct share_read *read = arg;
	const READ4resok *ok;
	const nfs_resop4 *op;
	enum fault f;

	(void)rpc;
	line_heard(&read->share->line);
	op = result(read->share, status, data, OP_READ, &f);
	if (op == NULL) {
		read->done(read, f, span_of(NULL, 0), true);
		return;
	}
	ok = &op->nfs_resop4_u.opread.READ4res_u.resok4;
	read->done(read, f, span_of(ok->data.data_val, ok->data.data_len),
		   ok->eof != 0);
}

/* The stateid is all zeros: of nobody who has it open (RFC 7530 9.1.4.3). */
static bool
read_piece(struct share_read *r, const struct handle *h, struct who who,
	   uint64_t at, uint32_t count)
{
	struct handle copy = *h;
	nfs_argop4 ops[] = {put_handle(&copy), {.argop = OP_READ}};
	struct share *s = r->share;
	int rc;

	ops[1].nfs_argop4_u.opread.offset = at;
	ops[1].nfs_argop4_u.opread.count = count;
	if (!share_as(s, who))
		return false;
	rc = compound(s, ops, 2, on_read, r);
	line_called(&s->line, rc);
	pace_came(s->line.pace, count); /* it will: what waits has company */
	return rc == 0;
}

const struct dialect dialect_4 = {
    .version = 4,
    .find = find,
    .look = look,
    .lookup = lookup,
    .list = list,
    .read = read_piece,
};
