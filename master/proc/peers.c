#include "master/proc/peers.h"

const char *
peer_kind_name(unsigned kind)
{
	switch (kind) {
#define PEER_CASE(name, number)                                                \
	case (number):                                                         \
		return #name;
		PEER_KIND_TABLE(PEER_CASE)
#undef PEER_CASE
	default:
		return "unknown";
	}
}

/*
 * Structs of model/session.h travel inside as one span of their own packing:
 * written behind the others, so that nothing is copied twice.
 */
static void
get_rest(struct unpacker *u, struct span *rest)
{
	*rest = u->rest;
	u->rest = span_of(NULL, 0);
}

static void
put_peer_up(struct packer *p, const struct peer_up *m)
{
	pack_num(p, m->conn);
	pack_num(p, m->agent);
	pack_bytes(p, m->key, sizeof(m->key));
	pack_bytes(p, m->cert, sizeof(m->cert));
	pack_int(p, m->cert_ends);
	pack_num(p, m->again);
	pack_span(p, m->address);
	if (p->st == ST_OK)
		p->st = agent_hello_pack(&m->hello, p->to);
}

static void
get_peer_up(struct unpacker *u, struct peer_up *m)
{
	struct span rest;

	m->conn = unpack_num(u);
	m->agent = unpack_num(u);
	unpack_bytes(u, m->key, sizeof(m->key));
	unpack_bytes(u, m->cert, sizeof(m->cert));
	m->cert_ends = unpack_int(u);
	m->again = (uint8_t)unpack_upto(u, 1);
	m->address = unpack_span(u);
	get_rest(u, &rest);
	if (u->st == ST_OK)
		u->st = agent_hello_unpack(rest, &m->hello);
}

static void
put_peer_down(struct packer *p, const struct peer_down *m)
{
	pack_num(p, m->conn);
	pack_num(p, m->agent);
	pack_span(p, m->why);
}

static void
get_peer_down(struct unpacker *u, struct peer_down *m)
{
	m->conn = unpack_num(u);
	m->agent = unpack_num(u);
	m->why = unpack_span(u);
}

static void
put_peer_enroll(struct packer *p, const struct peer_enroll *m)
{
	pack_num(p, m->conn);
	pack_span(p, m->address);
	pack_bytes(p, m->key, sizeof(m->key));
	pack_span(p, m->print);
	pack_bytes(p, m->exporter, sizeof(m->exporter));
	if (p->st == ST_OK)
		p->st = enroll_request_pack(&m->request, p->to);
}

static void
get_peer_enroll(struct unpacker *u, struct peer_enroll *m)
{
	struct span rest;

	m->conn = unpack_num(u);
	m->address = unpack_span(u);
	unpack_bytes(u, m->key, sizeof(m->key));
	m->print = unpack_span(u);
	unpack_bytes(u, m->exporter, sizeof(m->exporter));
	get_rest(u, &rest);
	if (u->st == ST_OK)
		u->st = enroll_request_unpack(rest, &m->request);
}

static void
put_peer_renew(struct packer *p, const struct peer_renew *m)
{
	pack_num(p, m->conn);
	pack_num(p, m->agent);
	pack_bytes(p, m->key, sizeof(m->key));
	pack_span(p, m->csr);
}

static void
get_peer_renew(struct unpacker *u, struct peer_renew *m)
{
	m->conn = unpack_num(u);
	m->agent = unpack_num(u);
	unpack_bytes(u, m->key, sizeof(m->key));
	m->csr = unpack_span(u);
}

static void
put_peer_said(struct packer *p, const struct peer_said *m)
{
	pack_num(p, m->conn);
	pack_num(p, m->agent);
	pack_bytes(p, m->body.ptr, m->body.len);
}

static void
get_peer_said(struct unpacker *u, struct peer_said *m)
{
	m->conn = unpack_num(u);
	m->agent = unpack_num(u);
	get_rest(u, &m->body);
}

static void
put_peer_batch(struct packer *p, const struct peer_batch *m)
{
	pack_num(p, m->conn);
	pack_num(p, m->agent);
	pack_num(p, m->stream);
	pack_num(p, m->seq);
	pack_num(p, m->size);
	pack_bytes(p, m->batch.ptr, m->batch.len);
}

static void
get_peer_batch(struct unpacker *u, struct peer_batch *m)
{
	m->conn = unpack_num(u);
	m->agent = unpack_num(u);
	m->stream = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->seq = unpack_num(u);
	m->size = (uint32_t)unpack_upto(u, UINT32_MAX);
	get_rest(u, &m->batch);
}

static void
put_peer_sign(struct packer *p, const struct peer_sign *m)
{
	pack_num(p, m->tag);
	pack_num(p, m->agent);
	pack_num(p, m->days);
	pack_span(p, m->csr);
}

static void
get_peer_sign(struct unpacker *u, struct peer_sign *m)
{
	m->tag = unpack_num(u);
	m->agent = unpack_num(u);
	m->days = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->csr = unpack_span(u);
}

static void
put_peer_signed(struct packer *p, const struct peer_signed *m)
{
	pack_num(p, m->tag);
	pack_num(p, m->status);
	pack_bytes(p, m->key, sizeof(m->key));
	pack_bytes(p, m->cert, sizeof(m->cert));
	pack_int(p, m->not_before);
	pack_int(p, m->not_after);
	pack_span(p, m->certificate);
	pack_span(p, m->ca);
}

static void
get_peer_signed(struct unpacker *u, struct peer_signed *m)
{
	m->tag = unpack_num(u);
	m->status = (uint8_t)unpack_upto(u, ST__COUNT - 1);
	unpack_bytes(u, m->key, sizeof(m->key));
	unpack_bytes(u, m->cert, sizeof(m->cert));
	m->not_before = unpack_int(u);
	m->not_after = unpack_int(u);
	m->certificate = unpack_span(u);
	m->ca = unpack_span(u);
}

static void
put_peer_ask(struct packer *p, const struct peer_ask *m)
{
	pack_num(p, m->tag);
	pack_num(p, m->user);
	pack_num(p, m->session);
	pack_span(p, m->address);
	pack_span(p, m->op);
	pack_span(p, m->args);
}

static void
get_peer_ask(struct unpacker *u, struct peer_ask *m)
{
	m->tag = unpack_num(u);
	m->user = unpack_num(u);
	m->session = unpack_num(u);
	m->address = unpack_span(u);
	m->op = unpack_span(u);
	m->args = unpack_span(u);
}

static void
put_peer_answer(struct packer *p, const struct peer_answer *m)
{
	pack_num(p, m->tag);
	pack_num(p, m->http);
	pack_span(p, m->body);
}

static void
get_peer_answer(struct unpacker *u, struct peer_answer *m)
{
	m->tag = unpack_num(u);
	m->http = (uint16_t)unpack_upto(u, UINT16_MAX);
	m->body = unpack_span(u);
}

static void
put_peer_event(struct packer *p, const struct peer_event *m)
{
	pack_span(p, m->type);
	pack_span(p, m->body);
}

static void
get_peer_event(struct unpacker *u, struct peer_event *m)
{
	m->type = unpack_span(u);
	m->body = unpack_span(u);
}

PEER_PACKED(PACK_DEFINE)
