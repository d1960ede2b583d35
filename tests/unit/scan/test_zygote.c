#include "unit/scan/role.h"

#include <signal.h>

#include "scan/zygote.h"

static struct scan_order cards = {.types = {{(const uint8_t *)"card_visa", 9}},
				  .type_count = 1};

static void
start(struct role *r, const char *catalogue)
{
	struct scan_options o = {.matches_max = 10, .catalogue = catalogue};
	struct zygote_spec z = {.order = &cards,
				.options = &o,
				.slots = &r->slots,
				.status = (uint8_t *)r->status,
				.workers = ROLE_WORKERS};

	extract_options_default(&o.extract);
	if (role_fork(r, &z.fd))
		zygote_main(&z);
}

/* Ask for a worker: the pipe to it and, in *pid, who it is. */
static struct pipe *
give_birth(struct role *r, uint64_t id, pid_t *pid)
{
	struct pipe_message m = {.kind = TALK_FORK, .tag = id, .fd_count = 1};
	struct talk_number n;
	struct pipe *p;
	int pair[2];

	assert_int_equal(pipe_pair(pair), ST_OK);
	m.fds[0] = pair[1];
	assert_int_equal(pipe_send(r->pipe, &m), ST_OK);
	close(pair[1]);
	role_hear(r, TALK_BORN, &m);
	assert_int_equal(m.tag, id);
	assert_int_equal(m.body.len, sizeof(n));
	memcpy(&n, m.body.ptr, sizeof(n));
	*pid = n.n;
	assert_int_equal(pipe_open(pair[0], TALK_CAP, &p), ST_OK);
	return p;
}

static int
hear_gone(struct role *r, uint64_t id)
{
	struct pipe_message m;
	struct talk_number n;

	role_hear(r, TALK_GONE, &m);
	assert_int_equal(m.tag, id);
	assert_int_equal(m.body.len, sizeof(n));
	memcpy(&n, m.body.ptr, sizeof(n));
	return n.n;
}

static void
a_worker_is_born_with_the_detector_and_does_its_work(void **state)
{
	const struct talk_work job = {.to = 1};
	struct slot_head *h;
	struct pipe_message m;
	struct pipe *worker;
	struct role r;
	pid_t pid;

	(void)state;
	role_init(&r);
	h = role_slot(&r, 0);
	role_object(h, "card 4111 1111 1111 1111 end\n");
	start(&r, NULL);
	role_hear(&r, TALK_READY, &m);
	worker = give_birth(&r, 1, &pid);
	assert_true(pid > 0 && pid != r.pid);
	role_work(worker, 3, &job, NULL, 0);
	assert_int_equal(pipe_receive(worker, &m), ST_OK);
	assert_int_equal(m.kind, TALK_RESULT);
	assert_true(m.body.len > sizeof(struct talk_result));
	assert_int_equal(pipe_receive(worker, &m), ST_OK);
	assert_int_equal(m.kind, TALK_DONE);
	assert_int_equal(m.tag, 3);
	/* who is not asked any more goes by itself */
	pipe_close(worker);
	assert_int_equal(hear_gone(&r, 1), 0);
	assert_int_equal(role_end(&r), 0);
	role_slot_done(h, 0);
	role_fini(&r);
}

static void
it_signals_its_workers_and_tells_how_they_ended(void **state)
{
	const struct talk_number sig = {.n = SIGKILL};
	struct pipe *a, *b;
	struct pipe_message m;
	struct role r;
	pid_t pid_a, pid_b;
	int status;

	(void)state;
	role_init(&r);
	start(&r, NULL);
	role_hear(&r, TALK_READY, &m);
	a = give_birth(&r, 0, &pid_a);
	b = give_birth(&r, 1, &pid_b);
	assert_int_not_equal(pid_a, pid_b);
	assert_int_equal(
	    pipe_say(r.pipe, TALK_SIGNAL, 1, span_of(&sig, sizeof(sig))),
	    ST_OK);
	status = hear_gone(&r, 1);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_int_equal(pipe_receive(b, &m), ST_CLOSED);
	/* a signal to a seat that is empty by now does no harm */
	assert_int_equal(
	    pipe_say(r.pipe, TALK_SIGNAL, 1, span_of(&sig, sizeof(sig))),
	    ST_OK);
	pipe_close(b);
	b = give_birth(&r, 1, &pid_b);
	pipe_close(a);
	pipe_close(b);
	assert_int_equal(role_end(&r), 0);
	role_fini(&r);
}

static void
a_catalogue_that_cannot_be_loaded_is_explained(void **state)
{
	struct pipe_message m;
	struct role r;

	(void)state;
	role_init(&r);
	start(&r, "/nonexistent/catalogue");
	role_hear(&r, TALK_FAILED, &m);
	assert_non_null(memmem(m.body.ptr, m.body.len, "/nonexistent", 12));
	assert_int_equal(WEXITSTATUS(role_end(&r)), 1);
	role_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_worker_is_born_with_the_detector_and_does_its_work),
	    cmocka_unit_test(it_signals_its_workers_and_tells_how_they_ended),
	    cmocka_unit_test(a_catalogue_that_cannot_be_loaded_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
