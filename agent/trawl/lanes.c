#include "agent/trawl/lanes.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"

/* ---- parts -----------------------------------------------------------------
 */

static bool
is_remote(struct span path)
{
	return source_scheme(path).len > 0;
}

/* Paths of this host are one part, where the first of them stands. */
size_t
lanes_parts(const struct scan_order *order)
{
	size_t remote = 0;

	for (size_t i = 0; i < order->path_count; i++)
		remote += is_remote(order->paths[i]);
	return remote + (remote < order->path_count);
}

/* Whether path i begins a part: one that is remote, or the first that is not.
 */
static bool
begins(const struct scan_order *order, size_t i)
{
	for (size_t k = 0; k < i && !is_remote(order->paths[i]); k++)
		if (!is_remote(order->paths[k]))
			return false;
	return true;
}

void
lanes_part(const struct scan_order *order, size_t part, struct scan_order *out)
{
	size_t i = 0;

	for (size_t seen = 0;; i++) {
		must(i < order->path_count);
		if (begins(order, i) && seen++ == part)
			break;
	}
	*out = *order;
	out->path_count = 0;
	out->paths[out->path_count++] = order->paths[i];
	for (size_t k = i + 1; k < order->path_count; k++)
		if (!is_remote(order->paths[i]) && !is_remote(order->paths[k]))
			out->paths[out->path_count++] = order->paths[k];
}

size_t
lanes_at_once(const struct scan_order *order)
{
	const size_t parts = lanes_parts(order);
	const size_t most = order->jobs > 0 && order->jobs < LANES_MAX
				? order->jobs
				: LANES_MAX;

	return parts < most ? parts : most;
}

/* Workers of a target wait with its reader: twice the cores are kept busy. */
uint8_t
lanes_workers(const struct scan_order *order, size_t cores)
{
	const size_t lanes = lanes_at_once(order);
	size_t n = cores;

	must(lanes > 0);
	if (order->jobs > 0)
		n = order->jobs / lanes;
	else if (lanes > 1)
		n = (2 * cores + lanes - 1) / lanes;
	if (n > SCAN_JOBS_MAX)
		n = SCAN_JOBS_MAX;
	return n > 0 ? (uint8_t)n : 1;
}

/* ---- what the scans say ----------------------------------------------------
 */

static void
add(struct scan_progress *to, const struct scan_progress *p)
{
	to->done_objects += p->done_objects;
	to->done_bytes += p->done_bytes;
	to->total_objects += p->total_objects;
	to->total_bytes += p->total_bytes;
	to->findings += p->findings;
	to->partial += p->partial;
	to->unread += p->unread;
	to->skipped_dirs += p->skipped_dirs;
	to->members += p->members;
	to->members_partial += p->members_partial;
	to->members_unread += p->members_unread;
	to->unread_bytes += p->unread_bytes;
	to->unchanged += p->unchanged;
}

/* A total is one when nothing is missing in it. */
static void
on_progress(void *arg, const struct scan_progress *p)
{
	struct lane *lane = arg;
	struct lanes *l = lane->all;
	struct scan_progress all = l->sum;
	bool exact = !l->inexact && l->part == l->parts;

	lane->now = *p;
	for (size_t i = 0; i < l->count; i++)
		if (l->lane[i].scan != NULL) {
			add(&all, &l->lane[i].now);
			exact = exact && l->lane[i].now.total_exact;
		}
	all.total_exact = exact;
	all.current = p->current;
	lane->now.current = span_of(NULL, 0);
	l->sink.progress(l->sink.arg, &all);
}

static void
on_finding(void *arg, const struct scan_found *f)
{
	const struct lane *lane = arg;

	lane->all->sink.finding(lane->all->sink.arg, f);
}

static void
on_note(void *arg, struct span path, const struct note *n)
{
	const struct lane *lane = arg;

	lane->all->sink.note(lane->all->sink.arg, path, n);
}

static void
on_object(void *arg, const struct object *o)
{
	const struct lane *lane = arg;

	lane->all->sink.object(lane->all->sink.arg, o);
}

/* There is no going on with several at a time. */
static void
on_cursor(void *arg, struct span cursor, const struct scan_progress *sum)
{
	(void)arg;
	(void)cursor;
	(void)sum;
}

static void
on_allowed(void *arg, unsigned line)
{
	const struct lane *lane = arg;

	lane->all->sink.allowed(lane->all->sink.arg, line);
}

/* ---- one after the other ---------------------------------------------------
 */

static enum status
begin(struct lanes *l, struct lane *lane, size_t which, struct buf *why)
{
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	const struct scan_sink sink = {
	    .arg = lane,
	    .finding = on_finding,
	    .note = on_note,
	    .object = on_object,
	    .cursor = on_cursor,
	    .allowed = on_allowed,
	    .progress = on_progress,
	};
	struct scan_order part;

	if (l->parts == 1) {
		part = *l->order;
	} else {
		lanes_part(l->order, which, &part);
		part.jobs =
		    lanes_workers(l->order, cores > 0 ? (size_t)cores : 1);
	}
	l->part++;
	l->begun |= UINT64_C(1) << which;
	lane->all = l;
	lane->part = which;
	lane->now = (struct scan_progress){0};
	return scan_open(&part, &l->options, &sink, &lane->scan, why);
}

/* What went worst is what became of all. */
static void
settle(struct lanes *l, enum scan_outcome how, const char *why)
{
	if (how > l->outcome)
		l->outcome = how;
	if (how == SCAN_FAILED && l->why[0] == 0)
		snprintf(l->why, sizeof(l->why), "%s", why);
}

static void
end(struct lanes *l, struct lane *lane)
{
	struct scan_progress sum;

	scan_sum(lane->scan, &sum);
	add(&l->sum, &sum);
	l->rested_ms += scan_rested_ms(lane->scan);
	l->inexact = l->inexact || !sum.total_exact;
	settle(l, scan_outcome(lane->scan), scan_message(lane->scan));
	scan_close(lane->scan);
	lane->scan = NULL;
}

/*
 * The first to begin may have to compile what the others then find compiled,
 * and where it cannot begin, no other could.
 */
static bool
may_begin(struct lanes *l)
{
	bool waits = false;

	for (size_t i = 0; i < l->count; i++) {
		if (l->lane[i].scan == NULL)
			continue;
		if (scan_ready(l->lane[i].scan))
			l->began = true;
		else
			waits = true;
	}
	return !l->stopping && !waits && l->began && l->part < l->parts;
}

/* What may be read beside what is read; as many as there are parts: nothing. */
static size_t
next(const struct lanes *l)
{
	size_t running[LANES_MAX], n = 0;

	for (size_t i = 0; i < l->count; i++)
		if (l->lane[i].scan != NULL)
			running[n++] = l->lane[i].part;
	return lanes_next(l->order, l->begun, running, n);
}

static void
fill(struct lanes *l)
{
	struct buf why;
	enum status st;

	for (size_t i = 0; i < l->count && may_begin(l); i++) {
		const size_t which = next(l);

		if (l->lane[i].scan != NULL)
			continue;
		if (which == l->parts)
			return;
		buf_init(&why, sizeof(l->why) - 1);
		st = begin(l, &l->lane[i], which, &why);
		if (st != ST_OK) {
			if (why.len == 0 || buf_add_byte(&why, 0) != ST_OK)
				settle(l, SCAN_FAILED, status_text(st));
			else
				settle(l, SCAN_FAILED, (const char *)why.data);
		}
		buf_fini(&why);
	}
}

enum status
lanes_open(struct lanes *l, const struct scan_order *order,
	   const struct scan_options *o, const struct scan_sink *sink,
	   struct buf *why)
{
	/* each would compile its patterns: seconds, where no file keeps them;
	 * and what a service replaces at each use two cannot use at a time */
	const bool alone = order->jobs == 1 || o->cache == NULL ||
			   o->cache[0] == 0 ||
			   (o->remote != NULL && o->remote->renews);

	*l = (struct lanes){
	    .order = order,
	    .options = *o,
	    .sink = *sink,
	    .count = alone ? 1 : lanes_at_once(order),
	    .parts = alone ? 1 : lanes_parts(order),
	};
	return begin(l, &l->lane[0], 0, why);
}

bool
lanes_step(struct lanes *l, int signals, bool *signalled)
{
	struct pollfd p[LANES_MAX + 1] = {{.fd = signals, .events = POLLIN}};
	nfds_t n = 1;
	int wait = SCAN_PROGRESS_MS;

	for (size_t i = 0; i < l->count; i++) {
		const struct scan *s = l->lane[i].scan;

		if (s == NULL)
			continue;
		p[n++] = (struct pollfd){.fd = scan_fd(s), .events = POLLIN};
		if (scan_wait_ms(s) < wait)
			wait = scan_wait_ms(s);
	}
	if (n == 1)
		return false;
	if (poll(p, n, wait) < 0 && errno != EINTR)
		lanes_stop(l);
	*signalled = p[0].revents != 0;
	for (size_t i = 0; i < l->count; i++)
		if (l->lane[i].scan != NULL &&
		    scan_step(l->lane[i].scan) != ST_OK) {
			l->began = l->began || scan_ready(l->lane[i].scan);
			end(l, &l->lane[i]);
		}
	fill(l);
	return true;
}

void
lanes_stop(struct lanes *l)
{
	l->stopping = true;
	if (l->part < l->parts)
		settle(l, SCAN_STOPPED, "");
	for (size_t i = 0; i < l->count; i++)
		if (l->lane[i].scan != NULL)
			scan_stop(l->lane[i].scan);
}

void
lanes_close(struct lanes *l)
{
	for (size_t i = 0; i < l->count; i++) {
		scan_close(l->lane[i].scan);
		l->lane[i].scan = NULL;
	}
}
