#include "master/core/enroll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "master/access/proof.h"
#include "master/core/agents.h"
#include "master/core/audit.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/say.h"
#include "master/store/q_agents.h"
#include "master/store/q_targets.h"
#include "master/store/q_tokens.h"
#include "master/store/words.h"

/* What the database knew before. */
struct known {
	uint64_t id;
	enum agent_state state;
	char name[NAME_MAX_LEN + 1], group[NAME_MAX_LEN + 1];
};

static void
copy_text(char *to, size_t room, struct span s)
{
	snprintf(to, room, "%.*s", (int)s.len,
		 s.len > 0 ? (const char *)s.ptr : "");
}

static enum status
note_known(void *arg, const struct agent_row *row)
{
	struct known *k = arg;

	k->id = row->id;
	k->state = row->state;
	copy_text(k->name, sizeof(k->name), row->name);
	copy_text(k->group, sizeof(k->group), row->group);
	return ST_OK;
}

void
enroll_forget(struct core *c, struct pending *p)
{
	(void)table_take_u64(c->pending, p->tag);
	buf_fini(&p->csr);
	free(p);
}

/* Ask the ca; the answer comes to enroll_signed(). */
static enum status
ask_ca(struct core *c, const struct pending *like, struct span csr)
{
	struct pending *p = malloc(sizeof(*p));
	enum status st;

	if (p == NULL)
		return ST_NOMEM;
	*p = *like;
	p->tag = ++c->last_tag;
	buf_init(&p->csr, CERT_MAX);
	st = buf_add(&p->csr, csr.ptr, csr.len);
	if (st == ST_OK)
		st = table_put_u64(c->pending, p->tag, p);
	if (st != ST_OK) {
		buf_fini(&p->csr);
		free(p);
		return st;
	}
	say_sign(c, p);
	return ST_OK;
}

void
enroll_ask_again(struct core *c)
{
	struct pending *p;
	size_t at = 0;

	while ((p = table_next(c->pending, &at, NULL)) != NULL)
		say_sign(c, p);
}

static void
fill_row(struct core *c, const struct peer_enroll *p, struct agent_row *row,
	 char addresses[AGENT_ADDRESSES_TEXT])
{
	agents_host(&p->request.host, row, addresses);
	row->fingerprint = p->print;
	row->incarnation = span_of(p->request.incarnation, INCARNATION_LEN);
	row->program = p->request.program;
	row->build = p->request.build;
	row->address = p->address;
	row->csr = p->request.csr;
	row->created = row->seen = core_now(c);
}

static void
refuse(struct core *c, const struct peer_enroll *p, enum bye_code code)
{
	log_warn("enrolment is refused address=%.*s reason=\"%s\"",
		 (int)p->address.len, (const char *)p->address.ptr,
		 bye_text(code));
	say_close_to(c, p->conn, code);
	agents_drop_conn(c, p->conn);
}

/* One row for the agent, in a state; known->id when it is there already. */
static enum status
put_agent(struct core *c, const struct peer_enroll *p,
	  const struct known *known, enum agent_state state, uint64_t *id)
{
	char addresses[AGENT_ADDRESSES_TEXT];
	struct agent_row row = {.id = known->id, .state = (uint8_t)state};
	enum status st;

	fill_row(c, p, &row, addresses);
	row.group = span_str(known->group);
	st = flow_begin(c);
	if (st != ST_OK)
		return st;
	st = q_agent_put(c->store, &row, id);
	if (st == ST_OK && known->id == 0 && state == AGENT_UNVERIFIED)
		st = audit_system(c, p->address, "agent.waits", "agent", *id);
	return flow_end(c, st);
}

struct token_seen {
	struct core *c;
	const struct peer_enroll *enroll;
	uint64_t id;
	char group[NAME_MAX_LEN + 1];
	bool good;
};

static enum status
judge_token(void *arg, const struct token_row *row)
{
	struct token_seen *t = arg;

	t->id = row->id;
	copy_text(t->group, sizeof(t->group), row->group);
	t->good = row->uses_left > 0 && row->expires > core_now(t->c) &&
		  proof_good(row->key, t->enroll->exporter,
			     t->enroll->request.csr, t->enroll->request.proof);
	return ST_OK;
}

/*
 * The row is made before the certificate, which carries its number; until the
 * certificate is stored it counts as removed, so nothing comes of it when the
 * ca says no.
 */
static void
with_token(struct core *c, const struct peer_enroll *p, struct known *known)
{
	struct token_seen t = {.c = c, .enroll = p};
	struct pending ask = {.conn = p->conn};
	enum status st =
	    q_token_find(c->store, p->request.token_id, judge_token, &t);

	if (st != ST_OK && st != ST_NOTFOUND) {
		refuse(c, p, BYE_BUSY);
		return;
	}
	if (!t.good) {
		refuse(c, p, BYE_TOKEN);
		return;
	}
	if (known->id == 0)
		copy_text(known->group, sizeof(known->group),
			  span_str(t.group));
	st = put_agent(c, p, known,
		       known->id == 0 ? AGENT_REMOVED : known->state,
		       &ask.agent);
	ask.token = t.id;
	if (st == ST_OK)
		st = ask_ca(c, &ask, p->request.csr);
	if (st != ST_OK)
		refuse(c, p, BYE_BUSY);
}

static void
say_waits(struct core *c, const struct peer_enroll *p, uint64_t agent)
{
	struct enroll_reply m = {
	    .agent = agent, .state = ENROLL_WAITS, .fingerprint = p->print};

	say_enrolled_to(c, p->conn, &m);
	log_info(
	    "an agent waits to be verified agent=%llu fingerprint=\"%.*s\"",
	    (unsigned long long)agent, (int)p->print.len,
	    (const char *)p->print.ptr);
}

static void
without_token(struct core *c, const struct peer_enroll *p,
	      const struct known *known)
{
	struct agent_counts counts = {0};
	struct pending ask = {.conn = p->conn, .agent = known->id};
	struct conn *k = table_find_u64(c->conns, p->conn);
	uint64_t id = 0;
	enum status st = ST_OK;

	if (known->id != 0 && known->state == AGENT_VERIFIED) {
		if (ask_ca(c, &ask, p->request.csr) != ST_OK)
			refuse(c, p, BYE_BUSY);
		return;
	}
	if (known->id == 0)
		st = q_agents_count(c->store, &counts);
	if (st != ST_OK || counts.unverified >= ENROLL_UNVERIFIED_MAX) {
		refuse(c, p, BYE_BUSY);
		return;
	}
	st = put_agent(c, p, known, AGENT_UNVERIFIED, &id);
	if (st != ST_OK || k == NULL) {
		refuse(c, p, BYE_BUSY);
		return;
	}
	k->agent = id;
	k->enrolling = true;
	say_waits(c, p, id);
	events_agent(c, id);
}

static void
judge(struct core *c, const struct peer_enroll *p)
{
	struct known known = {0};
	enum status st =
	    q_agent_by_fingerprint(c->store, p->print, note_known, &known);

	if (known.id != 0 && known.state == AGENT_BLOCKED)
		refuse(c, p, BYE_BLOCKED);
	else if ((st != ST_OK && st != ST_NOTFOUND) ||
		 table_count(c->pending) >= ENROLL_PENDING_MAX ||
		 agents_conn(c, p->conn, known.id, p->address) == NULL)
		refuse(c, p, BYE_BUSY);
	else if (p->request.has_token != 0)
		with_token(c, p, &known);
	else
		without_token(c, p, &known);
}

void
enroll_request(struct core *c, struct span body)
{
	struct peer_enroll *p = calloc(1, sizeof(*p));

	if (p != NULL && peer_enroll_unpack(body, p) == ST_OK)
		judge(c, p);
	else
		log_error("the gate sent what cannot be read kind=ENROLL");
	free(p);
}

void
enroll_renew(struct core *c, struct span body)
{
	struct peer_renew m;
	struct pending ask;

	if (peer_renew_unpack(body, &m) != ST_OK) {
		log_error("the gate sent what cannot be read kind=RENEW");
		return;
	}
	if (agents_live(c, m.conn, m.agent) == NULL ||
	    table_count(c->pending) >= ENROLL_PENDING_MAX)
		return;
	ask = (struct pending){.conn = m.conn, .agent = m.agent, .renew = true};
	if (ask_ca(c, &ask, m.csr) != ST_OK)
		log_error("a renewal could not be asked agent=%llu",
			  (unsigned long long)m.agent);
}

struct csr_of {
	struct core *c;
	uint64_t conn;
};

static enum status
sign_waiting(void *arg, const struct agent_row *row)
{
	const struct csr_of *w = arg;
	struct pending ask = {.conn = w->conn, .agent = row->id};

	return row->csr.len > 0 ? ask_ca(w->c, &ask, row->csr) : ST_OK;
}

void
enroll_verified(struct core *c, uint64_t agent)
{
	struct conn *k;
	size_t at = 0;

	while ((k = table_next(c->conns, &at, NULL)) != NULL) {
		struct csr_of w = {.c = c, .conn = k->conn};

		if (k->agent == agent && k->enrolling &&
		    q_agent_get(c->store, agent, sign_waiting, &w) != ST_OK)
			log_error("a certificate could not be asked agent=%llu",
				  (unsigned long long)agent);
	}
}

/* Everything of a new certificate in one transaction, the token's end too. */
static enum status
store_certificate(struct core *c, const struct pending *p,
		  const struct peer_signed *m, const struct known *known)
{
	struct conn *k = table_find_u64(c->conns, p->conn);
	struct span address = span_str(k != NULL ? k->address : "");
	uint64_t target = 0;
	enum status st = ST_OK;

	if (p->token != 0)
		st = q_token_use(c->store, p->token);
	if (st == ST_OK && p->token != 0)
		st = q_agent_set_token(c->store, p->agent, p->token);
	if (st == ST_OK && !p->renew && known->state != AGENT_VERIFIED)
		st = q_agent_set_state(c->store, p->agent, AGENT_VERIFIED);
	if (st == ST_OK)
		st = q_agent_set_certificate(c->store, p->agent,
					     span_of(m->cert, KEY_HASH_LEN),
					     m->not_after * 1000);
	if (st == ST_OK && !p->renew)
		st = q_target_of_agent(
		    c->store, p->agent, span_str(known->name),
		    span_str(known->group), core_now(c), &target);
	if (st == ST_OK)
		st = audit_system(c, address,
				  p->renew ? "agent.renew" : "agent.enroll",
				  "agent", p->agent);
	return st;
}

static void
answer_signed(struct core *c, const struct pending *p,
	      const struct peer_signed *m)
{
	char print[96];
	struct renew_reply renewed = {.certificate = m->certificate};
	struct enroll_reply reply = {.agent = p->agent,
				     .state = ENROLL_VERIFIED,
				     .certificate = m->certificate,
				     .ca = m->ca};

	if (p->renew) {
		say_renewed_to(c, p->conn, &renewed);
		return;
	}
	proof_print(m->key, print, sizeof(print));
	reply.fingerprint = span_str(print);
	say_enrolled_to(c, p->conn, &reply);
	log_info("agent is enrolled agent=%llu", (unsigned long long)p->agent);
}

static void
finish(struct core *c, const struct pending *p, const struct peer_signed *m)
{
	struct known known = {0};
	enum status st = m->status;
	enum bye_code code = BYE_REFUSED;

	if (st == ST_OK)
		st = q_agent_get(c->store, p->agent, note_known, &known);
	/* Blocked or removed while the ca was at work. */
	if (st == ST_OK && (known.state == AGENT_BLOCKED ||
			    (known.state == AGENT_REMOVED && p->token == 0)))
		st = ST_DENIED;
	if (st == ST_OK) {
		st = flow_begin(c);
		if (st == ST_OK)
			st = flow_end(c, store_certificate(c, p, m, &known));
		/* Somebody else had the last use of the token. */
		code = st == ST_NOTFOUND ? BYE_TOKEN : BYE_BUSY;
	}
	if (st != ST_OK) {
		log_warn("no certificate for an agent agent=%llu reason=\"%s\"",
			 (unsigned long long)p->agent, status_text(st));
		say_close_to(c, p->conn, code);
		return;
	}
	answer_signed(c, p, m);
	events_agent(c, p->agent);
}

void
enroll_signed(struct core *c, struct span body)
{
	struct peer_signed m;
	struct pending *p;

	if (peer_signed_unpack(body, &m) != ST_OK) {
		log_error("the ca sent what cannot be read");
		return;
	}
	p = table_find_u64(c->pending, m.tag);
	if (p == NULL)
		return;
	finish(c, p, &m);
	enroll_forget(c, p);
}
