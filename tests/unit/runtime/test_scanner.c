#include "runtime/scanner.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

struct world {
	struct loop *loop;
	struct scanner *s;
	int in, out; /* the other ends: what it reads, what it writes */
	unsigned records, hold_at, close_at, closed;
	enum status why;
};

static void
on_record(void *arg, const struct record *r)
{
	struct world *w = arg;

	assert_int_equal(r->kind, RECORD_CURSOR);
	w->records++;
	if (w->records == w->hold_at)
		scanner_hold(w->s, true);
	if (w->records == w->close_at) {
		scanner_close(w->s);
		w->s = NULL;
	}
}

static void
on_closed(void *arg, enum status why)
{
	struct world *w = arg;

	w->closed++;
	w->why = why;
}

static const struct scanner_ops ops = {on_record, on_closed};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	int in[2], out[2];

	assert_non_null(w);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	w->in = in[0];
	w->out = out[1];
	assert_int_equal(loop_open(&w->loop), ST_OK);
	assert_int_equal(scanner_open(w->loop, in[1], out[0], &ops, w, &w->s),
			 ST_OK);
	*state = w;
	return 0;
}

static void
hang_up(struct world *w)
{
	if (w->out >= 0)
		close(w->out);
	w->out = -1;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	scanner_close(w->s);
	loop_close(w->loop);
	hang_up(w);
	close(w->in);
	free(w);
	return 0;
}

static void
turn(struct world *w)
{
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(loop_once(w->loop), ST_OK);
}

static void
say(struct world *w, unsigned n, size_t but)
{
	struct record r = {.kind = RECORD_CURSOR, .cursor = span_str("here")};
	struct buf b;

	buf_init(&b, 4096);
	while (n-- > 0)
		assert_int_equal(record_add(&b, &r), ST_OK);
	assert_int_equal(write(w->out, b.data, b.len - but), b.len - but);
	buf_fini(&b);
}

static void
whole_records_come_one_by_one(void **state)
{
	struct world *w = *state;

	say(w, 3, 2);
	turn(w);
	assert_int_equal(w->records, 2);
	assert_int_equal(write(w->out, "re", 2), 2);
	turn(w);
	assert_int_equal(w->records, 3);
	hang_up(w);
	turn(w);
	assert_int_equal(w->closed, 1);
	assert_int_equal(w->why, ST_EOF);
}

static void
while_held_nothing_comes(void **state)
{
	struct world *w = *state;

	w->hold_at = 2;
	say(w, 5, 0);
	turn(w);
	assert_int_equal(w->records, 2);
	hang_up(w);
	turn(w);
	assert_int_equal(w->records, 2);
	assert_int_equal(w->closed, 0);
	scanner_hold(w->s, false);
	turn(w);
	assert_int_equal(w->records, 5);
	assert_int_equal(w->why, ST_EOF);
}

static void
it_may_be_closed_in_the_middle(void **state)
{
	struct world *w = *state;

	w->close_at = 2;
	say(w, 5, 0);
	turn(w);
	assert_int_equal(w->records, 2);
	assert_int_equal(w->closed, 0);
}

static void
what_is_no_record_ends_it(void **state)
{
	struct world *w = *state;

	say(w, 1, 0);
	assert_int_equal(write(w->out, "\x7f\0\0\0\0", 5), 5);
	turn(w);
	assert_int_equal(w->records, 1);
	assert_int_equal(w->why, ST_MALFORMED);
}

static void
what_is_said_arrives(void **state)
{
	struct world *w = *state;
	struct record r = {.kind = RECORD_PAUSE}, got;
	uint8_t bytes[64];
	size_t used;
	ssize_t n;

	assert_int_equal(scanner_say(w->s, &r), ST_OK);
	turn(w);
	n = read(w->in, bytes, sizeof(bytes));
	assert_true(n > 0);
	assert_int_equal(record_next(span_of(bytes, (size_t)n), &got, &used),
			 ST_OK);
	assert_int_equal(got.kind, RECORD_PAUSE);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(whole_records_come_one_by_one),
	    CASE(while_held_nothing_comes),
	    CASE(it_may_be_closed_in_the_middle),
	    CASE(what_is_no_record_ends_it),
	    CASE(what_is_said_arrives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
