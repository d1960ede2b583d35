#include "master/core/say.h"

#include "base/buf.h"
#include "base/log.h"

#define BODY_MAX (1024 * 1024)

static void
send(struct edge *e, uint16_t kind, enum status packed, const struct buf *body)
{
	enum status st = packed;

	if (st == ST_OK && e == NULL)
		return; /* it is told everything when it is back */
	if (st == ST_OK)
		st = edge_send(e, kind, buf_span(body));
	if (st != ST_OK)
		log_error("a message could not be sent kind=%s reason=\"%s\"",
			  peer_kind_name(kind), status_text(st));
}

/* A packed struct of model/session.h inside a peer_said. */
static void
send_said(struct core *c, uint16_t kind, uint64_t conn, enum status packed,
	  const struct buf *inner)
{
	struct peer_said said = {.conn = conn, .body = buf_span(inner)};
	struct buf body;

	buf_init(&body, BODY_MAX);
	if (packed == ST_OK)
		packed = peer_said_pack(&said, &body);
	send(c->gate, kind, packed, &body);
	buf_fini(&body);
}

#define SAY(name, type, kind)                                                  \
	void say_##name##_to(struct core *c, uint64_t conn,                    \
			     const struct type *m)                             \
	{                                                                      \
		struct buf inner;                                              \
		enum status st;                                                \
                                                                               \
		buf_init(&inner, BODY_MAX);                                    \
		st = type##_pack(m, &inner);                                   \
		send_said(c, (kind), conn, st, &inner);                        \
		buf_fini(&inner);                                              \
	}

SAY(welcome, hello_reply, PEER_WELCOME)
SAY(enrolled, enroll_reply, PEER_ENROLLED)
SAY(renewed, renew_reply, PEER_RENEWED)
SAY(order, task_order, PEER_ORDER)
SAY(control, task_control, PEER_CONTROL)
SAY(ack, stream_ack, PEER_ACK)
SAY(nack, stream_nack, PEER_NACK)
SAY(try, agent_ask, PEER_TRY)
SAY(close_with, session_bye, PEER_CLOSE)
#undef SAY

void
say_close_to(struct core *c, uint64_t conn, enum bye_code code)
{
	struct session_bye bye = {.code = code};

	say_close_with_to(c, conn, &bye);
}

void
say_sign(struct core *c, const struct pending *p)
{
	struct peer_sign m = {.tag = p->tag,
			      .agent = p->agent,
			      .days = c->config.certificate_days,
			      .csr = buf_span(&p->csr)};
	struct buf body;
	enum status st;

	buf_init(&body, BODY_MAX);
	st = peer_sign_pack(&m, &body);
	send(c->ca, PEER_SIGN, st, &body);
	buf_fini(&body);
}

void
say_answer(struct core *c, const struct peer_answer *m)
{
	struct buf body;
	enum status st;

	buf_init(&body, BODY_MAX + m->body.len);
	st = peer_answer_pack(m, &body);
	send(c->api, PEER_ANSWER, st, &body);
	buf_fini(&body);
}

void
say_event(struct core *c, const char *type, struct span json)
{
	struct peer_event m = {.type = span_str(type), .body = json};
	struct buf body;
	enum status st;

	buf_init(&body, BODY_MAX);
	st = peer_event_pack(&m, &body);
	send(c->api, PEER_EVENT, st, &body);
	buf_fini(&body);
}
