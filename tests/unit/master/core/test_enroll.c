#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "crypto/hash.h"
#include "fake/core_world.h"
#include "master/access/proof.h"
#include "master/core/agents.h"
#include "master/core/enroll.h"
#include "master/core/flow.h"
#include "master/store/q_agents.h"
#include "master/store/q_tokens.h"

#define CONN 100

/* One who asks: its key, and whether it shows the token of make_token(). */
struct asker {
	uint64_t conn;
	uint8_t key;
	bool token, wrong_proof;
};

static const uint8_t token_key[HASH_LEN] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static void
make_token(struct core_world *w, uint32_t uses, int64_t ttl_ms)
{
	struct token_row row = {.name_id = {1, 2, 3, 4, 5, 6, 7, 8},
				.key = span_of(token_key, HASH_LEN),
				.group = span_str("Payments"),
				.created = w->db.now,
				.expires = w->db.now + ttl_ms,
				.uses_left = uses};
	uint64_t id = 0;

	assert_int_equal(store_begin(w->core->store), ST_OK);
	assert_int_equal(q_token_add(w->core->store, &row, &id), ST_OK);
	assert_int_equal(store_commit(w->core->store), ST_OK);
}

static void
ask(struct core_world *w, const struct asker *a)
{
	char print[96], csr[16];
	struct peer_enroll m = {.conn = a->conn,
				.address = span_str("192.0.2.9:1"),
				.key = {a->key},
				.exporter = {7}};
	struct enroll_request *r = &m.request;
	struct buf body;

	proof_print(m.key, print, sizeof(print));
	m.print = span_str(print);
	memset(csr, 'c', sizeof(csr));
	r->csr = span_of(csr, sizeof(csr));
	r->incarnation[0] = a->key;
	r->host.name = span_str("new-host");
	r->program = span_str("trawl-agent");
	r->build = span_str("0.1.0");
	if (a->token) {
		r->has_token = 1;
		memcpy(r->token_id, token_key, TOKEN_ID_LEN);
		hash_enroll_proof(token_key, m.exporter, r->csr, r->proof);
		r->proof[0] ^= a->wrong_proof ? 1 : 0;
	}
	buf_init(&body, 65536);
	assert_int_equal(peer_enroll_pack(&m, &body), ST_OK);
	enroll_request(w->core, buf_span(&body));
	buf_fini(&body);
}

/* What the ca is asked, tag 0 when nothing. */
static struct peer_sign
asked(struct core_world *w)
{
	struct peer_sign m = {.tag = 0};

	if (core_heard(w, w->ca, PEER_SIGN))
		assert_int_equal(peer_sign_unpack(w->heard.body, &m), ST_OK);
	return m;
}

/* The ca answers a question. */
static void
sign(struct core_world *w, uint64_t tag, enum status st)
{
	struct peer_signed m = {.tag = tag,
				.status = (uint8_t)st,
				.key = {5},
				.cert = {6},
				.not_after = w->db.now / 1000 + 86400,
				.certificate = span_str("cert"),
				.ca = span_str("ca")};
	struct buf body;

	buf_init(&body, 65536);
	assert_int_equal(peer_signed_pack(&m, &body), ST_OK);
	enroll_signed(w->core, buf_span(&body));
	buf_fini(&body);
}

/* The next answer to who asked; state 0 when there is none. */
static struct enroll_reply
answered(struct core_world *w, uint64_t conn)
{
	struct enroll_reply m = {.state = 0};
	struct span body;
	uint64_t to;

	if (core_said(w, PEER_ENROLLED, &to, &body)) {
		assert_int_equal(to, conn);
		assert_int_equal(enroll_reply_unpack(body, &m), ST_OK);
	}
	return m;
}

static unsigned
refused(struct core_world *w)
{
	struct session_bye bye = {.code = 0};
	struct span body;
	uint64_t conn;

	if (core_said(w, PEER_CLOSE, &conn, &body))
		assert_int_equal(session_bye_unpack(body, &bye), ST_OK);
	return bye.code;
}

static enum status
note_state(void *arg, const struct agent_row *row)
{
	*(uint8_t *)arg = row->state;
	return ST_OK;
}

static unsigned
state_of(struct core_world *w, uint64_t agent)
{
	uint8_t state = 0;

	(void)!q_agent_get(w->db.store, agent, note_state, &state);
	return state;
}

static enum status
note_uses(void *arg, const struct token_row *row)
{
	*(uint32_t *)arg = row->uses_left;
	return ST_OK;
}

static uint32_t
uses_left(struct core_world *w)
{
	uint32_t n = 99;

	assert_int_equal(q_token_find(w->db.store, token_key, note_uses, &n),
			 ST_OK);
	return n;
}

static void
set_state(struct core_world *w, uint64_t agent, enum agent_state state)
{
	assert_int_equal(flow_begin(w->core), ST_OK);
	assert_int_equal(
	    flow_end(w->core, q_agent_set_state(w->core->store, agent, state)),
	    ST_OK);
}

static void
a_token_is_burnt_when_the_certificate_is_stored(void **state)
{
	struct core_world *w = *state;
	struct enroll_reply r;
	struct peer_sign s;

	make_token(w, 1, 60000);
	ask(w, &(struct asker){.conn = CONN, .key = 9, .token = true});
	s = asked(w);
	assert_int_not_equal(s.tag, 0);
	assert_int_equal(s.days, 30);
	/* Nothing has happened until the ca has answered. */
	assert_int_equal(uses_left(w), 1);
	assert_int_not_equal(state_of(w, s.agent), AGENT_VERIFIED);
	sign(w, s.tag, ST_OK);
	r = answered(w, CONN);
	assert_int_equal(r.state, ENROLL_VERIFIED);
	assert_int_equal(r.agent, s.agent);
	assert_true(span_eq(r.certificate, span_str("cert")));
	assert_int_equal(uses_left(w), 0);
	assert_int_equal(state_of(w, s.agent), AGENT_VERIFIED);
	assert_int_equal(table_count(w->core->pending), 0);
	sign(w, s.tag, ST_OK); /* once more: nobody waits for it */
	assert_int_equal(answered(w, CONN).state, 0);
}

static void
a_token_that_is_not_good_enrols_nobody(void **state)
{
	static const struct {
		uint32_t uses;
		int64_t ttl_ms;
		bool wrong_proof;
	} cases[] = {
	    {1, 60000, true}, /* somebody who only saw its name */
	    {1, 0, false},    /* out of date */
	    {0, 60000, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct core_world w;

		core_world_open(&w);
		make_token(&w, cases[i].uses, cases[i].ttl_ms);
		ask(&w, &(struct asker){.conn = CONN,
					.key = 9,
					.token = true,
					.wrong_proof = cases[i].wrong_proof});
		assert_int_equal(refused(&w), BYE_TOKEN);
		assert_int_equal(asked(&w).tag, 0);
		assert_int_equal(uses_left(&w), cases[i].uses);
		core_world_close(&w);
	}
}

static void
a_token_nobody_made_enrols_nobody(void **state)
{
	struct core_world *w = *state;

	ask(w, &(struct asker){.conn = CONN, .key = 9, .token = true});
	assert_int_equal(refused(w), BYE_TOKEN);
	enroll_request(w->core, span_str("\xff\xff"));
	assert_int_equal(table_count(w->core->pending), 0);
}

static void
the_last_use_of_a_token_goes_to_one_of_two(void **state)
{
	struct core_world *w = *state;
	struct peer_sign first, second;

	make_token(w, 1, 60000);
	ask(w, &(struct asker){.conn = CONN, .key = 9, .token = true});
	ask(w, &(struct asker){.conn = CONN + 1, .key = 10, .token = true});
	first = asked(w);
	second = asked(w);
	assert_int_not_equal(first.agent, second.agent);
	sign(w, second.tag, ST_OK);
	assert_int_equal(answered(w, CONN + 1).state, ENROLL_VERIFIED);
	sign(w, first.tag, ST_OK);
	assert_int_equal(refused(w), BYE_TOKEN);
	assert_int_equal(state_of(w, second.agent), AGENT_VERIFIED);
	assert_int_not_equal(state_of(w, first.agent), AGENT_VERIFIED);
}

static void
what_the_ca_does_not_sign_leaves_the_token_good(void **state)
{
	struct core_world *w = *state;
	struct peer_sign s;

	make_token(w, 1, 60000);
	ask(w, &(struct asker){.conn = CONN, .key = 9, .token = true});
	s = asked(w);
	sign(w, s.tag, ST_DENIED);
	assert_int_equal(refused(w), BYE_REFUSED);
	assert_int_equal(uses_left(w), 1);
	assert_int_not_equal(state_of(w, s.agent), AGENT_VERIFIED);
}

static void
without_a_token_an_agent_waits_for_a_person(void **state)
{
	struct core_world *w = *state;
	struct enroll_reply r;
	struct peer_sign s;

	ask(w, &(struct asker){.conn = CONN, .key = 9});
	r = answered(w, CONN);
	assert_int_equal(r.state, ENROLL_WAITS);
	assert_true(r.fingerprint.len > 0);
	assert_int_equal(r.certificate.len, 0);
	assert_int_equal(asked(w).tag, 0);
	assert_int_equal(state_of(w, r.agent), AGENT_UNVERIFIED);
	/* It asks again after a break: the same row waits. */
	ask(w, &(struct asker){.conn = CONN + 1, .key = 9});
	assert_int_equal(answered(w, CONN + 1).agent, r.agent);
	set_state(w, r.agent, AGENT_VERIFIED);
	agents_drop_conn(w->core, CONN);
	enroll_verified(w->core, r.agent);
	s = asked(w);
	assert_int_equal(s.agent, r.agent);
	sign(w, s.tag, ST_OK);
	assert_int_equal(answered(w, CONN + 1).state, ENROLL_VERIFIED);
}

static void
who_is_blocked_gets_no_certificate_not_even_late(void **state)
{
	struct core_world *w = *state;
	struct peer_sign s;

	make_token(w, 5, 60000);
	ask(w, &(struct asker){.conn = CONN, .key = 9, .token = true});
	s = asked(w);
	set_state(w, s.agent, AGENT_BLOCKED); /* while the ca is at work */
	sign(w, s.tag, ST_OK);
	assert_int_equal(refused(w), BYE_REFUSED);
	ask(w, &(struct asker){.conn = CONN + 1, .key = 9, .token = true});
	assert_int_equal(refused(w), BYE_BLOCKED);
	assert_int_equal(asked(w).tag, 0);
	assert_int_equal(uses_left(w), 5);
}

static void
a_new_ca_is_asked_what_the_old_one_left(void **state)
{
	struct core_world *w = *state;
	struct peer_sign before, again;

	make_token(w, 1, 60000);
	ask(w, &(struct asker){.conn = CONN, .key = 9, .token = true});
	before = asked(w);
	enroll_ask_again(w->core);
	again = asked(w);
	assert_int_equal(again.tag, before.tag);
	assert_int_equal(again.agent, before.agent);
	assert_int_equal(again.csr.len, 16);
}

static void
an_agent_at_work_renews_and_nobody_else(void **state)
{
	struct core_world *w = *state;
	struct peer_renew m = {
	    .conn = CONN, .agent = w->db.agent, .csr = span_str("csr")};
	struct renew_reply r;
	struct peer_sign s;
	struct span body;
	struct buf b;
	uint64_t conn;

	buf_init(&b, 4096);
	assert_int_equal(peer_renew_pack(&m, &b), ST_OK);
	enroll_renew(w->core, buf_span(&b)); /* it is not connected */
	assert_int_equal(asked(w).tag, 0);
	core_world_up(w, CONN, w->db.agent, 1);
	enroll_renew(w->core, buf_span(&b));
	buf_fini(&b);
	s = asked(w);
	assert_int_equal(s.agent, w->db.agent);
	sign(w, s.tag, ST_OK);
	assert_true(core_said(w, PEER_RENEWED, &conn, &body));
	assert_int_equal(conn, CONN);
	assert_int_equal(renew_reply_unpack(body, &r), ST_OK);
	assert_true(span_eq(r.certificate, span_str("cert")));
}

#define T(f)                                                                   \
	cmocka_unit_test_setup_teardown(f, core_world_setup,                   \
					core_world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_token_is_burnt_when_the_certificate_is_stored),
	    cmocka_unit_test(a_token_that_is_not_good_enrols_nobody),
	    T(a_token_nobody_made_enrols_nobody),
	    T(the_last_use_of_a_token_goes_to_one_of_two),
	    T(what_the_ca_does_not_sign_leaves_the_token_good),
	    T(without_a_token_an_agent_waits_for_a_person),
	    T(who_is_blocked_gets_no_certificate_not_even_late),
	    T(a_new_ca_is_asked_what_the_old_one_left),
	    T(an_agent_at_work_renews_and_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
