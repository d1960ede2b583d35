#include "master/api/idem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "crypto/secret.h"

struct kept {
	uint8_t key[IDEM_KEY_LEN], body[IDEM_KEY_LEN];
	uint64_t until_us; /* monotonic; 0: the slot is free */
	unsigned status;   /* 0: it is being done */
	char location[64];
	uint8_t *answer;
	size_t answer_len;
};

struct idem {
	const struct clock *clock;
	pthread_mutex_t lock; /* all below */
	struct kept kept[IDEM_MAX];
};

enum status
idem_open(const struct clock *clock, struct idem **out)
{
	struct idem *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return ST_NOMEM;
	if (pthread_mutex_init(&i->lock, NULL) != 0) {
		free(i);
		return ST_NOMEM;
	}
	i->clock = clock;
	*out = i;
	return ST_OK;
}

static void
empty(struct kept *k)
{
	if (k->answer != NULL)
		secret_wipe(k->answer, k->answer_len);
	free(k->answer);
	memset(k, 0, sizeof(*k));
}

void
idem_close(struct idem *i)
{
	if (i == NULL)
		return;
	for (size_t n = 0; n < IDEM_MAX; n++)
		empty(&i->kept[n]);
	pthread_mutex_destroy(&i->lock);
	free(i);
}

static struct kept *
find(struct idem *i, const uint8_t key[IDEM_KEY_LEN])
{
	for (size_t n = 0; n < IDEM_MAX; n++)
		if (i->kept[n].until_us != 0 &&
		    memcmp(i->kept[n].key, key, IDEM_KEY_LEN) == 0)
			return &i->kept[n];
	return NULL;
}

/* A free slot, or the one that would be forgotten first and is not busy. */
static struct kept *
take_slot(struct idem *i, uint64_t now)
{
	struct kept *first = NULL;

	for (size_t n = 0; n < IDEM_MAX; n++) {
		struct kept *k = &i->kept[n];

		if (k->until_us != 0 && k->until_us <= now && k->status != 0)
			empty(k);
		if (k->until_us == 0)
			return k;
		if (k->status != 0 &&
		    (first == NULL || k->until_us < first->until_us))
			first = k;
	}
	if (first != NULL)
		empty(first);
	return first;
}

static enum status
answer_of(const struct kept *k, const uint8_t body[IDEM_KEY_LEN],
	  struct idem_answer *out)
{
	if (memcmp(k->body, body, IDEM_KEY_LEN) != 0)
		return ST_EXISTS;
	if (k->status == 0)
		return ST_AGAIN;
	out->status = k->status;
	memcpy(out->location, k->location, sizeof(out->location));
	return buf_add(&out->body, k->answer, k->answer_len);
}

enum status
idem_begin(struct idem *i, const uint8_t key[IDEM_KEY_LEN],
	   const uint8_t body[IDEM_KEY_LEN], struct idem_answer *out)
{
	uint64_t now = clock_mono_us(i->clock);
	enum status st = ST_NOTFOUND;
	struct kept *k;

	must(pthread_mutex_lock(&i->lock) == 0);
	k = find(i, key);
	if (k != NULL && k->status != 0 && k->until_us <= now) {
		empty(k);
		k = NULL;
	}
	if (k != NULL) {
		st = answer_of(k, body, out);
	} else {
		k = take_slot(i, now);
		if (k != NULL) {
			memcpy(k->key, key, IDEM_KEY_LEN);
			memcpy(k->body, body, IDEM_KEY_LEN);
			k->until_us = now + UINT64_C(1000000) * IDEM_SECONDS;
		} else {
			st = ST_AGAIN; /* every slot is busy */
		}
	}
	must(pthread_mutex_unlock(&i->lock) == 0);
	return st;
}

void
idem_put(struct idem *i, const uint8_t key[IDEM_KEY_LEN],
	 const struct idem_answer *answer)
{
	struct kept *k;

	must(pthread_mutex_lock(&i->lock) == 0);
	k = find(i, key);
	if (k != NULL && answer->body.len <= IDEM_BODY_MAX)
		k->answer = malloc(answer->body.len + 1);
	if (k != NULL && k->answer != NULL) {
		if (answer->body.len > 0)
			memcpy(k->answer, answer->body.data, answer->body.len);
		k->answer_len = answer->body.len;
		k->status = answer->status;
		memcpy(k->location, answer->location, sizeof(k->location));
	}
	must(pthread_mutex_unlock(&i->lock) == 0);
}

void
idem_forget(struct idem *i, const uint8_t key[IDEM_KEY_LEN])
{
	struct kept *k;

	must(pthread_mutex_lock(&i->lock) == 0);
	k = find(i, key);
	if (k != NULL)
		empty(k);
	must(pthread_mutex_unlock(&i->lock) == 0);
}
