#include "scan/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan/allow.h"
#include "scan/talk.h"
#include "sys/pipe.h"
#include "sys/priv.h"
#include "sys/proc.h"
#include "sys/sandbox.h"

#ifdef TRAWL_SAN /* a sanitizer reports there */
#define KEEP_STDERR 1
#else
#define KEEP_STDERR 0
#endif

struct zygote {
	const struct zygote_spec *spec;
	struct pipe *pipe;
	struct detector *detector;
	struct allow *allow;
	struct extract_kit *kit;
	int signals;
	pid_t pids[SCAN_JOBS_MAX];
};

static void
need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

/* The scan is over: workers see it too and end. */
_Noreturn static void
retire(void)
{
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	_exit(0);
}

static void
say_number(struct zygote *z, enum talk kind, uint64_t tag, int n)
{
	struct talk_number body = {.n = n};

	if (pipe_say(z->pipe, (uint16_t)kind, tag,
		     span_of(&body, sizeof(body))) != ST_OK)
		retire();
}

static enum status
load(struct zygote *z, struct buf *why)
{
	const struct scan_order *o = z->spec->order;
	const struct detect_options d = {
	    .catalogue = z->spec->options->catalogue,
	    .cache = z->spec->options->cache,
	    .compiling = z->spec->options->compiling,
	    .types = o->types,
	    .type_count = o->type_count,
	    .rules = z->spec->options->rules,
	    .rule_count = z->spec->options->rule_count,
	    .min_confidence = o->min_confidence,
	};

	enum status st = z->spec->options->texts
			     ? ST_OK
			     : detector_open(&d, &z->detector, why);

	if (st == ST_OK && z->spec->options->allow != NULL)
		st = allow_open(z->spec->options->allow, z->detector, &z->allow,
				why);
	if (st == ST_OK)
		st = extract_kit_open(&z->spec->options->extract, &z->kit, why);
	return st;
}

/* A worker sees its own status page and no other. */
static void
hide_others(const struct zygote *z, size_t id)
{
	uint8_t *base = z->spec->status, *own = base + id * WORKER_STATUS_PAGE;
	size_t behind = (z->spec->workers - id - 1) * WORKER_STATUS_PAGE;

	if ((id > 0 && munmap(base, id * WORKER_STATUS_PAGE) != 0) ||
	    (behind > 0 && munmap(own + WORKER_STATUS_PAGE, behind) != 0))
		_exit(1);
}

/* What it needs once it has loaded: to fork, and to let children be nobody. */
static void
lose_own_rights(const struct zygote *z)
{
	need(
	    priv_drop(NULL, z->spec->nobody != NULL ? PRIV_BECOME : PRIV_NONE));
	need(sandbox_enter(SANDBOX_ZYGOTE, NULL, NULL));
}

static void
lose_rights(const struct zygote *z, pid_t parent)
{
	const struct extract_options *o = &z->spec->options->extract;
	const struct sandbox_limits limits = {
	    .address_space = WORKER_MEMORY + z->spec->slots->count * SLOT_SIZE +
			     SLOTS_TAIL +
			     (o->ocr != NULL ? o->budget.ocr_memory : 0),
	    .file_size = WORKER_FILE,
	    .open_files = 2 * SLOT_FDS + 12,
	};

	need(priv_drop(z->spec->nobody, PRIV_NONE));
	need(proc_die_with(parent));
	need(sandbox_limit(&limits));
	need(sandbox_enter(SANDBOX_WORKER, NULL, NULL));
}

_Noreturn static void
become_worker(struct zygote *z, size_t id, int fd, pid_t parent)
{
	const struct scan_options *o = z->spec->options;
	struct worker_spec w = {
	    .fd = fd,
	    .slots = z->spec->slots,
	    .detector = z->detector,
	    .matches_max = o->matches_max,
	    .reveal = o->reveal,
	    .details = o->details,
	    .texts = o->texts,
	    .allow = z->allow,
	    .before_object = o->before_object,
	};
	uint8_t *page = z->spec->status + id * WORKER_STATUS_PAGE;
	sigset_t none;

	w.status = (struct worker_status *)(void *)page;
	sigemptyset(&none);
	prctl(PR_SET_NAME, "trawl-worker", 0, 0, 0);
	/* input and output are /dev/null already */
	if (!KEEP_STDERR && dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		close(STDERR_FILENO);
	need(proc_close_except(&fd, 1));
	need(extractor_open(z->kit, &w.extractor));
	need(extractor_file(w.extractor));
	hide_others(z, id);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		_exit(1);
	lose_rights(z, parent);
	worker_main(&w);
}

static void
start_worker(struct zygote *z, struct pipe_message *m)
{
	size_t id = (size_t)m->tag;
	pid_t parent = getpid(), pid;

	if (id >= z->spec->workers || m->fd_count != 1)
		_exit(1);
	pid = fork();
	if (pid == 0)
		become_worker(z, id, m->fds[0], parent);
	pipe_drop_fds(m);
	if (pid < 0) {
		say_number(z, TALK_GONE, id, 1 << 8);
		return;
	}
	z->pids[id] = pid;
	say_number(z, TALK_BORN, id, pid);
}

static void
signal_worker(struct zygote *z, const struct pipe_message *m)
{
	struct talk_number n;

	if (m->tag >= z->spec->workers || m->body.len != sizeof(n))
		_exit(1);
	memcpy(&n, m->body.ptr, sizeof(n));
	if (z->pids[m->tag] > 0 && kill(z->pids[m->tag], n.n) != 0)
		_exit(1);
}

static void
reap(struct zygote *z)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	if (read(z->signals, &info, sizeof(info)) < 0 && errno != EAGAIN)
		_exit(1);
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < z->spec->workers; i++)
			if (z->pids[i] == pid) {
				z->pids[i] = 0;
				say_number(z, TALK_GONE, i, status);
			}
}

/* All that has come: several words may arrive with one wake-up. */
static void
obey(struct zygote *z)
{
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(z->pipe, &m)) == ST_OK) {
		if (m.kind == TALK_FORK)
			start_worker(z, &m);
		else if (m.kind == TALK_SIGNAL)
			signal_worker(z, &m);
		else
			_exit(1);
	}
	if (st != ST_AGAIN)
		retire();
}

static void
open_signals(struct zygote *z)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		_exit(1);
	z->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (z->signals < 0)
		_exit(1);
}

void
zygote_main(const struct zygote_spec *spec)
{
	struct zygote z = {.spec = spec};
	struct buf why;

	buf_init(&why, 4096);
	open_signals(&z);
	need(pipe_open(spec->fd, TALK_CAP, &z.pipe));
	if (load(&z, &why) != ST_OK) {
		need(pipe_say(z.pipe, TALK_FAILED, 0, buf_span(&why)));
		_exit(1);
	}
	lose_own_rights(&z);
	need(pipe_say(z.pipe, TALK_READY, 0, span_of(NULL, 0)));
	for (;;) {
		struct pollfd p[] = {{.fd = spec->fd, .events = POLLIN},
				     {.fd = z.signals, .events = POLLIN}};

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (p[1].revents != 0)
			reap(&z);
		if (p[0].revents != 0)
			obey(&z);
	}
}
