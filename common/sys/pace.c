#include "sys/pace.h"

#define TEACH     3   /* probes that say what is usual */
#define STRAIN    4   /* late ones until it gets rest */
#define SCORE_MAX 8   /* so many quick ones and a few more end that */
#define COMPANY   512 /* bytes that take as long as another answer */
#define SECOND_US UINT64_C(1000000)

void
pace_init(struct pace *p, const struct clock *c)
{
	*p = (struct pace){.clock = c};
}

/* ---- what is usual ---------------------------------------------------------
 */

static uint64_t
or_quick(uint64_t us)
{
	return us > PACE_QUICK_US ? us : PACE_QUICK_US;
}

static void
learn(struct pace_usual *u, uint64_t us, uint64_t now)
{
	uint64_t passed = now - u->at_us, step, most;

	u->at_us = now;
	if (us <= u->us) {
		u->us -= (u->us - us) / 8;
		return;
	}
	if (passed > PACE_DOUBLE_US)
		passed = PACE_DOUBLE_US;
	most = or_quick(u->us) / SECOND_US * passed /
		   (PACE_DOUBLE_US / SECOND_US) +
	       or_quick(u->us) % SECOND_US * passed / PACE_DOUBLE_US;
	step = (us - u->us + 7) / 8;
	u->us += step < most ? step : most;
}

static bool
known(const struct pace_usual *u)
{
	return u->count >= TEACH;
}

/* By the nearest class below that is known, each step twice as much; 0: none.
 */
static uint64_t
expected(const struct pace *p, unsigned class)
{
	for (unsigned up = 0; up <= class; up++) {
		const struct pace_usual *u = &p->usual[class - up];

		if (!known(u))
			u = &p->most[class - up];
		if (known(u))
			return or_quick(u->us) << up;
	}
	return 0;
}

static void
teach(struct pace_usual *u, uint64_t us, uint64_t now)
{
	u->count++;
	u->at_us = now;
	u->us = us > u->us ? us : u->us;
}

/*
 * A class of which nothing is known yet has little to say: it is large, or the
 * line is very thin. What it takes while all else is late, or what it never
 * took, is not what is usual, though.
 */
static void
judge(struct pace *p, unsigned class, uint64_t us, uint64_t now)
{
	struct pace_usual *u = &p->usual[class];
	uint64_t usual = expected(p, class);
	bool late = usual > 0 && us > PACE_LATE * usual;
	bool certain = known(u) || known(&p->most[class]);

	if (known(u))
		learn(u, us, now);
	else
		teach(u, late && (certain || pace_strained(p)) ? usual : us,
		      now);
	if (late)
		p->score += certain && us >= SECOND_US ? 2 : 1;
	else if (p->score > 0)
		p->score--;
	if (p->score > SCORE_MAX)
		p->score = SCORE_MAX;
}

/* It was here when we looked at last: it took no longer than that. */
static void
at_most(struct pace *p, unsigned class, uint64_t us, uint64_t now)
{
	struct pace_usual *m = &p->most[class];

	if (pace_strained(p))
		return;
	if (!known(m))
		teach(m, us, now);
	else if (us < m->us)
		learn(m, us, now);
}

/* ---- questions and answers -------------------------------------------------
 */

static uint64_t
waited(const struct pace *p, uint64_t now)
{
	return p->waited_us + (p->waits > 0 ? now - p->since_us : 0);
}

static unsigned
class_of(uint64_t company)
{
	unsigned class = 0;

	for (; company > 1 && class < PACE_CLASSES - 1; class ++)
		company /= 2;
	return class;
}

static void
probe_end(struct pace *p)
{
	uint64_t now = clock_mono_us(p->clock), wall = now - p->probe.at_us;
	uint64_t us = waited(p, now) - p->probe.waited_us;
	unsigned class = class_of(p->answers - p->probe.answers +
				  (p->bytes - p->probe.bytes) / COMPANY);

	/* when we did something else: it was here by now, which may be quick */
	if (us >= wall / 2)
		judge(p, class, us, now);
	else if (wall <= or_quick(p->usual[class].us))
		judge(p, class, wall, now);
	else
		at_most(p, class, wall, now);
}

static void
sign(const struct pace *p)
{
	if (p->signs != NULL)
		atomic_fetch_add_explicit(p->signs, 1, memory_order_relaxed);
}

void
pace_asked(struct pace *p)
{
	uint64_t now;

	if (p == NULL)
		return;
	p->under_way++;
	if (p->probe.left > 0)
		return;
	now = clock_mono_us(p->clock);
	p->probe.left = p->under_way;
	p->probe.at_us = now;
	p->probe.waited_us = waited(p, now);
	p->probe.answers = p->answers;
	p->probe.bytes = p->bytes;
}

void
pace_answered(struct pace *p)
{
	if (p == NULL || p->under_way == 0)
		return;
	p->under_way--;
	p->answers++;
	sign(p);
	if (p->probe.left > 0 && --p->probe.left == 0)
		probe_end(p);
}

void
pace_lost(struct pace *p, uint32_t n)
{
	if (p == NULL || n == 0)
		return;
	p->under_way -= n < p->under_way ? n : p->under_way;
	p->probe.left = 0;
}

void
pace_wait(struct pace *p)
{
	if (p != NULL && p->waits++ == 0)
		p->since_us = clock_mono_us(p->clock);
}

void
pace_woke(struct pace *p)
{
	if (p != NULL && p->waits > 0 && --p->waits == 0)
		p->waited_us += clock_mono_us(p->clock) - p->since_us;
}

void
pace_came(struct pace *p, uint64_t bytes)
{
	if (p == NULL)
		return;
	p->bytes += bytes;
	if (bytes > 0)
		sign(p);
}

void
pace_begin(struct pace *p)
{
	pace_wait(p);
	pace_asked(p);
}

void
pace_end(struct pace *p, uint64_t bytes)
{
	pace_came(p, bytes);
	pace_answered(p);
	pace_woke(p);
}

/* ---- rest ------------------------------------------------------------------
 */

bool
pace_strained(const struct pace *p)
{
	return p != NULL && p->score >= STRAIN;
}

void
pace_rested(struct pace *p, uint64_t ms)
{
	if (p != NULL)
		p->rested_ms += ms;
}

uint64_t
pace_rest(struct pace *p)
{
	uint64_t now, busy, idle, ms = 0;

	if (p == NULL)
		return 0;
	now = clock_mono_us(p->clock);
	busy = p->waited_us - p->charged_us;
	idle =
	    now > p->charged_at_us + busy ? now - p->charged_at_us - busy : 0;
	if (pace_strained(p) && busy > idle)
		ms = (busy - idle) / 1000;
	if (ms > PACE_REST_MS)
		ms = PACE_REST_MS;
	p->charged_us = p->waited_us;
	p->charged_at_us = now + ms * 1000;
	pace_rested(p, ms);
	return ms;
}
