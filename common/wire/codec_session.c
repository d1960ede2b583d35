#include "wire/codec_session.h"

#include <string.h>

#include "wire/codec_host.h"
#include "wire/pb/session.pb-c.h"
#include "wire/proto.h"

/* ---- hello ---- */

/* What protobuf points into while it packs. */
struct hello_room {
	Trawl__HostFacts host;
	ProtobufCBinaryData addresses[HOST_ADDRESSES_MAX];
	Trawl__TaskHeld tasks[HELLO_TASKS_MAX];
	Trawl__TaskHeld *list[HELLO_TASKS_MAX];
	ProtobufCBinaryData kinds[HELLO_KINDS_MAX];
	ProtobufCBinaryData credentials[HELLO_CREDENTIALS_MAX];
};

static void
fill_lists(const struct agent_hello *m, struct hello_room *r)
{
	host_fill(&m->host, &r->host, r->addresses);
	for (size_t i = 0; i < m->task_count; i++) {
		trawl__task_held__init(&r->tasks[i]);
		r->tasks[i].task = m->tasks[i].task;
		r->tasks[i].state = m->tasks[i].state;
		r->list[i] = &r->tasks[i];
	}
	for (size_t i = 0; i < m->kind_count; i++)
		r->kinds[i] = proto_bytes(m->kinds[i]);
	for (size_t i = 0; i < m->credential_count; i++)
		r->credentials[i] = proto_bytes(m->credentials[i]);
}

enum status
hello_encode(const struct agent_hello *m, struct buf *to)
{
	Trawl__Hello p = TRAWL__HELLO__INIT;
	struct hello_room r;

	if (m->task_count > HELLO_TASKS_MAX ||
	    m->host.address_count > HOST_ADDRESSES_MAX ||
	    m->kind_count > HELLO_KINDS_MAX ||
	    m->credential_count > HELLO_CREDENTIALS_MAX)
		return ST_LIMIT;
	fill_lists(m, &r);
	p.protocol_min = m->protocol_min;
	p.protocol_max = m->protocol_max;
	p.features = m->features;
	p.build = proto_bytes(m->build);
	p.program = proto_bytes(m->program);
	p.clock = m->clock;
	p.incarnation =
	    proto_bytes(span_of(m->incarnation, sizeof(m->incarnation)));
	p.host = &r.host;
	p.n_tasks = m->task_count;
	p.tasks = r.list;
	p.n_kinds = m->kind_count;
	p.kinds = r.kinds;
	p.n_credentials = m->credential_count;
	p.credentials = r.credentials;
	return proto_pack(&p.base, to);
}

static bool
hello_tasks(const Trawl__Hello *p, struct agent_hello *m)
{
	if (p->n_tasks > HELLO_TASKS_MAX)
		return false;
	m->task_count = p->n_tasks;
	for (size_t i = 0; i < p->n_tasks; i++) {
		if (p->tasks[i]->state > UINT8_MAX)
			return false;
		m->tasks[i].task = p->tasks[i]->task;
		m->tasks[i].state = (uint8_t)p->tasks[i]->state;
	}
	return true;
}

static bool
hello_names(const Trawl__Hello *p, struct agent_hello *m)
{
	if (p->n_kinds > HELLO_KINDS_MAX ||
	    p->n_credentials > HELLO_CREDENTIALS_MAX)
		return false;
	m->kind_count = p->n_kinds;
	for (size_t i = 0; i < p->n_kinds; i++)
		if (!proto_text(p->kinds[i], HELLO_KIND_LEN, &m->kinds[i]))
			return false;
	m->credential_count = p->n_credentials;
	for (size_t i = 0; i < p->n_credentials; i++)
		if (!proto_text(p->credentials[i], CREDENTIAL_NAME_MAX,
				&m->credentials[i]))
			return false;
	return true;
}

enum status
hello_decode(struct span s, struct arena *a, struct agent_hello *m)
{
	void *raw;
	const Trawl__Hello *p;
	enum status st = proto_unpack(&trawl__hello__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	m->protocol_min = p->protocol_min;
	m->protocol_max = p->protocol_max;
	m->features = p->features;
	m->clock = p->clock;
	if (!proto_text(p->build, NAME_MAX_LEN, &m->build) ||
	    !proto_text(p->program, NAME_MAX_LEN, &m->program) ||
	    !proto_fixed(p->incarnation, m->incarnation, INCARNATION_LEN) ||
	    !host_take(p->host, &m->host) || !hello_tasks(p, m) ||
	    !hello_names(p, m))
		return ST_MALFORMED;
	return ST_OK;
}

enum status
hello_reply_encode(const struct hello_reply *m, struct buf *to)
{
	Trawl__HelloReply p = TRAWL__HELLO_REPLY__INIT;
	Trawl__StreamResume resume[HELLO_RESUME_MAX];
	Trawl__StreamResume *list[HELLO_RESUME_MAX];

	if (m->resume_count > HELLO_RESUME_MAX)
		return ST_LIMIT;
	for (size_t i = 0; i < m->resume_count; i++) {
		trawl__stream_resume__init(&resume[i]);
		resume[i].stream = m->resume[i].stream;
		resume[i].seq = m->resume[i].seq;
		list[i] = &resume[i];
	}
	p.protocol = m->protocol;
	p.build = proto_bytes(m->build);
	p.clock = m->clock;
	p.agent = m->agent;
	if (m->verified)
		p.fingerprint_key = proto_bytes(
		    span_of(m->fingerprint_key, sizeof(m->fingerprint_key)));
	p.n_resume = m->resume_count;
	p.resume = list;
	p.heartbeat_seconds = m->heartbeat_seconds;
	p.credit = m->credit;
	p.verified = m->verified;
	if (m->has_pass) {
		p.pass_id =
		    proto_bytes(span_of(m->pass_id, sizeof(m->pass_id)));
		p.pass_key =
		    proto_bytes(span_of(m->pass_key, sizeof(m->pass_key)));
	}
	return proto_pack(&p.base, to);
}

/* Both or none, and only for who is verified. */
static bool
take_pass(const Trawl__HelloReply *p, struct hello_reply *m)
{
	m->has_pass = p->pass_id.len > 0;
	return m->has_pass == (p->pass_key.len > 0) &&
	       m->has_pass <= p->verified &&
	       proto_fixed(p->pass_id, m->pass_id, RETURN_ID_LEN) &&
	       proto_fixed(p->pass_key, m->pass_key, RETURN_KEY_LEN);
}

enum status
hello_reply_decode(struct span s, struct arena *a, struct hello_reply *m)
{
	void *raw;
	const Trawl__HelloReply *p;
	enum status st =
	    proto_unpack(&trawl__hello_reply__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (p->n_resume > HELLO_RESUME_MAX || p->verified > 1 ||
	    (p->verified == 0 && p->fingerprint_key.len > 0) ||
	    !proto_text(p->build, NAME_MAX_LEN, &m->build) ||
	    !proto_fixed(p->fingerprint_key, m->fingerprint_key,
			 FINGERPRINT_KEY_LEN) ||
	    !take_pass(p, m))
		return ST_MALFORMED;
	m->protocol = p->protocol;
	m->clock = p->clock;
	m->agent = p->agent;
	m->heartbeat_seconds = p->heartbeat_seconds;
	m->credit = p->credit;
	m->verified = (uint8_t)p->verified;
	m->resume_count = p->n_resume;
	for (size_t i = 0; i < p->n_resume; i++) {
		m->resume[i].stream = p->resume[i]->stream;
		m->resume[i].seq = p->resume[i]->seq;
	}
	return ST_OK;
}

/* ---- the small ones ---- */

enum status
heartbeat_encode(const struct heartbeat *m, struct buf *to)
{
	Trawl__Heartbeat p = TRAWL__HEARTBEAT__INIT;

	p.clock = m->clock;
	p.load_permille = m->load_permille;
	p.free_disk = m->free_disk;
	p.spool_bytes = m->spool_bytes;
	p.running_tasks = m->running_tasks;
	return proto_pack(&p.base, to);
}

enum status
heartbeat_decode(struct span s, struct arena *a, struct heartbeat *m)
{
	void *raw;
	const Trawl__Heartbeat *p;
	enum status st =
	    proto_unpack(&trawl__heartbeat__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	m->clock = p->clock;
	m->load_permille = p->load_permille;
	m->free_disk = p->free_disk;
	m->spool_bytes = p->spool_bytes;
	m->running_tasks = p->running_tasks;
	return ST_OK;
}

enum status
ack_encode(const struct stream_ack *m, struct buf *to)
{
	Trawl__Ack p = TRAWL__ACK__INIT;

	p.stream = m->stream;
	p.seq = m->seq;
	p.credit = m->credit;
	return proto_pack(&p.base, to);
}

enum status
ack_decode(struct span s, struct arena *a, struct stream_ack *m)
{
	void *raw;
	const Trawl__Ack *p;
	enum status st = proto_unpack(&trawl__ack__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	m->stream = p->stream;
	m->seq = p->seq;
	m->credit = p->credit;
	return ST_OK;
}

enum status
nack_encode(const struct stream_nack *m, struct buf *to)
{
	Trawl__Nack p = TRAWL__NACK__INIT;

	p.stream = m->stream;
	p.expected = m->expected;
	return proto_pack(&p.base, to);
}

enum status
nack_decode(struct span s, struct arena *a, struct stream_nack *m)
{
	void *raw;
	const Trawl__Nack *p;
	enum status st = proto_unpack(&trawl__nack__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	m->stream = p->stream;
	m->expected = p->expected;
	return ST_OK;
}

enum status
bye_encode(const struct session_bye *m, struct buf *to)
{
	Trawl__Bye p = TRAWL__BYE__INIT;

	p.code = m->code;
	p.text = proto_bytes(m->text);
	p.retry_after = m->retry_after;
	return proto_pack(&p.base, to);
}

enum status
bye_decode(struct span s, struct arena *a, struct session_bye *m)
{
	void *raw;
	const Trawl__Bye *p;
	enum status st = proto_unpack(&trawl__bye__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (!proto_text(p->text, BYE_TEXT_MAX, &m->text))
		return ST_MALFORMED;
	m->code = p->code;
	m->retry_after = p->retry_after;
	return ST_OK;
}

enum status
renew_encode(const struct renew_request *m, struct buf *to)
{
	Trawl__Renew p = TRAWL__RENEW__INIT;

	p.csr = proto_bytes(m->csr);
	return proto_pack(&p.base, to);
}

enum status
renew_decode(struct span s, struct arena *a, struct renew_request *m)
{
	void *raw;
	const Trawl__Renew *p;
	enum status st = proto_unpack(&trawl__renew__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	return proto_take(p->csr, CERT_MAX, &m->csr) ? ST_OK : ST_MALFORMED;
}

enum status
renew_reply_encode(const struct renew_reply *m, struct buf *to)
{
	Trawl__RenewReply p = TRAWL__RENEW_REPLY__INIT;

	p.certificate = proto_bytes(m->certificate);
	return proto_pack(&p.base, to);
}

enum status
renew_reply_decode(struct span s, struct arena *a, struct renew_reply *m)
{
	void *raw;
	const Trawl__RenewReply *p;
	enum status st =
	    proto_unpack(&trawl__renew_reply__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	return proto_take(p->certificate, CERT_MAX, &m->certificate)
		   ? ST_OK
		   : ST_MALFORMED;
}
