#include "runtime/session_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "runtime/facts.h"
#include "sys/file.h"
#include "sys/host.h"
#include "wire/codec_session.h"

#define HEARTBEAT_HIGH 3600 /* seconds that a master may ask for */
#define SKEW_TOLD      (60 * INT64_C(1000000))

/* ---- what it can read ---- */

static enum status
add_names(struct buf *to, const struct span *names, size_t count)
{
	enum status st = buf_add_byte(to, '\n');

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		st = buf_add(to, names[i].ptr, names[i].len);
		if (st == ST_OK)
			st = buf_add_byte(to, ' ');
	}
	return st;
}

/* Into m, and in words, so that a change is seen. */
static enum status
offer(const struct session *s, struct agent_hello *m, struct buf *words)
{
	enum status st;

	buf_clear(words);
	if (s->config.offer == NULL)
		return ST_OK;
	s->config.offer(s->config.offer_arg, m);
	st = add_names(words, m->kinds, m->kind_count);
	return st == ST_OK
		   ? add_names(words, m->credentials, m->credential_count)
		   : st;
}

static bool
offer_changed(const struct session *s)
{
	struct agent_hello *m = calloc(1, sizeof(*m));
	struct buf now;
	bool changed;

	buf_init(&now, FRAME_MAX);
	changed = m != NULL && offer(s, m, &now) == ST_OK &&
		  !span_eq(buf_span(&now), buf_span(&s->offered));
	buf_fini(&now);
	free(m);
	return changed;
}

enum status
session_say_hello(struct session *s)
{
	struct agent_hello *m = arena_take(&s->arena, sizeof(*m));
	struct host *h = arena_take(&s->arena, sizeof(*h));
	enum status st = ST_NOMEM;

	if (m != NULL && h != NULL)
		st = host_look(h);
	if (st == ST_OK) {
		m->protocol_min = PROTOCOL_MIN;
		m->protocol_max = PROTOCOL_MAX;
		m->build = span_str(s->config.build);
		m->program = span_str(s->config.program);
		m->clock = clock_wall_us(s->config.clock);
		memcpy(m->incarnation, s->config.incarnation, INCARNATION_LEN);
		facts_of_host(h, &m->host);
		m->task_count =
		    jobs_list(s->config.jobs, m->tasks, HELLO_TASKS_MAX);
		st = offer(s, m, &s->offered);
	}
	if (st == ST_OK)
		st = SEND(s, KIND_HELLO, hello_encode, m);
	arena_clear(&s->arena);
	return st;
}

/* ---- heartbeat ---- */

static void
set_beat(struct session *s)
{
	uint64_t tenth = s->beat_ms / 10;

	if (loop_timer_set(s->beat, s->beat_ms - tenth +
					random_below(2 * tenth + 1)) != ST_OK)
		session_drop(s, "no timer");
}

static void
say_beat(struct session *s)
{
	uint64_t total;
	struct heartbeat m = {
	    .clock = clock_wall_us(s->config.clock),
	    .load_permille = host_load_permille(),
	    .spool_bytes = spool_bytes(s->config.spool),
	    .running_tasks = (uint32_t)jobs_running(s->config.jobs),
	};

	if (file_space(s->config.spool_dir, &m.free_disk, &total) != ST_OK)
		m.free_disk = 0;
	if (SEND(s, KIND_HEARTBEAT, heartbeat_encode, &m) != ST_OK)
		log_debug("heartbeat is left out, the line is full");
	set_beat(s);
}

void
session_on_beat(void *arg)
{
	struct session *s = arg;

	if (!s->welcome)
		return;
	if (offer_changed(s)) /* HELLO alone says it; a scan goes on */
		session_drop(s, "what can be read here has changed");
	else
		say_beat(s);
}

static void
note_clock(struct session *s, int64_t theirs)
{
	int64_t skew = theirs - clock_wall_us(s->config.clock);

	if ((skew > SKEW_TOLD || skew < -SKEW_TOLD) &&
	    (s->skew_us <= SKEW_TOLD && s->skew_us >= -SKEW_TOLD))
		log_warn("this host's clock differs from the master's "
			 "seconds=%" PRId64,
			 skew / 1000000);
	s->skew_us = skew;
}

enum status
session_take_beat(struct session *s, struct span body)
{
	struct heartbeat m;
	enum status st = heartbeat_decode(body, &s->arena, &m);

	if (st == ST_OK)
		note_clock(s, m.clock);
	return st;
}

/* ---- the answer to HELLO ---- */

static enum status
keep_key(struct session *s, const struct hello_reply *m)
{
	struct span key = span_of(m->fingerprint_key, FINGERPRINT_KEY_LEN);
	struct buf old;
	enum status st;

	buf_init(&old, FINGERPRINT_KEY_LEN + 1);
	st = state_read(s->config.state, "fingerprint.key", &old);
	if (st != ST_OK || !span_eq(buf_span(&old), key))
		st = state_write(s->config.state, "fingerprint.key", key);
	buf_fini(&old);
	if (st == ST_OK)
		jobs_key(s->config.jobs, m->fingerprint_key);
	return st;
}

/* A line that came up with a pass brings none: then the old one stays. */
static void
keep_pass(struct session *s, struct hello_reply *m)
{
	if (!m->has_pass)
		return;
	s->has_pass = true;
	memcpy(s->pass.id, m->pass_id, sizeof(s->pass.id));
	memcpy(s->pass.key, m->pass_key, sizeof(s->pass.key));
	secret_wipe(m->pass_key, sizeof(m->pass_key));
}

enum status
session_take_welcome(struct session *s, struct span body)
{
	struct hello_reply m;
	enum status st = hello_reply_decode(body, &s->arena, &m);

	if (st != ST_OK)
		return st;
	note_clock(s, m.clock);
	if (m.heartbeat_seconds > 0 && m.heartbeat_seconds <= HEARTBEAT_HIGH)
		s->beat_ms = m.heartbeat_seconds * UINT64_C(1000);
	backoff_reset(&s->backoff);
	s->welcome = true;
	/* It answers each heartbeat: after three without one it is gone. */
	link_set_idle(s->link, (uint32_t)(s->beat_ms * 7 / 2));
	say_beat(s); /* a master that is new knows nothing of us */
	if (!m.verified) {
		s->phase = SESSION_UNVERIFIED;
		log_info("connected, waits to be verified by an admin");
		return ST_OK;
	}
	keep_pass(s, &m);
	st = keep_key(s, &m);
	if (st == ST_OK)
		st = session_flow_resume(s, &m);
	secret_wipe(m.fingerprint_key, sizeof(m.fingerprint_key));
	if (st != ST_OK)
		return st;
	if (s->phase != SESSION_ONLINE)
		log_info("connected to the master agent=%" PRIu64 " address=%s",
			 m.agent, link_peer_text(s->link));
	s->phase = SESSION_ONLINE;
	s->trouble[0] = s->logged[0] = '\0';
	jobs_allow(s->config.jobs, true);
	/* First told, then taken away: what ended while we were away, too. */
	jobs_tell(s->config.jobs);
	jobs_acked(s->config.jobs);
	session_on_renew(s);
	session_flow_pump(s);
	return ST_OK;
}
