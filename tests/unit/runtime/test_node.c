#include "runtime/node.h"

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

#include "base/must.h"
#include "fake/fake_agent.h"
#include "runtime/report.h"
#include "runtime/spawn.h"
#include "sys/file.h"
#include "sys/pipe.h"

/*
 * The node runs in a child, since it takes off its rights for good; the test is
 * its supervisor, its master and its scanners, all on one loop.
 */
#define PIPE_CAP (64 * 1024)

struct world {
	struct fake_agent a; /* its folder, master and scanners */
	pid_t node;          /* 0: none */
	struct pipe *pipe;
	struct loop_io *watch;
	uint64_t ended; /* task that is told to have been killed, not ended */
};

static const char *const paths[] = {"/data"};

/* ---- the supervisor's part ---- */

static void
has_started(void *arg, uint64_t task, int in, int out)
{
	struct world *w = arg;
	struct pipe_message m = {.kind = SPAWN_STARTED,
				 .tag = task,
				 .fds = {in, out},
				 .fd_count = 2};

	if (w->pipe != NULL)
		must(pipe_send(w->pipe, &m) == ST_OK);
	close(in);
	close(out);
}

static void
has_ended(void *arg, uint64_t task, const char *how)
{
	struct world *w = arg;
	uint16_t kind = task == w->ended ? SPAWN_KILLED : SPAWN_ENDED;

	if (w->pipe != NULL) /* whose other end may have died just now */
		(void)!pipe_say(w->pipe, kind, task, span_str(how));
}

static void
on_words(void *arg, int fd, unsigned ready)
{
	struct world *w = arg;
	struct pipe_message m;
	enum status st;

	(void)fd;
	(void)ready;
	while ((st = pipe_poll(w->pipe, &m)) == ST_OK) {
		assert_int_equal(m.fd_count, 0);
		assert_int_equal(m.body.len, 0);
		if (m.kind == SPAWN_START)
			fake_scanner_spawn(&w->a.scanner, m.tag);
		else if (m.kind == SPAWN_KILL)
			fake_scanner_kill(&w->a.scanner, m.tag);
		else
			fail_msg("the link said %u", m.kind);
	}
	if (st == ST_AGAIN)
		return;
	loop_io_close(w->watch);
	w->watch = NULL;
}

static void
run_node(const struct world *w, int fd)
{
	const struct node_config c = {
	    .state = w->a.dir,
	    .master = w->a.address,
	    .program = "trawl-agent",
	    .build = "test",
	    .spool_quota = SPOOL_QUOTA_MIN,
	    .reconnect_base_ms = 5,
	    .reconnect_cap_ms = 40,
	    .retry_ms = 5,
	    .at_once = 1,
	};

	alarm(60);
	if (dup2(fd, SPAWN_FD) != SPAWN_FD)
		_exit(99);
	(void)close_range(SPAWN_FD + 1, ~0U, 0);
	_exit(node_run(&c));
}

static void
start(struct world *w)
{
	int fds[2];

	assert_int_equal(pipe_pair(fds), ST_OK);
	w->node = fork();
	assert_true(w->node >= 0);
	if (w->node == 0)
		run_node(w, fds[1]);
	close(fds[1]);
	assert_int_equal(pipe_open(fds[0], PIPE_CAP, &w->pipe), ST_OK);
	assert_int_equal(
	    loop_io_open(w->a.loop, fds[0], LOOP_READ, on_words, w, &w->watch),
	    ST_OK);
}

static void
hang_up(struct world *w)
{
	loop_io_close(w->watch);
	w->watch = NULL;
	pipe_close(w->pipe);
	w->pipe = NULL;
}

static int
has_exited(struct world *w)
{
	int status;

	assert_int_equal(waitpid(w->node, &status, 0), w->node);
	w->node = 0;
	hang_up(w);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
kill_node(struct world *w)
{
	if (w->node <= 0)
		return;
	kill(w->node, SIGKILL);
	waitpid(w->node, NULL, 0);
	w->node = 0;
	hang_up(w);
	/* A supervisor ends its scanners then. */
	fake_scanner_close(&w->a.scanner);
}

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	fake_agent_open(&w->a);
	fake_agent_born(&w->a); /* it enrols */
	fake_agent_dies(&w->a);
	w->a.scanner.started = has_started;
	w->a.scanner.ended = has_ended;
	w->a.scanner.told = w;
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	kill_node(w);
	fake_scanner_close(&w->a.scanner);
	fake_agent_close(&w->a);
	free(w);
	return 0;
}

/* ---- what is waited for ---- */

static bool
is_online(struct fake_agent *a)
{
	return a->master.online;
}

static bool
is_offline(struct fake_agent *a)
{
	return !a->master.online;
}

static bool
has_batches(struct fake_agent *a)
{
	return a->master.seq > 0;
}

static bool
has_ended_task(struct fake_agent *a)
{
	return a->master.ended > 0;
}

static bool
scans_again(struct fake_agent *a)
{
	return a->scanner.spawns > 1 && a->scanner.run[0].next > 0;
}

static void
goes_online(struct world *w)
{
	start(w);
	assert_true(fake_agent_run(&w->a, is_online));
}

static void
arrives_whole(struct world *w)
{
	assert_true(fake_agent_run(&w->a, has_ended_task));
	assert_int_equal(w->a.master.outcome, SCAN_DONE);
	assert_int_equal(fake_master_rows(&w->a.master),
			 fake_scanner_findings(&w->a.scanner));
}

static void
leave(struct world *w)
{
	assert_int_equal(pipe_say(w->pipe, SPAWN_LEAVE, 0, span_of(NULL, 0)),
			 ST_OK);
	assert_true(fake_agent_run(&w->a, is_offline));
	assert_int_equal(has_exited(w), 0);
}

static bool
folder_has(const struct world *w, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->a.dir, name);
	return file_exists(path);
}

/* ---- a scan ---- */

static void
an_ordered_scan_runs_by_the_supervisor_and_arrives_whole(void **state)
{
	struct world *w = *state;

	goes_online(w);
	assert_true(fake_master_order(&w->a.master, 9, paths, 1));
	arrives_whole(w);
	assert_int_equal(w->a.scanner.spawns, 1);
}

static void
a_scanner_that_ended_is_asked_for_again_however_it_ended(void **state)
{
	struct world *w = *state;

	for (uint64_t task = 9; task < 11; task++) {
		w->a.master.ended = 0;
		w->a.scanner.deaths = 2;
		w->a.scanner.die_after = 50;
		w->a.scanner.spawns = 0;
		w->ended = 10; /* that one is killed, the other dies */
		if (w->node == 0)
			goes_online(w);
		assert_true(fake_master_order(&w->a.master, task, paths, 1));
		assert_true(fake_agent_run(&w->a, has_ended_task));
		assert_int_equal(w->a.master.outcome, SCAN_DONE);
		assert_int_equal(w->a.scanner.spawns, 3);
	}
}

static void
a_killed_link_goes_on_from_its_folder_without_its_master(void **state)
{
	struct world *w = *state;

	w->a.scanner.objects = 20000;
	goes_online(w);
	assert_true(fake_master_order(&w->a.master, 9, paths, 1));
	assert_true(fake_agent_run(&w->a, has_batches));
	kill_node(w);
	assert_int_equal(w->a.master.ended, 0);
	w->a.master.deaf = true; /* HELLO is not answered any more */
	start(w);
	assert_true(fake_agent_run(&w->a, scans_again));
	assert_true(w->a.scanner.run[0].from > 0); /* at its checkpoint */
	w->a.master.deaf = false;
	fake_master_cut(&w->a.master);
	arrives_whole(w);
}

static void
words_that_are_none_are_passed_over(void **state)
{
	struct world *w = *state;
	struct pipe_message odd = {.kind = 77, .fds = {0}, .fd_count = 1};
	struct pipe_message half = {
	    .kind = SPAWN_STARTED, .tag = 9, .fds = {0}, .fd_count = 1};

	goes_online(w);
	assert_int_equal(pipe_send(w->pipe, &odd), ST_OK);
	assert_int_equal(pipe_send(w->pipe, &half), ST_OK);
	assert_true(fake_master_order(&w->a.master, 9, paths, 1));
	arrives_whole(w);
}

/* ---- its end ---- */

static void
told_to_leave_it_says_good_bye_and_leaves_no_status(void **state)
{
	struct world *w = *state;
	struct report r;
	struct buf why;

	goes_online(w);
	buf_init(&why, 1024);
	assert_int_equal(state_open(w->a.dir, &w->a.state, &why), ST_OK);
	buf_fini(&why);
	assert_int_equal(report_read(w->a.state, &r), ST_OK);
	state_close(w->a.state);
	assert_int_equal(r.pid, getpid()); /* of its supervisor */
	assert_string_equal(r.master, w->a.address);
	assert_int_equal(r.spool_quota, SPOOL_QUOTA_MIN);
	leave(w);
	assert_false(folder_has(w, "status"));
}

static void
without_its_supervisor_it_ends(void **state)
{
	struct world *w = *state;

	goes_online(w);
	hang_up(w);
	assert_int_equal(has_exited(w), 1);
}

static void
a_host_that_is_not_enrolled_is_an_end_for_good(void **state)
{
	struct world *w = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/agent.pem", w->a.dir);
	assert_int_equal(unlink(path), 0);
	start(w);
	assert_int_equal(has_exited(w), SPAWN_EXIT_FINAL);
	assert_int_equal(w->a.master.connections, 0);
}

/* ---- who it is ---- */

static void
only_a_lost_spool_makes_it_another_incarnation(void **state)
{
	struct world *w = *state;
	uint8_t first[INCARNATION_LEN];
	char path[128];

	goes_online(w);
	memcpy(first, w->a.master.incarnation, sizeof(first));
	leave(w);
	goes_online(w);
	assert_memory_equal(w->a.master.incarnation, first, sizeof(first));
	leave(w);
	snprintf(path, sizeof(path), "%s/spool", w->a.dir);
	assert_int_equal(file_remove_tree(path), ST_OK);
	goes_online(w);
	assert_memory_not_equal(w->a.master.incarnation, first, sizeof(first));
}

static uint64_t
status_of(pid_t pid, const char *key, int base)
{
	char path[64], line[256];
	uint64_t n = UINT64_MAX;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			n = strtoull(line + strlen(key), NULL, base);
	fclose(f);
	return n;
}

static void
before_its_first_word_it_has_no_right_left(void **state)
{
	struct world *w = *state;

	goes_online(w);
	assert_int_equal(status_of(w->node, "CapPrm:", 16), 0);
	assert_int_equal(status_of(w->node, "CapEff:", 16), 0);
	assert_int_equal(status_of(w->node, "NoNewPrivs:", 10), 1);
	assert_int_equal(status_of(w->node, "Seccomp:", 10), 2); /* filter */
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_ordered_scan_runs_by_the_supervisor_and_arrives_whole),
	    TEST(a_scanner_that_ended_is_asked_for_again_however_it_ended),
	    TEST(a_killed_link_goes_on_from_its_folder_without_its_master),
	    TEST(words_that_are_none_are_passed_over),
	    TEST(told_to_leave_it_says_good_bye_and_leaves_no_status),
	    TEST(without_its_supervisor_it_ends),
	    TEST(a_host_that_is_not_enrolled_is_an_end_for_good),
	    TEST(only_a_lost_spool_makes_it_another_incarnation),
	    TEST(before_its_first_word_it_has_no_right_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
