#include "runtime/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/must.h"
#include "conf/conf.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "runtime/session_impl.h"
#include "wire/codec_ask.h"
#include "wire/codec_job.h"
#include "wire/codec_session.h"

#define ARENA_MAX    (2u * 1024 * 1024) /* of one decoded message */
#define HEARTBEAT_MS 60000
#define LEAVE_MS     3000

const char *
session_phase_name(enum session_phase p)
{
	static const char *const names[] = {"offline", "connecting",
					    "online",  "unverified",
					    "blocked", "removed"};

	return names[p];
}

/* The first reason of a line's end is the one that counts. */
static void
trouble(struct session *s, const char *text)
{
	if (!s->told)
		snprintf(s->trouble, sizeof(s->trouble), "%s", text);
	s->told = true;
}

void
session_progress(struct session *s, const struct task_progress *p)
{
	if (s->phase == SESSION_ONLINE &&
	    SEND(s, KIND_TASK_PROGRESS, task_progress_encode, p) != ST_OK)
		log_debug("progress is left out, the line is full");
}

void
session_answer(struct session *s, const struct agent_answer *a)
{
	if (s->phase == SESSION_ONLINE &&
	    SEND(s, KIND_ANSWER, answer_encode, a) != ST_OK)
		log_warn("an answer is left out, the line is full");
}

/* ---- in ---- */

/* Only from a master that has let this agent in. */
static enum status
take_ask(struct session *s, struct span body)
{
	struct agent_ask m;
	enum status st = ask_decode(body, &s->arena, &m);

	if (st == ST_OK && s->phase == SESSION_ONLINE && s->config.ask != NULL)
		s->config.ask(s->config.ask_arg, &m);
	return st;
}

static enum status
take_order(struct session *s, struct span body)
{
	struct task_order *m = arena_take(&s->arena, sizeof(*m));
	enum status st = ST_NOMEM;

	if (m != NULL)
		st = task_order_decode(body, &s->arena, m);
	if (st == ST_OK)
		st = jobs_order(s->config.jobs, m);
	if (st != ST_FULL && st != ST_IO && st != ST_LIMIT)
		return st;
	/* The master orders it again when we come back. */
	log_error("a task cannot be taken task=%" PRIu64 " reason=\"%s\"",
		  m->task, status_text(st));
	return st;
}

static enum status
take_control(struct session *s, struct span body)
{
	struct task_control m;
	enum status st = task_control_decode(body, &s->arena, &m);

	return st == ST_OK ? jobs_control(s->config.jobs, &m) : st;
}

static enum status
take_bye(struct session *s, struct span body)
{
	struct session_bye m;
	enum status st = bye_decode(body, &s->arena, &m);

	if (st != ST_OK)
		return st;
	s->hint_ms = m.retry_after * UINT64_C(1000);
	s->told = true;
	snprintf(s->trouble, sizeof(s->trouble), "the master says: %s%s%.*s",
		 bye_text(m.code), m.text.len > 0 ? ": " : "", (int)m.text.len,
		 m.text.len > 0 ? (const char *)m.text.ptr : "");
	if (m.code == BYE_BLOCKED || m.code == BYE_REMOVED) {
		s->phase =
		    m.code == BYE_BLOCKED ? SESSION_BLOCKED : SESSION_REMOVED;
		jobs_allow(s->config.jobs, false);
	}
	return ST_OK;
}

static enum status
take_frame(struct session *s, const struct frame *f)
{
	if (!s->welcome && f->kind != KIND_HELLO_REPLY && f->kind != KIND_BYE)
		return ST_MALFORMED;
	switch (f->kind) {
	case KIND_HELLO_REPLY:
		return session_take_welcome(s, f->body);
	case KIND_ACK:
		return session_take_ack(s, f->body);
	case KIND_NACK:
		return session_take_nack(s, f->body);
	case KIND_TASK_ORDER:
		return take_order(s, f->body);
	case KIND_TASK_CONTROL:
		return take_control(s, f->body);
	case KIND_ASK:
		return take_ask(s, f->body);
	case KIND_RENEW_REPLY:
		return session_take_renewed(s, f->body);
	case KIND_BYE:
		return take_bye(s, f->body);
	case KIND_HEARTBEAT:
		return session_take_beat(s, f->body);
	default:
		return ST_OK; /* of a newer master; link let it pass */
	}
}

/* ---- the line ---- */

/* Once a reason: a master that is away for a day must not fill the log. */
static void
tell_offline(struct session *s)
{
	bool again = strcmp(s->logged, s->trouble) == 0;

	snprintf(s->logged, sizeof(s->logged), "%s", s->trouble);
	log_write(again ? LOG_DEBUG : LOG_WARN,
		  "no connection to the master again_in_ms=%" PRIu64
		  " reason=\"%s\"",
		  s->next_try_ms, s->trouble);
}

static void
line_is_down(struct session *s)
{
	uint64_t hint = s->hint_ms;

	link_close(s->link);
	s->link = NULL;
	s->up = s->welcome = false;
	session_flow_clear(s);
	loop_timer_stop(s->beat);
	key_free(s->new_key);
	s->new_key = NULL;
	if (s->left != NULL) {
		loop_timer_stop(s->leave);
		s->left(s->left_arg);
		return;
	}
	/* Nobody waits for one that is blocked: it asks now and then. */
	if (s->phase == SESSION_BLOCKED || s->phase == SESSION_REMOVED)
		hint += s->config.reconnect_cap_ms / 2;
	else
		s->phase = SESSION_OFFLINE;
	s->hint_ms = 0;
	s->next_try_ms = backoff_next(&s->backoff, hint);
	tell_offline(s);
	must(loop_timer_set(s->retry, s->next_try_ms) == ST_OK);
}

void
session_drop(struct session *s, const char *why)
{
	if (s->link == NULL)
		return;
	trouble(s, why);
	line_is_down(s);
}

static void
on_up(void *arg, struct link *l, const struct tls_peer *peer)
{
	struct session *s = arg;
	enum status st;

	(void)l;
	if (peer->role != CERT_GATE) {
		session_drop(s, "who answers is not the master's gate");
		return;
	}
	s->up = true;
	st = session_say_hello(s);
	if (st != ST_OK)
		session_drop(s, status_text(st));
}

static void
on_frame(void *arg, struct link *l, const struct frame *f)
{
	struct session *s = arg;
	enum status st = take_frame(s, f);
	char text[128];

	arena_clear(&s->arena);
	s->last_contact = clock_wall_us(s->config.clock);
	if (st == ST_OK || s->link != l)
		return;
	snprintf(text, sizeof(text), "message %u: %s", f->kind,
		 status_text(st));
	trouble(s, text);
	if (st == ST_MALFORMED)
		link_bye(l, BYE_PROTOCOL, text, 0);
	else
		line_is_down(s);
}

static void
on_room(void *arg, struct link *l)
{
	(void)l;
	session_flow_pump(arg);
}

static void
on_down(void *arg, struct link *l, enum status why, const char *text)
{
	struct session *s = arg;

	(void)l;
	(void)why;
	trouble(s, text);
	line_is_down(s);
}

static const struct link_ops line_ops = {on_up, on_frame, on_room, on_down};

static enum status
connect_out(struct session *s)
{
	struct session_config *c = &s->config;
	struct tls_identity id = {.key_pem = buf_span(&c->state->key_pem),
				  .cert_der = buf_span(&c->state->cert_der),
				  .ca_der = buf_span(&c->state->ca_der)};
	struct conf_address a;
	struct link_target to;
	enum status st;

	if (c->connect != NULL)
		return c->connect(c->connect_arg, &line_ops, s, &s->link);
	tls_free(s->tls);
	s->tls = NULL;
	st = conf_address(c->master, &a);
	if (st == ST_OK)
		st = tls_agent(&id, &s->tls);
	if (st != ST_OK)
		return st;
	tls_set_pass(s->tls, s->has_pass ? &s->pass : NULL);
	to = (struct link_target){.host = a.host, .port = a.port};
	return link_connect(c->loop, s->tls, &to, &c->link,
			    &(struct link_owner){&line_ops, s}, &s->link);
}

static void
on_retry(void *arg)
{
	struct session *s = arg;
	enum status st;

	if (s->phase == SESSION_OFFLINE)
		s->phase = SESSION_CONNECTING;
	s->told = false;
	st = connect_out(s);
	if (st == ST_OK)
		return;
	s->link = NULL;
	trouble(s, status_text(st));
	line_is_down(s);
}

static void
on_leave(void *arg)
{
	line_is_down(arg);
}

void
session_leave(struct session *s, void (*done)(void *arg), void *arg)
{
	s->left = done;
	s->left_arg = arg;
	loop_timer_stop(s->retry);
	if (s->link == NULL || !s->up ||
	    loop_timer_set(s->leave, LEAVE_MS) != ST_OK)
		line_is_down(s);
	else
		link_bye(s->link, BYE_RESTART, "the agent stops", 0);
}

void
session_facts(const struct session *s, struct session_facts *out)
{
	*out = (struct session_facts){
	    .phase = s->phase,
	    .last_contact = s->last_contact,
	    .skew_us = s->skew_us,
	    .next_try_ms = s->next_try_ms,
	    .unacked_bytes = s->under_way,
	    .trouble = s->trouble,
	};
}

static enum status
open_timers(struct session *s)
{
	struct loop *l = s->config.loop;
	enum status st = loop_timer_open(l, on_retry, s, &s->retry);

	if (st == ST_OK)
		st = loop_timer_open(l, session_on_beat, s, &s->beat);
	if (st == ST_OK)
		st = loop_timer_open(l, session_on_renew, s, &s->renew);
	if (st == ST_OK)
		st = loop_timer_open(l, on_leave, s, &s->leave);
	if (st == ST_OK)
		st = loop_timer_set(s->retry, 0);
	return st;
}

enum status
session_open(const struct session_config *c, struct session **out)
{
	struct session *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->config = *c;
	s->beat_ms = HEARTBEAT_MS;
	s->backoff.base_ms = c->reconnect_base_ms;
	s->backoff.cap_ms = c->reconnect_cap_ms;
	buf_init(&s->frame, FRAME_MAX);
	buf_init(&s->offered, FRAME_MAX);
	arena_init(&s->arena, ARENA_MAX);
	st = open_timers(s);
	if (st != ST_OK) {
		session_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
session_close(struct session *s)
{
	if (s == NULL)
		return;
	link_close(s->link);
	tls_free(s->tls);
	loop_timer_close(s->retry);
	loop_timer_close(s->beat);
	loop_timer_close(s->renew);
	loop_timer_close(s->leave);
	key_free(s->new_key);
	secret_wipe(&s->pass, sizeof(s->pass));
	buf_fini(&s->frame);
	buf_fini(&s->offered);
	arena_fini(&s->arena);
	free(s);
}
