#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/task.h"
#include "tests/unit/wire/desk.h"
#include "wire/codec_session.h"

static struct agent_hello
hello(void)
{
	return (struct agent_hello){
	    .protocol_min = 1,
	    .protocol_max = 3,
	    .features = UINT64_MAX,
	    .build = span_str("0.1.0"),
	    .program = span_str("trawl-agent"),
	    .clock = INT64_MIN,
	    .incarnation = {1, 2, 3},
	    .host = host(),
	    .tasks = {{7, TASK_RUNNING}, {8, TASK_PAUSED}},
	    .task_count = 2,
	    .kinds = {span_str("sftp"), span_str("pgsql")},
	    .kind_count = 2,
	    .credentials = {span_str("backup-reader")},
	    .credential_count = 1,
	};
}

static void
session_messages_come_back_the_same(void **state)
{
	struct desk *d = *state;
	struct agent_hello h = hello();
	struct hello_reply r = {.protocol = 1,
				.build = span_str("0.1.0"),
				.clock = -1,
				.agent = 42,
				.fingerprint_key = {9, 9},
				.resume = {{1, 100}, {4, UINT64_MAX}},
				.resume_count = 2,
				.heartbeat_seconds = 60,
				.credit = 1 << 20,
				.verified = 1},
			   got;
	struct heartbeat b = {-5, 1500, 1ULL << 40, 77, 2};
	struct stream_ack ack = {1, UINT64_MAX, 3};
	struct stream_nack nack = {1, 12};
	struct session_bye bye = {BYE_BLOCKED, span_str("by an admin"), 60};
	struct renew_request q = {span_str("der")};
	struct renew_reply p = {span_str("der")};

	ROUND(d, agent_hello, hello_encode, hello_decode, &h);
	ROUND(d, hello_reply, hello_reply_encode, hello_reply_decode, &r);
	r.has_pass = 1;
	memset(r.pass_id, 4, sizeof(r.pass_id));
	memset(r.pass_key, 5, sizeof(r.pass_key));
	buf_clear(&d->wire);
	assert_int_equal(hello_reply_encode(&r, &d->wire), ST_OK);
	assert_int_equal(
	    hello_reply_decode(buf_span(&d->wire), &d->arena, &got), ST_OK);
	assert_int_equal(got.has_pass, 1);
	assert_memory_equal(got.pass_id, r.pass_id, sizeof(r.pass_id));
	assert_memory_equal(got.pass_key, r.pass_key, sizeof(r.pass_key));
	r.verified = 0; /* who waits gets none */
	buf_clear(&d->wire);
	assert_int_equal(hello_reply_encode(&r, &d->wire), ST_OK);
	assert_int_equal(
	    hello_reply_decode(buf_span(&d->wire), &d->arena, &got),
	    ST_MALFORMED);
	ROUND(d, heartbeat, heartbeat_encode, heartbeat_decode, &b);
	ROUND(d, stream_ack, ack_encode, ack_decode, &ack);
	ROUND(d, stream_nack, nack_encode, nack_decode, &nack);
	ROUND(d, session_bye, bye_encode, bye_decode, &bye);
	ROUND(d, renew_request, renew_encode, renew_decode, &q);
	ROUND(d, renew_reply, renew_reply_encode, renew_reply_decode, &p);
}

static void
messages_out_of_bounds_are_refused(void **state)
{
	static char large[NAME_MAX_LEN + 1];
	static const struct {
		const char *name;
		bool good;
	} names[] = {
	    {"pay-db-01", true},   {"", true},
	    {"caf\xc3\xa9", true}, {"caf\xe9", false},
	    {"two\nlines", false}, {"bell\x07", false},
	    {large, false},        {"\xed\xa0\x80", false},
	};
	struct desk *d = *state;
	struct agent_hello h = hello(), back;

	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		h.host.name = span_str(names[i].name);
		if (names[i].name == large)
			h.host.name.len = sizeof(large);
		buf_clear(&d->wire);
		assert_int_equal(hello_encode(&h, &d->wire), ST_OK);
		assert_int_equal(
		    hello_decode(buf_span(&d->wire), &d->arena, &back),
		    names[i].good ? ST_OK : ST_MALFORMED);
	}
	h = hello();
	h.host.address_count = HOST_ADDRESSES_MAX + 1;
	assert_int_equal(hello_encode(&h, &d->wire), ST_LIMIT);
	h = hello();
	h.task_count = HELLO_TASKS_MAX + 1;
	assert_int_equal(hello_encode(&h, &d->wire), ST_LIMIT);
	h = hello();
	h.kind_count = HELLO_KINDS_MAX + 1;
	assert_int_equal(hello_encode(&h, &d->wire), ST_LIMIT);
	h = hello();
	h.credential_count = HELLO_CREDENTIALS_MAX + 1;
	assert_int_equal(hello_encode(&h, &d->wire), ST_LIMIT);
}

static void
full_arena_is_a_limit_and_not_malformed(void **state)
{
	struct desk *d = *state;
	struct agent_hello h = hello(), back;
	struct arena small;

	arena_init(&small, 64);
	buf_clear(&d->wire);
	assert_int_equal(hello_encode(&h, &d->wire), ST_OK);
	assert_int_equal(hello_decode(buf_span(&d->wire), &small, &back),
			 ST_LIMIT);
	arena_fini(&small);
}

static void
every_bye_has_words(void **state)
{
	(void)state;
	assert_string_equal(bye_text(BYE_BLOCKED), "this agent is blocked");
	assert_non_null(bye_text(0));
	assert_non_null(bye_text(9999));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AT_DESK(session_messages_come_back_the_same),
	    AT_DESK(messages_out_of_bounds_are_refused),
	    AT_DESK(full_arena_is_a_limit_and_not_malformed),
	    AT_DESK(every_bye_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
