#include "master/gate/relay.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/table.h"
#include "crypto/secret.h"
#include "master/gate/conn.h"
#include "sys/loop.h"
#include "wire/codec_ask.h"
#include "wire/codec_enroll.h"
#include "wire/codec_job.h"
#include "wire/codec_session.h"

_Static_assert(RETURN_ID_LEN == PASS_ID_LEN && RETURN_KEY_LEN == PASS_KEY_LEN,
	       "a pass fits into the answer");

/* Who has shown its certificate may spare it next time. */
static void
add_pass(struct conn *c, struct hello_reply *m)
{
	struct pass p;

	if (!m->verified || link_pass(c->link, time(NULL), &p) != ST_OK)
		return;
	m->has_pass = 1;
	memcpy(m->pass_id, p.id, sizeof(m->pass_id));
	memcpy(m->pass_key, p.key, sizeof(m->pass_key));
	secret_wipe(&p, sizeof(p));
}

static void
welcome(struct conn *c, struct span body)
{
	struct hello_reply m;

	if (hello_reply_unpack(body, &m) != ST_OK ||
	    (c->state != CONN_HELLO && c->state != CONN_ON))
		return;
	c->state = m.verified ? CONN_ON : CONN_HELLO;
	add_pass(c, &m);
	conn_send(c, KIND_HELLO_REPLY, hello_reply_encode(&m, conn_frame(c)));
	secret_wipe(&m, sizeof(m));
}

/* With its certificate the agent comes back; this connection has done. */
static void
enrolled(struct conn *c, struct span body)
{
	struct enroll_reply m;

	if (enroll_reply_unpack(body, &m) != ST_OK || c->state != CONN_ASKED)
		return;
	conn_send(c, KIND_ENROLL_REPLY, enroll_reply_encode(&m, conn_frame(c)));
	if (m.state == ENROLL_VERIFIED && c->state == CONN_ASKED &&
	    loop_timer_set(c->deadline, c->all->config.hello_ms) != ST_OK)
		conn_bye(c, BYE_BUSY, "no memory is left", 0);
}

static void
close_by_order(struct conn *c, struct span body)
{
	struct session_bye m;
	char text[BYE_TEXT_MAX + 1];
	size_t n;

	if (session_bye_unpack(body, &m) != ST_OK)
		return;
	n = m.text.len < BYE_TEXT_MAX ? m.text.len : BYE_TEXT_MAX;
	if (n > 0)
		memcpy(text, m.text.ptr, n);
	text[n] = '\0';
	conn_bye(c, m.code, text, m.retry_after);
}

/* The rest is passed on as it is: unpacked, made protobuf, sent. */
#define RELAY(name, type, kind, encode)                                        \
	static void name(struct conn *c, struct span body)                     \
	{                                                                      \
		struct type m;                                                 \
                                                                               \
		if (type##_unpack(body, &m) == ST_OK)                          \
			conn_send(c, kind, encode(&m, conn_frame(c)));         \
	}
RELAY(renewed, renew_reply, KIND_RENEW_REPLY, renew_reply_encode)
RELAY(order, task_order, KIND_TASK_ORDER, task_order_encode)
RELAY(control, task_control, KIND_TASK_CONTROL, task_control_encode)
RELAY(ack, stream_ack, KIND_ACK, ack_encode)
RELAY(nack, stream_nack, KIND_NACK, nack_encode)
RELAY(try, agent_ask, KIND_ASK, ask_encode)

static const struct {
	enum peer_kind kind;
	bool only_on; /* an agent that is not at work gets nothing of it */
	void (*take)(struct conn *c, struct span body);
} words[] = {
    {PEER_WELCOME, false, welcome}, {PEER_ENROLLED, false, enrolled},
    {PEER_RENEWED, true, renewed},  {PEER_ORDER, true, order},
    {PEER_CONTROL, true, control},  {PEER_ACK, true, ack},
    {PEER_NACK, true, nack},        {PEER_CLOSE, false, close_by_order},
    {PEER_TRY, true, try},
};

void
relay_message(struct conns *all, uint16_t kind, struct span body)
{
	struct peer_said m;
	struct conn *c;

	if (peer_said_unpack(body, &m) != ST_OK) {
		log_error("core said what is not understood: %s",
			  peer_kind_name(kind));
		return;
	}
	c = table_find_u64(all->by_id, m.conn);
	if (c == NULL || c->state == CONN_LEFT)
		return; /* it has gone meanwhile */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].kind == kind &&
		    (!words[i].only_on || c->state == CONN_ON))
			words[i].take(c, m.body);
}
