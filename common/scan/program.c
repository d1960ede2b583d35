#include "scan/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "model/object.h"
#include "model/record.h"
#include "model/session.h"
#include "scan/answer.h"
#include "scan/cache.h"
#include "scan/scan.h"

#define IN_CAP      (4u * RECORD_MAX)
#define OUT_CAP     (16u * 1024 * 1024)
#define OUT_HIGH    (256 * 1024)  /* bytes that wait: results are held */
#define TARGETS_MAX (1024 * 1024) /* bytes of their names */
#define OUT_LOW     (64 * 1024)

struct program {
	const struct program_spec *spec;
	struct scan *scan;
	int from, to; /* descriptors */
	struct buf in, out;
	size_t in_used;  /* bytes of in that were obeyed */
	size_t out_sent; /* bytes of out that are gone */
	enum status failed;
	bool ended;
	/* targets on other hosts that are lost: a scan of them has failed */
	struct arena memory; /* of what follows */
	struct span targets[ORDER_PATHS_MAX];
	size_t target_count, lost;
	char lost_why[NOTE_DETAIL_MAX]; /* of the first, "" unless known */
};

static void
send_record(struct program *s, const struct record *r)
{
	enum status st = record_add(&s->out, r);

	if (st != ST_OK && s->failed == ST_OK)
		s->failed = st;
	if (s->scan != NULL && s->out.len - s->out_sent > OUT_HIGH)
		scan_hold(s->scan, true);
}

static void
on_finding(void *arg, const struct scan_found *f)
{
	struct record r = {.kind = RECORD_FINDING, .finding = *f->finding};

	send_record(arg, &r);
}

/* ---- targets that are lost -------------------------------------------------
 *
 * What was found in an earlier scan of a target must not pass for gone because
 * nobody can sign in to it today.
 */

static enum status
keep_targets(struct program *s, const struct scan_order *o)
{
	for (size_t i = 0; i < o->path_count; i++) {
		const struct span p = o->paths[i];
		char *copy;

		if (source_scheme(p).len == 0)
			continue;
		copy = arena_str(&s->memory, p);
		if (copy == NULL)
			return ST_NOMEM;
		s->targets[s->target_count++] = span_of(copy, p.len);
	}
	return ST_OK;
}

static bool
is_target(const struct program *s, struct span path)
{
	for (size_t i = 0; i < s->target_count; i++)
		if (span_eq(s->targets[i], path))
			return true;
	return false;
}

static void
note_loss(struct program *s, struct span path, const struct note *n)
{
	if (s->lost == 0 && n->place.len == 0 && n->detail.len > 0 &&
	    is_target(s, path) &&
	    str_copy(s->lost_why, sizeof(s->lost_why), n->detail) != ST_OK)
		s->lost_why[0] = 0;
}

static void
on_note(void *arg, struct span path, const struct note *n)
{
	note_loss(arg, path, n);
	send_record(arg, &(struct record){.kind = RECORD_NOTE, .note = *n});
}

static void
on_object(void *arg, const struct object *o)
{
	struct program *s = arg;

	if (o->coverage == COVERAGE_NONE && is_target(s, o->path))
		s->lost++;
	send_record(arg, &(struct record){.kind = RECORD_OBJECT, .object = *o});
}

static void
on_progress(void *arg, const struct scan_progress *p)
{
	send_record(arg,
		    &(struct record){.kind = RECORD_PROGRESS, .progress = *p});
}

/* The counts of a cursor are those of the progress before it. */
static void
on_cursor(void *arg, struct span cursor, const struct scan_progress *sum)
{
	on_progress(arg, sum);
	send_record(arg,
		    &(struct record){.kind = RECORD_CURSOR, .cursor = cursor});
}

/* ---- input and output ------------------------------------------------------
 */

/* ST_CLOSED: the link is gone, nobody wants results. */
static enum status
take_input(struct program *s)
{
	ssize_t n;

	buf_drop(&s->in, s->in_used);
	s->in_used = 0;
	if (buf_reserve(&s->in, 4096) != ST_OK)
		return ST_LIMIT;
	n = read(s->from, s->in.data + s->in.len, s->in.room - s->in.len);
	if (n == 0)
		return ST_CLOSED;
	if (n < 0)
		return errno == EINTR || errno == EAGAIN
			   ? ST_OK
			   : status_of_errno(errno);
	s->in.len += (size_t)n;
	return ST_OK;
}

static enum status
next_input(struct program *s, struct scan_order *order, struct record *r)
{
	struct span rest = span_skip(buf_span(&s->in), s->in_used);
	size_t used = 0;
	enum status st = record_next_order(rest, order, r, &used);

	s->in_used += used;
	return st;
}

static enum status
give_output(struct program *s)
{
	ssize_t n =
	    write(s->to, s->out.data + s->out_sent, s->out.len - s->out_sent);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN
			   ? ST_OK
			   : status_of_errno(errno);
	s->out_sent += (size_t)n;
	if (s->out_sent == s->out.len) {
		s->out.len = s->out_sent = 0;
	} else if (s->out_sent > OUT_HIGH) {
		buf_drop(&s->out, s->out_sent);
		s->out_sent = 0;
	}
	return ST_OK;
}

/* All that was read so far. */
static enum status
obey(struct program *s)
{
	struct record r;
	enum status st;

	while ((st = next_input(s, NULL, &r)) == ST_OK) {
		if (r.kind == RECORD_PAUSE || r.kind == RECORD_RESUME)
			scan_pause(s->scan, r.kind == RECORD_PAUSE);
		else if (r.kind == RECORD_STOP)
			scan_stop(s->scan);
		else if (r.kind != RECORD_ROOM)
			return ST_MALFORMED;
	}
	return st == ST_AGAIN || st == ST_EOF ? ST_OK : st;
}

/* ---- the scan --------------------------------------------------------------
 */

static void
send_end(struct program *s, enum scan_outcome outcome, const char *message)
{
	struct record r = {.kind = RECORD_END};

	r.end.outcome = (uint8_t)outcome;
	r.end.message = span_str(message);
	send_record(s, &r);
	s->ended = true;
}

static enum status
wait_once(struct program *s)
{
	bool waiting = s->out.len > 0;
	struct pollfd p[] = {
	    {.fd = s->from, .events = POLLIN},
	    {.fd = waiting ? s->to : -1, .events = POLLOUT},
	    {.fd = s->ended ? -1 : scan_fd(s->scan), .events = POLLIN},
	};
	enum status st = ST_OK;

	if (poll(p, 3, s->ended ? -1 : scan_wait_ms(s->scan)) < 0)
		return errno == EINTR ? ST_OK : ST_IO;
	if (p[1].revents != 0)
		st = give_output(s);
	if (st == ST_OK && p[0].revents != 0)
		st = take_input(s);
	if (st == ST_OK && !s->ended)
		st = obey(s);
	if (!s->ended && s->out.len - s->out_sent < OUT_LOW)
		scan_hold(s->scan, false);
	return st;
}

static void
finish(struct program *s)
{
	struct scan_progress sum;

	scan_sum(s->scan, &sum);
	on_progress(s, &sum);
	if (s->lost == 0 || scan_outcome(s->scan) != SCAN_DONE)
		send_end(s, scan_outcome(s->scan), scan_message(s->scan));
	else
		send_end(s,
			 scan_unreached(s->scan) == s->lost ? SCAN_UNREACHED
							    : SCAN_FAILED,
			 s->lost_why[0] != 0
			     ? s->lost_why
			     : "a target cannot be read, see its coverage");
}

static enum status
run(struct program *s)
{
	/* what came together with the order */
	enum status st = s->ended ? ST_OK : obey(s);

	while (st == ST_OK && s->failed == ST_OK) {
		st = wait_once(s);
		if (st == ST_OK && !s->ended && scan_step(s->scan) == ST_EOF)
			finish(s);
		if (s->ended && s->out.len == 0)
			return s->failed;
	}
	return st == ST_OK ? s->failed : st;
}

/* The first record is the order; nothing else makes sense before it. */
static enum status
read_order(struct program *s, struct scan_order *order, struct record *r)
{
	enum status st = ST_AGAIN;

	while (st == ST_AGAIN || st == ST_EOF) {
		st = take_input(s);
		if (st == ST_OK)
			st = next_input(s, order, r);
	}
	if (st == ST_OK && r->kind != RECORD_ORDER && r->kind != RECORD_ASK)
		return ST_MALFORMED;
	return st;
}

static const struct agent_answer *
no_answer(uint64_t id, enum answer_status status, struct span why)
{
	static struct agent_answer a; /* large; one question a process */

	a = (struct agent_answer){
	    .id = id, .status = (uint8_t)status, .why = why};
	return &a;
}

/* A question in place of an order; then the order that it would be is fine. */
static enum status
answer(struct program *s, struct span words)
{
	const struct program_spec *p = s->spec;
	struct scan_order o = {.path_count = 1};
	struct record r = {.kind = RECORD_ANSWER};
	struct agent_ask q;
	struct buf out, why;
	enum status st = agent_ask_unpack(words, &q);

	if (st != ST_OK)
		return st;
	o.paths[0] = q.path;
	o.options = q.options;
	buf_init(&out, RECORD_MAX);
	buf_init(&why, ANSWER_WHY_MAX);
	if (p->check != NULL && p->check(p->arg, &o, &why) != ST_OK)
		st = agent_answer_pack(
		    no_answer(q.id, ANSWER_UNSUPPORTED, buf_span(&why)), &out);
	else if (p->remote == NULL)
		st = agent_answer_pack(
		    no_answer(q.id, ANSWER_UNSUPPORTED, span_of(NULL, 0)),
		    &out);
	else
		st = answer_give(p->remote, &q, &out);
	r.words = buf_span(&out);
	if (st == ST_OK)
		send_record(s, &r);
	s->ended = true;
	buf_fini(&out);
	buf_fini(&why);
	return st;
}

static enum status
start(struct program *s, const struct scan_order *order)
{
	char cache[PATH_MAX];
	const struct scan_options options = {
	    .sources = s->spec->sources,
	    .remote = s->spec->remote,
	    .cache = cache,
	    .metadata = true,
	    .details = true,
	};
	const struct scan_sink sink = {
	    .arg = s,
	    .finding = on_finding,
	    .note = on_note,
	    .object = on_object,
	    .cursor = on_cursor,
	    .progress = on_progress,
	};
	struct buf why;
	enum status st = ST_OK;

	buf_init(&why, 4096);
	cache_file(cache, sizeof(cache));
	if (s->spec->check != NULL)
		st = s->spec->check(s->spec->arg, order, &why);
	if (st == ST_OK)
		st = keep_targets(s, order);
	if (st == ST_OK)
		st = scan_open(order, &options, &sink, &s->scan, &why);
	if (st == ST_OK)
		st = scan_confine(s->scan, &why);
	if (st != ST_OK && buf_add_byte(&why, 0) == ST_OK)
		send_end(s, SCAN_FAILED,
			 why.len > 1 ? (const char *)why.data
				     : status_text(st));
	buf_fini(&why);
	return s->ended ? ST_OK : st;
}

static void
program_fini(struct program *s)
{
	scan_close(s->scan);
	buf_fini(&s->in);
	buf_fini(&s->out);
	arena_fini(&s->memory);
}

int
program_run(const struct program_spec *spec, int from, int to)
{
	struct program s = {.spec = spec, .from = from, .to = to};
	struct scan_order order;
	struct record r;
	enum status st;
	int flags;

	arena_init(&s.memory, TARGETS_MAX);
	buf_init(&s.in, IN_CAP);
	buf_init(&s.out, OUT_CAP);
	st = read_order(&s, &order, &r);
	flags = fcntl(to, F_GETFL);
	if (flags >= 0)
		fcntl(to, F_SETFL, flags | O_NONBLOCK);
	if (st == ST_OK)
		st = r.kind == RECORD_ASK ? answer(&s, r.words)
					  : start(&s, &order);
	if (st == ST_OK)
		st = run(&s);
	program_fini(&s);
	if (st != ST_OK && st != ST_CLOSED)
		log_error("scan ended: %s", status_text(st));
	return st == ST_OK || st == ST_CLOSED ? 0 : 1;
}
