#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "master/proc/edge.h"
#include "sys/loop.h"

struct end {
	struct edge *edge;
	unsigned messages, downs, rooms;
	uint16_t last;
	size_t bytes;
	bool close_in_message, stop_in_message;
};

struct world {
	struct loop *loop;
	struct end a, b;
};

static void
on_message(void *arg, uint16_t kind, struct span body)
{
	struct end *e = arg;

	e->messages++;
	e->last = kind;
	e->bytes += body.len;
	if (e->stop_in_message)
		edge_read_stop(e->edge, true);
	if (e->close_in_message) {
		edge_close(e->edge);
		e->edge = NULL;
	}
}

static void
on_down(void *arg)
{
	struct end *e = arg;

	e->downs++;
	edge_close(e->edge);
	e->edge = NULL;
}

static void
on_room(void *arg)
{
	struct end *e = arg;

	e->rooms++;
}

static int
world_make(void **state)
{
	static const struct edge_ops ops = {on_message, on_down, on_room};
	struct world *w = calloc(1, sizeof(*w));
	int fds[2];

	assert_non_null(w);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	assert_int_equal(pipe_pair(fds), ST_OK);
	assert_int_equal(edge_open(w->loop, fds[0], &ops, &w->a, &w->a.edge),
			 ST_OK);
	assert_int_equal(edge_open(w->loop, fds[1], &ops, &w->b, &w->b.edge),
			 ST_OK);
	*state = w;
	return 0;
}

static int
world_free(void **state)
{
	struct world *w = *state;

	edge_close(w->a.edge);
	edge_close(w->b.edge);
	loop_close(w->loop);
	free(w);
	return 0;
}

static void
until(struct world *w, const unsigned *counter, unsigned want)
{
	for (int i = 0; *counter < want; i++) {
		assert_true(i < 1000000);
		assert_int_equal(loop_once(w->loop), ST_OK);
	}
}

static void
messages_go_both_ways_in_order(void **state)
{
	static uint8_t large[3 * 1024 * 1024];
	struct world *w = *state;

	for (uint16_t i = 1; i <= 200; i++)
		assert_int_equal(edge_send(w->a.edge, i, span_str("abc")),
				 ST_OK);
	assert_int_equal(edge_send(w->b.edge, 7, span_of(large, sizeof(large))),
			 ST_OK);
	until(w, &w->b.messages, 200);
	until(w, &w->a.messages, 1);
	assert_int_equal(w->b.last, 200);
	assert_int_equal(w->a.bytes, sizeof(large));
}

static void
full_edge_takes_nothing_and_says_when_it_does(void **state)
{
	static uint8_t large[4 * 1024 * 1024];
	struct world *w = *state;
	unsigned n = 0;
	enum status st;

	edge_read_stop(w->b.edge, true);
	assert_false(edge_crowded(w->a.edge));
	while ((st = edge_send(w->a.edge, 1, span_of(large, sizeof(large)))) ==
	       ST_OK)
		n++;
	assert_int_equal(st, ST_FULL);
	assert_true(edge_crowded(w->a.edge));
	assert_int_equal(w->b.messages, 0);
	edge_read_stop(w->b.edge, false);
	until(w, &w->a.rooms, 1);
	until(w, &w->b.messages, n);
}

static void
stopped_reader_may_stop_in_a_message(void **state)
{
	struct world *w = *state;

	w->b.stop_in_message = true;
	for (uint16_t i = 1; i <= 3; i++)
		assert_int_equal(edge_send(w->a.edge, i, span_str("a")), ST_OK);
	for (unsigned i = 1; i <= 3; i++) {
		until(w, &w->b.messages, i);
		for (int k = 0; k < 20; k++)
			assert_int_equal(loop_once(w->loop), ST_OK);
		assert_int_equal(w->b.messages, i);
		edge_read_stop(w->b.edge, false);
	}
}

static void
end_of_the_other_side_is_told_after_its_last_words(void **state)
{
	struct world *w = *state;

	assert_int_equal(edge_send(w->a.edge, 5, span_str("last")), ST_OK);
	edge_close(w->a.edge);
	w->a.edge = NULL;
	until(w, &w->b.downs, 1);
	assert_int_equal(w->b.messages, 1);
	assert_int_equal(w->b.last, 5);
}

static void
edge_may_be_closed_in_its_own_message(void **state)
{
	struct world *w = *state;

	w->b.close_in_message = true;
	assert_int_equal(edge_send(w->a.edge, 1, span_str("a")), ST_OK);
	assert_int_equal(edge_send(w->a.edge, 2, span_str("b")), ST_OK);
	until(w, &w->a.downs, 1);
	assert_int_equal(w->b.messages, 1);
	assert_int_equal(w->b.downs, 0);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(messages_go_both_ways_in_order),
	    IN_WORLD(full_edge_takes_nothing_and_says_when_it_does),
	    IN_WORLD(stopped_reader_may_stop_in_a_message),
	    IN_WORLD(end_of_the_other_side_is_told_after_its_last_words),
	    IN_WORLD(edge_may_be_closed_in_its_own_message),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
