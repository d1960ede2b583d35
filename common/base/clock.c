#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
read_us(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t
system_wall(const struct clock *c)
{
	(void)c;
	return read_us(CLOCK_REALTIME);
}

/* BOOTTIME goes on while the machine sleeps, as deadlines should. */
static uint64_t
system_mono(const struct clock *c)
{
	(void)c;
	return (uint64_t)read_us(CLOCK_BOOTTIME);
}

const struct clock *
clock_system(void)
{
	static const struct clock system = {system_wall, system_mono};

	return &system;
}

static int64_t
fake_wall(const struct clock *c)
{
	return ((const struct clock_fake *)c)->wall_us;
}

static uint64_t
fake_mono(const struct clock *c)
{
	return ((const struct clock_fake *)c)->mono_us;
}

void
clock_fake_init(struct clock_fake *f, int64_t wall_us)
{
	*f = (struct clock_fake){.clock = {fake_wall, fake_mono},
				 .wall_us = wall_us,
				 .mono_us = 1000000};
}

void
clock_fake_pass(struct clock_fake *f, uint64_t us)
{
	f->wall_us += (int64_t)us;
	f->mono_us += us;
}

void
clock_text(int64_t wall_us, char dst[CLOCK_TEXT])
{
	/* What a year of four digits can say; more would not fit. */
	const int64_t first = INT64_C(-30610224000), last = 253402300799;
	int64_t s = wall_us / 1000000 - (wall_us % 1000000 < 0);
	struct tm tm;
	time_t t;

	t = (time_t)(s < first ? first : s > last ? last : s);
	gmtime_r(&t, &tm);
	strftime(dst, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
