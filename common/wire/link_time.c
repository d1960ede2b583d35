#include "wire/link_impl.h"

#include "base/clock.h"
#include "model/session.h"
#include "sys/loop.h"

#define BYE_MS    250 /* for the last words */
#define SLOW_RATE 1   /* bytes a millisecond: slower is stalled */

uint64_t
link_now(void)
{
	return clock_mono_ms(clock_system());
}

static uint64_t
sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When to look next; UINT64_MAX: nothing runs out. */
static uint64_t
deadline(const struct link *l, const char **why)
{
	const struct link_config *c = &l->config;
	uint64_t at = UINT64_MAX, end;

	*why = "it took too long";
	if (l->state == LINK_DIALING || l->state == LINK_HANDSHAKE) {
		*why = "TLS was not up in time";
		return l->born + c->handshake_ms;
	}
	if (l->state == LINK_LEAVING)
		return l->leaving_since + BYE_MS;
	if (c->stall_ms > 0 && link_queued(l) > 0) {
		at = l->last_out + c->stall_ms;
		*why = "the other side takes nothing";
	}
	if (c->stall_ms > 0 && l->frame_since != 0 && !l->reading_stopped) {
		end = l->frame_since + c->stall_ms + l->frame_len / SLOW_RATE;
		if (end < at)
			*why = "half a frame came, and then nothing";
		at = sooner(at, end);
	}
	if (c->idle_ms > 0 && !l->reading_stopped) {
		if (l->last_in + c->idle_ms < at)
			*why = "the other side is silent";
		at = sooner(at, l->last_in + c->idle_ms);
	}
	return at;
}

void
link_watch(struct link *l)
{
	const struct link_config *c = &l->config;
	const char *why;
	uint64_t now = link_now(), at = deadline(l, &why);
	uint64_t look = UINT64_MAX;

	/* Deadlines that may begin at any moment are looked for in time. */
	if (l->state == LINK_UP && c->stall_ms > 0)
		look = now + c->stall_ms / 2 + 1;
	look = sooner(look, at);
	if (look == UINT64_MAX)
		return;
	(void)!loop_timer_set(l->timer, look > now ? look - now : 1);
}

void
link_on_time(void *arg)
{
	struct link *l = arg;
	const char *why;

	if (l->state == LINK_DOWN)
		return;
	if (link_now() < deadline(l, &why)) {
		link_watch(l);
		return;
	}
	if (l->state == LINK_UP)
		link_bye(l, BYE_TIMEOUT, why, 0);
	else
		link_go_down(
		    l, l->state == LINK_LEAVING ? ST_CLOSED : ST_TIMEOUT, why);
}
