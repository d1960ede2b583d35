#include "master/gate/hear.h"

#include <string.h>

#include "base/clock.h"
#include "crypto/x509.h"
#include "master/gate/conn.h"
#include "master/proc/edge.h"
#include "model/batch.h"
#include "sys/loop.h"
#include "wire/codec_ask.h"
#include "wire/codec_enroll.h"
#include "wire/codec_finding.h"
#include "wire/codec_job.h"
#include "wire/codec_parcel.h"
#include "wire/codec_session.h"

/* A struct of model/session.h on to core: the frame's buffer is free here. */
#define PASS(c, kind, pack, m) pass((c), (kind), (pack)((m), conn_frame(c)))

static void
pass(struct conn *c, enum peer_kind kind, enum status packed)
{
	struct peer_said said = {
	    .conn = c->id, .agent = c->agent, .body = buf_span(&c->all->frame)};

	if (conn_understood(c, packed))
		conn_tell(c, kind, peer_said_pack(&said, conn_body(c)));
}

static void
take_hello(struct conn *c, struct span body)
{
	struct peer_up up = {
	    .conn = c->id,
	    .agent = c->agent,
	    .cert_ends = c->peer.not_after,
	    .address = span_str(link_peer_text(c->link)),
	};

	if (!conn_understood(c, hello_decode(body, &c->all->arena, &up.hello)))
		return;
	if (up.hello.protocol_min > PROTOCOL_MAX ||
	    up.hello.protocol_max < PROTOCOL_MIN) {
		conn_bye(c, BYE_VERSION, "this master speaks version 1", 3600);
		return;
	}
	memcpy(up.key, c->peer.key, sizeof(up.key));
	memcpy(up.cert, c->peer.cert, sizeof(up.cert));
	loop_timer_stop(c->deadline);
	c->state = CONN_HELLO;
	buf_clear(&c->announce);
	conn_announce(c, PEER_AGENT_UP, peer_up_pack(&up, &c->announce));
}

/*
 * A request that waits for an admin may wait for days: silence is right then,
 * and a peer that is gone is found by TCP keep-alive.
 */
static void
take_enroll(struct conn *c, struct span body)
{
	struct peer_enroll m = {
	    .conn = c->id,
	    .address = span_str(link_peer_text(c->link)),
	};
	char print[KEY_PRINT_LEN];

	if (!conn_understood(c,
			     enroll_decode(body, &c->all->arena, &m.request)))
		return;
	if (csr_check(m.request.csr, m.key) != ST_OK ||
	    link_exporter(c->link, m.exporter) != ST_OK) {
		conn_bye(c, BYE_REFUSED, "the request is not well signed", 0);
		return;
	}
	key_print(m.key, print);
	m.print = span_str(print);
	loop_timer_stop(c->deadline);
	link_set_idle(c->link, 0);
	c->state = CONN_ASKED;
	buf_clear(&c->announce);
	conn_announce(c, PEER_ENROLL, peer_enroll_pack(&m, &c->announce));
}

/* Its answer shows the agent that the master lives. */
static void
take_heartbeat(struct conn *c, struct span body)
{
	struct heartbeat m, back = {0};
	int64_t now = clock_wall_us(clock_system());

	if (!conn_understood(c, heartbeat_decode(body, &c->all->arena, &m)))
		return;
	if (now / 1000000 > c->peer.not_after) {
		conn_bye(c, BYE_REFUSED, "the certificate is out of date", 0);
		return;
	}
	back.clock = now;
	conn_send(c, KIND_HEARTBEAT, heartbeat_encode(&back, conn_frame(c)));
	if (c->state != CONN_LEFT)
		PASS(c, PEER_HEARTBEAT, heartbeat_pack, &m);
}

static void
take_progress(struct conn *c, struct span body)
{
	struct task_progress m;

	if (conn_understood(c, task_progress_decode(body, &c->all->arena, &m)))
		PASS(c, PEER_PROGRESS, task_progress_pack, &m);
}

static void
take_answer(struct conn *c, struct span body)
{
	struct agent_answer *m = arena_take(&c->all->arena, sizeof(*m));

	if (m == NULL)
		conn_bye(c, BYE_BUSY, "no memory is left", 0);
	else if (conn_understood(c, answer_decode(body, &c->all->arena, m)))
		PASS(c, PEER_TRIED, agent_answer_pack, m);
}

static void
take_renew(struct conn *c, struct span body)
{
	struct peer_renew m = {.conn = c->id, .agent = c->agent};
	struct renew_request r;

	if (!conn_understood(c, renew_decode(body, &c->all->arena, &r)))
		return;
	m.csr = r.csr;
	if (csr_check(r.csr, m.key) != ST_OK)
		conn_bye(c, BYE_REFUSED, "the request is not well signed", 0);
	else
		conn_tell(c, PEER_RENEW, peer_renew_pack(&m, conn_body(c)));
}

static void
take_batch(struct conn *c, struct span body)
{
	struct peer_batch m = {.conn = c->id,
			       .agent = c->agent,
			       .stream = STREAM_FINDINGS,
			       .size = (uint32_t)body.len};
	struct batch batch;
	struct parcel p;
	struct buf packed;
	enum status st;

	if (!conn_understood(c, parcel_decode(body, &p)))
		return;
	batch_init(&batch);
	buf_init(&packed, EDGE_MAX);
	st = batch_decode(p.image, &c->all->arena, &batch);
	if (st == ST_OK)
		st = batch_pack(&batch, &packed);
	batch_fini(&batch);
	m.seq = p.seq;
	m.batch = buf_span(&packed);
	if (conn_understood(c, st))
		conn_tell(c, PEER_BATCH, peer_batch_pack(&m, conn_body(c)));
	buf_fini(&packed);
}

/* Who may say what, when. */
static const struct {
	enum conn_state state;
	enum wire_kind kind;
	void (*take)(struct conn *c, struct span body);
} rules[] = {
    {CONN_STRANGE, KIND_ENROLL, take_enroll},
    {CONN_KNOWN, KIND_HELLO, take_hello},
    {CONN_HELLO, KIND_HEARTBEAT, take_heartbeat},
    {CONN_ON, KIND_HEARTBEAT, take_heartbeat},
    {CONN_ON, KIND_TASK_PROGRESS, take_progress},
    {CONN_ON, KIND_BATCH, take_batch},
    {CONN_ON, KIND_ANSWER, take_answer},
    {CONN_ON, KIND_RENEW, take_renew},
};

void
hear_frame(struct conn *c, const struct frame *f)
{
	if (c->state == CONN_LEFT || f->kind == KIND_BYE)
		return; /* the end follows by itself */
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].state != c->state || rules[i].kind != f->kind)
			continue;
		rules[i].take(c, f->body);
		arena_clear(&c->all->arena);
		return;
	}
	conn_bye(c, BYE_PROTOCOL, "a message out of turn", 0);
}
