#include "proxy-agent/reader/serve.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "proxy-agent/reader/unreached.h"
#include "scan/clean.h"
#include "scan/errand.h"
#include "scan/reader.h"
#include "scan/talk.h"
#include "source/pairs.h"
#include "sys/pipe.h"
#include "sys/priv.h"
#include "sys/proc.h"
#include "sys/sandbox.h"
#include "sys/vault.h"

#define HEAP_PIECE (4 << 20) /* larger ones are mapped by themselves */
#define HEAP_SPARE (8 << 20) /* free memory that stays ours */

/* What the C library reads to look up a name, and what TLS trusts; drivers of
 * vendors lie beyond the system's own folders. */
static const char *const readable[] = {
    "/etc",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    "/usr/share/zoneinfo",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/proc/sys/crypto",
    "/dev/urandom",
    "/opt",
    "/usr/local/lib",
};

/* Nobody: it needs no file of anybody. */
static enum status
become_nobody(pid_t parent, unsigned rights)
{
	struct priv_user nobody = {.uid = 65534, .gid = 65534};
	enum status st;

	if (!priv_is_root())
		return priv_drop(NULL, rights);
	if (priv_find("trawl", &nobody) != ST_OK &&
	    priv_find("nobody", &nobody) != ST_OK)
		nobody.uid = nobody.gid = 65534;
	st = priv_drop(&nobody, rights);
	return st == ST_OK ? proc_die_with(parent) : st;
}

static enum status
lose_rights(pid_t parent, unsigned rights, enum sandbox_role role)
{
	const struct sandbox_paths paths = {
	    .read = readable,
	    .read_count = sizeof(readable) / sizeof(readable[0]),
	};
	/* no file may be written at all; a vault counts as one */
	const struct sandbox_limits limits = {.file_size = VAULT_MAX};
	enum status st = become_nobody(parent, rights);

	if (st == ST_OK)
		st = sandbox_limit(&limits);
	return st == ST_OK ? sandbox_enter(role, &paths, NULL) : st;
}

/* Who started us knew more than who tells us what to read, and hears when a
 * secret is replaced. */
static enum status
take_given(struct vault *out, struct pipe **kept)
{
	struct stat sb;
	enum status st;

	if (fstat(ERRAND_SECRET, &sb) != 0 || sb.st_size > VAULT_MAX)
		return ST_MALFORMED;
	st = vault_take(ERRAND_SECRET, (size_t)sb.st_size, out);
	if (st == ST_OK)
		out->len = pairs_before_zeros(vault_span(out)).bytes.len;
	return st == ST_OK ? pipe_open(ERRAND_KEPT, TALK_CAP, kept) : st;
}

enum status
serve_confine(pid_t parent)
{
	return lose_rights(parent, PRIV_NONE, SANDBOX_SOURCE);
}

enum status
serve_confine_crew(pid_t parent)
{
	return lose_rights(parent, PRIV_NONE, SANDBOX_CREW);
}

/* What need not be read again: a file, mapped before files are out of reach. */
static enum status
take_known(const struct errand *e, struct pipe_message *m,
	   struct clean_known *out)
{
	enum status st;
	int fd;

	if (!e->known)
		return ST_OK;
	if (m->fd_count == 0)
		return ST_MALFORMED;
	fd = m->fds[--m->fd_count];
	st = clean_map(fd, out);
	close(fd);
	return st;
}

/* What the source kept the last time: mapped likewise; an empty one is none. */
static enum status
take_past(const struct errand *e, struct pipe_message *m, struct span *out)
{
	struct stat sb;
	void *base = MAP_FAILED;
	int fd;

	if (!e->past)
		return ST_OK;
	if (m->fd_count == 0)
		return ST_MALFORMED;
	fd = m->fds[--m->fd_count];
	if (fstat(fd, &sb) == 0 && sb.st_size > 0)
		base = mmap(NULL, (size_t)sb.st_size, PROT_READ, MAP_SHARED, fd,
			    0);
	close(fd);
	if (base != MAP_FAILED)
		*out = span_of(base, (size_t)sb.st_size);
	return ST_OK;
}

/* The descriptor that came with the errand, when it names a secret. */
static enum status
take_secret(const struct errand *e, struct pipe_message *m, struct vault *out,
	    struct pipe **kept)
{
	int fd;

	*out = (struct vault){.fd = -1};
	if (e->given && m->fd_count == 0)
		return take_given(out, kept);
	if (e->secret == 0)
		return m->fd_count == 0 ? ST_OK : ST_MALFORMED;
	if (m->fd_count != 1)
		return ST_MALFORMED;
	fd = m->fds[0];
	m->fd_count = 0;
	return vault_take(fd, e->secret, out);
}

static enum status
add(struct buf *kept, struct span s, struct span *out)
{
	size_t at = kept->len;
	enum status st = buf_add(kept, s.ptr, s.len);

	if (st == ST_OK)
		*out = span_of(kept->data + at, s.len);
	return st;
}

/* Spans of the errand borrow from the pipe, which is used again. */
static enum status
keep(const struct errand *e, struct buf *kept, struct scan_order *o,
     struct reader_spec *r)
{
	enum status st;

	buf_init(kept, e->path.len + e->cursor.len + e->options.bytes.len + 1);
	st = buf_reserve(kept, kept->cap); /* so that nothing moves */
	if (st == ST_OK)
		st = add(kept, e->path, &o->paths[e->root]);
	if (st == ST_OK)
		st = add(kept, e->cursor, &r->cursor);
	if (st == ST_OK)
		st = add(kept, e->options.bytes, &r->options.bytes);
	o->path_count = e->root + 1;
	o->bytes_per_second = e->bytes_per_second;
	r->seq = e->seq;
	r->root = e->root;
	r->browse = e->browse;
	return st;
}

int
serve(const char *name, const struct source_ops *const *sources)
{
	return serve_keeping(name, sources, PRIV_NONE);
}

/*
 * Libraries take and free a piece of an object again and again: memory that
 * goes back to the kernel each time comes back page by page.
 */
static void
keep_heap(void)
{
	mallopt(M_MMAP_THRESHOLD, HEAP_PIECE);
	mallopt(M_TRIM_THRESHOLD, HEAP_SPARE);
}

/* *e is of what stands in *m. */
static enum status
hear_errand(struct pipe **pipe, struct pipe_message *m, struct errand *e)
{
	enum status st = pipe_open(ERRAND_SOCKET, TALK_CAP, pipe);

	if (st == ST_OK)
		st = pipe_receive(*pipe, m);
	if (st == ST_OK && m->kind != TALK_ERRAND)
		st = ST_MALFORMED;
	return st == ST_OK ? errand_unpack(m->body, e) : st;
}

int
serve_keeping(const char *name, const struct source_ops *const *sources,
	      unsigned rights)
{
	struct slots slots = {.fd = ERRAND_SLOTS};
	struct scan_order order = {0};
	struct clean_known known = {0};
	struct vault secret;
	struct reader_spec r = {
	    .fd = ERRAND_SOCKET,
	    .order = &order,
	    .sources = sources,
	    .slots = &slots,
	    .remote = true,
	    .access = &secret,
	    .unreached = unreached,
	};
	pid_t parent = getppid();
	struct pipe_message m;
	struct pipe *pipe;
	struct buf kept;
	struct errand e;
	enum status st;

	log_setup(name, LOG_WARN);
	keep_heap();
	proc_harden();
	st = hear_errand(&pipe, &m, &e);
	if (st == ST_OK)
		st = take_past(&e, &m, &r.past);
	if (st == ST_OK)
		st = take_known(&e, &m, &known);
	if (st == ST_OK)
		st = take_secret(&e, &m, &secret, &r.kept);
	if (st == ST_OK)
		st = keep(&e, &kept, &order, &r);
	if (st == ST_OK) {
		r.known = e.known ? &known : NULL;
		slots.count = e.slots;
		st = slots_writable(&slots);
	}
	if (st == ST_OK)
		st = lose_rights(parent, rights, SANDBOX_SOURCE);
	if (st == ST_OK)
		reader_serve(&r, pipe);
	if (st != ST_CLOSED)
		log_error("cannot begin: %s", status_text(st));
	return 1;
}
