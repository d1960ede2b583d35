#include "wire/codec_enroll.h"

#include <string.h>

#include "wire/codec_host.h"
#include "wire/pb/enroll.pb-c.h"
#include "wire/proto.h"

#define PRINT_MAX 128 /* bytes of a fingerprint in text */

enum status
enroll_encode(const struct enroll_request *m, struct buf *to)
{
	Trawl__EnrollRequest p = TRAWL__ENROLL_REQUEST__INIT;
	Trawl__HostFacts host;
	ProtobufCBinaryData addresses[HOST_ADDRESSES_MAX];

	if (m->host.address_count > HOST_ADDRESSES_MAX)
		return ST_LIMIT;
	host_fill(&m->host, &host, addresses);
	p.csr = proto_bytes(m->csr);
	p.incarnation =
	    proto_bytes(span_of(m->incarnation, sizeof(m->incarnation)));
	p.host = &host;
	p.program = proto_bytes(m->program);
	p.build = proto_bytes(m->build);
	if (m->has_token) {
		p.token_id =
		    proto_bytes(span_of(m->token_id, sizeof(m->token_id)));
		p.proof = proto_bytes(span_of(m->proof, sizeof(m->proof)));
	}
	return proto_pack(&p.base, to);
}

enum status
enroll_decode(struct span s, struct arena *a, struct enroll_request *m)
{
	void *raw;
	const Trawl__EnrollRequest *p;
	enum status st =
	    proto_unpack(&trawl__enroll_request__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if ((p->token_id.len == 0) != (p->proof.len == 0) ||
	    !proto_take(p->csr, CERT_MAX, &m->csr) ||
	    !proto_fixed(p->incarnation, m->incarnation, INCARNATION_LEN) ||
	    !host_take(p->host, &m->host) ||
	    !proto_text(p->program, NAME_MAX_LEN, &m->program) ||
	    !proto_text(p->build, NAME_MAX_LEN, &m->build) ||
	    !proto_fixed(p->token_id, m->token_id, TOKEN_ID_LEN) ||
	    !proto_fixed(p->proof, m->proof, PROOF_LEN))
		return ST_MALFORMED;
	m->has_token = p->token_id.len > 0;
	return ST_OK;
}

enum status
enroll_reply_encode(const struct enroll_reply *m, struct buf *to)
{
	Trawl__EnrollReply p = TRAWL__ENROLL_REPLY__INIT;

	p.agent = m->agent;
	p.state = m->state;
	p.certificate = proto_bytes(m->certificate);
	p.ca = proto_bytes(m->ca);
	p.fingerprint = proto_bytes(m->fingerprint);
	return proto_pack(&p.base, to);
}

enum status
enroll_reply_decode(struct span s, struct arena *a, struct enroll_reply *m)
{
	void *raw;
	const Trawl__EnrollReply *p;
	enum status st =
	    proto_unpack(&trawl__enroll_reply__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if ((p->state != ENROLL_VERIFIED && p->state != ENROLL_WAITS) ||
	    !proto_take(p->certificate, CERT_MAX, &m->certificate) ||
	    !proto_take(p->ca, CERT_MAX, &m->ca) ||
	    !proto_text(p->fingerprint, PRINT_MAX, &m->fingerprint))
		return ST_MALFORMED;
	m->agent = p->agent;
	m->state = (uint8_t)p->state;
	return ST_OK;
}
