#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "fake/installation.h"
#include "fake/rough.h"
#include "master/gate/conn.h"
#include "master/gate/relay.h"
#include "master/proc/edge.h"
#include "master/proc/peers.h"
#include "model/batch.h"
#include "model/task.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "wire/codec_enroll.h"
#include "wire/codec_finding.h"
#include "wire/codec_job.h"
#include "wire/codec_parcel.h"
#include "wire/codec_session.h"

#define PATIENCE_MS 10000
#define HEARD_MAX   32

/* A gate without its process, and a core that only listens. */
struct world {
	struct loop *loop;
	struct installation in;
	struct identity agent;
	struct tls *tls;
	struct conns *conns;
	struct edge *gate_end, *core_end;
	int door;
	uint16_t port;
	struct loop_io *knock;
	struct {
		uint16_t kind;
		struct buf body;
	} heard[HEARD_MAX];
	size_t heard_count;
	struct buf body;
};

static void
core_hears(void *arg, uint16_t kind, struct span body)
{
	struct world *w = arg;

	assert_true(w->heard_count < HEARD_MAX);
	w->heard[w->heard_count].kind = kind;
	buf_init(&w->heard[w->heard_count].body, EDGE_MAX);
	assert_int_equal(
	    buf_add(&w->heard[w->heard_count].body, body.ptr, body.len), ST_OK);
	w->heard_count++;
}

static void
gate_hears(void *arg, uint16_t kind, struct span body)
{
	struct world *w = arg;

	relay_message(w->conns, kind, body);
}

static void
edge_down(void *arg)
{
	(void)arg;
}

static void
on_knock(void *arg, int fd, unsigned ready)
{
	struct world *w = arg;

	(void)ready;
	conn_accept(w->conns,
		    accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

static void
join_core(struct world *w)
{
	static const struct edge_ops gate = {gate_hears, edge_down, NULL};
	static const struct edge_ops core = {core_hears, edge_down, NULL};
	int fds[2];

	assert_int_equal(pipe_pair(fds), ST_OK);
	assert_int_equal(edge_open(w->loop, fds[0], &gate, w, &w->gate_end),
			 ST_OK);
	assert_int_equal(edge_open(w->loop, fds[1], &core, w, &w->core_end),
			 ST_OK);
	conns_core(w->conns, w->gate_end);
}

static void
lose_core(struct world *w)
{
	conns_core(w->conns, NULL);
	edge_close(w->gate_end);
	edge_close(w->core_end);
	w->gate_end = w->core_end = NULL;
}

static void
open_door(struct world *w)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);

	w->door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(w->door, (const struct sockaddr *)&a, sizeof(a)),
			 0);
	assert_int_equal(listen(w->door, 64), 0);
	assert_int_equal(getsockname(w->door, (struct sockaddr *)&a, &len), 0);
	w->port = ntohs(a.sin_port);
	assert_int_equal(
	    loop_io_open(w->loop, w->door, LOOP_READ, on_knock, w, &w->knock),
	    ST_OK);
}

static int
world_make(void **state)
{
	struct gate_config config = {.waiting_max = 4, .hello_ms = 200};
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	installation_make(&w->in);
	identity_agent(&w->in, 7, &w->agent);
	buf_init(&w->body, FRAME_MAX);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	w->tls = installation_gate(&w->in);
	assert_int_equal(conns_open(w->loop, w->tls, &config, &w->conns),
			 ST_OK);
	open_door(w);
	join_core(w);
	*state = w;
	return 0;
}

static int
world_free(void **state)
{
	struct world *w = *state;

	lose_core(w);
	conns_close(w->conns);
	loop_io_close(w->knock);
	close(w->door);
	loop_close(w->loop);
	tls_free(w->tls);
	for (size_t i = 0; i < w->heard_count; i++)
		buf_fini(&w->heard[i].body);
	buf_fini(&w->body);
	identity_free(&w->agent);
	installation_free(&w->in);
	free(w);
	return 0;
}

static void
turn(struct world *w)
{
	assert_int_equal(loop_once(w->loop), ST_OK);
	(void)poll(NULL, 0, 1);
}

/* The n-th message to core, which must come. */
static struct span
heard(struct world *w, size_t n, uint16_t kind)
{
	uint64_t since = clock_mono_ms(clock_system());

	while (w->heard_count <= n) {
		turn(w);
		assert_true(clock_mono_ms(clock_system()) - since <
			    PATIENCE_MS);
	}
	assert_int_equal(w->heard[n].kind, kind);
	return buf_span(&w->heard[n].body);
}

/* ---- agents ---- */

static struct rough *
arrive(struct world *w, const struct identity *id)
{
	struct rough_spec s = {.id = id, .alpn = TLS_ALPN};
	struct rough *r = rough_open(w->loop, w->port);

	assert_true(rough_shake(r, &s));
	return r;
}

static void
say_hello(struct world *w, struct rough *r, uint32_t version)
{
	struct agent_hello h = {
	    .protocol_min = version,
	    .protocol_max = version,
	    .program = span_str("trawl-agent"),
	    .incarnation = {1},
	    .host = {.name = span_str("pay-db-01")},
	};

	buf_clear(&w->body);
	assert_int_equal(hello_encode(&h, &w->body), ST_OK);
	rough_frame(r, KIND_HELLO, 0, buf_span(&w->body));
}

static void
answer(struct world *w, uint16_t kind, uint64_t conn, struct buf *packed)
{
	struct peer_said said = {.conn = conn, .body = buf_span(packed)};
	struct buf b;

	buf_init(&b, EDGE_MAX);
	assert_int_equal(peer_said_pack(&said, &b), ST_OK);
	assert_int_equal(edge_send(w->core_end, kind, buf_span(&b)), ST_OK);
	buf_fini(&b);
}

static void
say_welcome(struct world *w, uint64_t conn, uint8_t verified)
{
	struct hello_reply m = {
	    .protocol = 1, .agent = 7, .verified = verified};
	struct buf b;

	buf_init(&b, 4096);
	assert_int_equal(hello_reply_pack(&m, &b), ST_OK);
	answer(w, PEER_WELCOME, conn, &b);
	buf_fini(&b);
}

static void
reads(struct world *w, struct rough *r, uint16_t want)
{
	uint16_t kind;

	assert_true(rough_read(r, &kind, &w->body));
	assert_int_equal(kind, want);
}

static void
reads_bye(struct world *w, struct rough *r, uint8_t code)
{
	reads(w, r, KIND_BYE);
	assert_int_equal(w->body.data[1], code);
	assert_true(rough_ended(r));
}

/* The answer that was just read has what the agent may come back with. */
static bool
brings_pass(struct world *w)
{
	struct hello_reply m;
	struct arena a;
	bool has;

	arena_init(&a, 65536);
	assert_int_equal(hello_reply_decode(buf_span(&w->body), &a, &m), ST_OK);
	has = m.has_pass;
	arena_fini(&a);
	return has;
}

/* At work: HELLO, UP, WELCOME, HELLO_REPLY. Gives the number of the conn. */
static struct rough *
start_work(struct world *w, uint64_t *conn)
{
	struct rough *r = arrive(w, &w->agent);
	size_t n = w->heard_count;
	struct peer_up up;

	say_hello(w, r, 1);
	assert_int_equal(peer_up_unpack(heard(w, n, PEER_AGENT_UP), &up),
			 ST_OK);
	assert_int_equal(up.agent, 7);
	assert_int_equal(up.again, 0);
	assert_true(span_eq(up.hello.host.name, span_str("pay-db-01")));
	*conn = up.conn;
	say_welcome(w, up.conn, 1);
	reads(w, r, KIND_HELLO_REPLY);
	assert_true(brings_pass(w));
	return r;
}

static void
send_batch(struct world *w, struct rough *r, struct span image)
{
	struct parcel p = {.seq = 1, .image = image};

	buf_clear(&w->body);
	assert_int_equal(parcel_encode(&p, &w->body), ST_OK);
	rough_frame(r, KIND_BATCH, 0, buf_span(&w->body));
}

/* ---- the tests ---- */

static void
agent_at_work_is_heard_and_answered(void **state)
{
	struct world *w = *state;
	struct batch b, back;
	struct buf image;
	struct peer_batch m;
	uint64_t conn;
	struct rough *r = start_work(w, &conn);

	batch_init(&b);
	b.task = 9;
	buf_init(&image, BATCH_IMAGE_MAX * 2);
	assert_int_equal(batch_encode(&b, &image), ST_OK);
	send_batch(w, r, buf_span(&image));
	assert_int_equal(peer_batch_unpack(heard(w, 1, PEER_BATCH), &m), ST_OK);
	assert_int_equal(m.agent, 7);
	assert_int_equal(m.seq, 1);
	assert_int_equal(batch_unpack(m.batch, &back), ST_OK);
	assert_int_equal(back.task, 9);
	batch_fini(&back);

	buf_clear(&image);
	assert_int_equal(
	    stream_ack_pack(&(struct stream_ack){1, 1, 1000}, &image), ST_OK);
	answer(w, PEER_ACK, conn, &image);
	reads(w, r, KIND_ACK);
	rough_frame(r, KIND_HEARTBEAT, 0, span_of(NULL, 0));
	reads(w, r, KIND_HEARTBEAT);
	(void)heard(w, 2, PEER_HEARTBEAT);
	rough_close(r);
	(void)heard(w, 3, PEER_AGENT_DOWN);
	buf_fini(&image);
}

static void
nothing_counts_before_hello_or_welcome(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w, &w->agent);

	rough_frame(r, KIND_HEARTBEAT, 0, span_of(NULL, 0));
	reads_bye(w, r, BYE_PROTOCOL);
	rough_close(r);
	assert_int_equal(w->heard_count, 0);

	r = arrive(w, &w->agent);
	say_hello(w, r, 1);
	(void)heard(w, 0, PEER_AGENT_UP);
	send_batch(w, r, span_str("image"));
	reads_bye(w, r, BYE_PROTOCOL);
	rough_close(r);
	(void)heard(w, 1, PEER_AGENT_DOWN);
	assert_int_equal(w->heard_count, 2);
}

static void
unverified_agent_is_told_to_wait_and_may_send_nothing(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w, &w->agent);
	struct peer_up up;
	struct buf order;

	say_hello(w, r, 1);
	assert_int_equal(peer_up_unpack(heard(w, 0, PEER_AGENT_UP), &up),
			 ST_OK);
	say_welcome(w, up.conn, 0);
	reads(w, r, KIND_HELLO_REPLY);
	assert_false(brings_pass(w));
	/* Even an order by mistake does not reach it. */
	buf_init(&order, 4096);
	assert_int_equal(
	    task_control_pack(&(struct task_control){1, 1}, &order), ST_OK);
	answer(w, PEER_CONTROL, up.conn, &order);
	buf_fini(&order);
	send_batch(w, r, span_str("image"));
	reads_bye(w, r, BYE_PROTOCOL);
	rough_close(r);
}

static void
malformed_messages_end_it_and_core_never_sees_them(void **state)
{
	struct world *w = *state;
	uint64_t conn;
	struct rough *r = start_work(w, &conn);

	send_batch(w, r, span_str("no image"));
	reads_bye(w, r, BYE_PROTOCOL);
	rough_close(r);
	(void)heard(w, 1, PEER_AGENT_DOWN);

	r = arrive(w, &w->agent);
	rough_frame(r, KIND_HELLO, 0, span_str("\xff\xff\xff"));
	reads_bye(w, r, BYE_PROTOCOL);
	rough_close(r);
	assert_int_equal(w->heard_count, 2);
}

static void
unknown_version_is_told_so(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w, &w->agent);

	say_hello(w, r, 99);
	reads_bye(w, r, BYE_VERSION);
	rough_close(r);
	assert_int_equal(w->heard_count, 0);
}

static void
silence_after_the_handshake_is_cut(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w, &w->agent);

	reads_bye(w, r, BYE_TIMEOUT);
	rough_close(r);
	r = arrive(w, NULL);
	reads_bye(w, r, BYE_TIMEOUT);
	rough_close(r);
	assert_int_equal(w->heard_count, 0);
}

static void
request(struct world *w, struct rough *r, bool touched)
{
	struct enroll_request q = {.incarnation = {1},
				   .program = span_str("trawl-agent")};
	struct key *k;
	struct buf csr;

	buf_init(&csr, X509_DER_MAX);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(csr_make(k, "pay-db-01", &csr), ST_OK);
	if (touched)
		csr.data[csr.len - 1] ^= 1;
	q.csr = buf_span(&csr);
	buf_clear(&w->body);
	assert_int_equal(enroll_encode(&q, &w->body), ST_OK);
	rough_frame(r, KIND_ENROLL, 0, buf_span(&w->body));
	key_free(k);
	buf_fini(&csr);
}

static void
stranger_enrols_and_hears_the_answer_when_it_comes(void **state)
{
	struct world *w = *state;
	struct enroll_reply m = {.agent = 8, .state = ENROLL_WAITS};
	struct rough *r = arrive(w, NULL);
	struct peer_enroll e;
	struct buf b;
	uint8_t none[PROOF_LEN] = {0};

	request(w, r, false);
	assert_int_equal(peer_enroll_unpack(heard(w, 0, PEER_ENROLL), &e),
			 ST_OK);
	assert_memory_not_equal(e.exporter, none, sizeof(none));
	assert_int_equal(e.print.len, 39);
	buf_init(&b, 4096);
	assert_int_equal(enroll_reply_pack(&m, &b), ST_OK);
	answer(w, PEER_ENROLLED, e.conn, &b);
	reads(w, r, KIND_ENROLL_REPLY);
	/* An admin says yes, some time later: longer than hello_ms. */
	for (int i = 0; i < 300; i++)
		turn(w);
	m.state = ENROLL_VERIFIED;
	m.certificate = span_str("der");
	buf_clear(&b);
	assert_int_equal(enroll_reply_pack(&m, &b), ST_OK);
	answer(w, PEER_ENROLLED, e.conn, &b);
	reads(w, r, KIND_ENROLL_REPLY);
	rough_close(r);
	(void)heard(w, 1, PEER_AGENT_DOWN);
	buf_fini(&b);
}

static void
request_that_is_not_well_signed_goes_no_further(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w, NULL);

	request(w, r, true);
	reads_bye(w, r, BYE_REFUSED);
	rough_close(r);
	assert_int_equal(w->heard_count, 0);
}

static void
second_request_on_a_connection_ends_it(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w, NULL);

	request(w, r, false);
	(void)heard(w, 0, PEER_ENROLL);
	request(w, r, false);
	reads_bye(w, r, BYE_PROTOCOL);
	rough_close(r);
	(void)heard(w, 1, PEER_AGENT_DOWN);
}

static void
blocked_agent_is_cut_off_at_once_and_not_heard_any_more(void **state)
{
	struct world *w = *state;
	struct session_bye bye = {BYE_BLOCKED, span_str("by an admin"), 0};
	uint64_t conn, since;
	struct rough *r = start_work(w, &conn);
	struct buf b;

	buf_init(&b, 4096);
	assert_int_equal(session_bye_pack(&bye, &b), ST_OK);
	answer(w, PEER_CLOSE, conn, &b);
	buf_fini(&b);
	since = clock_mono_ms(clock_system());
	(void)heard(w, 1, PEER_AGENT_DOWN);
	/* It does not take the hint: it neither reads nor goes. */
	rough_frame(r, KIND_HEARTBEAT, 0, span_of(NULL, 0));
	while (w->conns->count > 0)
		turn(w);
	assert_true(clock_mono_ms(clock_system()) - since < 1000);
	assert_int_equal(w->heard_count, 2);
	rough_close(r);
}

static void
newest_connection_of_an_agent_wins(void **state)
{
	struct world *w = *state;
	uint64_t first, second;
	struct rough *a = start_work(w, &first);
	struct rough *b = arrive(w, &w->agent);
	struct peer_down down;

	reads_bye(w, a, BYE_REPLACED);
	assert_int_equal(peer_down_unpack(heard(w, 1, PEER_AGENT_DOWN), &down),
			 ST_OK);
	assert_int_equal(down.conn, first);
	rough_close(b);
	b = start_work(w, &second);
	assert_true(second > first);
	rough_close(a);
	rough_close(b);
}

static void
crowd_of_strangers_pushes_out_its_oldest_and_no_agent(void **state)
{
	struct world *w = *state;
	struct rough *crowd[6];
	uint64_t conn;
	struct rough *r = start_work(w, &conn);

	for (size_t i = 0; i < 6; i++) {
		crowd[i] = rough_open(w->loop, w->port);
		for (int k = 0; k < 5; k++)
			turn(w);
	}
	assert_int_equal(w->conns->stranger_count, 4);
	assert_true(rough_ended(crowd[0]));
	assert_true(rough_ended(crowd[1]));
	rough_frame(r, KIND_HEARTBEAT, 0, span_of(NULL, 0));
	reads(w, r, KIND_HEARTBEAT);
	for (size_t i = 0; i < 6; i++)
		rough_close(crowd[i]);
	rough_close(r);
}

static void
new_core_hears_of_everybody_again_and_nothing_said_is_lost(void **state)
{
	struct world *w = *state;
	uint64_t conn;
	struct rough *r = start_work(w, &conn);
	struct peer_up up;
	size_t n;

	lose_core(w);
	rough_frame(r, KIND_HEARTBEAT, 0, span_of(NULL, 0));
	for (int i = 0; i < 20; i++)
		turn(w);
	n = w->heard_count;
	join_core(w);
	assert_int_equal(peer_up_unpack(heard(w, n, PEER_AGENT_UP), &up),
			 ST_OK);
	assert_int_equal(up.conn, conn);
	assert_int_equal(up.again, 1);
	(void)heard(w, n + 1, PEER_HEARTBEAT);
	say_welcome(w, conn, 1);
	reads(w, r, KIND_HEARTBEAT);
	reads(w, r, KIND_HELLO_REPLY);
	rough_close(r);
}

/* Packed by its own function into w->body, and said to the agent. */
#define SAY(w, kind, conn, pack, ...)                                          \
	do {                                                                   \
		buf_clear(&(w)->body);                                         \
		assert_int_equal(pack((__VA_ARGS__), &(w)->body), ST_OK);      \
		answer((w), (kind), (conn), &(w)->body);                       \
	} while (0)

static void
what_core_says_reaches_the_agent_as_it_is(void **state)
{
	struct world *w = *state;
	uint64_t conn;
	struct rough *r = start_work(w, &conn);
	struct task_order *o = calloc(1, sizeof(*o)), *back;
	struct arena arena;
	struct stream_nack nack;

	assert_non_null(o);
	o->task = 5;
	o->order.paths[0] = span_str("/srv/data");
	o->order.path_count = 1;
	SAY(w, PEER_ORDER, conn, task_order_pack, o);
	reads(w, r, KIND_TASK_ORDER);
	arena_init(&arena, 1024 * 1024);
	back = arena_take(&arena, sizeof(*back));
	assert_int_equal(task_order_decode(buf_span(&w->body), &arena, back),
			 ST_OK);
	assert_int_equal(back->task, 5);
	assert_int_equal(back->order.path_count, 1);
	assert_true(span_eq(back->order.paths[0], o->order.paths[0]));
	SAY(w, PEER_CONTROL, conn, task_control_pack,
	    &(struct task_control){5, TASK_STOP});
	reads(w, r, KIND_TASK_CONTROL);
	SAY(w, PEER_NACK, conn, stream_nack_pack, &(struct stream_nack){1, 9});
	reads(w, r, KIND_NACK);
	assert_int_equal(nack_decode(buf_span(&w->body), &arena, &nack), ST_OK);
	assert_int_equal(nack.expected, 9);
	SAY(w, PEER_RENEWED, conn, renew_reply_pack,
	    &(struct renew_reply){span_str("der")});
	reads(w, r, KIND_RENEW_REPLY);
	arena_fini(&arena);
	free(o);
	rough_close(r);
}

static void
what_core_says_to_nobody_or_in_no_words_is_passed_over(void **state)
{
	struct world *w = *state;
	uint64_t conn;
	struct rough *r = start_work(w, &conn);
	struct buf torn;

	SAY(w, PEER_CONTROL, conn + 99, task_control_pack,
	    &(struct task_control){5, TASK_STOP});
	assert_int_equal(edge_send(w->core_end, PEER_ACK, span_str("\xff\xff")),
			 ST_OK);
	buf_init(&torn, 64);
	assert_int_equal(buf_add_str(&torn, "\xff"), ST_OK);
	answer(w, PEER_ACK, conn, &torn);
	answer(w, PEER_EVENT, conn, &torn); /* not a word for agents */
	buf_fini(&torn);
	SAY(w, PEER_NACK, conn, stream_nack_pack, &(struct stream_nack){1, 9});
	reads(w, r, KIND_NACK); /* the first that it hears */
	rough_close(r);
}

/* A renewal; touched: not as its key has signed it. */
static void
ask_renewal(struct world *w, struct rough *r, bool touched)
{
	struct renew_request q;
	struct key *k;
	struct buf csr;

	buf_init(&csr, X509_DER_MAX);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(csr_make(k, "pay-db-01", &csr), ST_OK);
	if (touched)
		csr.data[csr.len - 1] ^= 1;
	q.csr = buf_span(&csr);
	buf_clear(&w->body);
	assert_int_equal(renew_encode(&q, &w->body), ST_OK);
	rough_frame(r, KIND_RENEW, 0, buf_span(&w->body));
	key_free(k);
	buf_fini(&csr);
}

static void
progress_and_renewals_of_an_agent_at_work_go_to_core(void **state)
{
	struct task_progress p = {.task = 5, .state = TASK_RUNNING}, got;
	struct world *w = *state;
	uint64_t conn;
	struct rough *r = start_work(w, &conn);
	struct peer_said said;
	struct peer_renew renew;

	p.progress.done_bytes = 77;
	buf_clear(&w->body);
	assert_int_equal(task_progress_encode(&p, &w->body), ST_OK);
	rough_frame(r, KIND_TASK_PROGRESS, 0, buf_span(&w->body));
	assert_int_equal(peer_said_unpack(heard(w, 1, PEER_PROGRESS), &said),
			 ST_OK);
	assert_int_equal(said.agent, 7);
	assert_int_equal(task_progress_unpack(said.body, &got), ST_OK);
	assert_int_equal(got.progress.done_bytes, 77);
	ask_renewal(w, r, false);
	assert_int_equal(peer_renew_unpack(heard(w, 2, PEER_RENEW), &renew),
			 ST_OK);
	assert_int_equal(renew.agent, 7);
	assert_int_equal(renew.conn, conn);
	ask_renewal(w, r, true);
	reads_bye(w, r, BYE_REFUSED);
	rough_close(r);
	(void)heard(w, 3, PEER_AGENT_DOWN);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(agent_at_work_is_heard_and_answered),
	    IN_WORLD(nothing_counts_before_hello_or_welcome),
	    IN_WORLD(unverified_agent_is_told_to_wait_and_may_send_nothing),
	    IN_WORLD(malformed_messages_end_it_and_core_never_sees_them),
	    IN_WORLD(unknown_version_is_told_so),
	    IN_WORLD(silence_after_the_handshake_is_cut),
	    IN_WORLD(stranger_enrols_and_hears_the_answer_when_it_comes),
	    IN_WORLD(request_that_is_not_well_signed_goes_no_further),
	    IN_WORLD(second_request_on_a_connection_ends_it),
	    IN_WORLD(blocked_agent_is_cut_off_at_once_and_not_heard_any_more),
	    IN_WORLD(newest_connection_of_an_agent_wins),
	    IN_WORLD(crowd_of_strangers_pushes_out_its_oldest_and_no_agent),
	    IN_WORLD(
		new_core_hears_of_everybody_again_and_nothing_said_is_lost),
	    IN_WORLD(what_core_says_reaches_the_agent_as_it_is),
	    IN_WORLD(what_core_says_to_nobody_or_in_no_words_is_passed_over),
	    IN_WORLD(progress_and_renewals_of_an_agent_at_work_go_to_core),
	};

	(void)signal(SIGPIPE, SIG_IGN); /* as proc_harden() does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
