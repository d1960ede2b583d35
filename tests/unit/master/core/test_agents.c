#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "fake/core_world.h"
#include "master/core/agents.h"
#include "master/core/flow.h"
#include "master/store/q_agents.h"

#define CONN 100

struct seen {
	uint8_t state, inc;
	bool online;
	int64_t seen, load, until;
	char name[64], address[64];
};

static enum status
note_agent(void *arg, const struct agent_row *row)
{
	struct seen *s = arg;

	*s = (struct seen){.state = row->state,
			   .online = row->online,
			   .seen = row->seen,
			   .load = row->load,
			   .until = row->cert_until};
	if (row->incarnation.len > 0)
		s->inc = row->incarnation.ptr[0];
	assert_int_equal(str_copy(s->name, sizeof(s->name), row->name), ST_OK);
	return str_copy(s->address, sizeof(s->address), row->address);
}

static struct seen
row_of(struct core_world *w, uint64_t agent)
{
	struct seen s = {0};

	assert_int_equal(q_agent_get(w->db.store, agent, note_agent, &s),
			 ST_OK);
	return s;
}

/* The next BYE that core orders: its code, and for whom. */
static unsigned
closed(struct core_world *w, uint64_t *conn)
{
	struct session_bye bye = {.code = 0};
	struct span body;

	if (core_said(w, PEER_CLOSE, conn, &body))
		assert_int_equal(session_bye_unpack(body, &bye), ST_OK);
	return bye.code;
}

static void
goes_down(struct core_world *w)
{
	struct peer_down down = {.conn = CONN, .agent = w->db.agent};
	struct buf body;

	buf_init(&body, 4096);
	assert_int_equal(peer_down_pack(&down, &body), ST_OK);
	agents_down(w->core, buf_span(&body));
	buf_fini(&body);
}

static void
set_state(struct core_world *w, enum agent_state state)
{
	assert_int_equal(flow_begin(w->core), ST_OK);
	assert_int_equal(
	    flow_end(w->core,
		     q_agent_set_state(w->core->store, w->db.agent, state)),
	    ST_OK);
}

static void
an_agent_that_comes_is_welcomed_and_written_down(void **state)
{
	struct core_world *w = *state;
	struct hello_reply m = {0};
	struct span body;
	uint64_t conn;
	struct seen s;

	core_world_up(w, CONN, w->db.agent, 5);
	assert_true(core_said(w, PEER_WELCOME, &conn, &body));
	assert_int_equal(conn, CONN);
	assert_int_equal(hello_reply_unpack(body, &m), ST_OK);
	assert_int_equal(m.agent, w->db.agent);
	assert_int_equal(m.verified, 1);
	assert_int_equal(m.heartbeat_seconds, 60);
	assert_int_equal(m.credit, FLOW_CREDIT);
	assert_int_equal(m.fingerprint_key[0], 7);
	assert_int_equal(m.resume_count, 1);
	assert_int_equal(m.resume[0].seq, 0);
	s = row_of(w, w->db.agent);
	assert_true(s.online);
	assert_int_equal(s.inc, 5);
	assert_int_equal(s.until, w->db.now + 86400 * INT64_C(1000));
	assert_string_equal(s.address, "192.0.2.7:40112");
}

static void
who_may_not_is_cut_off_and_gets_no_welcome(void **state)
{
	static const struct {
		enum agent_state state;
		enum bye_code code;
	} cases[] = {
	    {AGENT_BLOCKED, BYE_BLOCKED},
	    {AGENT_UNVERIFIED, BYE_REMOVED},
	};
	struct core_world *w = *state;
	uint64_t conn = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_state(w, cases[i].state);
		core_world_up(w, CONN + i, w->db.agent, 1);
		assert_int_equal(closed(w, &conn), cases[i].code);
		assert_int_equal(conn, CONN + i);
		assert_null(agents_live(w->core, CONN + i, w->db.agent));
	}
	core_world_up(w, CONN, 999, 1); /* nobody knows it */
	assert_int_equal(closed(w, &conn), BYE_REMOVED);
	assert_false(row_of(w, w->db.agent).online);
}

static void
the_newer_connection_of_an_agent_is_its_own(void **state)
{
	struct core_world *w = *state;
	uint64_t conn = 0;

	core_world_up(w, CONN, w->db.agent, 1);
	core_world_up(w, CONN + 1, w->db.agent, 1);
	assert_int_equal(closed(w, &conn), BYE_REPLACED);
	assert_int_equal(conn, CONN);
	assert_null(agents_live(w->core, CONN, w->db.agent));
	assert_non_null(agents_live(w->core, CONN + 1, w->db.agent));
	/* The end of the older one is no end of the agent. */
	goes_down(w);
	assert_true(row_of(w, w->db.agent).online);
}

static void
without_the_gate_everybody_is_away(void **state)
{
	struct core_world *w = *state;
	uint64_t target, other = world_agent(&w->db, "hr-db-01", "HR", &target);

	core_world_up(w, CONN, w->db.agent, 1);
	core_world_up(w, CONN + 1, other, 2);
	agents_forget_conns(w->core);
	assert_false(row_of(w, w->db.agent).online);
	assert_false(row_of(w, other).online);
	assert_int_equal(table_count(w->core->conns), 0);
	assert_null(agents_live(w->core, CONN, w->db.agent));
}

static void
who_is_blocked_now_is_cut_off_at_once(void **state)
{
	struct core_world *w = *state;
	uint64_t conn = 0;

	core_world_up(w, CONN, w->db.agent, 1);
	core_deaf(w);
	agents_cut(w->core, w->db.agent, BYE_BLOCKED);
	assert_int_equal(closed(w, &conn), BYE_BLOCKED);
	assert_int_equal(conn, CONN);
	assert_null(agents_live(w->core, CONN, w->db.agent));
	assert_false(row_of(w, w->db.agent).online);
}

static void
beat(struct core_world *w, uint64_t conn, uint32_t load)
{
	struct heartbeat h = {.load_permille = load, .spool_bytes = 77};
	struct peer_said said = {.conn = conn, .agent = w->db.agent};
	struct buf inner, body;

	buf_init(&inner, 4096);
	buf_init(&body, 4096);
	assert_int_equal(heartbeat_pack(&h, &inner), ST_OK);
	said.body = buf_span(&inner);
	assert_int_equal(peer_said_pack(&said, &body), ST_OK);
	agents_heartbeat(w->core, buf_span(&body));
	buf_fini(&inner);
	buf_fini(&body);
}

static void
the_load_is_written_at_once_then_when_the_house_is_kept(void **state)
{
	struct core_world *w = *state;
	int64_t first;

	core_world_up(w, CONN, w->db.agent, 1);
	assert_int_equal(row_of(w, w->db.agent).load, LOAD_UNKNOWN);
	beat(w, CONN, 200);
	beat(w, CONN + 9, 900); /* not its connection */
	assert_int_equal(row_of(w, w->db.agent).load, 200);
	first = row_of(w, w->db.agent).seen;
	clock_fake_pass(&w->clock, UINT64_C(60000000));
	beat(w, CONN, 300);
	assert_int_equal(agents_find(w->core, w->db.agent)->load, 300);
	assert_int_equal(agents_find(w->core, w->db.agent)->spool, 77);
	assert_int_equal(row_of(w, w->db.agent).seen, first);
	assert_int_equal(row_of(w, w->db.agent).load, 200);
	assert_int_equal(flow_begin(w->core), ST_OK);
	assert_int_equal(flow_end(w->core, agents_write_seen(w->core)), ST_OK);
	assert_int_equal(row_of(w, w->db.agent).seen, first + 60000);
	assert_int_equal(row_of(w, w->db.agent).load, 300);
	goes_down(w);
	assert_int_equal(row_of(w, w->db.agent).load, LOAD_UNKNOWN);
}

static void
words_of_a_host_are_cut_to_what_fits(void **state)
{
	char addresses[AGENT_ADDRESSES_TEXT], name[4096], one[600];
	struct agent_row row = {0};
	struct host_facts h = {.memory = UINT64_MAX};

	(void)state;
	memset(name, 'n', sizeof(name));
	memset(one, 'a', sizeof(one));
	agents_host(&h, &row, addresses);
	assert_true(span_eq(row.name, span_str("unnamed")));
	assert_int_equal(row.addresses.len, 0);
	assert_int_equal(row.memory, INT64_MAX);
	h.name = span_of(name, sizeof(name));
	h.address_count = 5;
	for (size_t i = 0; i < 4; i++)
		h.addresses[i] = span_of(one, sizeof(one));
	h.addresses[4] = span_str("192.0.2.7");
	agents_host(&h, &row, addresses);
	assert_int_equal(row.name.len, NAME_MAX_LEN);
	/* Three of 600, a break each, and the short one; the fourth is not. */
	assert_int_equal(row.addresses.len, 3 * 601 + 9);
	assert_memory_equal(row.addresses.ptr + 3 * 601, "192.0.2.7", 9);
}

#define T(f)                                                                   \
	cmocka_unit_test_setup_teardown(f, core_world_setup,                   \
					core_world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(an_agent_that_comes_is_welcomed_and_written_down),
	    T(who_may_not_is_cut_off_and_gets_no_welcome),
	    T(the_newer_connection_of_an_agent_is_its_own),
	    T(without_the_gate_everybody_is_away),
	    T(who_is_blocked_now_is_cut_off_at_once),
	    T(the_load_is_written_at_once_then_when_the_house_is_kept),
	    cmocka_unit_test(words_of_a_host_are_cut_to_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
