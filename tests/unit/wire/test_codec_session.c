#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "model/task.h"
#include "wire/codec_enroll.h"
#include "wire/codec_job.h"
#include "wire/codec_session.h"

/*
 * Each message goes to protobuf and back, and must then pack to the same bytes
 * as before (model/session.h).
 */
struct desk {
	struct arena arena;
	struct buf wire, want, got;
};

static int
desk_make(void **state)
{
	static struct desk d;

	arena_init(&d.arena, 1024 * 1024);
	buf_init(&d.wire, 1024 * 1024);
	buf_init(&d.want, 1024 * 1024);
	buf_init(&d.got, 1024 * 1024);
	*state = &d;
	return 0;
}

static int
desk_free(void **state)
{
	struct desk *d = *state;

	arena_fini(&d->arena);
	buf_fini(&d->wire);
	buf_fini(&d->want);
	buf_fini(&d->got);
	return 0;
}

#define ROUND(d, type, encode, decode, m)                                      \
	do {                                                                   \
		struct type back, again;                                       \
                                                                               \
		buf_clear(&(d)->wire);                                         \
		buf_clear(&(d)->want);                                         \
		buf_clear(&(d)->got);                                          \
		assert_int_equal(encode((m), &(d)->wire), ST_OK);              \
		assert_int_equal(                                              \
		    decode(buf_span(&(d)->wire), &(d)->arena, &back), ST_OK);  \
		assert_int_equal(type##_pack((m), &(d)->want), ST_OK);         \
		assert_int_equal(type##_pack(&back, &(d)->got), ST_OK);        \
		assert_int_equal((d)->want.len, (d)->got.len);                 \
		assert_memory_equal((d)->want.data, (d)->got.data,             \
				    (d)->want.len);                            \
		assert_int_equal(type##_unpack(buf_span(&(d)->got), &again),   \
				 ST_OK);                                       \
		for (size_t n = 0; n < (d)->got.len; n++)                      \
			assert_int_not_equal(                                  \
			    type##_unpack(span_of((d)->got.data, n), &again),  \
			    ST_OK);                                            \
	} while (0)

static struct host_facts
host(void)
{
	return (struct host_facts){
	    .name = span_str("pay-db-01"),
	    .os = span_str("Debian GNU/Linux 12 (bookworm)"),
	    .kernel = span_str("6.1.0-18-amd64"),
	    .arch = span_str("x86_64"),
	    .cpus = 8,
	    .memory = UINT64_MAX,
	    .addresses = {span_str("192.0.2.7"), span_str("2001:db8::7")},
	    .address_count = 2,
	};
}

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
				.verified = 1};
	struct heartbeat b = {-5, 1500, 1ULL << 40, 77, 2};
	struct stream_ack ack = {1, UINT64_MAX, 3};
	struct stream_nack nack = {1, 12};
	struct session_bye bye = {BYE_BLOCKED, span_str("by an admin"), 60};
	struct renew_request q = {span_str("der")};
	struct renew_reply p = {span_str("der")};

	ROUND(d, agent_hello, hello_encode, hello_decode, &h);
	ROUND(d, hello_reply, hello_reply_encode, hello_reply_decode, &r);
	ROUND(d, heartbeat, heartbeat_encode, heartbeat_decode, &b);
	ROUND(d, stream_ack, ack_encode, ack_decode, &ack);
	ROUND(d, stream_nack, nack_encode, nack_decode, &nack);
	ROUND(d, session_bye, bye_encode, bye_decode, &bye);
	ROUND(d, renew_request, renew_encode, renew_decode, &q);
	ROUND(d, renew_reply, renew_reply_encode, renew_reply_decode, &p);
}

static void
task_messages_come_back_the_same(void **state)
{
	static struct task_order o;
	struct desk *d = *state;
	struct task_control c = {9, TASK_STOP};
	struct task_progress p = {
	    .task = 9,
	    .state = TASK_RUNNING,
	    .progress = {1, 2, 3, 4, 1, 5, 6, 7, 8, span_str("/a\xff/b")},
	    .bytes_per_second = 1000,
	};

	o = (struct task_order){.task = 1, .scan = 2, .target = 3};
	o.order.paths[0] = span_str("/srv");
	o.order.paths[1] = span_str("/home/\xff");
	o.order.path_count = 2;
	o.order.types[0] = span_str("card_*");
	o.order.type_count = 1;
	o.order.min_confidence = 50;
	o.order.jobs = 4;
	o.order.want_totals = 1;
	o.order.bytes_per_second = 1 << 20;
	ROUND(d, task_order, task_order_encode, task_order_decode, &o);
	ROUND(d, task_control, task_control_encode, task_control_decode, &c);
	ROUND(d, task_progress, task_progress_encode, task_progress_decode, &p);
}

static void
enrolment_comes_back_the_same_with_and_without_a_token(void **state)
{
	struct desk *d = *state;
	struct enroll_request q = {
	    .csr = span_str("der"),
	    .incarnation = {7},
	    .host = host(),
	    .program = span_str("trawl-agent"),
	    .build = span_str("0.1.0"),
	};
	struct enroll_reply p = {42, ENROLL_WAITS, span_of(NULL, 0),
				 span_str("ca"), span_str("4F2A 91C0")};

	ROUND(d, enroll_request, enroll_encode, enroll_decode, &q);
	q.has_token = 1;
	q.token_id[0] = 1;
	q.proof[31] = 1;
	ROUND(d, enroll_request, enroll_encode, enroll_decode, &q);
	ROUND(d, enroll_reply, enroll_reply_encode, enroll_reply_decode, &p);
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
}

static void
half_an_incarnation_and_a_proof_without_a_token_are_refused(void **state)
{
	/* field 2 (incarnation): 1 byte; field 6 (proof) without field 5 */
	static const uint8_t half[] = {0x12, 1, 7};
	static const uint8_t proof[] = {0x32, 1, 7};
	struct desk *d = *state;
	struct enroll_request back;

	assert_int_equal(
	    enroll_decode(span_of(half, sizeof(half)), &d->arena, &back),
	    ST_MALFORMED);
	assert_int_equal(
	    enroll_decode(span_of(proof, sizeof(proof)), &d->arena, &back),
	    ST_MALFORMED);
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

#define AT_DESK(f) cmocka_unit_test_setup_teardown(f, desk_make, desk_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AT_DESK(session_messages_come_back_the_same),
	    AT_DESK(task_messages_come_back_the_same),
	    AT_DESK(enrolment_comes_back_the_same_with_and_without_a_token),
	    AT_DESK(messages_out_of_bounds_are_refused),
	    AT_DESK(
		half_an_incarnation_and_a_proof_without_a_token_are_refused),
	    AT_DESK(full_arena_is_a_limit_and_not_malformed),
	    AT_DESK(every_bye_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
