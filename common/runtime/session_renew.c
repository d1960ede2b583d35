#include "runtime/session_impl.h"

#include "base/log.h"
#include "crypto/key.h"
#include "wire/codec_session.h"

#define RENEW_CHECK_MS  (10 * 60 * 1000)
#define RENEW_ANSWER_MS (5 * 60 * 1000)

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

void
session_on_renew(void *arg)
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

enum status
session_take_renewed(struct session *s, struct span body)
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
	s->has_pass = false; /* it is of the certificate before */
	key_free(s->new_key);
	s->new_key = NULL;
	return ST_OK; /* the old one still serves; asked for again later */
}
