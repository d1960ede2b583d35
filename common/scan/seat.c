#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "scan/director.h"
#include "scan/talk.h"

static void
start_worker(struct scan *s, size_t id)
{
	struct worker_seat *w = &s->workers[id];
	void *page = s->status + id * WORKER_STATUS_PAGE;
	struct worker_status *at = page;
	struct pipe_message m = {.kind = TALK_FORK, .tag = id, .fd_count = 1};
	int pair[2];

	if (pipe_pair(pair) != ST_OK)
		return;
	m.fds[0] = pair[1];
	atomic_store(&at->seq, UINT64_MAX); /* of no batch */
	*w = (struct worker_seat){.state = CHILD_STARTING};
	if (pipe_open(pair[0], TALK_CAP, &w->pipe) != ST_OK ||
	    child_listen(s, w->pipe, PEER_WORKER + (unsigned)id) != ST_OK ||
	    pipe_send(s->zygote, &m) != ST_OK) {
		child_hang_up(s, &w->pipe);
		w->state = CHILD_NONE;
	}
	close(pair[1]);
}

void
seat_signal(struct scan *s, size_t id, int number)
{
	struct talk_number n = {.n = number};

	if (s->zygote != NULL && pipe_say(s->zygote, TALK_SIGNAL, id,
					  span_of(&n, sizeof(n))) != ST_OK)
		return; /* it is gone, and its workers with it */
}

/* It could write anything there. */
static struct batch_last
last_words(const struct worker_status *at)
{
	size_t n = at->place_len;

	if (n > sizeof(at->place))
		n = 0;
	return (struct batch_last){
	    .place = span_of(at->place, n),
	    .parser = span_of(at->parser,
			      strnlen(at->parser, sizeof(at->parser) - 1)),
	};
}

/* False: its bytes have to be read once more. */
static bool
end_stream(struct batch *b, unsigned weight, const struct batch_last *last)
{
	if (b->next == b->until)
		return true; /* it died behind its end */
	if (b->tries[0] + weight < TRIES_MAX)
		return false;
	batch_give_up(b, 0, COVER_CRASHED, last);
	return true;
}

void
seat_bury(struct scan *s, size_t id, unsigned weight)
{
	struct worker_seat *w = &s->workers[id];
	const struct worker_status *at;
	const void *page = s->status + id * WORKER_STATUS_PAGE;
	struct batch *b = w->batch;
	struct batch_last last;
	bool again = false;
	uint32_t item;

	at = page;
	last = last_words(at);
	if (s->options.texts)
		weight = TRIES_MAX; /* what it said was given out already */
	child_hang_up(s, &w->pipe);
	if (b != NULL) {
		item = at->seq == b->seq ? at->item : b->head->count;
		if (w->overdue && item == b->next)
			batch_give_up(b, item, COVER_TIME, &last);
		else if (batch_streams(b))
			again = !end_stream(b, weight, &last);
		else
			batch_died(b, item, weight, &last);
		b->state = BATCH_WAITING;
	}
	*w = (struct worker_seat){.state = CHILD_NONE};
	if (again)
		remote_rewind(s, b, weight);
}

static void
send_work(struct scan *s, size_t id, struct batch *b)
{
	struct worker_seat *w = &s->workers[id];
	struct talk_work job = {
	    .slot = (uint32_t)(b - s->batches),
	    .from = b->next,
	    .to = b->until,
	};
	struct pipe_message m = {
	    .kind = TALK_WORK,
	    .tag = b->seq,
	    .body = span_of(&job, sizeof(job)),
	    .fd_count = b->fd_count,
	};

	memcpy(m.fds, b->fds, b->fd_count * sizeof(int));
	b->state = BATCH_RUNNING;
	w->batch = b;
	w->state = CHILD_BUSY;
	w->since_ms = 0;
	if (pipe_send(w->pipe, &m) != ST_OK)
		w->state = CHILD_DYING; /* the zygote will say how it died */
	if (!batch_streams(b))
		return;
	/* only the worker holds it, so that its end is heard by the reader */
	pipe_drop_fds(&m);
	b->fd_count = 0;
}

void
seat_dispatch(struct scan *s)
{
	for (size_t i = 0; i < s->worker_count && s->zygote_ready; i++) {
		struct worker_seat *w = &s->workers[i];
		struct batch *b = batch_waiting(s);

		while (b != NULL && !batch_range(b)) {
			b->state = BATCH_DONE;
			b = batch_waiting(s);
		}
		if (b == NULL)
			return;
		if (w->state == CHILD_NONE)
			start_worker(s, i);
		if (w->state == CHILD_STARTING || w->state == CHILD_IDLE)
			send_work(s, i, b);
	}
}

void
seat_distrust(struct scan *s, size_t id)
{
	child_hang_up(s, &s->workers[id].pipe);
	s->workers[id].state = CHILD_DYING;
	seat_signal(s, id, SIGABRT);
}
