#include "sys/throttle.h"

#define SECOND_US UINT64_C(1000000)
#define BURST_MIN 65536

static void
fill(struct throttle *t)
{
	uint64_t now = clock_mono_us(t->clock), passed = now - t->last_us;
	uint64_t worth;

	t->last_us = now;
	if (t->rate == 0)
		return;
	/* After a minute it is full anyway; and the product stays in range. */
	if (passed > 60 * SECOND_US)
		passed = 60 * SECOND_US;
	if (t->rate > UINT64_MAX / (61 * SECOND_US)) {
		t->level = (int64_t)t->burst;
		return;
	}
	worth = passed * t->rate + t->rest;
	t->rest = worth % SECOND_US;
	t->level += (int64_t)(worth / SECOND_US);
	if (t->level > (int64_t)t->burst)
		t->level = (int64_t)t->burst;
}

static void
set_burst(struct throttle *t, uint64_t burst)
{
	if (burst == 0)
		burst = t->rate / 4 > BURST_MIN ? t->rate / 4 : BURST_MIN;
	t->burst = burst > INT64_MAX / 2 ? INT64_MAX / 2 : burst;
}

void
throttle_init(struct throttle *t, const struct clock *c, uint64_t rate,
	      uint64_t burst)
{
	*t = (struct throttle){
	    .clock = c, .rate = rate, .last_us = clock_mono_us(c)};
	set_burst(t, burst);
	t->level = (int64_t)t->burst;
}

void
throttle_rate(struct throttle *t, uint64_t rate)
{
	fill(t);
	t->rate = rate;
	set_burst(t, 0);
}

uint64_t
throttle_wait(struct throttle *t)
{
	uint64_t debt;

	fill(t);
	if (t->rate == 0 || t->level >= 0)
		return 0;
	debt = (uint64_t)-t->level;
	return debt / t->rate * 1000 +
	       (debt % t->rate * 1000 + t->rate - 1) / t->rate;
}

uint64_t
throttle_take(struct throttle *t, uint64_t n)
{
	if (t->rate == 0)
		return 0;
	fill(t);
	if (n > INT64_MAX / 4)
		n = INT64_MAX / 4;
	if (t->level > INT64_MIN / 2)
		t->level -= (int64_t)n;
	return throttle_wait(t);
}
