#include "fake/fake_scanner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "model/record.h"

#define SAY_MAX  (4 * RECORD_MAX)
#define SAY_HIGH (64 * 1024)

static struct fake_run *
find(struct fake_scanner *s, uint64_t task)
{
	for (size_t i = 0; i < FAKE_RUNS; i++)
		if (s->run[i].task == task)
			return &s->run[i];
	return NULL;
}

static void
free_run(struct fake_run *r)
{
	loop_io_close(r->read);
	loop_io_close(r->write);
	loop_timer_close(r->start);
	if (r->in >= 0)
		close(r->in);
	if (r->out >= 0)
		close(r->out);
	buf_fini(&r->have);
	buf_fini(&r->say);
	*r = (struct fake_run){.of = r->of, .in = -1, .out = -1};
}

static void
end_run(struct fake_run *r, const char *how)
{
	struct fake_scanner *s = r->of;
	uint64_t task = r->task;

	free_run(r);
	if (s->ended != NULL)
		s->ended(s->told, task, how);
	else
		jobs_ended(s->jobs, task, how);
}

static uint64_t
findings_of(const struct fake_scanner *s, uint64_t i)
{
	return i == 1 && s->monster > 0 ? s->monster : i % 3;
}

uint64_t
fake_scanner_findings(const struct fake_scanner *s)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < s->objects; i++)
		n += findings_of(s, i);
	return n;
}

static void
say(struct fake_run *r, const struct record *rec)
{
	must(record_add(&r->say, rec) == ST_OK);
}

static void
say_finding(struct fake_run *r, uint64_t i, uint64_t k)
{
	struct record rec = {.kind = RECORD_FINDING};

	rec.finding.type = span_str("card_visa");
	rec.finding.offset = k * 20;
	rec.finding.length = 16;
	rec.finding.confidence = 90;
	rec.finding.level = 1;
	rec.finding.masked = span_str("411111******1111");
	memcpy(rec.finding.digest, &i, sizeof(i));
	memcpy(rec.finding.digest + 8, &k, sizeof(k));
	say(r, &rec);
}

static void
say_progress(struct fake_run *r)
{
	struct record rec = {.kind = RECORD_PROGRESS};

	rec.progress.done_objects = r->next - r->from;
	rec.progress.done_bytes = (r->next - r->from) * 100;
	for (uint64_t i = r->from; i < r->next; i++)
		rec.progress.findings += findings_of(r->of, i);
	rec.progress.total_objects = r->of->objects;
	rec.progress.total_exact = 1;
	say(r, &rec);
}

static void
say_object(struct fake_run *r, uint64_t i)
{
	struct record rec = {.kind = RECORD_OBJECT};
	char path[32];

	snprintf(path, sizeof(path), "/data/%06" PRIu64, i);
	rec.object.path = span_str(path);
	rec.object.size = rec.object.read = 100;
	rec.object.coverage = COVERAGE_FULL;
	say(r, &rec);
}

static void
say_cursor(struct fake_run *r)
{
	struct record rec = {.kind = RECORD_CURSOR};
	char cursor[32];

	say_progress(r);
	snprintf(cursor, sizeof(cursor), "%" PRIu64, r->next);
	rec.cursor = span_str(cursor);
	say(r, &rec);
}

static void
say_end(struct fake_run *r, uint8_t outcome)
{
	struct record rec = {.kind = RECORD_END};

	say_progress(r);
	rec.end.outcome = outcome;
	say(r, &rec);
	r->finished = true;
}

/* Findings of a monster come over several turns of the loop. */
static void
scan_one(struct fake_run *r)
{
	uint64_t n = findings_of(r->of, r->next);

	while (r->given < n && r->say.len < SAY_HIGH)
		say_finding(r, r->next, r->given++);
	if (r->given < n)
		return;
	if (n > 0)
		say_object(r, r->next);
	r->given = 0;
	r->next++;
	if (r->next % r->of->cursor_every == 0)
		say_cursor(r);
}

static bool
must_die(struct fake_run *r)
{
	struct fake_scanner *s = r->of;

	if (s->deaths == 0 || s->die_after == 0 ||
	    r->next - r->from < s->die_after)
		return false;
	s->deaths--;
	return true;
}

/* Fill the pipe; true when the run goes on. */
static bool
work(struct fake_run *r)
{
	struct fake_scanner *s = r->of;

	while (!r->finished && !r->paused && r->say.len < SAY_HIGH) {
		if (must_die(r)) {
			/* What is in the pipe may still be read. */
			(void)!write(r->out, r->say.data, r->say.len);
			end_run(r, "signal 9");
			return false;
		}
		if (s->babbles)
			must(buf_add(&r->say, "\x7f\1\0\0\0\0", 6) == ST_OK);
		else if (r->stopped && !s->ignores_stop && r->given == 0)
			say_end(r, SCAN_STOPPED);
		else if (r->next < s->objects)
			scan_one(r);
		else
			say_end(r, SCAN_DONE);
	}
	return true;
}

static void
on_write(void *arg, int fd, unsigned ready)
{
	struct fake_run *r = arg;
	ssize_t n;

	(void)ready;
	if (!work(r))
		return;
	if (r->say.len == 0) {
		must(loop_io_want(r->write, 0) == ST_OK);
		return;
	}
	n = write(fd, r->say.data, r->say.len);
	if (n > 0)
		buf_drop(&r->say, (size_t)n);
	if (n < 0 && errno != EAGAIN)
		end_run(r, "exit 1");
	else if (r->finished && r->say.len == 0)
		end_run(r, "exit 0");
}

static void
obey(struct fake_run *r, const struct record *rec)
{
	char text[32] = {0};

	if (rec->kind == RECORD_ORDER) {
		if (rec->order->cursor.len > 0)
			memcpy(text, rec->order->cursor.ptr,
			       rec->order->cursor.len);
		r->from = r->next = strtoull(text, NULL, 10);
		r->ordered = true;
	} else if (rec->kind == RECORD_STOP) {
		r->stopped = true;
		r->paused = false;
	} else {
		must(rec->kind == RECORD_PAUSE || rec->kind == RECORD_RESUME);
		r->paused = rec->kind == RECORD_PAUSE;
	}
}

static void
on_read(void *arg, int fd, unsigned ready)
{
	struct fake_run *r = arg;
	struct scan_order order;
	struct record rec;
	size_t used;
	ssize_t n;

	(void)ready;
	must(buf_reserve(&r->have, 4096) == ST_OK);
	n = read(fd, r->have.data + r->have.len, 4096);
	if (n <= 0) {
		end_run(r, "exit 0");
		return;
	}
	r->have.len += (size_t)n;
	while (record_next_order(buf_span(&r->have), &order, &rec, &used) ==
	       ST_OK) {
		obey(r, &rec);
		buf_drop(&r->have, used);
	}
	if (r->ordered)
		must(loop_io_want(r->write, LOOP_WRITE) == ST_OK);
}

static void
on_start(void *arg)
{
	struct fake_run *r = arg;
	struct fake_scanner *s = r->of;

	if (s->refuses) {
		end_run(r, "it cannot be started");
		return;
	}
	must(loop_io_open(s->loop, r->in, LOOP_READ, on_read, r, &r->read) ==
	     ST_OK);
	must(loop_io_open(s->loop, r->out, 0, on_write, r, &r->write) == ST_OK);
	if (s->started != NULL)
		s->started(s->told, r->task, r->jobs_in, r->jobs_out);
	else
		jobs_started(s->jobs, r->task, r->jobs_in, r->jobs_out);
}

void
fake_scanner_spawn(void *arg, uint64_t task)
{
	struct fake_scanner *s = arg;
	struct fake_run *r = find(s, 0);
	int in[2], out[2];

	must(r != NULL && find(s, task) == NULL);
	s->spawns++;
	r->task = task;
	buf_init(&r->have, SAY_MAX);
	buf_init(&r->say, SAY_MAX);
	must(loop_timer_open(s->loop, on_start, r, &r->start) == ST_OK);
	must(loop_timer_set(r->start, 0) == ST_OK);
	if (s->refuses)
		return;
	must(pipe2(in, O_CLOEXEC | O_NONBLOCK) == 0);
	must(pipe2(out, O_CLOEXEC | O_NONBLOCK) == 0);
	r->in = in[0];
	r->jobs_in = in[1];
	r->jobs_out = out[0];
	r->out = out[1];
}

static void
on_killed(void *arg)
{
	end_run(arg, "signal 9");
}

void
fake_scanner_kill(void *arg, uint64_t task)
{
	struct fake_scanner *s = arg;
	struct fake_run *r = find(s, task);

	s->kills++;
	if (r == NULL)
		return;
	loop_io_close(r->read);
	loop_io_close(r->write);
	r->read = r->write = NULL;
	loop_timer_close(r->start);
	must(loop_timer_open(s->loop, on_killed, r, &r->start) == ST_OK);
	must(loop_timer_set(r->start, 0) == ST_OK);
}

void
fake_scanner_open(struct fake_scanner *s, struct loop *l)
{
	*s = (struct fake_scanner){
	    .loop = l, .objects = 300, .cursor_every = 10};
	for (size_t i = 0; i < FAKE_RUNS; i++)
		s->run[i] = (struct fake_run){.of = s, .in = -1, .out = -1};
}

void
fake_scanner_close(struct fake_scanner *s)
{
	for (size_t i = 0; i < FAKE_RUNS; i++)
		free_run(&s->run[i]);
}
