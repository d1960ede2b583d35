#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "scan/director.h"
#include "scan/errand.h"
#include "scan/talk.h"
#include "source/kind.h"
#include "source/renewal.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/vault.h"

#define ERRAND_CAP (256 * 1024)
#define READER_MAX 32 /* bytes of a program's name */

/*
 * A target on another host is read by a program of its own, so that nothing of
 * TLS, SSH or a database's library is in this one, and so that it holds this
 * one target and nothing else.
 */

bool
remote_is(const struct scan_options *o, struct span target)
{
	return o->remote != NULL && source_scheme(target).len > 0 &&
	       source_find(o->sources, target) == NULL;
}

/* Kinds that need a large library are read by a program of their own. */
static enum status
find(const struct scan_remote *how, const struct kind *k, char name[READER_MAX],
     char path[PATH_MAX])
{
	enum status st = str_copy(name, READER_MAX, span_str(kind_reader(k)));

	return st == ST_OK ? file_join(path, PATH_MAX, how->programs, name)
			   : st;
}

/* A child of ours, with its socket and the memory of the slots. */
static enum status
spawn_child(const struct scan_remote *how, const struct scan_wanted *w,
	    struct scan_reader *out)
{
	const struct kind *k = kind_find(source_scheme(w->target));
	char name[READER_MAX], path[PATH_MAX];
	char *const argv[] = {name, NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), pair[2];
	struct proc_fd fds[] = {{null, 0}, {null, 1}, {0, 0}, {w->slots, 0}};
	const struct proc_spec spec = {
	    .path = path, .argv = argv, .fds = fds, .fd_count = 4};
	enum status st = null < 0 ? ST_IO : ST_OK;

	if (st == ST_OK)
		st = k == NULL ? ST_UNSUPPORTED : find(how, k, name, path);
	if (st == ST_OK)
		st = pipe_pair(pair);
	if (st != ST_OK)
		goto end;
	fds[2] = (struct proc_fd){pair[1], ERRAND_SOCKET};
	fds[3].to = ERRAND_SLOTS;
	st = proc_spawn(&spec, &out->pid, NULL);
	close(pair[1]);
	if (st == ST_OK)
		out->fd = pair[0];
	else
		close(pair[0]);
end:
	if (null >= 0)
		close(null);
	return st;
}

static const char *
words_for(enum status st)
{
	return st == ST_NOTFOUND
		   ? "trawl-source, the program that reads targets on other "
		     "hosts, is not installed"
		   : "the program that reads it cannot be started or told its "
		     "credential";
}

enum status
remote_spawn(const struct scan_remote *how, const struct scan_wanted *w,
	     struct scan_reader *out, struct buf *why)
{
	enum status st;

	*out = (struct scan_reader){.fd = -1};
	if (how->starter != NULL)
		st = how->starter->start(how->arg, w, out, why);
	else
		st = spawn_child(how, w, out);
	if (st != ST_OK && why->len == 0 &&
	    buf_add_str(why, words_for(st)) != ST_OK)
		return ST_NOMEM;
	return st;
}

void
remote_signal(const struct scan_remote *how, pid_t pid, int number)
{
	if (how->starter != NULL)
		how->starter->signal(how->arg, pid, number);
	else if (number == SIGKILL)
		child_end(&pid);
	else
		kill(pid, number);
}

void
remote_end_reader(struct scan *s)
{
	if (s->reader_far && s->reader_pid > 0)
		remote_signal(&s->remote, s->reader_pid, SIGKILL);
	else
		child_end(&s->reader_pid);
	s->reader_pid = 0;
	s->reader_far = false;
}

/* The credential goes as a descriptor of locked memory: no copy of it stays. */
enum status
remote_tell(const struct scan_remote *how, struct pipe *p,
	    struct remote_files f, struct errand *e)
{
	struct vault secret = {.fd = -1};
	struct pipe_message m = {.kind = TALK_ERRAND};
	struct buf body;
	enum status st = ST_OK;

	buf_init(&body, ERRAND_CAP);
	e->options = how->options;
	if (how->access != NULL && !e->given)
		st = how->access(how->arg, e->path, &secret);
	e->secret = (uint32_t)secret.len;
	e->known = f.known >= 0;
	e->past = f.past >= 0;
	if (st == ST_OK)
		st = errand_pack(e, &body);
	m.body = buf_span(&body);
	if (secret.len > 0) {
		m.fds[0] = secret.fd;
		m.fd_count = 1;
	}
	if (f.known >= 0)
		m.fds[m.fd_count++] = f.known;
	if (f.past >= 0)
		m.fds[m.fd_count++] = f.past;
	if (st == ST_OK)
		st = pipe_send(p, &m);
	if (st == ST_OK)
		vault_leave(&secret);
	else
		vault_close(&secret);
	buf_fini(&body);
	return st;
}

void
remote_renewed(const struct scan_remote *how, struct pipe *p, struct span body)
{
	struct renewal r;

	if (how->renewed != NULL && renewal_unpack(body, &r) == ST_OK)
		how->renewed(how->arg, &r);
	pipe_wipe(p);
}

void
remote_forsake(struct scan *s, uint8_t reason, struct span why)
{
	size_t n = why.len < SCAN_WHY_MAX ? why.len : SCAN_WHY_MAX - 1;

	s->forsaken = s->root + 1;
	s->forsaken_reason = reason;
	if (n > 0)
		memcpy(s->forsaken_why, why.ptr, n);
	s->forsaken_why[n] = 0;
	buf_clear(&s->cursor);
}

static enum status
tell(struct scan *s, struct errand *e)
{
	const struct remote_files f = {
	    .known = s->clean != NULL ? clean_fd(s->clean) : -1,
	    .past = past_open(s),
	};
	enum status st = remote_tell(&s->remote, s->reader, f, e);

	if (f.past >= 0)
		close(f.past);
	return st;
}

static enum status
start(struct scan *s, struct buf *why)
{
	const struct scan_wanted w = {
	    .target = s->order.paths[s->root],
	    .credential = s->remote.credential,
	    .options = s->remote.options,
	    .slots = s->slots.fd,
	};
	struct errand e = {
	    .seq = s->next_seq,
	    .bytes_per_second = s->order.bytes_per_second,
	    .root = s->root,
	    .slots = (uint32_t)s->slots.count,
	    .path = w.target,
	    .cursor = buf_span(&s->cursor),
	};
	struct scan_reader r;
	enum status st = remote_spawn(&s->remote, &w, &r, why);

	if (st != ST_OK)
		return st;
	s->reader_pid = r.pid;
	s->reader_far = s->remote.starter != NULL;
	e.given = r.told;
	st = pipe_open(r.fd, TALK_CAP, &s->reader);
	if (st != ST_OK) {
		close(r.fd);
		return st;
	}
	st = child_listen(s, s->reader, PEER_READER);
	return st == ST_OK ? tell(s, &e) : st;
}

static uint8_t
reason_for(enum status st)
{
	return st == ST_DENIED ? COVER_DENIED : COVER_CRASHED;
}

void
remote_start(struct scan *s)
{
	struct buf why;
	enum status st;

	buf_init(&why, SCAN_WHY_MAX);
	st = start(s, &why);
	if (st != ST_OK && st != ST_CLOSED) {
		child_hang_up(s, &s->reader);
		remote_end_reader(s);
		if (why.len == 0 && buf_add_str(&why, words_for(st)) != ST_OK)
			buf_clear(&why);
		remote_forsake(s, reason_for(st), buf_span(&why));
	} /* an early death will be heard */
	buf_fini(&why);
}

/* ---- a worker died over a stream -------------------------------------------
 *
 * What it had read of it is gone. The reader begins again where the object
 * begins; what was read ahead of it behind the object is read again, too.
 */

static void
take_back(struct scan *s, struct batch *b)
{
	for (size_t i = 0; i < s->worker_count; i++)
		if (s->workers[i].batch == b) {
			s->workers[i].batch = NULL;
			s->workers[i].state = CHILD_DYING;
			seat_signal(s, i, SIGKILL);
		}
	batch_clear(b);
}

static enum status
remember_suspect(struct scan *s, struct batch *b, unsigned weight)
{
	struct span path = slot_path(b->head, 0);

	buf_clear(&s->suspect);
	s->suspect_seq = b->seq;
	s->suspect_tries = (uint8_t)(b->tries[0] + weight);
	return buf_add(&s->suspect, path.ptr, path.len);
}

void
remote_rewind(struct scan *s, struct batch *b, unsigned weight)
{
	const uint64_t seq = b->seq;
	enum status st = remember_suspect(s, b, weight);

	child_hang_up(s, &s->reader);
	remote_end_reader(s);
	buf_clear(&s->cursor);
	if (st == ST_OK)
		st = buf_add(&s->cursor, b->before.data, b->before.len);
	s->root = b->before_root;
	s->next_seq = seq;
	s->walked = false;
	for (size_t i = 0; i < s->slots.count; i++)
		if (s->batches[i].state != BATCH_NONE &&
		    s->batches[i].seq >= seq)
			take_back(s, &s->batches[i]);
	if (st == ST_OK && !s->stopping)
		st = child_reader(s);
	if (st != ST_OK)
		scan_fail(s, span_str("the reader cannot be started again"));
}

/* A stream that killed its worker before has that on its record. */
void
remote_recall(struct scan *s, struct batch *b)
{
	if (s->suspect_tries == 0 || b->seq != s->suspect_seq)
		return;
	if (span_eq(slot_path(b->head, 0), buf_span(&s->suspect)))
		b->tries[0] = s->suspect_tries;
	s->suspect_tries = 0;
}
