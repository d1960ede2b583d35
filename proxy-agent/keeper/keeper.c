#include "proxy-agent/keeper/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "model/pack.h"
#include "proxy-agent/keeper/reach.h"
#include "proxy-agent/keeper/store.h"
#include "source/kind.h"
#include "source/renewal.h"
#include "source/source.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "sys/proc.h"

#define WHY_MAX   1024
#define NAME_ROOM 64 /* bytes of a program's name */

struct reader {
	struct keeper *of;
	uint32_t number; /* 0: free */
	pid_t pid;
	int pidfd;
	struct loop_io *watch;
	struct pipe
	    *kept; /* what it says of its credential; NULL: it has none */
	struct loop_io *kept_watch;
};

struct keeper {
	const struct keeper_config *config;
	struct loop *loop;
	struct pipe *pipe;
	struct loop_io *watch;
	struct reader readers[KEEPER_READERS_MAX];
	uint32_t last; /* number that was given */
};

struct request {
	struct store_wanted wanted;
	int socket, slots;
};

/* ---- readers ------------------------------------------------------------- */

static struct reader *
find(struct keeper *k, uint64_t number)
{
	for (size_t i = 0; i < KEEPER_READERS_MAX; i++)
		if (k->readers[i].number == number)
			return &k->readers[i];
	return NULL;
}

/* The service replaced a secret: the next reader is to have the new one. */
static void
keep_renewed(struct reader *r, struct span body)
{
	struct renewal n;
	struct buf why;

	buf_init(&why, WHY_MAX);
	if (renewal_unpack(body, &n) == ST_OK &&
	    store_renew(r->of->config->store, &n, &why) != ST_OK)
		log_error("a service replaced a refresh token, and the new one "
			  "cannot be kept: the next scan may be refused, add "
			  "the credential again (%.*s)",
			  (int)why.len, why.len > 0 ? (char *)why.data : "");
	buf_fini(&why);
	pipe_wipe(r->kept);
}

static void
on_kept(void *arg, int fd, unsigned ready)
{
	struct reader *r = arg;
	struct pipe_message m;
	enum status st;

	(void)fd;
	(void)ready;
	while ((st = pipe_poll(r->kept, &m)) == ST_OK) {
		if (m.kind == KIND_TALK_RENEWED)
			keep_renewed(r, m.body);
		pipe_drop_fds(&m);
	}
	if (st == ST_AGAIN)
		return;
	loop_io_close(r->kept_watch);
	r->kept_watch = NULL;
}

static void
bury(struct reader *r)
{
	int status = 0;
	char how[PROC_END_TEXT];

	if (r->kept_watch != NULL)
		on_kept(r, -1, 0); /* what it said at the end */
	loop_io_close(r->kept_watch);
	pipe_close(r->kept);

	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	proc_end_text(status, how);
	log_debug("a reader ended pid=%d how=\"%s\"", (int)r->pid, how);
	loop_io_close(r->watch);
	close(r->pidfd);
	*r = (struct reader){.pidfd = -1};
}

static void
on_end(void *arg, int fd, unsigned ready)
{
	(void)fd;
	(void)ready;
	bury(arg); /* its director hears it from the socket */
}

static void
end_all(struct keeper *k)
{
	for (size_t i = 0; i < KEEPER_READERS_MAX; i++) {
		if (k->readers[i].number == 0)
			continue;
		kill(k->readers[i].pid, SIGKILL);
		bury(&k->readers[i]);
	}
}

/* Stdio is nobody's; then what common/source/kind.h promises. */
static enum status
spawn(struct reader *r, const char *path, const struct request *q, int secret,
      int kept)
{
	char name[NAME_ROOM];
	char *const argv[] = {name, NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	const struct proc_fd fds[] = {{null, 0},
				      {null, 1},
				      {q->socket, KIND_FD_SOCKET},
				      {q->slots, KIND_FD_SLOTS},
				      {secret, KIND_FD_SECRET},
				      {kept, KIND_FD_KEPT}};
	const struct proc_spec spec = {.path = path,
				       .argv = argv,
				       .fds = fds,
				       .fd_count = secret >= 0 ? 6 : 4};
	enum status st;

	if (null < 0)
		return ST_IO;
	st = str_copy(name, sizeof(name), span_str(strrchr(path, '/') + 1));
	if (st == ST_OK)
		st = proc_spawn(&spec, &r->pid, &r->pidfd);
	close(null);
	return st;
}

/* With a credential, and a line back to us. */
static enum status
spawn_with(struct reader *r, const char *path, const struct request *q,
	   const struct vault *secret)
{
	int pair[2] = {-1, -1};
	enum status st = ST_OK;

	if (secret->fd >= 0)
		st = pipe_pair(pair);
	if (st == ST_OK && secret->fd >= 0)
		st = pipe_open(pair[0], REACH_CAP, &r->kept);
	if (st != ST_OK && pair[0] >= 0)
		close(pair[0]);
	if (st == ST_OK)
		st = spawn(r, path, q, secret->fd, pair[1]);
	if (pair[1] >= 0)
		close(pair[1]);
	if (st == ST_OK || r->kept == NULL)
		return st;
	pipe_close(r->kept);
	r->kept = NULL;
	return st;
}

static enum status
watch(struct keeper *k, struct reader *r)
{
	enum status st;

	r->of = k;
	r->number = ++k->last;
	st = loop_io_open(k->loop, r->pidfd, LOOP_READ, on_end, r, &r->watch);
	if (st == ST_OK && r->kept != NULL)
		st = loop_io_open(k->loop, pipe_fd(r->kept), LOOP_READ, on_kept,
				  r, &r->kept_watch);
	if (st != ST_OK) {
		kill(r->pid, SIGKILL);
		bury(r);
	}
	return st;
}

static enum status
program_for(const struct keeper *k, struct span target, char path[PATH_MAX],
	    struct buf *why)
{
	const struct kind *kind = kind_find(source_scheme(target));
	enum status st;

	if (kind == NULL)
		return buf_add_str(why, "this proxy knows no such kind of "
					"target") == ST_OK
			   ? ST_UNSUPPORTED
			   : ST_NOMEM;
	st = file_join(path, PATH_MAX, k->config->programs, kind_reader(kind));
	if (st != ST_OK || access(path, X_OK) == 0)
		return st;
	st = buf_addf(why,
		      "%s, the program that reads %s targets, is not "
		      "installed on this proxy",
		      kind_reader(kind), kind->scheme);
	return st == ST_OK ? ST_NOTFOUND : st;
}

/* *told: it has a credential. */
static enum status
start(struct keeper *k, const struct request *q, struct reader *r, bool *told,
      struct buf *why)
{
	struct vault secret = {.fd = -1};
	char path[PATH_MAX];
	enum status st = program_for(k, q->wanted.target, path, why);

	if (st == ST_OK)
		st = store_pick(k->config->store, &q->wanted, &secret, why);
	*told = secret.base != NULL;
	if (st == ST_OK)
		st = spawn_with(r, path, q, &secret);
	if (st == ST_OK)
		vault_leave(&secret); /* the reader wipes it */
	else
		vault_close(&secret);
	return st == ST_OK ? watch(k, r) : st;
}

/* ---- words --------------------------------------------------------------- */

static void
answer(struct keeper *k, uint16_t kind, uint64_t tag, struct span body)
{
	const struct pipe_message m = {.kind = kind, .tag = tag, .body = body};
	enum status st = pipe_queue(k->pipe, &m);

	if (st == ST_OK)
		st = pipe_flush(k->pipe);
	/* It waits for each answer: only one of bad faith lets them pile up. */
	if (st != ST_OK) {
		loop_io_close(k->watch);
		k->watch = NULL;
	}
}

static void
refuse(struct keeper *k, enum status st, struct span words)
{
	const uint8_t code = (uint8_t)st;
	struct buf b;

	buf_init(&b, WHY_MAX + 1);
	if (buf_add(&b, &code, 1) != ST_OK ||
	    buf_add(&b, words.ptr, words.len) != ST_OK)
		buf_clear(&b);
	answer(k, REACH_REFUSED, 0, buf_span(&b));
	buf_fini(&b);
}

static enum status
read_request(const struct pipe_message *m, struct request *q)
{
	struct unpacker u = unpacker_of(m->body);

	q->wanted.target = unpack_span(&u);
	q->wanted.name = unpack_span(&u);
	q->wanted.options.bytes = unpack_span(&u);
	if (unpack_end(&u) != ST_OK || m->fd_count != 2 ||
	    !pairs_check(q->wanted.options.bytes))
		return ST_MALFORMED;
	q->socket = m->fds[0];
	q->slots = m->fds[1];
	return ST_OK;
}

static void
on_start(struct keeper *k, const struct pipe_message *m)
{
	struct reader *r = find(k, 0);
	struct request q;
	struct buf why;
	bool told = false;
	enum status st = read_request(m, &q);

	buf_init(&why, WHY_MAX);
	if (st == ST_OK)
		st = r == NULL ? ST_LIMIT : start(k, &q, r, &told, &why);
	if (st == ST_OK) {
		const uint8_t body = told;

		answer(k, REACH_STARTED, r->number, span_of(&body, 1));
	} else {
		refuse(k, st, buf_span(&why));
	}
	buf_fini(&why);
}

static void
on_signal(struct keeper *k, const struct pipe_message *m)
{
	struct reader *r = m->tag != 0 ? find(k, m->tag) : NULL;
	int number = m->body.len == 1 ? m->body.ptr[0] : 0;

	if (r != NULL && number == SIGKILL) {
		kill(r->pid, SIGKILL);
		bury(r);
	} else if (r != NULL && (number == SIGSTOP || number == SIGCONT)) {
		kill(r->pid, number);
	}
	answer(k, REACH_DONE, m->tag, span_of(NULL, 0));
}

static void
on_pipe(void *arg, int fd, unsigned ready)
{
	struct keeper *k = arg;
	struct pipe_message m;
	enum status st = ST_OK;

	(void)fd;
	(void)ready;
	while (k->watch != NULL && (st = pipe_poll(k->pipe, &m)) == ST_OK) {
		if (m.kind == REACH_START)
			on_start(k, &m);
		else if (m.kind == REACH_SIGNAL)
			on_signal(k, &m);
		pipe_drop_fds(&m);
	}
	if (st == ST_OK || st == ST_AGAIN)
		return;
	loop_io_close(k->watch);
	k->watch = NULL;
	end_all(k); /* nobody directs them any more */
}

/* ---- beginning and end --------------------------------------------------- */

enum status
keeper_open(void *arg, struct loop *l, int fd, void **out)
{
	struct keeper *k = calloc(1, sizeof(*k));
	enum status st;

	if (k == NULL) {
		close(fd);
		return ST_NOMEM;
	}
	k->config = arg;
	k->loop = l;
	st = pipe_open(fd, REACH_CAP, &k->pipe);
	if (st != ST_OK)
		close(fd);
	if (st == ST_OK)
		st = loop_io_open(l, fd, LOOP_READ, on_pipe, k, &k->watch);
	if (st != ST_OK) {
		keeper_close(k);
		return st;
	}
	*out = k;
	return ST_OK;
}

void
keeper_close(void *keeper)
{
	struct keeper *k = keeper;

	if (k == NULL)
		return;
	end_all(k);
	loop_io_close(k->watch);
	pipe_close(k->pipe);
	free(k);
}
