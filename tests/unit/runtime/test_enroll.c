#include "runtime/enroll.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/fake_master.h"
#include "sys/file.h"

/*
 * enroll_run() blocks on a loop of its own, so the made-up master lives in a
 * child; what it shall do is decided before the fork.
 */
struct world {
	struct loop *loop;
	struct fake_master master;
	pid_t child;
	char dir[64];
	struct state *state;
	FILE *said;
	char words[2048];
	struct buf why;
	struct enroll_config config;
	struct loop_timer *later;
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	fake_master_open(&w->master, w->loop);
	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-enroll.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	buf_init(&w->why, 4096);
	assert_int_equal(state_open(w->dir, &w->state, &w->why), ST_OK);
	w->said = fmemopen(w->words, sizeof(w->words), "w");
	assert_non_null(w->said);
	w->config = (struct enroll_config){
	    .state = w->state,
	    .host = "127.0.0.1",
	    .port = w->master.port,
	    .token = &w->master.token,
	    .pin = w->master.token.pin,
	    .program = "trawl-agent",
	    .build = "test",
	    .reconnect_base_ms = 5,
	    .reconnect_cap_ms = 20,
	    .to = w->said,
	};
	*state = w;
	return 0;
}

static void
stop_child(struct world *w)
{
	if (w->child <= 0)
		return;
	kill(w->child, SIGKILL);
	waitpid(w->child, NULL, 0);
	w->child = 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	stop_child(w);
	fclose(w->said);
	state_close(w->state);
	fake_master_close(&w->master);
	loop_close(w->loop);
	buf_fini(&w->why);
	assert_int_equal(file_remove_tree(w->dir), ST_OK);
	free(w);
	return 0;
}

static void
verify_soon(void *arg)
{
	struct world *w = arg;

	if (w->master.enrols == 0) {
		(void)!loop_timer_set(w->later, 5);
		return;
	}
	fake_master_verify(&w->master);
}

static void
serve(struct world *w)
{
	w->child = fork();
	assert_true(w->child >= 0);
	if (w->child > 0)
		return;
	/* Events that libevent holds in the kernel do not survive a fork. */
	loop_io_close(w->master.watch);
	if (loop_open(&w->loop) != ST_OK)
		_exit(1);
	fake_master_serve_on(&w->master, w->loop);
	if (w->master.unverified) {
		if (loop_timer_open(w->loop, verify_soon, w, &w->later) !=
			ST_OK ||
		    loop_timer_set(w->later, 5) != ST_OK)
			_exit(1);
	}
	_exit(loop_run(w->loop) == ST_OK ? 0 : 1);
}

static bool
why_says(const struct world *w, const char *words)
{
	return w->why.len > 0 &&
	       memmem(w->why.data, w->why.len, words, strlen(words)) != NULL;
}

static void
a_token_gives_a_certificate(void **state)
{
	struct world *w = *state;
	struct buf b;

	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_OK);
	assert_true(w->state->enrolled);
	assert_int_equal(w->state->cert.agent, 7);
	buf_init(&b, 8192);
	assert_int_equal(state_read(w->state, "enroll.pem", &b), ST_NOTFOUND);
	assert_int_equal(state_read(w->state, "agent.conf", &b), ST_OK);
	assert_non_null(memmem(b.data, b.len, "127.0.0.1:", 10));
	buf_fini(&b);
}

static void
what_was_begun_is_finished_with_the_same_key(void **state)
{
	struct world *w = *state;
	struct buf before;

	w->config.port = 1; /* nobody there: it ends half way */
	assert_int_not_equal(enroll_run(&w->config, &w->why), ST_OK);
	buf_init(&before, 8192);
	assert_int_equal(state_read(w->state, "enroll.pem", &before), ST_OK);
	w->config.port = w->master.port;
	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_OK);
	assert_non_null(memmem(w->state->key_pem.data, w->state->key_pem.len,
			       before.data, before.len));
	buf_fini(&before);
}

static void
a_wrong_pin_ends_it_before_anything_is_sent(void **state)
{
	struct world *w = *state;
	uint8_t pin[32] = {1, 2, 3};

	w->config.pin = pin;
	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_DENIED);
	assert_true(why_says(w, "not the one the token was made for"));
	assert_false(w->state->enrolled);
}

static void
a_used_token_is_told(void **state)
{
	struct world *w = *state;

	w->master.bye = BYE_TOKEN;
	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_DENIED);
	assert_true(why_says(w, "takes this token no more"));
	assert_false(why_says(w, "earlier try"));
	assert_int_equal(enroll_run(&w->config, &w->why), ST_DENIED);
	assert_true(why_says(w, "earlier try"));
}

static void
another_secret_is_refused(void **state)
{
	struct world *w = *state;
	struct token other = w->master.token;

	other.secret[0] ^= 1;
	w->config.token = &other;
	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_DENIED);
}

static void
without_a_token_it_waits_and_goes_on_by_itself(void **state)
{
	struct world *w = *state;

	w->config.token = NULL;
	w->config.pin = NULL;
	w->master.unverified = true;
	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_OK);
	assert_true(w->state->enrolled);
	assert_non_null(strstr(w->words, "1234 5678"));
}

static void
a_clock_that_is_wrong_is_named(void **state)
{
	struct world *w = *state;

	w->master.cert_starts_in = 86400;
	serve(w);
	assert_int_equal(enroll_run(&w->config, &w->why), ST_DENIED);
	assert_true(why_says(w, "clock"));
	assert_false(w->state->enrolled);
}

static void
a_closed_port_and_an_unknown_name_are_told_apart(void **state)
{
	struct world *w = *state;

	w->config.port = 1;
	assert_int_not_equal(enroll_run(&w->config, &w->why), ST_OK);
	assert_true(why_says(w, "cannot be reached"));
	buf_clear(&w->why);
	w->config.host = "nowhere.invalid";
	assert_int_equal(enroll_run(&w->config, &w->why), ST_NOTFOUND);
	assert_true(why_says(w, "no host is known by the name"));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_token_gives_a_certificate),
	    CASE(what_was_begun_is_finished_with_the_same_key),
	    CASE(a_wrong_pin_ends_it_before_anything_is_sent),
	    CASE(a_used_token_is_told),
	    CASE(another_secret_is_refused),
	    CASE(without_a_token_it_waits_and_goes_on_by_itself),
	    CASE(a_clock_that_is_wrong_is_named),
	    CASE(a_closed_port_and_an_unknown_name_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
