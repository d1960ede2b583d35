#include "proxy-agent/nfs/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"

#define PAGE      4096u
#define LATER_MS  100 /* before a server that is busy is asked again */
#define LATER_MAX 5000

enum piece_state { ASKED, LATER, READY };

struct piece {
	struct share_read read; /* first: done() gets back to the piece */
	struct flow *flow;      /* NULL: its file is over */
	struct who who;         /* in whose name it was asked for */
	uint64_t at;            /* of its first byte in the file */
	uint32_t want;
	uint32_t len, taken; /* bytes here, and given away */
	uint8_t *data;       /* want bytes, once there are any */
	enum piece_state state;
	enum fault fault;
	bool eof;
	uint64_t since, due; /* of a server that asks to wait; ms */
	uint32_t later_ms;
};

struct flow {
	struct flow_spec spec;
	struct who who; /* from now on */
	bool as_owner;
	bool over;                         /* the end of the file was seen */
	uint64_t next;                     /* to be asked for */
	struct piece *pieces[FLOW_WINDOW]; /* a ring, in order */
	size_t first, count;
};

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static void
drop(struct piece *p)
{
	if (p == NULL)
		return;
	p->flow = NULL;
	if (p->state == ASKED)
		return; /* its answer ends it */
	free(p->data);
	free(p);
}

/* False: the line is lost, which every piece hears of. */
static bool
ask(struct piece *p)
{
	const struct flow_spec *spec = &p->flow->spec;

	p->state = ASKED;
	p->who = p->flow->who;
	if (spec->share->dialect->read(&p->read, &spec->handle, p->who,
				       p->at + p->len, p->want - p->len))
		return true;
	p->state = READY;
	p->fault = FAULT_LOST;
	return false;
}

static bool
is_same(struct who a, struct who b)
{
	return a.uid == b.uid && a.gid == b.gid;
}

/* Refused: to us, whereas the owner may not have been asked yet. */
static bool
try_owner(struct piece *p, enum fault fault)
{
	struct flow *f = p->flow;

	if ((fault != FAULT_DENIED && fault != FAULT_PERM) ||
	    !f->spec.may_owner || is_same(p->who, f->spec.owner))
		return false;
	f->who = f->spec.owner;
	return ask(p);
}

static bool
wait_longer(struct piece *p)
{
	const uint64_t now = now_ms();

	if (p->since == 0)
		p->since = now;
	if (now - p->since > p->flow->spec.share->line.answer_ms)
		return false;
	p->later_ms = p->later_ms == 0 ? LATER_MS : p->later_ms * 2;
	if (p->later_ms > LATER_MAX)
		p->later_ms = LATER_MAX;
	p->due = now + p->later_ms;
	p->state = LATER;
	return true;
}

/* Behind what is there; an answer longer than its question is cut. */
static enum fault
keep(struct piece *p, struct span data)
{
	size_t n = data.len < p->want - p->len ? data.len : p->want - p->len;

	if (n == 0)
		return FAULT_NONE;
	if (p->data == NULL)
		p->data = malloc(p->want);
	if (p->data == NULL)
		return FAULT_LIMIT;
	memcpy(p->data + p->len, data.ptr, n);
	p->len += (uint32_t)n;
	return FAULT_NONE;
}

static bool add(struct flow *f, uint32_t want);
static uint32_t next_want(const struct flow *f);

/*
 * A server may answer out of order, and a line that breaks takes with it what
 * was not answered: the start of a file comes before the rest is asked for, or
 * nothing of it would be there to be given.
 */
static void
go_on(struct flow *f, const struct piece *p)
{
	if (p->at > 0 || p->eof || p->fault != FAULT_NONE)
		return;
	while (f->count < FLOW_FIRST && f->next < f->spec.size)
		if (!add(f, next_want(f)))
			return; /* that piece tells it */
}

static void
on_bytes(struct share_read *r, enum fault fault, struct span data, bool eof)
{
	struct piece *p = (struct piece *)r;

	p->state = READY;
	if (p->flow == NULL) {
		drop(p);
		return;
	}
	if (fault == FAULT_NONE) {
		fault = keep(p, data);
		if (!is_same(p->who, p->flow->spec.who))
			p->flow->as_owner = true;
		/* neither all nor the end: the rest is another question */
		if (fault == FAULT_NONE && !eof && data.len > 0 &&
		    p->len < p->want) {
			(void)ask(p);
			return;
		}
		p->eof = eof || data.len == 0;
	} else if (try_owner(p, fault) ||
		   (fault == FAULT_LATER && wait_longer(p))) {
		return;
	}
	p->fault = fault;
	go_on(p->flow, p);
}

static bool
add(struct flow *f, uint32_t want)
{
	struct piece *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return false;
	must(f->count < FLOW_WINDOW);
	p->read = (struct share_read){on_bytes, f->spec.share};
	p->flow = f;
	p->at = f->next;
	p->want = want;
	f->next += want;
	f->pieces[(f->first + f->count++) % FLOW_WINDOW] = p;
	return ask(p);
}

/* The most of a READ: what is on its way when the line is lost is lost with it,
 * so that a small file is asked for in parts. */
static uint32_t
most_of(const struct flow *f)
{
	const uint32_t most = f->spec.share->piece;
	const bool first = f->next < (uint64_t)FLOW_FIRST * FLOW_SMALL;

	return first && most > FLOW_SMALL ? FLOW_SMALL : most;
}

/* As much as there should still be, and a little: it may have grown. */
static uint32_t
next_want(const struct flow *f)
{
	const uint32_t most = most_of(f);
	uint64_t left = f->spec.size > f->next ? f->spec.size - f->next : 0;

	if (left >= most)
		return most;
	left = (left / PAGE + 1) * PAGE;
	return left > most ? most : (uint32_t)left;
}

struct flow *
flow_begin(const struct flow_spec *spec)
{
	struct flow *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->spec = *spec;
	f->who = spec->who;
	if (add(f, next_want(f)))
		return f;
	flow_end(f);
	return NULL;
}

void
flow_end(struct flow *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		drop(f->pieces[(f->first + i) % FLOW_WINDOW]);
	free(f);
}

bool
flow_as_owner(const struct flow *f)
{
	return f->as_owner;
}

/* Until the piece is there; in the meantime all others go on, too. */
static enum fault
wait_for(struct flow *f, struct piece *p)
{
	struct line *l = &f->spec.share->line;

	while (p->state != READY) {
		uint64_t now = now_ms();

		if (p->state == ASKED) {
			if (!line_turn(l, l->answer_ms))
				return FAULT_LOST;
		} else if (p->due <= now) {
			if (!ask(p))
				return FAULT_LOST;
		} else if (!line_turn(l, (uint32_t)(p->due - now))) {
			return FAULT_LOST;
		}
	}
	return p->fault;
}

enum fault
flow_first(struct flow *f)
{
	return wait_for(f, f->pieces[f->first]);
}

/* Its turn has come: as much under way as there may be. */
static bool
widen(struct flow *f)
{
	if (f->count > 0 && f->pieces[f->first]->state == READY &&
	    f->spec.share->line.lost)
		return true; /* what came before */
	while (!f->over && f->count < FLOW_WINDOW &&
	       (f->next < f->spec.size || f->count == 0))
		if (!add(f, next_want(f)))
			return false;
	return true;
}

enum fault
flow_read(struct flow *f, void *dst, size_t n, size_t *got)
{
	struct piece *p;
	enum fault fault;

	*got = 0;
	for (;;) {
		if (!widen(f))
			return FAULT_LOST;
		if (f->count == 0)
			return FAULT_NONE;
		p = f->pieces[f->first];
		fault = wait_for(f, p);
		if (fault != FAULT_NONE)
			return fault;
		if (p->taken < p->len)
			break;
		f->over = f->over || p->eof;
		drop(p);
		f->first = (f->first + 1) % FLOW_WINDOW;
		f->count--;
		if (f->over) /* what was asked for behind it is nothing */
			return FAULT_NONE;
	}
	*got = p->len - p->taken < n ? p->len - p->taken : n;
	memcpy(dst, p->data + p->taken, *got);
	p->taken += (uint32_t)*got;
	return FAULT_NONE;
}
