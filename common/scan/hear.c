#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/must.h"
#include "model/record.h"
#include "scan/director.h"
#include "scan/talk.h"

#define DEATHS_MAX 1000 /* of a child, without any progress between */
#define FORSAKE_AT 3    /* of a remote target's: each one signs in again */

/* Where to begin again when its worker dies. */
static void
keep_position(struct scan *s, struct batch *b)
{
	buf_init(&b->before, SLOT_PATH);
	b->before_root = s->root;
	if (buf_add(&b->before, s->cursor.data, s->cursor.len) != ST_OK)
		scan_fail(s,
			  span_str("no memory for the position of the scan"));
}

static void
hear_batch(struct scan *s, struct pipe_message *m)
{
	struct talk_batch t;
	const struct slot_head *h;
	struct batch *b;

	must(m->body.len == sizeof(t));
	memcpy(&t, m->body.ptr, sizeof(t));
	h = slot_check(&s->slots, t.slot);
	must(h != NULL && h->fds == m->fd_count && m->tag == s->next_seq);
	b = &s->batches[t.slot];
	must(b->state == BATCH_NONE);
	*b = (struct batch){.state = BATCH_WAITING,
			    .seq = m->tag,
			    .head = h,
			    .results = {.shelf = &s->shelf},
			    .fd_count = m->fd_count};
	memcpy(b->fds, m->fds, m->fd_count * sizeof(int));
	if (batch_streams(b)) {
		keep_position(s, b);
		remote_recall(s, b);
	}
	s->sum.rested_ms += t.rested_ms;
	s->next_seq++;
	s->reader_deaths = 0;
	s->root = h->root;
	buf_clear(&s->cursor);
	if (buf_add(&s->cursor, (const uint8_t *)h + h->cursor,
		    h->cursor_len) != ST_OK)
		scan_fail(s,
			  span_str("no memory for the position of the scan"));
}

/*
 * A reader that died in the midst of a stream: what its worker makes of half an
 * object is not told, the object is read once more. False: too often.
 */
static bool
stream_again(struct scan *s)
{
	struct batch *b =
	    s->next_seq > 0 ? batch_find(s, s->next_seq - 1) : NULL;

	if (b == NULL || !batch_flows(b))
		return false;
	if (s->options.texts || b->tries[0] + TRY_LOST >= TRIES_MAX) {
		b->lost = true;
		return false;
	}
	remote_rewind(s, b, TRY_LOST);
	return true;
}

static void
reader_gone(struct scan *s)
{
	child_hang_up(s, &s->reader);
	remote_end_reader(s);
	if (s->walked || s->stopping || stream_again(s))
		return;
	if (!s->arrived)
		s->reader_deaths++;
	if (s->reader_deaths >= FORSAKE_AT &&
	    remote_is(&s->options, s->order.paths[s->root])) {
		remote_forsake(s, COVER_CRASHED,
			       span_str("the process that reads it ended "
					"three times at the same place"));
	}
	if (s->reader_deaths > DEATHS_MAX || child_reader(s) != ST_OK)
		scan_fail(s, span_str("the reader cannot be kept running"));
}

/* Through with the targets that were its own; the next may need another. */
static void
hear_walked(struct scan *s, uint64_t root)
{
	must(root >= s->root && root <= s->order.path_count);
	s->root = (uint32_t)root;
	s->reader_deaths = 0;
	buf_clear(&s->cursor);
	s->arrived = true;
	s->walked = root == s->order.path_count;
}

static void
hear_reader(struct scan *s)
{
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(s->reader, &m)) == ST_OK) {
		if (m.kind == TALK_BATCH)
			hear_batch(s, &m);
		else if (m.kind == TALK_WALKED)
			hear_walked(s, m.tag);
		else if (m.kind == TALK_PAST)
			past_hear(s, m.tag == 1, m.body);
		else if (m.kind == TALK_RENEWED)
			remote_renewed(&s->remote, s->reader, m.body);
	}
	if (st != ST_AGAIN || s->arrived)
		reader_gone(s);
}

static void
hear_census(struct scan *s)
{
	struct pipe_message m;
	struct talk_census c;
	enum status st;

	while ((st = pipe_poll(s->census, &m)) == ST_OK) {
		must(m.body.len == sizeof(c));
		memcpy(&c, m.body.ptr, sizeof(c));
		s->sum.total_objects = c.objects;
		s->sum.total_bytes = c.bytes;
		s->sum.total_exact = c.exact != 0;
	}
	if (st == ST_AGAIN)
		return;
	child_hang_up(s, &s->census);
	child_end(&s->census_pid);
}

static void
zygote_gone(struct scan *s)
{
	child_hang_up(s, &s->zygote);
	child_end(&s->zygote_pid);
	for (size_t i = 0; i < s->worker_count; i++)
		if (s->workers[i].state != CHILD_NONE)
			seat_bury(s, i, TRY_KILLED);
	if (s->outcome != 0 || s->stopping)
		return;
	if (++s->zygote_deaths > DEATHS_MAX || child_zygote(s) != ST_OK)
		scan_fail(s, span_str("workers cannot be kept running"));
}

static void hear_worker(struct scan *s, size_t id);

/* How a worker ended, after everything that it still said. */
static void
worker_gone(struct scan *s, size_t id, int status)
{
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if (s->workers[id].state == CHILD_NONE)
		return;
	if (s->workers[id].pipe != NULL)
		hear_worker(s, id);
	seat_bury(s, id, killed ? TRY_KILLED : TRY_CRASH);
}

static void
zygote_says(struct scan *s, const struct pipe_message *m)
{
	struct talk_number n = {0};

	if (m->body.len == sizeof(n))
		memcpy(&n, m->body.ptr, sizeof(n));
	switch (m->kind) {
	case TALK_READY:
		s->zygote_ready = true;
		break;
	case TALK_BORN:
		must(m->tag < s->worker_count);
		s->workers[m->tag].pid = n.n;
		s->zygote_deaths = 0;
		break;
	case TALK_GONE:
		must(m->tag < s->worker_count);
		worker_gone(s, (size_t)m->tag, n.n);
		break;
	case TALK_FAILED:
		scan_fail(s, m->body);
		break;
	default:
		must(false);
	}
}

static void
hear_zygote(struct scan *s)
{
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(s->zygote, &m)) == ST_OK)
		zygote_says(s, &m);
	if (st != ST_AGAIN)
		zygote_gone(s);
}

/* Nothing of it is trusted. */
static bool
hear_text(const struct scan *s, const struct batch *b, struct span body)
{
	struct talk_text head;
	struct record r;
	size_t used;

	if (!s->options.texts || body.len < sizeof(head))
		return false;
	memcpy(&head, body.ptr, sizeof(head));
	if (head.item < b->next || head.item >= b->until ||
	    record_next(span_skip(body, sizeof(head)), &r, &used) != ST_OK ||
	    r.kind != RECORD_TEXT)
		return false;
	s->sink.text(s->sink.arg, slot_path(b->head, head.item), &r.text);
	return true;
}

static void
hear_worker(struct scan *s, size_t id)
{
	struct worker_seat *w = &s->workers[id];
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(w->pipe, &m)) == ST_OK) {
		bool ours = w->batch != NULL && m.tag == w->batch->seq;

		if (ours && m.kind == TALK_RESULT &&
		    batch_result(w->batch, m.body) == ST_OK)
			continue;
		if (ours && m.kind == TALK_TEXT &&
		    hear_text(s, w->batch, m.body))
			continue;
		if (!ours || m.kind != TALK_DONE ||
		    w->batch->next != w->batch->until) {
			seat_distrust(s, id);
			return;
		}
		w->batch->state = BATCH_WAITING;
		w->batch = NULL;
		w->state = CHILD_IDLE;
	}
	if (st != ST_AGAIN) {
		child_hang_up(s, &w->pipe);
		w->state = CHILD_DYING;
	}
}

void
hear_peer(struct scan *s, unsigned peer)
{
	if (peer == PEER_READER && s->reader != NULL)
		hear_reader(s);
	else if (peer == PEER_CENSUS && s->census != NULL)
		hear_census(s);
	else if (peer == PEER_ZYGOTE && s->zygote != NULL)
		hear_zygote(s);
	else if (peer >= PEER_WORKER &&
		 s->workers[peer - PEER_WORKER].pipe != NULL)
		hear_worker(s, peer - PEER_WORKER);
}
