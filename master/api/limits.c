#include "master/api/limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/table.h"

#define KEY_MAX    96
#define KIND_NAMES LIMIT__COUNT /* accounts come behind the addresses */

static const struct rule {
	uint64_t burst, seconds;
} rules[] = {
#define LIMIT_ROW(code, burst, seconds) {burst, seconds},
    LIMIT_TABLE(LIMIT_ROW)
#undef LIMIT_ROW
};

struct entry {
	uint8_t key[KEY_MAX]; /* kind, then the name, cut */
	size_t key_len;
	uint64_t debt_us;  /* of the bucket: 0 is full */
	uint64_t seen_us;  /* monotonic */
	uint64_t until_us; /* an account waits until then */
	unsigned wrong;
	struct entry *newer, *older;
};

struct limits {
	const struct clock *clock;
	pthread_mutex_t lock; /* all below */
	struct table *entries;
	struct entry *newest, *oldest;
};

enum status
limits_open(const struct clock *clock, struct limits **out)
{
	struct limits *l = calloc(1, sizeof(*l));
	enum status st;

	if (l == NULL)
		return ST_NOMEM;
	st = table_open(LIMITS_MAX, &l->entries);
	if (st != ST_OK || pthread_mutex_init(&l->lock, NULL) != 0) {
		table_close(l->entries);
		free(l);
		return st == ST_OK ? ST_NOMEM : st;
	}
	l->clock = clock;
	*out = l;
	return ST_OK;
}

void
limits_close(struct limits *l)
{
	if (l == NULL)
		return;
	while (l->newest != NULL) {
		struct entry *e = l->newest;

		l->newest = e->older;
		free(e);
	}
	table_close(l->entries);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static void
unlink_entry(struct limits *l, struct entry *e)
{
	if (e->newer != NULL)
		e->newer->older = e->older;
	else
		l->newest = e->older;
	if (e->older != NULL)
		e->older->newer = e->newer;
	else
		l->oldest = e->newer;
}

static void
link_newest(struct limits *l, struct entry *e)
{
	e->newer = NULL;
	e->older = l->newest;
	if (l->newest != NULL)
		l->newest->newer = e;
	else
		l->oldest = e;
	l->newest = e;
}

static size_t
key_of(uint8_t dst[KEY_MAX], unsigned kind, struct span name)
{
	size_t n = name.len < KEY_MAX - 1 ? name.len : KEY_MAX - 1;

	dst[0] = (uint8_t)kind;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = name.ptr[i];

		/* Account names differ by more than the case of letters. */
		dst[1 + i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
	}
	return n + 1;
}

static struct entry *
make(struct limits *l, const uint8_t *key, size_t len)
{
	struct entry *e;

	if (table_count(l->entries) >= LIMITS_MAX) {
		e = l->oldest;
		unlink_entry(l, e);
		(void)table_take(l->entries, span_of(e->key, e->key_len));
	} else {
		e = malloc(sizeof(*e));
		if (e == NULL)
			return NULL;
	}
	memset(e, 0, sizeof(*e));
	memcpy(e->key, key, len);
	e->key_len = len;
	if (table_put(l->entries, span_of(key, len), e) != ST_OK) {
		free(e);
		return NULL;
	}
	e->seen_us = clock_mono_us(l->clock);
	link_newest(l, e);
	return e;
}

/* The entry, now the newest; NULL when it is not there and `add` is false. */
static struct entry *
find(struct limits *l, unsigned kind, struct span name, bool add)
{
	uint8_t key[KEY_MAX];
	size_t len = key_of(key, kind, name);
	struct entry *e = table_find(l->entries, span_of(key, len));

	if (e == NULL)
		return add ? make(l, key, len) : NULL;
	unlink_entry(l, e);
	link_newest(l, e);
	return e;
}

/*
 * The bucket is kept as a debt in microseconds: each take costs what refilling
 * one takes, time pays it back, and a debt of the whole span is the limit.
 */
static bool
pay(struct entry *e, const struct rule *r, uint64_t now, unsigned *seconds)
{
	uint64_t span_us = r->seconds * 1000000, cost = span_us / r->burst;
	uint64_t passed = now - e->seen_us;

	e->debt_us = e->debt_us > passed ? e->debt_us - passed : 0;
	e->seen_us = now;
	if (e->debt_us + cost <= span_us) {
		e->debt_us += cost;
		return true;
	}
	*seconds = (unsigned)((e->debt_us + cost - span_us + 999999) / 1000000);
	return false;
}

bool
limits_take(struct limits *l, enum limit kind, struct span key,
	    unsigned *seconds)
{
	struct entry *e;
	bool good = true;

	must(kind < LIMIT__COUNT);
	must(pthread_mutex_lock(&l->lock) == 0);
	e = find(l, kind, key, true);
	if (e != NULL)
		good = pay(e, &rules[kind], clock_mono_us(l->clock), seconds);
	must(pthread_mutex_unlock(&l->lock) == 0);
	return good;
}

unsigned
limits_account_wait(struct limits *l, struct span name)
{
	uint64_t now = clock_mono_us(l->clock);
	struct entry *e;
	unsigned wait = 0;

	must(pthread_mutex_lock(&l->lock) == 0);
	e = find(l, KIND_NAMES, name, false);
	if (e != NULL && e->until_us > now)
		wait = (unsigned)((e->until_us - now + 999999) / 1000000);
	must(pthread_mutex_unlock(&l->lock) == 0);
	return wait;
}

void
limits_account_failed(struct limits *l, struct span name)
{
	uint64_t now = clock_mono_us(l->clock), wait;
	struct entry *e;

	must(pthread_mutex_lock(&l->lock) == 0);
	e = find(l, KIND_NAMES, name, true);
	if (e != NULL && ++e->wrong > LIMITS_FREE) {
		unsigned over = e->wrong - LIMITS_FREE - 1;

		wait = over >= 10 ? LIMITS_WAIT_MAX : UINT64_C(1) << over;
		if (wait > LIMITS_WAIT_MAX)
			wait = LIMITS_WAIT_MAX;
		e->until_us = now + wait * 1000000;
	}
	must(pthread_mutex_unlock(&l->lock) == 0);
}

void
limits_account_good(struct limits *l, struct span name)
{
	struct entry *e;

	must(pthread_mutex_lock(&l->lock) == 0);
	e = find(l, KIND_NAMES, name, false);
	if (e != NULL) {
		e->wrong = 0;
		e->until_us = 0;
	}
	must(pthread_mutex_unlock(&l->lock) == 0);
}
