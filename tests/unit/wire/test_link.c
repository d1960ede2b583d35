#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "fake/installation.h"
#include "fake/rough.h"
#include "model/session.h"
#include "sys/loop.h"
#include "wire/link.h"

/* With link_in, link_out and link_time: one idea. */

#define PATIENCE_MS 10000
#define SEEN_MAX    256

/* What one end of a connection lived through. */
struct side {
	struct link *link;
	unsigned ups, downs, rooms;
	enum status why;
	char text[256];
	struct tls_peer peer;
	uint16_t seen[SEEN_MAX];
	size_t seen_count, bytes;
	bool close_on_frame, close_on_up;
};

struct world {
	struct loop *loop;
	struct installation in;
	struct identity agent;
	struct tls *gate;
	struct link_config config; /* of the server's side */
	int door;
	uint16_t port;
	struct loop_io *knock;
	struct side server, client;
};

/* ---- the two sides ---- */

static void
on_up(void *arg, struct link *l, const struct tls_peer *peer)
{
	struct side *s = arg;

	s->ups++;
	s->peer = *peer;
	if (s->close_on_up) {
		link_close(l);
		s->link = NULL;
	}
}

static void
on_frame(void *arg, struct link *l, const struct frame *f)
{
	struct side *s = arg;

	s->bytes += f->body.len;
	if (s->seen_count < SEEN_MAX)
		s->seen[s->seen_count++] = f->kind;
	if (s->close_on_frame) {
		link_close(l);
		s->link = NULL;
		/* The body is good until return. */
		assert_true(f->body.len == 0 || f->body.ptr[0] < 0xff);
	}
}

static void
on_room(void *arg, struct link *l)
{
	struct side *s = arg;

	(void)l;
	s->rooms++;
}

static void
on_down(void *arg, struct link *l, enum status why, const char *text)
{
	struct side *s = arg;

	s->downs++;
	s->why = why;
	snprintf(s->text, sizeof(s->text), "%s", text);
	link_close(l);
	s->link = NULL;
}

static const struct link_ops ops = {on_up, on_frame, on_room, on_down};

static void
on_knock(void *arg, int fd, unsigned ready)
{
	struct world *w = arg;
	int s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	assert_true(s >= 0);
	assert_null(w->server.link);
	assert_int_equal(link_accept(w->loop, w->gate, s, &w->config,
				     &(struct link_owner){&ops, &w->server},
				     &w->server.link),
			 ST_OK);
}

static int
world_make(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	installation_make(&w->in);
	identity_agent(&w->in, 7, &w->agent);
	w->gate = installation_gate(&w->in);
	w->config = link_config_default;
	w->door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(w->door, (const struct sockaddr *)&a, sizeof(a)),
			 0);
	assert_int_equal(listen(w->door, 16), 0);
	assert_int_equal(getsockname(w->door, (struct sockaddr *)&a, &len), 0);
	w->port = ntohs(a.sin_port);
	assert_int_equal(
	    loop_io_open(w->loop, w->door, LOOP_READ, on_knock, w, &w->knock),
	    ST_OK);
	*state = w;
	return 0;
}

static int
world_free(void **state)
{
	struct world *w = *state;

	link_close(w->server.link);
	link_close(w->client.link);
	loop_io_close(w->knock);
	loop_close(w->loop);
	close(w->door);
	tls_free(w->gate);
	identity_free(&w->agent);
	installation_free(&w->in);
	free(w);
	return 0;
}

/* Turn the loop until a counter has reached a number. */
static void
until(struct world *w, const unsigned *counter, unsigned want)
{
	uint64_t since = clock_mono_ms(clock_system());

	while (*counter < want) {
		assert_int_equal(loop_once(w->loop), ST_OK);
		(void)poll(NULL, 0, 1);
		assert_true(clock_mono_ms(clock_system()) - since <
			    PATIENCE_MS);
	}
}

static void
until_seen(struct world *w, const size_t *counter, size_t want)
{
	uint64_t since = clock_mono_ms(clock_system());

	while (*counter < want) {
		assert_int_equal(loop_once(w->loop), ST_OK);
		assert_true(clock_mono_ms(clock_system()) - since <
			    PATIENCE_MS);
	}
}

static void
call(struct world *w, struct tls *t)
{
	struct link_target to = {"127.0.0.1", w->port};

	assert_int_equal(link_connect(w->loop, t, &to, NULL,
				      &(struct link_owner){&ops, &w->client},
				      &w->client.link),
			 ST_OK);
}

/* Both sides up, the agent with its certificate. */
static struct tls *
meet(struct world *w)
{
	struct tls *t = installation_agent(&w->in, &w->agent);

	call(w, t);
	until(w, &w->client.ups, 1);
	until(w, &w->server.ups, 1);
	return t;
}

/* ---- good manners ---- */

static void
agent_and_gate_know_each_other(void **state)
{
	struct world *w = *state;
	struct tls *t = meet(w);
	uint8_t hash[HASH_LEN];

	assert_int_equal(w->server.peer.role, CERT_AGENT);
	assert_int_equal(w->server.peer.agent, 7);
	hash_sha256(buf_span(&w->agent.cert), hash);
	assert_memory_equal(w->server.peer.cert, hash, sizeof(hash));
	assert_int_equal(w->client.peer.role, CERT_GATE);
	tls_free(t);
}

static void
frames_arrive_in_order_and_whole(void **state)
{
	static uint8_t large[FRAME_MAX];
	struct world *w = *state;
	struct tls *t = meet(w);

	for (int i = 0; i < 5; i++)
		assert_int_equal(link_send(w->client.link, KIND_BATCH,
					   span_of(large, sizeof(large))),
				 ST_OK);
	until_seen(w, &w->server.seen_count, 5);
	assert_int_equal(w->server.bytes, 5 * sizeof(large));
	assert_int_equal(link_send(w->server.link, KIND_ACK, span_str("x")),
			 ST_OK);
	until_seen(w, &w->client.seen_count, 1);
	assert_int_equal(w->client.seen[0], KIND_ACK);
	assert_int_equal(link_queued(w->client.link), 0);
	tls_free(t);
}

static void
control_goes_before_what_waits(void **state)
{
	static uint8_t large[FRAME_MAX];
	struct world *w = *state;
	struct tls *t = meet(w);
	size_t at = 0;

	for (int i = 0; i < 6; i++)
		assert_int_equal(link_send(w->client.link, KIND_BATCH,
					   span_of(large, sizeof(large))),
				 ST_OK);
	assert_int_equal(
	    link_send(w->client.link, KIND_HEARTBEAT, span_of(NULL, 0)), ST_OK);
	until_seen(w, &w->server.seen_count, 7);
	while (w->server.seen[at] != KIND_HEARTBEAT)
		at++;
	/* Only what was on its way already came first. */
	assert_true(at <= 1);
	tls_free(t);
}

static void
full_queue_takes_nothing_and_says_when_it_does_again(void **state)
{
	static uint8_t large[FRAME_MAX];
	struct world *w = *state;
	struct tls *t = meet(w);
	enum status st;
	unsigned n = 0;

	while ((st = link_send(w->client.link, KIND_BATCH,
			       span_of(large, sizeof(large)))) == ST_OK)
		n++;
	assert_int_equal(st, ST_FULL);
	assert_true(link_queued(w->client.link) <=
		    link_config_default.queue_max);
	until(w, &w->client.rooms, 1);
	assert_int_equal(link_send(w->client.link, KIND_BATCH,
				   span_of(large, sizeof(large))),
			 ST_OK);
	until_seen(w, &w->server.seen_count, n + 1);
	tls_free(t);
}

static void
body_above_the_cap_of_its_kind_is_not_sent(void **state)
{
	static uint8_t large[2048];
	struct world *w = *state;
	struct tls *t = meet(w);

	assert_int_equal(link_send(w->client.link, KIND_HEARTBEAT,
				   span_of(large, sizeof(large))),
			 ST_LIMIT);
	tls_free(t);
}

static void
stopped_reader_holds_frames_back_until_it_goes_on(void **state)
{
	struct world *w = *state;
	struct tls *t = meet(w);

	link_read_stop(w->server.link, true);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
		    link_send(w->client.link, KIND_HEARTBEAT, span_str("a")),
		    ST_OK);
	for (int i = 0; i < 50; i++)
		assert_int_equal(loop_once(w->loop), ST_OK);
	assert_int_equal(w->server.seen_count, 0);
	link_read_stop(w->server.link, false);
	until_seen(w, &w->server.seen_count, 3);
	tls_free(t);
}

static void
good_bye_is_heard_with_its_reason(void **state)
{
	struct world *w = *state;
	struct tls *t = meet(w);

	link_bye(w->server.link, BYE_BLOCKED, "blocked by an admin", 0);
	until(w, &w->client.downs, 1);
	until(w, &w->server.downs, 1);
	assert_int_equal(w->client.seen_count, 1);
	assert_int_equal(w->client.seen[0], KIND_BYE);
	tls_free(t);
}

static void
link_may_be_closed_in_any_callback(void **state)
{
	struct world *w = *state;
	struct tls *t;

	w->server.close_on_frame = true;
	t = meet(w);
	assert_int_equal(
	    link_send(w->client.link, KIND_HEARTBEAT, span_str("a")), ST_OK);
	assert_int_equal(
	    link_send(w->client.link, KIND_HEARTBEAT, span_str("b")), ST_OK);
	until(w, &w->client.downs, 1);
	assert_int_equal(w->server.seen_count, 1);
	assert_int_equal(w->server.downs, 0);

	w->client.close_on_up = true;
	w->server.close_on_frame = false;
	call(w, t);
	until(w, &w->client.ups, 2);
	until(w, &w->server.downs, 1);
	tls_free(t);
}

/* ---- enrolment ---- */

static void
pinned_stranger_gets_in_and_shares_an_exporter(void **state)
{
	struct world *w = *state;
	uint8_t a[TLS_EXPORTER_LEN], b[TLS_EXPORTER_LEN];
	struct buf ca;
	struct tls *t;

	assert_int_equal(tls_enroll(w->in.pin, &t), ST_OK);
	call(w, t);
	until(w, &w->client.ups, 1);
	until(w, &w->server.ups, 1);
	assert_int_equal(w->server.peer.role, 0);
	assert_int_equal(link_exporter(w->client.link, a), ST_OK);
	assert_int_equal(link_exporter(w->server.link, b), ST_OK);
	assert_memory_equal(a, b, sizeof(a));
	buf_init(&ca, X509_DER_MAX);
	assert_int_equal(link_met_ca(w->client.link, &ca), ST_OK);
	assert_true(span_eq(buf_span(&ca), buf_span(&w->in.ca)));
	buf_fini(&ca);

	/* Another session has another exporter: no proof fits both. */
	link_close(w->client.link);
	until(w, &w->server.downs, 1);
	call(w, t);
	until(w, &w->client.ups, 2);
	assert_int_equal(link_exporter(w->client.link, b), ST_OK);
	assert_memory_not_equal(a, b, sizeof(a));
	tls_free(t);
}

static void
stranger_without_a_pin_takes_the_ca_it_meets(void **state)
{
	struct world *w = *state;
	struct tls *t;

	assert_int_equal(tls_enroll(NULL, &t), ST_OK);
	call(w, t);
	until(w, &w->client.ups, 1);
	tls_free(t);
}

static void
wrong_pin_ends_it_before_a_byte_is_sent(void **state)
{
	struct world *w = *state;
	uint8_t pin[TLS_PIN_LEN];
	struct tls *t;

	memcpy(pin, w->in.pin, sizeof(pin));
	pin[0] ^= 1;
	assert_int_equal(tls_enroll(pin, &t), ST_OK);
	call(w, t);
	until(w, &w->client.downs, 1);
	until(w, &w->server.downs, 1);
	assert_int_equal(w->client.ups, 0);
	assert_int_equal(w->client.why, ST_DENIED);
	assert_int_equal(w->server.ups, 0);
	tls_free(t);
}

static void
stranger_may_only_ask_to_enrol(void **state)
{
	static const enum wire_kind kinds[] = {KIND_HELLO, KIND_HEARTBEAT,
					       KIND_BATCH, KIND_RENEW,
					       KIND_TASK_PROGRESS};
	struct world *w = *state;
	struct tls *t;

	assert_int_equal(tls_enroll(w->in.pin, &t), ST_OK);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		call(w, t);
		until(w, &w->client.ups, i + 1);
		assert_int_equal(
		    link_send(w->client.link, kinds[i], span_str("a")), ST_OK);
		until(w, &w->client.downs, i + 1);
		until(w, &w->server.downs, i + 1);
		assert_int_equal(w->server.seen_count, 0);
	}
	tls_free(t);
}

/* ---- who is refused ---- */

static void
refused(struct world *w, const struct rough_spec *s)
{
	struct rough *r = rough_open(w->loop, w->port);
	unsigned downs = w->server.downs;

	/* In TLS 1.3 a client may speak before it knows that it is refused. */
	if (rough_shake(r, s)) {
		rough_frame(r, KIND_HELLO, 0, span_str("let me in"));
		rough_frame(r, KIND_ENROLL, 0, span_str("let me in"));
	}
	assert_true(rough_ended(r));
	until(w, &w->server.downs, downs + 1);
	assert_int_equal(w->server.ups, 0);
	assert_int_equal(w->server.seen_count, 0);
	rough_close(r);
}

static void
certificates_that_are_not_an_agents_are_refused_before_any_byte(void **state)
{
	static const struct {
		const char *what;
		bool other_ca;
		struct identity_spec spec;
	} cases[] = {
	    {"of another CA", true, {CERT_AGENT, 7, -100, 1000}},
	    {"out of date", false, {CERT_AGENT, 7, -1000, -10}},
	    {"not yet good", false, {CERT_AGENT, 7, 1000, 2000}},
	    {"of a gate", false, {CERT_GATE, 0, -100, 1000}},
	};
	struct world *w = *state;
	struct installation other;

	installation_make(&other);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct identity id;
		struct rough_spec s = {.id = &id, .alpn = TLS_ALPN};

		identity_make(cases[i].other_ca ? &other : &w->in,
			      &cases[i].spec, &id);
		refused(w, &s);
		identity_free(&id);
	}
	installation_free(&other);
}

static void
certificate_of_the_ca_itself_is_no_agents(void **state)
{
	struct world *w = *state;
	struct identity id;
	struct rough_spec s = {.id = &id, .alpn = TLS_ALPN};

	buf_init(&id.key, 4096);
	buf_init(&id.cert, X509_DER_MAX);
	assert_int_equal(key_pem(w->in.ca_key, &id.key), ST_OK);
	assert_int_equal(buf_add(&id.cert, w->in.ca.data, w->in.ca.len), ST_OK);
	refused(w, &s);
	identity_free(&id);
}

static void
older_tls_and_other_protocols_are_refused_before_any_byte(void **state)
{
	struct world *w = *state;
	const struct rough_spec cases[] = {
	    {&w->agent, TLS_ALPN, TLS1_2_VERSION},
	    {&w->agent, NULL, 0},
	    {&w->agent, "h2", 0},
	    {&w->agent, "trawl/2", 0},
	    {NULL, NULL, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refused(w, &cases[i]);
}

static void
agent_refuses_whoever_is_not_its_gate(void **state)
{
	static const struct identity_spec agent = {CERT_AGENT, 9, -100, 1000};
	static const struct identity_spec late = {CERT_GATE, 0, -1000, -10};
	struct world *w = *state;
	struct installation other;
	struct tls *mine = installation_agent(&w->in, &w->agent);
	unsigned n = 0;

	installation_make(&other);
	for (int i = 0; i < 3; i++) {
		struct identity id;
		struct tls_identity fake = {.ca_der = buf_span(&w->in.ca)};

		tls_free(w->gate);
		if (i == 0) {
			w->gate = installation_gate(&other);
		} else {
			identity_make(&w->in, i == 1 ? &agent : &late, &id);
			fake.key_pem = buf_span(&id.key);
			fake.cert_der = buf_span(&id.cert);
			assert_int_equal(tls_gate(&fake, &w->gate), ST_OK);
			identity_free(&id);
		}
		call(w, mine);
		until(w, &w->client.downs, ++n);
		until(w, &w->server.downs, n);
		assert_int_equal(w->client.ups, 0);
		assert_int_equal(w->client.why, ST_DENIED);
	}
	installation_free(&other);
	tls_free(mine);
}

/* ---- bad manners ---- */

static void
silent_handshake_is_cut_in_time(void **state)
{
	struct world *w = *state;
	struct rough *r;

	w->config.handshake_ms = 50;
	r = rough_open(w->loop, w->port);
	assert_true(rough_ended(r));
	assert_int_equal(w->server.why, ST_TIMEOUT);
	rough_close(r);
}

static void
handshake_that_drips_is_cut_in_time(void **state)
{
	static const uint8_t hello[] = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01};
	struct world *w = *state;
	struct rough *r;
	unsigned i = 0;

	w->config.handshake_ms = 100;
	r = rough_open(w->loop, w->port);
	while (w->server.downs == 0 && i < 100000) {
		(void)rough_write(r, span_of(hello + i++ % sizeof(hello), 1));
		(void)poll(NULL, 0, 1);
		assert_int_equal(loop_once(w->loop), ST_OK);
	}
	assert_int_equal(w->server.downs, 1);
	assert_int_equal(w->server.ups, 0);
	rough_close(r);
}

static struct rough *
rough_agent(struct world *w)
{
	struct rough_spec s = {.id = &w->agent, .alpn = TLS_ALPN};
	struct rough *r = rough_open(w->loop, w->port);

	assert_true(rough_shake(r, &s));
	until(w, &w->server.ups, 1);
	return r;
}

/* The other side says BYE with this code, then ends it. */
static void
hears_bye(struct rough *r, uint8_t code)
{
	struct buf body;
	uint16_t kind;

	buf_init(&body, FRAME_MAX);
	assert_true(rough_read(r, &kind, &body));
	assert_int_equal(kind, KIND_BYE);
	assert_true(body.len > 2);
	assert_int_equal(body.data[0], 0x08); /* field 1: code */
	assert_int_equal(body.data[1], code);
	assert_true(rough_ended(r));
	buf_fini(&body);
}

static void
half_a_frame_is_not_waited_for_long(void **state)
{
	struct world *w = *state;
	struct rough *r;

	w->config.stall_ms = 50;
	r = rough_agent(w);
	assert_int_equal(rough_write(r, span_of("\x04\0\0\0\x03", 5)), 5);
	hears_bye(r, BYE_TIMEOUT);
	rough_close(r);
}

static void
silent_peer_is_not_waited_for_for_ever(void **state)
{
	struct world *w = *state;
	struct rough *r;

	w->config.idle_ms = 50;
	r = rough_agent(w);
	hears_bye(r, BYE_TIMEOUT);
	rough_close(r);
}

static void
peer_that_takes_nothing_is_cut(void **state)
{
	static uint8_t large[512 * 1024];
	struct world *w = *state;
	struct rough *r;

	w->config.stall_ms = 100;
	r = rough_agent(w);
	while (link_send(w->server.link, KIND_TASK_ORDER,
			 span_of(large, sizeof(large))) == ST_OK)
		;
	until(w, &w->server.downs, 1);
	rough_close(r);
}

static void
frame_too_large_ends_it_by_its_head_alone(void **state)
{
	/* One byte more than 1 MiB. */
	static const uint8_t more[FRAME_HEAD] = {1, 0, 0x10, 0, KIND_BATCH,
						 0, 0, 0,    1};
	struct world *w = *state;
	struct rough *r = rough_agent(w);

	assert_int_equal(rough_write(r, span_of(more, sizeof(more))),
			 sizeof(more));
	hears_bye(r, BYE_LIMIT);
	assert_int_equal(w->server.seen_count, 0);
	rough_close(r);
}

static void
stranger_has_64_kib_a_frame(void **state)
{
	static const uint8_t head[FRAME_HEAD] = {1, 0, 1, 0, KIND_ENROLL};
	struct world *w = *state;
	struct rough_spec s = {.alpn = TLS_ALPN};
	struct rough *r = rough_open(w->loop, w->port);

	assert_true(rough_shake(r, &s));
	assert_int_equal(rough_write(r, span_of(head, sizeof(head))),
			 sizeof(head));
	hears_bye(r, BYE_LIMIT);
	rough_close(r);
}

static void
frame_above_the_cap_of_its_kind_ends_it(void **state)
{
	static uint8_t large[2048];
	struct world *w = *state;
	struct rough *r = rough_agent(w);

	rough_frame(r, KIND_HEARTBEAT, 0, span_of(large, sizeof(large)));
	hears_bye(r, BYE_LIMIT);
	assert_int_equal(w->server.seen_count, 0);
	rough_close(r);
}

static void
unknown_kind_is_skipped_unless_it_is_critical(void **state)
{
	struct world *w = *state;
	struct rough *r = rough_agent(w);

	rough_frame(r, 9999, 0, span_str("from the future"));
	rough_frame(r, KIND_HEARTBEAT, 0, span_of(NULL, 0));
	until_seen(w, &w->server.seen_count, 1);
	assert_int_equal(w->server.seen[0], KIND_HEARTBEAT);
	rough_frame(r, 9999, FRAME_CRITICAL, span_str("from the future"));
	hears_bye(r, BYE_VERSION);
	rough_close(r);
}

static void
unknown_flags_and_words_of_the_master_end_it(void **state)
{
	struct world *w = *state;
	struct rough *r = rough_agent(w);

	rough_frame(r, KIND_HEARTBEAT, 0x80, span_of(NULL, 0));
	hears_bye(r, BYE_PROTOCOL);
	rough_close(r);
	until(w, &w->server.downs, 1);
	w->server.ups = 0;
	r = rough_agent(w);
	rough_frame(r, KIND_ACK, 0, span_of(NULL, 0));
	hears_bye(r, BYE_PROTOCOL);
	rough_close(r);
	assert_int_equal(w->server.seen_count, 0);
}

static void
plain_text_on_the_port_is_no_tls(void **state)
{
	struct world *w = *state;
	struct rough *r = rough_open(w->loop, w->port);

	assert_true(rough_write(r, span_str("GET / HTTP/1.1\r\n\r\n")) > 0);
	assert_true(rough_ended(r));
	until(w, &w->server.downs, 1);
	assert_int_equal(w->server.ups, 0);
	rough_close(r);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(agent_and_gate_know_each_other),
	    IN_WORLD(frames_arrive_in_order_and_whole),
	    IN_WORLD(control_goes_before_what_waits),
	    IN_WORLD(full_queue_takes_nothing_and_says_when_it_does_again),
	    IN_WORLD(body_above_the_cap_of_its_kind_is_not_sent),
	    IN_WORLD(stopped_reader_holds_frames_back_until_it_goes_on),
	    IN_WORLD(good_bye_is_heard_with_its_reason),
	    IN_WORLD(link_may_be_closed_in_any_callback),
	    IN_WORLD(pinned_stranger_gets_in_and_shares_an_exporter),
	    IN_WORLD(stranger_without_a_pin_takes_the_ca_it_meets),
	    IN_WORLD(wrong_pin_ends_it_before_a_byte_is_sent),
	    IN_WORLD(stranger_may_only_ask_to_enrol),
	    IN_WORLD(
		certificates_that_are_not_an_agents_are_refused_before_any_byte),
	    IN_WORLD(certificate_of_the_ca_itself_is_no_agents),
	    IN_WORLD(older_tls_and_other_protocols_are_refused_before_any_byte),
	    IN_WORLD(agent_refuses_whoever_is_not_its_gate),
	    IN_WORLD(silent_handshake_is_cut_in_time),
	    IN_WORLD(handshake_that_drips_is_cut_in_time),
	    IN_WORLD(half_a_frame_is_not_waited_for_long),
	    IN_WORLD(silent_peer_is_not_waited_for_for_ever),
	    IN_WORLD(peer_that_takes_nothing_is_cut),
	    IN_WORLD(frame_too_large_ends_it_by_its_head_alone),
	    IN_WORLD(stranger_has_64_kib_a_frame),
	    IN_WORLD(frame_above_the_cap_of_its_kind_ends_it),
	    IN_WORLD(unknown_kind_is_skipped_unless_it_is_critical),
	    IN_WORLD(unknown_flags_and_words_of_the_master_end_it),
	    IN_WORLD(plain_text_on_the_port_is_no_tls),
	};

	(void)signal(SIGPIPE, SIG_IGN); /* as proc_harden() does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
