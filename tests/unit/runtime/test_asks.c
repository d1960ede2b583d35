#include "runtime/asks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/record.h"
#include "sys/file.h"

/* The other side: what was asked of the supervisor and told to the master. */
struct world {
	struct loop *loop;
	struct asks *asks;
	uint64_t spawned[16], killed[16], id[16];
	size_t spawns, kills, answers;
	uint8_t status[16];
	size_t entries; /* of the last answer */
	int to, from;   /* our ends of the last scanner's pipes */
};

static void
on_spawn(void *arg, uint64_t tag)
{
	struct world *w = arg;

	assert_true(asks_owns(tag));
	w->spawned[w->spawns++] = tag;
}

static void
on_kill(void *arg, uint64_t tag)
{
	struct world *w = arg;

	w->killed[w->kills++] = tag;
}

static void
on_answer(void *arg, const struct agent_answer *a)
{
	struct world *w = arg;

	assert_true(a->status == ANSWER_GOOD || a->why.len > 0);
	w->id[w->answers] = a->id;
	w->entries = a->entry_count;
	w->status[w->answers++] = a->status;
}

static int
set_up(void **state)
{
	static const struct asks_ops ops = {on_spawn, on_kill, on_answer};
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	assert_int_equal(asks_open(w->loop, &ops, w, &w->asks), ST_OK);
	w->to = w->from = -1;
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	asks_close(w->asks);
	loop_close(w->loop);
	if (w->to >= 0)
		close(w->to);
	if (w->from >= 0)
		close(w->from);
	free(w);
	return 0;
}

static void
take(struct world *w, uint64_t id)
{
	const struct agent_ask q = {
	    .id = id, .path = span_str("sftp://h.example/"), .probe = 1};

	asks_take(w->asks, &q);
}

static void
begin(struct world *w, uint64_t tag)
{
	int in[2], out[2];

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	w->from = in[0];
	w->to = out[1];
	asks_started(w->asks, tag, in[1], out[0]);
	assert_int_equal(loop_once(w->loop), ST_OK);
}

/* What the scanner says, then what the loop makes of it. */
static void
scanner_says(struct world *w, uint64_t id)
{
	struct agent_answer a = {
	    .id = id, .status = ANSWER_GOOD, .entry_count = 1};
	struct record r = {.kind = RECORD_ANSWER};
	struct buf words, out;

	a.entries[0] = (struct answer_entry){.path = span_str("sftp://h/a")};
	buf_init(&words, 4096);
	buf_init(&out, 4096);
	assert_int_equal(agent_answer_pack(&a, &words), ST_OK);
	r.words = buf_span(&words);
	assert_int_equal(record_add(&out, &r), ST_OK);
	assert_int_equal(file_write_all(w->to, buf_span(&out)), ST_OK);
	buf_fini(&words);
	buf_fini(&out);
	assert_int_equal(loop_once(w->loop), ST_OK);
}

static void
a_question_goes_to_a_scanner_and_its_answer_to_the_master(void **state)
{
	struct world *w = *state;
	uint8_t got[1024];
	struct agent_ask q;
	struct record r;
	size_t used;
	ssize_t n;

	take(w, 7);
	assert_int_equal(w->spawns, 1);
	begin(w, w->spawned[0]);
	n = read(w->from, got, sizeof(got));
	assert_true(n > 0);
	assert_int_equal(record_next(span_of(got, (size_t)n), &r, &used),
			 ST_OK);
	assert_int_equal(r.kind, RECORD_ASK);
	assert_int_equal(agent_ask_unpack(r.words, &q), ST_OK);
	assert_int_equal(q.id, 7);
	assert_int_equal(q.probe, 1);
	scanner_says(w, 7);
	assert_int_equal(w->answers, 1);
	assert_int_equal(w->id[0], 7);
	assert_int_equal(w->status[0], ANSWER_GOOD);
	assert_int_equal(w->entries, 1);
	asks_ended(w->asks, w->spawned[0]);
	assert_int_equal(w->answers, 1); /* once */
}

static void
a_scanner_that_dies_or_lies_is_an_answer_too(void **state)
{
	struct world *w = *state;

	take(w, 1);
	asks_ended(w->asks, w->spawned[0]); /* could not be started */
	take(w, 2);
	begin(w, w->spawned[1]);
	close(w->to);
	w->to = -1;
	assert_int_equal(loop_once(w->loop), ST_OK);
	asks_ended(w->asks, w->spawned[1]);
	close(w->from);
	take(w, 3);
	begin(w, w->spawned[2]);
	scanner_says(w, 99); /* to another question */
	assert_int_equal(w->answers, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(w->id[i], i + 1);
		assert_int_equal(w->status[i], ANSWER_TROUBLE);
	}
	assert_int_equal(w->killed[w->kills - 1], w->spawned[2]);
}

/* The end of the process may be told before its last words are read. */
static void
last_words_count_after_the_end_of_the_process(void **state)
{
	struct world *w = *state;

	take(w, 5);
	begin(w, w->spawned[0]);
	asks_ended(w->asks, w->spawned[0]);
	assert_int_equal(w->answers, 0);
	scanner_says(w, 5);
	assert_int_equal(w->status[0], ANSWER_GOOD);
	for (size_t i = 0; i < ASKS_MAX; i++)
		take(w, 10 + i); /* its place is free again */
	assert_int_equal(w->answers, 1);
}

static void
too_many_questions_are_told_that_it_is_busy(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i <= ASKS_MAX; i++)
		take(w, i + 1);
	assert_int_equal(w->spawns, ASKS_MAX);
	assert_int_equal(w->answers, 1);
	assert_int_equal(w->id[0], ASKS_MAX + 1);
	assert_int_equal(w->status[0], ANSWER_BUSY);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_question_goes_to_a_scanner_and_its_answer_to_the_master),
	    CASE(a_scanner_that_dies_or_lies_is_an_answer_too),
	    CASE(last_words_count_after_the_end_of_the_process),
	    CASE(too_many_questions_are_told_that_it_is_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
