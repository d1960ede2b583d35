#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/*
 * clock: what time it is, behind one struct so that tests own time.
 *
 * Whoever needs time takes a `const struct clock *`; programs give
 * clock_system(), tests a struct clock_fake.
 */
struct clock {
	int64_t (*wall_us)(const struct clock *c);  /* since 1970, may jump */
	uint64_t (*mono_us)(const struct clock *c); /* never goes back */
};

const struct clock *clock_system(void);

static inline int64_t
clock_wall_us(const struct clock *c)
{
	return c->wall_us(c);
}

static inline int64_t
clock_wall_s(const struct clock *c)
{
	return c->wall_us(c) / 1000000;
}

static inline uint64_t
clock_mono_us(const struct clock *c)
{
	return c->mono_us(c);
}

static inline uint64_t
clock_mono_ms(const struct clock *c)
{
	return c->mono_us(c) / 1000;
}

/* Time that stands still until somebody moves it. */
struct clock_fake {
	struct clock clock; /* first: give &fake.clock */
	int64_t wall_us;
	uint64_t mono_us;
};

void clock_fake_init(struct clock_fake *f, int64_t wall_us);
void clock_fake_pass(struct clock_fake *f, uint64_t us); /* both go on */

/* "2026-11-21T21:30:05Z" and its NUL. */
#define CLOCK_TEXT 24
void clock_text(int64_t wall_us, char dst[CLOCK_TEXT]);

#endif
