#include "master/api/sse.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "crypto/random.h"
#include "crypto/secret.h"

/* What a client is sent that is no event of the ring. */
static const char hello[] = ": hello\nretry: 2000\n\n";
static const char ping[] = ": \n\n";

struct event {
	char *text; /* whole, with id and the empty line */
	size_t len;
};

struct sse_client {
	struct sse *sse;
	struct sse_client *next_client;
	void *conn;
	uint64_t next;   /* number of the event it reads */
	size_t offset;   /* bytes of it that are out */
	char extra[160]; /* goes out before the next event */
	size_t extra_len, extra_at;
	bool asleep, ping, over;
	int64_t ends;
	uint8_t who[32];
};

struct sse {
	struct sse_ops ops;
	pthread_mutex_t lock; /* all below, and all of every client */
	struct event ring[SSE_RING];
	uint64_t next; /* number of the next event; the first is 1 */
	uint32_t life; /* so that ids of another life are known */
	struct sse_client *clients;
	size_t count, cap;
	bool stopped;
};

enum status
sse_open(const struct sse_ops *ops, size_t cap, struct sse **out)
{
	struct sse *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ST_NOMEM;
	if (pthread_mutex_init(&s->lock, NULL) != 0) {
		free(s);
		return ST_NOMEM;
	}
	s->ops = *ops;
	s->cap = cap;
	s->next = 1;
	random_bytes(&s->life, sizeof(s->life));
	*out = s;
	return ST_OK;
}

void
sse_close(struct sse *s)
{
	if (s == NULL)
		return;
	must(s->clients == NULL);
	for (size_t i = 0; i < SSE_RING; i++)
		free(s->ring[i].text);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static void
lock(struct sse *s)
{
	must(pthread_mutex_lock(&s->lock) == 0);
}

static void
unlock(struct sse *s)
{
	must(pthread_mutex_unlock(&s->lock) == 0);
}

static void
wake(struct sse_client *c)
{
	if (!c->asleep)
		return;
	c->asleep = false;
	c->sse->ops.wake(c->conn);
}

static void
wake_all(struct sse *s)
{
	for (struct sse_client *c = s->clients; c != NULL; c = c->next_client)
		wake(c);
}

void
sse_stop(struct sse *s)
{
	lock(s);
	s->stopped = true;
	wake_all(s);
	unlock(s);
}

static uint64_t
oldest(const struct sse *s)
{
	return s->next > SSE_RING ? s->next - SSE_RING : 1;
}

/* NULL when there is no memory for it. */
static char *
event_text(const struct sse *s, struct span type, struct span data, size_t *len)
{
	size_t room = type.len + data.len + SSE_ID_MAX + 32;
	char *text = malloc(room);
	int n;

	if (text == NULL)
		return NULL;
	n = snprintf(text, room,
		     "id: %08" PRIx32 "-%" PRIu64 "\nevent: %.*s\ndata: %.*s"
		     "\n\n",
		     s->life, s->next, (int)type.len, (const char *)type.ptr,
		     (int)data.len, (const char *)data.ptr);
	must(n > 0 && (size_t)n < room);
	*len = (size_t)n;
	return text;
}

static bool
one_line(struct span s)
{
	return str_find(s, '\n') == s.len && str_find(s, '\r') == s.len;
}

void
sse_publish(struct sse *s, struct span type, struct span data)
{
	struct event *slot;
	char *text;
	size_t len = 0;

	if (data.len > SSE_EVENT_MAX || type.len > 32 || !one_line(data) ||
	    !one_line(type)) {
		type = span_str("reset");
		data = span_str("{}");
	}
	lock(s);
	text = event_text(s, type, data, &len);
	slot = &s->ring[s->next % SSE_RING];
	free(slot->text);
	/* Without memory the slot is empty, which readers take as a loss. */
	*slot = (struct event){.text = text, .len = len};
	s->next++;
	wake_all(s);
	unlock(s);
}

void
sse_ping(struct sse *s)
{
	lock(s);
	for (struct sse_client *c = s->clients; c != NULL; c = c->next_client) {
		c->ping = true;
		wake(c);
	}
	unlock(s);
}

size_t
sse_count(struct sse *s)
{
	size_t n;

	lock(s);
	n = s->count;
	unlock(s);
	return n;
}

static void
say_extra(struct sse_client *c, const char *text)
{
	size_t n = strlen(text);

	must(n <= sizeof(c->extra));
	memcpy(c->extra, text, n);
	c->extra_len = n;
	c->extra_at = 0;
}

static void
say_reset(struct sse_client *c)
{
	struct sse *s = c->sse;
	char text[sizeof(c->extra)];

	c->next = s->next;
	c->offset = 0;
	snprintf(text, sizeof(text),
		 "%sid: %08" PRIx32 "-%" PRIu64 "\nevent: reset\ndata: {}\n\n",
		 c->extra_at == 0 && c->extra_len > 0 ? hello : "", s->life,
		 s->next - 1);
	say_extra(c, text);
}

/* Where a client that was here before goes on. */
static void
go_on(struct sse_client *c, const char *last_id)
{
	struct sse *s = c->sse;
	struct span id = span_str(last_id);
	char life[16];
	uint64_t seen;
	bool ours;

	snprintf(life, sizeof(life), "%08" PRIx32 "-", s->life);
	ours = str_starts(id, life) &&
	       str_to_u64(span_skip(id, strlen(life)), 0, s->next - 1, &seen) ==
		   ST_OK;
	if (ours && seen + 1 >= oldest(s))
		c->next = seen + 1;
	else
		say_reset(c);
}

enum status
sse_join(struct sse *s, const struct sse_join *join, struct sse_client **out)
{
	struct sse_client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return ST_NOMEM;
	c->sse = s;
	c->ends = join->ends;
	memcpy(c->who, join->who, sizeof(c->who));
	lock(s);
	if (s->stopped || s->count >= s->cap) {
		bool stopped = s->stopped;

		unlock(s);
		free(c);
		return stopped ? ST_CLOSED : ST_LIMIT;
	}
	c->next = s->next;
	say_extra(c, hello);
	if (join->last_id != NULL)
		go_on(c, join->last_id);
	c->next_client = s->clients;
	s->clients = c;
	s->count++;
	unlock(s);
	*out = c;
	return ST_OK;
}

void
sse_bind(struct sse_client *c, void *conn)
{
	lock(c->sse);
	c->conn = conn;
	unlock(c->sse);
}

void
sse_leave(struct sse_client *c)
{
	struct sse *s;
	struct sse_client **at;

	if (c == NULL)
		return;
	s = c->sse;
	lock(s);
	for (at = &s->clients; *at != c; at = &(*at)->next_client)
		must(*at != NULL);
	*at = c->next_client;
	s->count--;
	unlock(s);
	free(c);
}

static ssize_t
put(char *dst, size_t room, const char *src, size_t len, size_t *at)
{
	size_t n = len - *at < room ? len - *at : room;

	memcpy(dst, src + *at, n);
	*at += n;
	return (ssize_t)n;
}

static ssize_t
put_event(struct sse_client *c, char *dst, size_t room)
{
	struct event *e = &c->sse->ring[c->next % SSE_RING];
	ssize_t n = put(dst, room, e->text, e->len, &c->offset);

	if (c->offset == e->len) {
		c->next++;
		c->offset = 0;
	}
	return n;
}

/* What is there to send: the first that applies. */
static ssize_t
read_locked(struct sse_client *c, char *dst, size_t room)
{
	struct sse *s = c->sse;

	if (c->over || s->stopped)
		return -1;
	/* Half of an event that the ring has lost cannot be ended. */
	if (c->offset > 0 && c->next < oldest(s))
		return -1;
	if (c->extra_at < c->extra_len)
		return put(dst, room, c->extra, c->extra_len, &c->extra_at);
	if (c->next < s->next &&
	    (c->next < oldest(s) || s->ring[c->next % SSE_RING].text == NULL)) {
		c->extra_len = 0;
		say_reset(c);
		return put(dst, room, c->extra, c->extra_len, &c->extra_at);
	}
	if (c->next < s->next)
		return put_event(c, dst, room);
	if (!c->ping)
		return 0;
	c->ping = false;
	say_extra(c, ping);
	return put(dst, room, c->extra, c->extra_len, &c->extra_at);
}

ssize_t
sse_read(struct sse_client *c, char *dst, size_t room)
{
	struct sse *s = c->sse;
	ssize_t n;

	must(room > 0);
	lock(s);
	n = read_locked(c, dst, room);
	if (n == 0) {
		c->asleep = true;
		s->ops.sleep(c->conn);
	}
	unlock(s);
	return n;
}

void
sse_drop(struct sse *s, const uint8_t who[32])
{
	lock(s);
	for (struct sse_client *c = s->clients; c != NULL; c = c->next_client) {
		if (!secret_equal(c->who, who, sizeof(c->who)))
			continue;
		c->over = true;
		wake(c);
	}
	unlock(s);
}

void
sse_sweep(struct sse *s, int64_t now, sse_alive_fn *alive, void *arg)
{
	lock(s);
	for (struct sse_client *c = s->clients; c != NULL; c = c->next_client) {
		if (now < c->ends && (alive == NULL || alive(arg, c->who)))
			continue;
		c->over = true;
		wake(c);
	}
	unlock(s);
}
