#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "fake/installation.h"
#include "master/ca/ca.h"
#include "master/proc/child.h"
#include "master/proc/control.h"
#include "master/proc/peers.h"
#include "sys/pipe.h"

#define DAY 86400

/* The ca as a process, with the test as its parent and as its core. */
struct world {
	struct installation in;
	pid_t pid;
	struct pipe *control, *core;
	struct buf csr;
	uint8_t key[KEY_HASH_LEN];
};

_Noreturn static void
be_ca(const struct installation *in, int control)
{
	struct ca_config config = {.ca_der = buf_span(&in->ca)};
	struct child *c;
	struct buf pem;

	log_setup("ca", LOG_ERROR);
	dup2(control, CHILD_CONTROL_FD);
	buf_init(&pem, 4096);
	if (key_pem(in->ca_key, &pem) != ST_OK ||
	    child_open(ROLE_CA, &c) != ST_OK)
		_exit(1);
	config.key_pem = buf_span(&pem);
	_exit(ca_run(c, &config) == ST_OK ? 0 : 2);
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
	struct key *k;
	int fds[2];

	assert_non_null(w);
	installation_make(&w->in);
	assert_int_equal(pipe_pair(fds), ST_OK);
	w->pid = fork();
	if (w->pid == 0)
		be_ca(&w->in, fds[1]);
	close(fds[1]);
	assert_int_equal(pipe_open(fds[0], 1024 * 1024, &w->control), ST_OK);
	assert_int_equal(
	    pipe_say(w->control, CONTROL_DOORS, 0, span_of(NULL, 0)), ST_OK);
	deal_edge(w);
	buf_init(&w->csr, X509_DER_MAX);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(csr_make(k, "pay-db-01", &w->csr), ST_OK);
	assert_int_equal(key_hash(k, w->key), ST_OK);
	key_free(k);
	*state = w;
	return 0;
}

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
	buf_fini(&w->csr);
	installation_free(&w->in);
	free(w);
	return 0;
}

static void
ask(struct world *w, const struct peer_sign *m, struct peer_signed *out)
{
	struct pipe_message got;
	struct buf b;

	buf_init(&b, 65536);
	assert_int_equal(peer_sign_pack(m, &b), ST_OK);
	assert_int_equal(pipe_say(w->core, PEER_SIGN, 0, buf_span(&b)), ST_OK);
	assert_int_equal(pipe_receive(w->core, &got), ST_OK);
	assert_int_equal(got.kind, PEER_SIGNED);
	assert_int_equal(peer_signed_unpack(got.body, out), ST_OK);
	buf_fini(&b);
}

static void
request_comes_back_as_a_certificate(void **state)
{
	struct world *w = *state;
	struct peer_sign m = {99, 42, 30, buf_span(&w->csr)};
	struct peer_signed out;
	struct cert_facts f;
	int64_t now = (int64_t)time(NULL);

	ask(w, &m, &out);
	assert_int_equal(out.status, ST_OK);
	assert_int_equal(out.tag, 99);
	assert_memory_equal(out.key, w->key, sizeof(w->key));
	assert_true(span_eq(out.ca, buf_span(&w->in.ca)));
	assert_int_equal(cert_check(out.certificate, out.ca, now), ST_OK);
	assert_int_equal(cert_facts(out.certificate, &f), ST_OK);
	assert_int_equal(f.role, CERT_AGENT);
	assert_int_equal(f.agent, 42);
	assert_true(f.not_after - now > 29 * DAY &&
		    f.not_after - now <= 30 * DAY + 60);
}

static void
what_must_not_be_signed_is_refused_and_the_next_one_is_served(void **state)
{
	struct world *w = *state;
	const struct peer_sign cases[] = {
	    {1, 0, 30, buf_span(&w->csr)},
	    {2, UINT64_MAX, 30, buf_span(&w->csr)},
	    {3, 42, 0, buf_span(&w->csr)},
	    {4, 42, 3650, buf_span(&w->csr)},
	    {5, 42, 30, span_str("no request")},
	    {6, 42, 30, span_of(NULL, 0)},
	};
	struct peer_sign good = {7, 42, 30, buf_span(&w->csr)};
	struct peer_signed out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(w, &cases[i], &out);
		assert_int_not_equal(out.status, ST_OK);
		assert_int_equal(out.tag, cases[i].tag);
		assert_int_equal(out.certificate.len, 0);
	}
	ask(w, &good, &out);
	assert_int_equal(out.status, ST_OK);
}

static void
core_that_was_started_again_is_served_too(void **state)
{
	struct world *w = *state;
	struct peer_sign m = {1, 42, 30, buf_span(&w->csr)};
	struct peer_signed out;

	deal_edge(w);
	ask(w, &m, &out);
	assert_int_equal(out.status, ST_OK);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(request_comes_back_as_a_certificate),
	    IN_WORLD(
		what_must_not_be_signed_is_refused_and_the_next_one_is_served),
	    IN_WORLD(core_that_was_started_again_is_served_too),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
