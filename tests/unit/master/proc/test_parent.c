#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "master/proc/child.h"
#include "master/proc/edge.h"
#include "master/proc/parent.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "sys/proc.h"

/*
 * This program is both: the tests run a real parent in a fork, which starts
 * this program again in each role. Roles write one line an event to stdout,
 * which is a pipe to the tests.
 */
#define PATIENCE_MS 20000
#define LINES_MAX   512

/* ---- as a child ---- */

struct actor {
	struct loop *loop;
	const struct role_row *row;
	struct edge *edges[ROLE__COUNT];
};

struct hearing {
	struct actor *actor;
	enum role peer;
};

static void
print(const struct actor *a, const char *what, const char *whom)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "%s %s %s %d\n", a->row->name,
			 what, whom, (int)getpid());

	if (n < 0 || write(STDOUT_FILENO, line, (size_t)n) < 0)
		_exit(9);
}

static void
on_message(void *arg, uint16_t kind, struct span body)
{
	struct hearing *h = arg;

	(void)kind;
	(void)body;
	print(h->actor, "heard", role_row(h->peer)->name);
}

static void
on_edge_down(void *arg)
{
	struct hearing *h = arg;

	edge_close(h->actor->edges[h->peer]);
	h->actor->edges[h->peer] = NULL;
	print(h->actor, "lost", role_row(h->peer)->name);
}

static void
on_peer(void *arg, enum role peer, int fd)
{
	static const struct edge_ops ops = {on_message, on_edge_down, NULL};
	static struct hearing hearings[ROLE__COUNT];
	struct actor *a = arg;

	hearings[peer] = (struct hearing){a, peer};
	edge_close(a->edges[peer]);
	a->edges[peer] = NULL;
	if (edge_open(a->loop, fd, &ops, &hearings[peer], &a->edges[peer]) !=
	    ST_OK)
		_exit(8);
	/* The neighbour may have ended meanwhile: that is told by itself. */
	(void)!edge_send(a->edges[peer], 1, span_str("hello"));
}

static void
on_stop(void *arg)
{
	struct actor *a = arg;

	print(a, "stops", "-");
	loop_stop(a->loop);
}

static int
act(const char *role)
{
	static const struct child_ops ops = {on_peer, on_stop};
	const char *fails = getenv("TRAWL_FAIL");
	struct actor a = {.row = role_named(role)};
	struct child *c;

	proc_harden();
	if (fails != NULL && strcmp(fails, role) == 0)
		return 3;
	if (a.row == NULL || child_open(a.row->role, &c) != ST_OK ||
	    loop_open(&a.loop) != ST_OK)
		return 7;
	if (child_socket(c, DOOR_AGENTS, 0) >= 0)
		print(&a, "door", "agents");
	if (child_socket(c, DOOR_WEB, 0) >= 0)
		print(&a, "door", "web");
	if (child_watch(c, a.loop, &ops, &a) != ST_OK)
		return 6;
	print(&a, "runs", "-");
	return loop_run(a.loop) == ST_OK ? 0 : 5;
}

/* ---- as a test ---- */

struct world {
	pid_t parent;
	FILE *out;
	char lines[LINES_MAX][128];
	size_t count;
};

static void
started(void *arg)
{
	(void)arg;
	if (write(STDOUT_FILENO, "parent started - 0\n", 19) < 0)
		_exit(9);
}

_Noreturn static void
be_parent(int out)
{
	static const char *const args[] = {"--extra", NULL};
	static char self[4096];
	struct parent_config c = {
	    .program = self, .args = args, .stop_ms = 5000, .started = started};

	log_setup("parent", LOG_ERROR);
	dup2(out, STDOUT_FILENO);
	if (proc_self(self, sizeof(self)) != ST_OK)
		_exit(4);
	c.sockets[0] = (struct parent_socket){
	    DOOR_AGENTS, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	c.sockets[1] = (struct parent_socket){
	    DOOR_WEB, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	c.socket_count = 2;
	_exit(parent_run(&c) == ST_OK ? 0 : 1);
}

static int
world_make(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	int fds[2];

	assert_non_null(w);
	assert_int_equal(pipe(fds), 0);
	w->parent = fork();
	if (w->parent == 0) {
		close(fds[0]);
		be_parent(fds[1]);
	}
	close(fds[1]);
	w->out = fdopen(fds[0], "r");
	*state = w;
	return 0;
}

static int
world_free(void **state)
{
	struct world *w = *state;

	if (w->parent > 0) {
		kill(w->parent, SIGKILL);
		waitpid(w->parent, NULL, 0);
	}
	(void)fclose(w->out);
	free(w);
	return 0;
}

/* The n-th line that begins with text, waiting for it; gives its pid. */
static pid_t
line(struct world *w, const char *text, unsigned n)
{
	unsigned seen = 0;

	for (size_t i = 0; i < w->count; i++)
		if (strncmp(w->lines[i], text, strlen(text)) == 0 &&
		    ++seen == n)
			return (pid_t)strtol(strrchr(w->lines[i], ' '), NULL,
					     10);
	while (w->count < LINES_MAX &&
	       fgets(w->lines[w->count], sizeof(w->lines[0]), w->out) != NULL)
		if (strncmp(w->lines[w->count++], text, strlen(text)) == 0 &&
		    ++seen == n)
			return (pid_t)strtol(
			    strrchr(w->lines[w->count - 1], ' '), NULL, 10);
	for (size_t i = 0; i < w->count; i++)
		print_error("%s", w->lines[i]);
	fail_msg("never came: %s (%u)", text, n);
	return 0;
}

static int
end_of_parent(struct world *w)
{
	int how;

	assert_int_equal(waitpid(w->parent, &how, 0), w->parent);
	w->parent = 0;
	return how;
}

static void
every_role_runs_and_hears_its_neighbours(void **state)
{
	struct world *w = *state;

	(void)line(w, "parent started", 1);
	(void)line(w, "gate door agents", 1);
	(void)line(w, "api door web", 1);
	(void)line(w, "core heard ca", 1);
	(void)line(w, "core heard gate", 1);
	(void)line(w, "core heard api", 1);
	(void)line(w, "ca heard core", 1);
	(void)line(w, "gate heard core", 1);
	(void)line(w, "api heard core", 1);
	for (size_t i = 0; i < w->count; i++)
		assert_null(strstr(w->lines[i], "core door"));
}

static void
killed_child_comes_back_alone_and_its_edges_with_it(void **state)
{
	struct world *w = *state;
	pid_t gate, core;

	(void)line(w, "parent started", 1);
	gate = line(w, "gate runs", 1);
	core = line(w, "core runs", 1);
	(void)line(w, "core heard gate", 1);
	assert_int_equal(kill(gate, SIGKILL), 0);
	(void)line(w, "core lost gate", 1);
	assert_int_not_equal(line(w, "gate runs", 2), gate);
	(void)line(w, "core heard gate", 2);
	(void)line(w, "gate door agents", 2);

	assert_int_equal(kill(core, SIGKILL), 0);
	(void)line(w, "core runs", 2);
	(void)line(w, "gate lost core", 1);
	(void)line(w, "ca heard core", 2);
	(void)line(w, "api heard core", 2);
	assert_int_equal(kill(line(w, "ca runs", 1), 0), 0);
}

static void
parent_that_is_told_to_stop_ends_all_in_good_order(void **state)
{
	struct world *w = *state;

	(void)line(w, "parent started", 1);
	assert_int_equal(kill(w->parent, SIGTERM), 0);
	(void)line(w, "ca stops", 1);
	(void)line(w, "gate stops", 1);
	(void)line(w, "core stops", 1);
	(void)line(w, "api stops", 1);
	assert_int_equal(end_of_parent(w), 0);
}

static void
children_do_not_outlive_a_killed_parent(void **state)
{
	struct world *w = *state;
	pid_t core;
	uint64_t since;

	(void)line(w, "parent started", 1);
	core = line(w, "core runs", 1);
	assert_int_equal(kill(w->parent, SIGKILL), 0);
	(void)end_of_parent(w);
	since = clock_mono_ms(clock_system());
	while (kill(core, 0) == 0) {
		(void)poll(NULL, 0, 1);
		assert_true(clock_mono_ms(clock_system()) - since <
			    PATIENCE_MS);
	}
}

static int
world_that_fails(void **state)
{
	setenv("TRAWL_FAIL", "core", 1);
	(void)world_make(state);
	unsetenv("TRAWL_FAIL");
	return 0;
}

static void
child_that_cannot_start_at_first_ends_all(void **state)
{
	struct world *w = *state;
	int how = end_of_parent(w);

	assert_true(WIFEXITED(how));
	assert_int_equal(WEXITSTATUS(how), 1);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(every_role_runs_and_hears_its_neighbours),
	    IN_WORLD(killed_child_comes_back_alone_and_its_edges_with_it),
	    IN_WORLD(parent_that_is_told_to_stop_ends_all_in_good_order),
	    IN_WORLD(children_do_not_outlive_a_killed_parent),
	    cmocka_unit_test_setup_teardown(
		child_that_cannot_start_at_first_ends_all, world_that_fails,
		world_free),
	};

	if (argc == 4 && strcmp(argv[1], "--role") == 0 &&
	    strcmp(argv[3], "--extra") == 0)
		return act(argv[2]);
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
