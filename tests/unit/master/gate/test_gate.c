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
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "fake/installation.h"
#include "fake/rough.h"
#include "master/gate/gate.h"
#include "master/proc/child.h"
#include "master/proc/control.h"
#include "master/proc/peers.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "wire/codec_session.h"
#include "wire/kinds.h"

#define PATIENCE_MS 10000

/* The gate as a process, with the test as its parent and as its core. */
struct world {
	struct installation in;
	struct identity agent;
	struct loop *loop; /* for the rough clients */
	pid_t pid;
	uint16_t port;
	struct pipe *control, *core;
};

static enum status
confined(void *arg)
{
	(void)arg;
	return ST_OK;
}

_Noreturn static void
be_gate(const struct installation *in, int control)
{
	struct gate_config config = {
	    .key_pem = buf_span(&in->gate_key),
	    .cert_der = buf_span(&in->gate),
	    .ca_der = buf_span(&in->ca),
	    .connections_max = 8,
	    .waiting_max = 8,
	    .handshakes = 5,
	    .confine = confined,
	};
	struct child *c;

	log_setup("gate", LOG_ERROR);
	(void)signal(SIGPIPE, SIG_IGN);
	dup2(control, CHILD_CONTROL_FD);
	if (child_open(ROLE_GATE, &c) != ST_OK)
		_exit(1);
	_exit(gate_run(c, &config) == ST_OK ? 0 : 2);
}

static void
hand_door(struct world *w)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);
	uint8_t door = DOOR_AGENTS;
	struct pipe_message m = {
	    .kind = CONTROL_DOORS, .body = span_of(&door, 1), .fd_count = 1};

	m.fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(m.fds[0], (const struct sockaddr *)&a, sizeof(a)),
			 0);
	assert_int_equal(listen(m.fds[0], 64), 0);
	assert_int_equal(getsockname(m.fds[0], (struct sockaddr *)&a, &len), 0);
	w->port = ntohs(a.sin_port);
	assert_int_equal(pipe_send(w->control, &m), ST_OK);
	close(m.fds[0]);
}

static void
deal_edge(struct world *w)
{
	struct pipe_message m = {
	    .kind = CONTROL_PEER, .tag = ROLE_CORE, .fd_count = 1};
	int fds[2];

	pipe_close(w->core);
	assert_int_equal(pipe_pair(fds), ST_OK);
	m.fds[0] = fds[1];
	assert_int_equal(pipe_send(w->control, &m), ST_OK);
	close(fds[1]);
	assert_int_equal(pipe_open(fds[0], 1024 * 1024, &w->core), ST_OK);
}

static int
world_make(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	int fds[2];

	assert_non_null(w);
	installation_make(&w->in);
	identity_agent(&w->in, 7, &w->agent);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	assert_int_equal(pipe_pair(fds), ST_OK);
	w->pid = fork();
	if (w->pid == 0)
		be_gate(&w->in, fds[1]);
	close(fds[1]);
	assert_int_equal(pipe_open(fds[0], 1024 * 1024, &w->control), ST_OK);
	hand_door(w);
	deal_edge(w);
	*state = w;
	return 0;
}

/* Told to stop, it ends by itself and in good order. */
static int
world_free(void **state)
{
	struct world *w = *state;
	int how;

	assert_int_equal(
	    pipe_say(w->control, CONTROL_STOP, 0, span_of(NULL, 0)), ST_OK);
	assert_int_equal(waitpid(w->pid, &how, 0), w->pid);
	assert_int_equal(how, 0);
	pipe_close(w->control);
	pipe_close(w->core);
	loop_close(w->loop);
	identity_free(&w->agent);
	installation_free(&w->in);
	free(w);
	return 0;
}

static struct rough *
arrive(struct world *w)
{
	struct rough_spec s = {.id = &w->agent, .alpn = TLS_ALPN};
	struct agent_hello h = {.protocol_min = 1, .protocol_max = 1};
	struct rough *r = rough_open(w->loop, w->port);
	struct buf b;

	assert_true(rough_shake(r, &s));
	buf_init(&b, 4096);
	assert_int_equal(hello_encode(&h, &b), ST_OK);
	rough_frame(r, KIND_HELLO, 0, buf_span(&b));
	buf_fini(&b);
	return r;
}

static void
core_hears(struct world *w, uint16_t kind, uint8_t again)
{
	struct pipe_message m;
	struct peer_up up;

	assert_int_equal(pipe_receive(w->core, &m), ST_OK);
	assert_int_equal(m.kind, kind);
	if (kind != PEER_AGENT_UP)
		return;
	assert_int_equal(peer_up_unpack(m.body, &up), ST_OK);
	assert_int_equal(up.agent, 7);
	assert_int_equal(up.again, again);
}

static void
agents_come_in_by_the_door_that_was_handed_over(void **state)
{
	struct world *w = *state;
	struct rough *r = arrive(w);

	core_hears(w, PEER_AGENT_UP, 0);
	/* A new core hears of it, as of one that has no welcome yet. */
	deal_edge(w);
	core_hears(w, PEER_AGENT_UP, 0);
	rough_close(r);
	core_hears(w, PEER_AGENT_DOWN, 0);
}

static void
strangers_wait_their_turn_and_push_out_the_oldest(void **state)
{
	struct world *w = *state;
	struct rough *all[12];
	unsigned closed = 0;
	uint64_t since = clock_mono_ms(clock_system());

	for (size_t i = 0; i < 12; i++)
		all[i] = rough_open(w->loop, w->port);
	/* waiting_max is 8: the newest push out the oldest. */
	for (size_t i = 0; i < 4; i++)
		closed += rough_ended(all[i]);
	assert_int_equal(closed, 4);
	/* Five a second: twelve want more than one second. */
	assert_true(clock_mono_ms(clock_system()) - since >= 500);
	for (size_t i = 0; i < 12; i++)
		rough_close(all[i]);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(agents_come_in_by_the_door_that_was_handed_over),
	    IN_WORLD(strangers_wait_their_turn_and_push_out_the_oldest),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
