#include "runtime/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/must.h"
#include "conf/conf.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "runtime/backoff.h"
#include "sys/file.h"
#include "sys/host.h"
#include "wire/codec_finding.h"
#include "wire/codec_job.h"
#include "wire/codec_session.h"

#define ARENA_MAX       (2u * 1024 * 1024) /* of one decoded message */
#define FLIGHT_MAX      1024               /* batches under way */
#define HEARTBEAT_MS    60000
#define HEARTBEAT_HIGH  3600 /* seconds that a master may ask for */
#define SKEW_TOLD       (60 * INT64_C(1000000))
#define RENEW_CHECK_MS  (10 * 60 * 1000)
#define RENEW_ANSWER_MS (5 * 60 * 1000)
#define LEAVE_MS        3000
#define TROUBLE_ROOM    320

struct session {
	struct session_config config;
	enum session_phase phase;
	struct tls *tls;
	struct link *link;
	bool up, welcome; /* TLS is up; HELLO was answered */
	struct backoff backoff;
	struct loop_timer *retry, *beat, *renew, *leave;
	uint64_t hint_ms; /* the master asked to stay away for so long */
	uint64_t beat_ms;

	/* What is under way: batches sent and not acknowledged, oldest first */
	uint64_t send_next; /* number to be sent next */
	uint64_t credit;
	uint64_t under_way; /* bytes */
	uint32_t flight[FLIGHT_MAX];
	size_t flight_at, flight_count;

	struct key *new_key; /* of the certificate that was asked for */
	struct buf frame;    /* being encoded */
	struct arena arena;
	int64_t last_contact, skew_us;
	uint64_t next_try_ms;
	char trouble[TROUBLE_ROOM], logged[TROUBLE_ROOM];
	bool told; /* trouble is of this line, not of the one before */
	void (*left)(void *arg);
	void *left_arg;
};

static void on_retry(void *arg);
static void drop_line(struct session *s, const char *why);

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

/* ---- out ---- */

/* Encode into s->frame and send; trouble here ends the line. */
#define SEND(s, kind, encode, message)                                         \
	(buf_clear(&(s)->frame),                                               \
	 encode((message), &(s)->frame) == ST_OK                               \
	     ? link_send((s)->link, (kind), buf_span(&(s)->frame))             \
	     : ST_LIMIT)

static void
flight_clear(struct session *s)
{
	s->flight_at = s->flight_count = 0;
	s->under_way = 0;
}

/* A number whose results are lost must still be told: gaps are not taken. */
static enum status
fill_hole(struct session *s, const struct spool_entry *e, struct buf *image)
{
	struct gather_task name = jobs_name(s->config.jobs, e->task);

	log_warn("results are lost, an empty batch takes their number "
		 "seq=%" PRIu64 " task=%" PRIu64,
		 e->seq, e->task);
	return gather_filler(&name, &e->totals, image);
}

static enum status
send_entry(struct session *s, const struct spool_entry *e)
{
	struct parcel p = {.seq = e->seq, .image = e->payload};
	struct buf image;
	enum status st = ST_OK;

	buf_init(&image, BATCH_IMAGE_MAX);
	if (e->hole) {
		st = fill_hole(s, e, &image);
		p.image = buf_span(&image);
	}
	if (st == ST_OK)
		st = SEND(s, KIND_BATCH, parcel_encode, &p);
	buf_fini(&image);
	if (st != ST_OK)
		return st;
	s->flight[(s->flight_at + s->flight_count++) % FLIGHT_MAX] =
	    (uint32_t)s->frame.len;
	s->under_way += s->frame.len;
	s->send_next++;
	return ST_OK;
}

static void
pump(struct session *s)
{
	enum status st = ST_OK;

	if (s->phase != SESSION_ONLINE)
		return;
	while (st == ST_OK && s->flight_count < FLIGHT_MAX) {
		struct spool_entry e;

		st = spool_read(s->config.spool, s->send_next, &e);
		if (st != ST_OK)
			break;
		/* One may always be under way, or a large one never would. */
		if (s->under_way > 0 &&
		    s->under_way + e.payload.len > s->credit)
			return;
		st = send_entry(s, &e);
	}
	if (st == ST_OK || st == ST_EOF || st == ST_FULL)
		return;
	if (st == ST_MALFORMED) {
		/* Only opening it again finds out what is lost. */
		log_error("the spool is damaged, starting again");
		loop_stop(s->config.loop);
		return;
	}
	log_error("a batch cannot be sent seq=%" PRIu64 " reason=%s",
		  s->send_next, status_name(st));
	drop_line(s, status_text(st));
}

void
session_filled(struct session *s)
{
	if (s->welcome)
		pump(s);
}

void
session_progress(struct session *s, const struct task_progress *p)
{
	if (s->phase == SESSION_ONLINE &&
	    SEND(s, KIND_TASK_PROGRESS, task_progress_encode, p) != ST_OK)
		log_debug("progress is left out, the line is full");
}

static void
facts_of_host(const struct host *h, struct host_facts *f)
{
	f->name = span_str(h->name);
	f->os = span_str(h->os);
	f->kernel = span_str(h->kernel);
	f->arch = span_str(h->arch);
	f->cpus = h->cpus;
	f->memory = h->memory;
	for (size_t i = 0; i < h->address_count; i++)
		f->addresses[i] = span_str(h->addresses[i]);
	f->address_count = h->address_count;
}

static enum status
say_hello(struct session *s)
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
		st = SEND(s, KIND_HELLO, hello_encode, m);
	}
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
		drop_line(s, "no timer");
}

static void
on_beat(void *arg)
{
	struct session *s = arg;
	uint64_t total;
	struct heartbeat m = {
	    .clock = clock_wall_us(s->config.clock),
	    .load_permille = host_load_permille(),
	    .spool_bytes = spool_bytes(s->config.spool),
	    .running_tasks = (uint32_t)jobs_running(s->config.jobs),
	};

	if (!s->welcome)
		return;
	if (file_space(s->config.spool_dir, &m.free_disk, &total) != ST_OK)
		m.free_disk = 0;
	if (SEND(s, KIND_HEARTBEAT, heartbeat_encode, &m) != ST_OK)
		log_debug("heartbeat is left out, the line is full");
	set_beat(s);
}

/* ---- a new certificate ---- */

static bool
renewal_is_due(const struct session *s)
{
	const struct cert_facts *c = &s->config.state->cert;
	int64_t life = c->not_after - c->not_before;

	return clock_wall_s(s->config.clock) >= c->not_before + life / 3 * 2;
}

static enum status
ask_renewal(struct session *s)
{
	struct renew_request m = {0};
	struct buf csr;
	enum status st;

	buf_init(&csr, CERT_MAX);
	key_free(s->new_key);
	s->new_key = NULL;
	st = key_make(&s->new_key);
	if (st == ST_OK)
		st = csr_make(s->new_key, s->config.program, &csr);
	if (st == ST_OK) {
		m.csr = buf_span(&csr);
		st = SEND(s, KIND_RENEW, renew_encode, &m);
	}
	buf_fini(&csr);
	return st;
}

static void
on_renew(void *arg)
{
	struct session *s = arg;
	uint64_t next = RENEW_CHECK_MS;

	if (s->phase == SESSION_ONLINE && renewal_is_due(s)) {
		if (ask_renewal(s) != ST_OK)
			log_warn("a new certificate cannot be asked for now");
		next = RENEW_ANSWER_MS;
	}
	if (loop_timer_set(s->renew, next) != ST_OK)
		log_warn("the certificate is looked at no more: no timer");
}

static enum status
keep_renewed(struct session *s, struct span cert)
{
	struct state *state = s->config.state;
	struct buf pem;
	enum status st;

	buf_init(&pem, CERT_MAX);
	st = cert_check(cert, buf_span(&state->ca_der),
			clock_wall_s(s->config.clock));
	if (st == ST_OK)
		st = cert_matches(cert, s->new_key);
	if (st == ST_OK)
		st = key_pem(s->new_key, &pem);
	if (st == ST_OK)
		st = state_identity(state, buf_span(&pem), cert);
	buf_fini(&pem);
	return st;
}

static enum status
take_renewed(struct session *s, struct span body)
{
	struct renew_reply m;
	enum status st = renew_reply_decode(body, &s->arena, &m);

	if (st != ST_OK || s->new_key == NULL)
		return st;
	st = keep_renewed(s, m.certificate);
	if (st != ST_OK)
		log_error("the new certificate is not kept reason=%s",
			  status_name(st));
	else
		log_info("the certificate is renewed");
	key_free(s->new_key);
	s->new_key = NULL;
	return ST_OK; /* the old one still serves; asked for again later */
}

/* ---- in ---- */

/* What the master has of us decides what is sent. */
static enum status
resume(struct session *s, const struct hello_reply *m)
{
	struct spool *sp = s->config.spool;
	uint64_t seq = 0;
	enum status st;

	for (size_t i = 0; i < m->resume_count; i++)
		if (m->resume[i].stream == STREAM_FINDINGS)
			seq = m->resume[i].seq;
	if (seq >= spool_next(sp)) {
		log_warn("the master has more than the spool knows of "
			 "master=%" PRIu64 " spool=%" PRIu64,
			 seq, spool_next(sp) - 1);
		st = spool_skip(sp, seq);
	} else {
		st = spool_ack(sp, seq);
	}
	if (st != ST_OK)
		return st;
	flight_clear(s);
	s->send_next = seq + 1;
	s->credit = m->credit;
	return ST_OK;
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

static enum status
take_welcome(struct session *s, struct span body)
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
	set_beat(s);
	if (!m.verified) {
		s->phase = SESSION_UNVERIFIED;
		log_info("connected, waits to be verified by an admin");
		return ST_OK;
	}
	st = keep_key(s, &m);
	if (st == ST_OK)
		st = resume(s, &m);
	secret_wipe(m.fingerprint_key, sizeof(m.fingerprint_key));
	if (st != ST_OK)
		return st;
	if (s->phase != SESSION_ONLINE)
		log_info("connected to the master agent=%" PRIu64 " address=%s",
			 m.agent, link_peer_text(s->link));
	s->phase = SESSION_ONLINE;
	s->trouble[0] = s->logged[0] = '\0';
	jobs_allow(s->config.jobs, true);
	jobs_acked(s->config.jobs);
	jobs_tell(s->config.jobs);
	on_renew(s);
	pump(s);
	return ST_OK;
}

static enum status
take_ack(struct session *s, struct span body)
{
	struct stream_ack m;
	enum status st = ack_decode(body, &s->arena, &m);

	if (st != ST_OK || m.stream != STREAM_FINDINGS)
		return st;
	st = m.seq < s->send_next ? spool_ack(s->config.spool, m.seq)
				  : ST_MALFORMED;
	if (st != ST_OK)
		return st;
	while (s->flight_count > 0 && s->send_next - s->flight_count <= m.seq) {
		s->under_way -= s->flight[s->flight_at];
		s->flight_at = (s->flight_at + 1) % FLIGHT_MAX;
		s->flight_count--;
	}
	s->credit = m.credit;
	jobs_acked(s->config.jobs);
	pump(s);
	return ST_OK;
}

static enum status
take_nack(struct session *s, struct span body)
{
	struct stream_nack m;
	enum status st = nack_decode(body, &s->arena, &m);

	if (st != ST_OK || m.stream != STREAM_FINDINGS)
		return st;
	if (m.expected == 0 || m.expected > spool_next(s->config.spool))
		return ST_MALFORMED;
	log_warn("the master expects an earlier batch seq=%" PRIu64,
		 m.expected);
	flight_clear(s);
	s->send_next = m.expected;
	pump(s);
	return ST_OK;
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
take_beat(struct session *s, struct span body)
{
	struct heartbeat m;
	enum status st = heartbeat_decode(body, &s->arena, &m);

	if (st == ST_OK)
		note_clock(s, m.clock);
	return st;
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
		return take_welcome(s, f->body);
	case KIND_ACK:
		return take_ack(s, f->body);
	case KIND_NACK:
		return take_nack(s, f->body);
	case KIND_TASK_ORDER:
		return take_order(s, f->body);
	case KIND_TASK_CONTROL:
		return take_control(s, f->body);
	case KIND_RENEW_REPLY:
		return take_renewed(s, f->body);
	case KIND_BYE:
		return take_bye(s, f->body);
	case KIND_HEARTBEAT:
		return take_beat(s, f->body);
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
	flight_clear(s);
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

static void
drop_line(struct session *s, const char *why)
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
		drop_line(s, "who answers is not the master's gate");
		return;
	}
	s->up = true;
	st = say_hello(s);
	if (st != ST_OK)
		drop_line(s, status_text(st));
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
	pump(arg);
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
		st = loop_timer_open(l, on_beat, s, &s->beat);
	if (st == ST_OK)
		st = loop_timer_open(l, on_renew, s, &s->renew);
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
	buf_fini(&s->frame);
	arena_fini(&s->arena);
	free(s);
}
