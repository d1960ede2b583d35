#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include "base/str.h"
#include "scan/director.h"
#include "scan/errand.h"
#include "scan/talk.h"
#include "source/kind.h"
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

/* The socket of the new program is *out; it has the memory of the slots. */
enum status
remote_spawn(const struct scan_remote *how, struct span target, int slots,
	     pid_t *pid, int *out)
{
	const struct kind *k = kind_find(source_scheme(target));
	char name[READER_MAX], path[PATH_MAX];
	char *const argv[] = {name, NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), pair[2];
	struct proc_fd fds[] = {{null, 0}, {null, 1}, {0, 0}, {slots, 0}};
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
	st = proc_spawn(&spec, pid, NULL);
	close(pair[1]);
	if (st == ST_OK)
		*out = pair[0];
	else
		close(pair[0]);
end:
	if (null >= 0)
		close(null);
	return st;
}

/* The credential goes as a descriptor of locked memory: no copy of it stays. */
enum status
remote_tell(const struct scan_remote *how, struct pipe *p, struct errand *e)
{
	struct vault secret = {.fd = -1};
	struct pipe_message m = {.kind = TALK_ERRAND};
	struct buf body;
	enum status st = ST_OK;

	buf_init(&body, ERRAND_CAP);
	e->options = how->options;
	if (how->access != NULL)
		st = how->access(how->arg, e->path, &secret);
	e->secret = (uint32_t)secret.len;
	if (st == ST_OK)
		st = errand_pack(e, &body);
	m.body = buf_span(&body);
	if (secret.len > 0) {
		m.fds[0] = secret.fd;
		m.fd_count = 1;
	}
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
remote_forsake(struct scan *s, const char *why)
{
	s->forsaken = s->root + 1;
	s->forsaken_why = why;
	buf_clear(&s->cursor);
}

static enum status
start(struct scan *s)
{
	struct errand e = {
	    .seq = s->next_seq,
	    .bytes_per_second = s->order.bytes_per_second,
	    .root = s->root,
	    .slots = (uint32_t)s->slots.count,
	    .path = s->order.paths[s->root],
	    .cursor = buf_span(&s->cursor),
	};
	int fd = -1;
	enum status st = remote_spawn(s->options.remote, e.path, s->slots.fd,
				      &s->reader_pid, &fd);

	if (st != ST_OK)
		return st;
	st = pipe_open(fd, TALK_CAP, &s->reader);
	if (st != ST_OK) {
		close(fd);
		return st;
	}
	st = child_listen(s, s->reader, PEER_READER);
	return st == ST_OK ? remote_tell(s->options.remote, s->reader, &e) : st;
}

void
remote_start(struct scan *s)
{
	enum status st = start(s);

	if (st == ST_OK || st == ST_CLOSED)
		return; /* an early death will be heard */
	child_hang_up(s, &s->reader);
	child_end(&s->reader_pid);
	remote_forsake(s, st == ST_NOTFOUND
			      ? "trawl-source, the program that reads targets "
				"on other hosts, is not installed"
			      : "the program that reads it cannot be started "
				"or told its credential");
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
	child_end(&s->reader_pid);
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
