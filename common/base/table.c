#include "base/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/codec.h"
#include "base/must.h"

/*
 * Open addressing with linear probing. A taken-out entry leaves a tombstone
 * (hash set, value NULL), so that a walk is not disturbed; growing sweeps
 * them away.
 */
struct entry {
	uint64_t hash;      /* 0: never used */
	void *value;        /* NULL: free or tombstone */
	const uint8_t *key; /* a copy of our own, unless keys are lent */
	uint32_t len;
	bool number; /* key is 8 bytes of a number */
};

struct table {
	struct entry *slots;
	size_t size;  /* a power of two, more than 4/3 of used */
	size_t used;  /* entries and tombstones */
	size_t count; /* entries */
	size_t cap;
	uint64_t seed[2];
	bool lent;
};

/* What is asked for, hashed once. */
struct probe {
	struct span key;
	bool number;
	uint64_t hash;
};

#define ROTL(x, b) ((x) << (b) | (x) >> (64 - (b)))

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = ROTL(v[1], 13) ^ v[0];
	v[0] = ROTL(v[0], 32);
	v[2] += v[3];
	v[3] = ROTL(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = ROTL(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = ROTL(v[1], 17) ^ v[2];
	v[2] = ROTL(v[2], 32);
}

/* SipHash-1-3. */
static uint64_t
sip(const uint64_t seed[2], struct span s)
{
	uint64_t v[4] = {
	    seed[0] ^ UINT64_C(0x736f6d6570736575),
	    seed[1] ^ UINT64_C(0x646f72616e646f6d),
	    seed[0] ^ UINT64_C(0x6c7967656e657261),
	    seed[1] ^ UINT64_C(0x7465646279746573),
	};
	uint64_t last = (uint64_t)s.len << 56;

	for (; s.len >= 8; s = span_skip(s, 8)) {
		uint64_t m = codec_get64(s.ptr);

		v[3] ^= m;
		sip_round(v);
		v[0] ^= m;
	}
	for (size_t i = 0; i < s.len; i++)
		last |= (uint64_t)s.ptr[i] << (8 * i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct probe
probe_of(const struct table *t, struct span key, bool number)
{
	uint64_t seed[2] = {t->seed[0], t->seed[1] ^ number};
	uint64_t hash = sip(seed, key);

	return (struct probe){key, number, hash == 0 ? 1 : hash};
}

static bool
same_key(const struct entry *e, const struct probe *p)
{
	return e->hash == p->hash && e->value != NULL &&
	       e->number == p->number &&
	       span_eq(span_of(e->key, e->len), p->key);
}

/* The entry of the key, or NULL. */
static struct entry *
look(const struct table *t, const struct probe *p)
{
	for (size_t i = p->hash & (t->size - 1);; i = (i + 1) & (t->size - 1)) {
		struct entry *e = &t->slots[i];

		if (e->hash == 0)
			return NULL;
		if (same_key(e, p))
			return e;
	}
}

static struct entry *
free_slot(struct entry *slots, size_t size, uint64_t hash)
{
	size_t i = hash & (size - 1);

	while (slots[i].hash != 0)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static enum status
rebuild(struct table *t, size_t size)
{
	struct entry *slots = calloc(size, sizeof(*slots));

	if (slots == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].value != NULL)
			*free_slot(slots, size, t->slots[i].hash) = t->slots[i];
	free(t->slots);
	t->slots = slots;
	t->size = size;
	t->used = t->count;
	return ST_OK;
}

enum status
table_open(size_t cap, struct table **out)
{
	struct table *t = calloc(1, sizeof(*t));

	must(cap < UINT32_MAX);
	if (t == NULL)
		return ST_NOMEM;
	t->cap = cap;
	if (getrandom(t->seed, sizeof(t->seed), 0) != sizeof(t->seed) ||
	    rebuild(t, 16) != ST_OK) {
		table_close(t);
		return ST_NOMEM;
	}
	*out = t;
	return ST_OK;
}

enum status
table_open_lent(size_t cap, struct table **out)
{
	enum status st = table_open(cap, out);

	if (st == ST_OK)
		(*out)->lent = true;
	return st;
}

static void
drop_key(const struct table *t, struct entry *e)
{
	union {
		const uint8_t *key;
		void *memory;
	} p = {.key = e->key};

	if (!t->lent)
		free(p.memory);
	e->key = NULL;
}

void
table_close(struct table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->size; i++)
		drop_key(t, &t->slots[i]);
	free(t->slots);
	free(t);
}

size_t
table_count(const struct table *t)
{
	return t->count;
}

static void *
find(const struct table *t, struct span key, bool number)
{
	struct probe p = probe_of(t, key, number);
	const struct entry *e = look(t, &p);

	return e == NULL ? NULL : e->value;
}

static const uint8_t *
copy_of(struct span key)
{
	uint8_t *copy = malloc(key.len + 1);

	if (copy != NULL && key.len > 0)
		memcpy(copy, key.ptr, key.len);
	return copy;
}

static enum status
insert(struct table *t, const struct probe *p, void *value)
{
	const uint8_t *key;
	struct entry *e;
	enum status st;

	must(!t->lent || !p->number); /* its bytes are nowhere */
	if (t->count >= t->cap || p->key.len > UINT32_MAX)
		return ST_LIMIT;
	if (t->used + 1 > t->size / 4 * 3) {
		st = rebuild(t, t->count > t->size / 3 ? t->size * 2 : t->size);
		if (st != ST_OK)
			return st;
	}
	key = t->lent ? p->key.ptr : copy_of(p->key);
	if (key == NULL && !t->lent)
		return ST_NOMEM;
	e = free_slot(t->slots, t->size, p->hash);
	e->hash = p->hash;
	e->value = value;
	e->key = key;
	e->len = (uint32_t)p->key.len;
	e->number = p->number;
	t->count++;
	t->used++;
	return ST_OK;
}

static enum status
put(struct table *t, struct span key, bool number, void *value)
{
	struct probe p = probe_of(t, key, number);
	struct entry *e = look(t, &p);

	must(value != NULL);
	if (e == NULL)
		return insert(t, &p, value);
	e->value = value;
	return ST_OK;
}

static void *
take(struct table *t, struct span key, bool number)
{
	struct probe p = probe_of(t, key, number);
	struct entry *e = look(t, &p);
	void *value;

	if (e == NULL)
		return NULL;
	value = e->value;
	drop_key(t, e);
	e->value = NULL;
	t->count--;
	return value;
}

void *
table_find(const struct table *t, struct span key)
{
	return find(t, key, false);
}

void *
table_find_u64(const struct table *t, uint64_t key)
{
	uint8_t bytes[8];

	codec_put64(bytes, key);
	return find(t, span_of(bytes, sizeof(bytes)), true);
}

enum status
table_put(struct table *t, struct span key, void *value)
{
	return put(t, key, false, value);
}

enum status
table_put_u64(struct table *t, uint64_t key, void *value)
{
	uint8_t bytes[8];

	codec_put64(bytes, key);
	return put(t, span_of(bytes, sizeof(bytes)), true, value);
}

enum status
table_add(struct table *t, struct span key, void *value, void **out)
{
	struct probe p = probe_of(t, key, false);
	struct entry *e = look(t, &p);
	enum status st;

	must(value != NULL);
	if (e != NULL) {
		*out = e->value;
		return ST_OK;
	}
	st = insert(t, &p, value);
	if (st == ST_OK)
		*out = value;
	return st;
}

void *
table_take(struct table *t, struct span key)
{
	return take(t, key, false);
}

void *
table_take_u64(struct table *t, uint64_t key)
{
	uint8_t bytes[8];

	codec_put64(bytes, key);
	return take(t, span_of(bytes, sizeof(bytes)), true);
}

void *
table_next(const struct table *t, size_t *at, struct span *key)
{
	while (*at < t->size) {
		const struct entry *e = &t->slots[(*at)++];

		if (e->value == NULL)
			continue;
		if (key != NULL)
			*key = span_of(e->key, e->len);
		return e->value;
	}
	return NULL;
}
