#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan/director.h"
#include "scan/reader.h"
#include "scan/talk.h"
#include "scan/zygote.h"
#include "source/pairs.h"
#include "sys/proc.h"

enum status
child_listen(struct scan *s, struct pipe *p, unsigned peer)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = peer};

	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, pipe_fd(p), &e) != 0)
		return status_of_errno(errno);
	return ST_OK;
}

void
child_hang_up(struct scan *s, struct pipe **p)
{
	if (*p == NULL)
		return;
	/* a forked child may hold a copy, so closing alone would not do */
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, pipe_fd(*p), NULL);
	pipe_close(*p);
	*p = NULL;
}

/* What a child writes by mistake must not reach our own output. */
static void
mute_stdio(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 2; i++)
		if (fd < 0 || dup2(fd, i) < 0)
			close(i);
	if (fd > 2)
		close(fd);
}

/* No handler of the caller runs here; Ctrl-C is for the director alone. */
static void
reset_signals(void)
{
	static const int ignored[] = {SIGINT, SIGQUIT, SIGHUP, SIGPIPE};
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			(void)signal(i, SIG_DFL); /* some cannot be set */
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		_exit(1);
}

static void
child_begin(const char *name, pid_t parent, const int *keep, size_t n)
{
	prctl(PR_SET_NAME, name, 0, 0, 0);
	proc_harden();
	reset_signals();
	mute_stdio();
	if (proc_close_except(keep, n) != ST_OK ||
	    proc_die_with(parent) != ST_OK)
		_exit(1);
}

/* A pair of sockets and a fork: 0 in the child, whose end is *fd. */
static enum status
fork_child(struct scan *s, unsigned peer, struct pipe **p, pid_t *pid, int *fd)
{
	int pair[2];
	enum status st = pipe_pair(pair);

	if (st != ST_OK)
		return st;
	*pid = fork();
	if (*pid == 0) {
		*fd = pair[1];
		return ST_OK;
	}
	close(pair[1]);
	if (*pid < 0) {
		close(pair[0]);
		return ST_NOMEM;
	}
	st = pipe_open(pair[0], TALK_CAP, p);
	return st == ST_OK ? child_listen(s, *p, peer) : st;
}

/* What the order says of its targets; a master's word is not taken unseen. */
static struct pairs
local_options(const struct scan *s)
{
	struct pairs p = {.bytes = s->order.options};

	if (!pairs_check(p.bytes))
		p.bytes = span_of(NULL, 0);
	return p;
}

static struct reader_spec
reader_spec(struct scan *s, int fd)
{
	return (struct reader_spec){
	    .fd = fd,
	    .order = &s->order,
	    .sources = s->options.sources,
	    .slots = &s->slots,
	    .seq = s->next_seq,
	    .root = s->root,
	    .cursor = buf_span(&s->cursor),
	    .options = local_options(s),
	    .known = s->clean != NULL ? &s->known : NULL,
	    .own = &s->own,
	    .input = s->options.input,
	};
}

static bool
is_remote(const struct scan *s, size_t i)
{
	return s->forsaken != i + 1 &&
	       remote_is(&s->options, s->order.paths[i]);
}

/* Where the targets end that one forked reader walks. */
static size_t
next_remote(const struct scan *s)
{
	size_t i = s->root;

	while (i < s->order.path_count && !is_remote(s, i))
		i++;
	return i;
}

/* In the child, whose order is its own. */
_Noreturn static void
become_reader(struct scan *s, int fd, pid_t parent)
{
	struct reader_spec r = reader_spec(s, fd);
	const int keep[] = {fd, s->slots.fd, s->options.input};

	child_begin("trawl-reader", parent, keep, 3);
	s->order.path_count = next_remote(s);
	if (s->forsaken == s->root + 1)
		r.forsaken = s->forsaken_why;
	r.forsaken_reason = s->forsaken_reason;
	reader_main(&r);
}

void
child_signal_reader(struct scan *s, int number)
{
	if (s->reader_far)
		remote_signal(&s->remote, s->reader_pid, number);
	else if (s->reader_pid > 0)
		kill(s->reader_pid, number);
}

enum status
child_reader(struct scan *s)
{
	pid_t parent = getpid();
	int fd = -1;
	enum status st = ST_OK;

	s->arrived = false;
	if (s->root < s->order.path_count && is_remote(s, s->root))
		remote_start(s);
	if (s->reader == NULL) {
		st =
		    fork_child(s, PEER_READER, &s->reader, &s->reader_pid, &fd);
		if (st == ST_OK && s->reader_pid == 0)
			become_reader(s, fd, parent);
	}
	for (size_t i = 0; st == ST_OK && i < s->slots.count; i++)
		if (s->batches[i].state == BATCH_NONE)
			st =
			    pipe_say(s->reader, TALK_SLOT, i, span_of(NULL, 0));
	if (s->paused) /* its forerunner ended just before */
		child_signal_reader(s, SIGSTOP);
	return st == ST_CLOSED ? ST_OK : st; /* its death will be heard */
}

enum status
child_census(struct scan *s)
{
	pid_t parent = getpid();
	int fd = -1;
	enum status st;

	if (!s->order.want_totals)
		return ST_OK;
	st = fork_child(s, PEER_CENSUS, &s->census, &s->census_pid, &fd);
	if (st != ST_OK || s->census_pid != 0)
		return st;
	{
		const struct reader_spec r = reader_spec(s, fd);
		const int keep[] = {fd, r.input};

		child_begin("trawl-census", parent, keep, 2);
		census_main(&r);
	}
}

enum status
child_zygote(struct scan *s)
{
	struct zygote_spec z = {
	    .order = &s->order,
	    .options = &s->options,
	    .slots = &s->slots,
	    .status = s->status,
	    .workers = s->worker_count,
	    .nobody = s->drop ? &s->nobody : NULL,
	};
	pid_t parent = getpid();
	enum status st =
	    fork_child(s, PEER_ZYGOTE, &s->zygote, &s->zygote_pid, &z.fd);

	s->zygote_ready = false;
	if (st != ST_OK || s->zygote_pid != 0)
		return st;
	child_begin("trawl-zygote", parent, &z.fd, 1);
	zygote_main(&z);
}

void
child_end(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
	*pid = 0;
}
