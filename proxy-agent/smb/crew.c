#include "proxy-agent/smb/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/must.h"
#include "proxy-agent/smb/hand.h"
#include "sys/pace.h"
#include "sys/pipe.h"
#include "sys/proc.h"
#include "sys/vault.h"

#define SPEC_CAP (256 * 1024)
#define JOBS_MAX (CREW_MAX * CREW_DEPTH)

struct hired {
	struct pipe *pipe;
	const uint8_t *lap;
	struct span rest; /* of the piece that is being read */
	bool lent;        /* it lies in the lap */
	bool told;        /* the target: it is there */
	size_t jobs;      /* begun and not ended */
	bool out;         /* the server did not let it in */
};

struct crew {
	struct hired hired[CREW_MAX];
	size_t count;
	uint64_t begun;        /* number of the last job, from 1 */
	uint8_t who[JOBS_MAX]; /* has which of those that are not ended */
	size_t last;           /* hand that was given one */
	int error;
	struct pace *pace; /* of who walks, told of their rests */
	struct buf target; /* what each is told, and */
	struct vault secret;
};

/* ---- before anything else --------------------------------------------------
 */

static uint8_t *laps[CREW_MAX]; /* by crew_hire(), for crew_open() */

/* Becomes a hand: never returns. */
static void
be_hand(int fd, pid_t parent, uint8_t *lap, enum status (*confine)(pid_t))
{
	const int keep[] = {fd};
	struct pipe *pipe;
	enum status st;

	proc_harden();
	st = proc_close_except(keep, 1);
	if (st == ST_OK)
		st = pipe_open(fd, HAND_CAP, &pipe);
	if (st == ST_OK)
		st = confine(parent);
	_exit(st == ST_OK ? hand_serve(pipe, lap) : 1);
}

struct foreman {
	struct pollfd ends[CREW_MAX]; /* of hands that are not there yet */
	enum status (*confine)(pid_t);
};

/* Somebody talks to a hand: it is there from now on. */
static void
hire(struct foreman *f, size_t at)
{
	const pid_t parent = getpid();
	struct pollfd *end = &f->ends[at];

	if ((end->revents & POLLIN) && fork() == 0)
		be_hand(end->fd, parent, laps[at], f->confine);
	close(end->fd);
	end->fd = -1;
}

static void
be_foreman(struct foreman *f, pid_t parent, enum status (*confine)(pid_t))
{
	size_t left = CREW_MAX;
	int keep[CREW_MAX];

	for (size_t i = 0; i < CREW_MAX; i++)
		keep[i] = f->ends[i].fd;
	proc_harden();
	if (proc_close_except(keep, CREW_MAX) != ST_OK ||
	    confine(parent) != ST_OK)
		_exit(1);
	while (left > 0) {
		if (poll(f->ends, CREW_MAX, -1) < 0 && errno != EINTR)
			_exit(1);
		for (size_t i = 0; i < CREW_MAX; i++)
			if (f->ends[i].fd >= 0 && f->ends[i].revents != 0) {
				hire(f, i);
				left--;
			}
	}
	while (wait(NULL) > 0 || errno == EINTR)
		; /* they end with us */
	_exit(0);
}

/* A lap and a socket for each; the other ends are the foreman's. */
static enum status
prepare(struct foreman *f)
{
	enum status st = ST_OK;
	int pair[2];

	for (int i = 0; st == ST_OK && i < CREW_MAX; i++) {
		void *lap = mmap(NULL, HAND_LAP, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		st = lap == MAP_FAILED ? ST_NOMEM : pipe_pair(pair);
		if (st != ST_OK)
			break;
		laps[i] = lap;
		/* above those that have their number */
		f->ends[i] = (struct pollfd){
		    .fd =
			fcntl(pair[1], F_DUPFD_CLOEXEC, CREW_SOCKET + CREW_MAX),
		    .events = POLLIN,
		};
		if (f->ends[i].fd < 0 ||
		    dup3(pair[0], CREW_SOCKET + i, O_CLOEXEC) < 0)
			st = ST_IO;
		close(pair[0]);
		close(pair[1]);
	}
	return st;
}

enum status crew_hire(enum status (*foreman)(pid_t parent),
		      enum status (*hand)(pid_t parent))
{
	const pid_t parent = getpid();
	struct foreman f = {.confine = hand};
	enum status st = ST_OK;
	pid_t pid;

	/* nobody waits for them */
	if (signal(SIGCHLD, SIG_IGN) == SIG_ERR)
		return ST_IO;
	st = prepare(&f);
	if (st != ST_OK)
		return st;
	pid = fork();
	if (pid == 0)
		be_foreman(&f, parent, foreman);
	for (size_t i = 0; i < CREW_MAX; i++)
		close(f.ends[i].fd);
	return pid < 0 ? ST_IO : ST_OK;
}

/* ---- the target ------------------------------------------------------------
 */

/* Each has the credential in locked memory of its own. */
static enum status
give_secret(struct span access, struct pipe_message *m, struct vault *v)
{
	enum status st;

	*v = (struct vault){.fd = -1};
	if (access.len == 0)
		return ST_OK;
	st = vault_open(access.len, v);
	if (st != ST_OK)
		return st;
	memcpy(v->base, access.ptr, access.len);
	v->len = access.len;
	m->tag = access.len;
	m->fds[0] = v->fd;
	m->fd_count = 1;
	return ST_OK;
}

static enum status
tell(struct crew *c, struct hired *h)
{
	struct pipe_message m = {.kind = HAND_TARGET,
				 .body = buf_span(&c->target)};
	struct vault v;
	enum status st = give_secret(vault_span(&c->secret), &m, &v);

	h->told = true;
	if (st == ST_OK)
		st = pipe_send(h->pipe, &m);
	if (st == ST_OK)
		vault_leave(&v);
	else
		vault_close(&v);
	return st;
}

static enum status
describe(const struct source_target *t, struct buf *to)
{
	const uint32_t n = (uint32_t)t->path.len;
	struct span options = t->options.bytes;
	enum status st = buf_add(to, &n, sizeof(n));

	if (st == ST_OK)
		st = buf_add(to, t->path.ptr, t->path.len);
	if (st == ST_OK && options.len > 0)
		st = buf_add(to, options.ptr, options.len);
	return st;
}

/* The credential is needed when the crew works: that of a target goes. */
static enum status
keep_secret(struct crew *c, struct span access)
{
	enum status st;

	if (access.len == 0)
		return ST_OK;
	st = vault_open(access.len, &c->secret);
	if (st != ST_OK)
		return st;
	memcpy(c->secret.base, access.ptr, access.len);
	c->secret.len = access.len;
	return ST_OK;
}

enum status
crew_open(const struct source_target *t, size_t count, struct crew **out)
{
	struct crew *c = calloc(1, sizeof(*c));
	enum status st;

	if (c == NULL)
		return ST_NOMEM;
	c->pace = t->pace;
	c->secret.fd = -1;
	buf_init(&c->target, SPEC_CAP);
	st = describe(t, &c->target);
	if (st == ST_OK)
		st = keep_secret(c, t->access.bytes);
	for (size_t i = 0; st == ST_OK && i < count && i < CREW_MAX; i++) {
		struct hired *h = &c->hired[i];

		h->lap = laps[i];
		st = pipe_open(CREW_SOCKET + (int)i, HAND_CAP, &h->pipe);
		if (st == ST_OK)
			c->count++;
	}
	for (size_t i = count; st == ST_OK && i < CREW_MAX; i++)
		close(CREW_SOCKET + (int)i);
	if (st != ST_OK) {
		crew_close(c);
		return st;
	}
	*out = c;
	return ST_OK;
}

void
crew_close(struct crew *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++)
		pipe_close(c->hired[i].pipe);
	vault_close(&c->secret);
	buf_fini(&c->target);
	free(c);
}

/* ---- jobs ------------------------------------------------------------------
 */

int
crew_error(const struct crew *c)
{
	return c->error;
}

static struct hired *
who(struct crew *c, uint64_t job)
{
	return &c->hired[c->who[job % JOBS_MAX]];
}

/* The next in turn with at most so many jobs, `told` or not; `count`: none. */
static size_t
next_of(const struct crew *c, bool told, size_t jobs)
{
	for (size_t i = 1; i <= c->count; i++) {
		const size_t at = (c->last + i) % c->count;
		const struct hired *h = &c->hired[at];

		if (!h->out && h->told == told && h->jobs <= jobs)
			return at;
	}
	return c->count;
}

/* Whose turn it is: an idle one, a new one, any that has room. */
static size_t
next_hand(const struct crew *c)
{
	size_t at = next_of(c, true, 0);

	if (at == c->count)
		at = next_of(c, false, 0);
	if (at == c->count)
		at = next_of(c, true, CREW_DEPTH - 1);
	return at;
}

bool
crew_free(const struct crew *c)
{
	return next_hand(c) < c->count;
}

size_t
crew_hands(const struct crew *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		n += !c->hired[i].out;
	return n;
}

static enum status
gone(struct crew *c)
{
	c->error = ECONNRESET;
	return ST_CLOSED;
}

enum status
crew_begin(struct crew *c, struct span path, uint64_t *job)
{
	const size_t at = next_hand(c);
	struct hired *h;

	must(at < c->count);
	h = &c->hired[at];
	if ((!h->told && tell(c, h) != ST_OK) ||
	    pipe_say(h->pipe, HAND_READ, c->begun + 1, path) != ST_OK)
		return gone(c);
	h->jobs++;
	c->last = at;
	*job = ++c->begun;
	c->who[*job % JOBS_MAX] = (uint8_t)at;
	return ST_OK;
}

static enum status
give_back(struct hired *h)
{
	return pipe_say(h->pipe, HAND_BACK, 0, span_of(NULL, 0));
}

/* The next message of that job; what is left of earlier ones is dropped. */
static enum status
receive(struct crew *c, uint64_t job, struct pipe_message *m)
{
	struct hired *h = who(c, job);
	enum status st = pipe_receive(h->pipe, m);

	while (st == ST_OK && m->tag < job) {
		if (m->kind == HAND_LENT)
			st = give_back(h);
		if (st == ST_OK)
			st = pipe_receive(h->pipe, m);
	}
	if (st != ST_OK || m->tag != job || m->fd_count > 0)
		return gone(c);
	return ST_OK;
}

static enum status
finish(struct crew *c, struct hired *h, const struct pipe_message *m)
{
	struct hand_end end;

	if (m->body.len != sizeof(end))
		return gone(c);
	memcpy(&end, m->body.ptr, sizeof(end));
	pace_rested(c->pace, end.rested_ms / c->count); /* all do */
	h->out = end.error == EUSERS;
	c->error = end.error;
	return end.error == 0 ? ST_EOF : ST_IO;
}

/* What has come is in the message, or lies in the lap. */
static bool
take(struct hired *h, const struct pipe_message *m)
{
	struct hand_lent lent;

	if (m->kind == HAND_BYTES) {
		h->rest = m->body;
		return h->rest.len > 0;
	}
	if (m->kind != HAND_LENT || m->body.len != sizeof(lent))
		return false;
	memcpy(&lent, m->body.ptr, sizeof(lent));
	if (lent.which >= HAND_PIECES || lent.len == 0 || lent.len > HAND_PIECE)
		return false;
	h->rest = span_of(h->lap + (size_t)lent.which * HAND_PIECE, lent.len);
	h->lent = true;
	return true;
}

static enum status
let_go(struct hired *h)
{
	h->rest = span_of(NULL, 0);
	if (!h->lent)
		return ST_OK;
	h->lent = false;
	return give_back(h);
}

enum status
crew_read(struct crew *c, uint64_t job, void *dst, size_t n, size_t *got)
{
	struct hired *h = who(c, job);
	struct pipe_message m;
	enum status st = ST_OK;

	*got = 0;
	if (h->out) {
		c->error = EUSERS;
		return ST_IO;
	}
	if (h->rest.len == 0)
		st = receive(c, job, &m);
	if (st != ST_OK)
		return st;
	if (h->rest.len == 0 && m.kind == HAND_END)
		return finish(c, h, &m);
	if (h->rest.len == 0 && !take(h, &m))
		return gone(c);
	if (n > h->rest.len)
		n = h->rest.len;
	if (n > 0)
		memcpy(dst, h->rest.ptr, n);
	h->rest = span_skip(h->rest, n);
	*got = n;
	return h->rest.len > 0 || let_go(h) == ST_OK ? ST_OK : gone(c);
}

enum status
crew_end(struct crew *c, uint64_t job)
{
	struct hired *h = who(c, job);

	h->jobs--;
	if (h->out)
		return ST_OK;
	return let_go(h) == ST_OK && pipe_say(h->pipe, HAND_STOP, job,
					      span_of(NULL, 0)) == ST_OK
		   ? ST_OK
		   : gone(c);
}
