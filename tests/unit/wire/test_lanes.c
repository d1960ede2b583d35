#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <event2/buffer.h>

#include "wire/lanes.h"

static void
add(struct lanes *l, enum wire_kind kind, const char *body)
{
	assert_int_equal(
	    lanes_add(l, kinds_find((uint16_t)kind), span_str(body)), ST_OK);
}

/* Takes one frame off; 0 when there is none. */
static uint16_t
next(struct evbuffer *out)
{
	struct frame f;
	size_t used, n = evbuffer_get_length(out);

	if (n == 0)
		return 0;
	assert_int_equal(frame_next(span_of(evbuffer_pullup(out, -1), n),
				    FRAME_MAX, &f, &used),
			 ST_OK);
	evbuffer_drain(out, used);
	return f.kind;
}

static void
urgent_frames_overtake_and_a_lane_keeps_its_order(void **state)
{
	static const enum wire_kind want[] = {KIND_HEARTBEAT, KIND_RENEW,
					      KIND_TASK_PROGRESS, KIND_BATCH};
	struct evbuffer *out = evbuffer_new();
	struct lanes l;

	(void)state;
	assert_int_equal(lanes_init(&l), ST_OK);
	add(&l, KIND_BATCH, "findings");
	add(&l, KIND_TASK_PROGRESS, "progress");
	add(&l, KIND_HEARTBEAT, "");
	add(&l, KIND_RENEW, "csr");
	assert_int_equal(l.bytes, 4 * FRAME_HEAD + 8 + 8 + 0 + 3);
	lanes_move(&l, out, 4096);
	assert_int_equal(l.bytes, 0);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_int_equal(next(out), want[i]);
	assert_int_equal(next(out), 0);
	evbuffer_free(out);
	lanes_fini(&l);
}

static void
only_enough_leaves_and_always_whole_frames(void **state)
{
	struct evbuffer *out = evbuffer_new();
	struct lanes l;

	(void)state;
	assert_int_equal(lanes_init(&l), ST_OK);
	add(&l, KIND_BATCH, "a");
	add(&l, KIND_BATCH, "b");
	add(&l, KIND_BATCH, "c");
	lanes_move(&l, out, FRAME_HEAD + 2); /* one and a bit: so two */
	assert_int_equal(evbuffer_get_length(out), 2 * (FRAME_HEAD + 1));
	lanes_move(&l, out, FRAME_HEAD + 2);
	assert_int_equal(l.bytes, FRAME_HEAD + 1);
	/* What is more urgent goes next, although it came last. */
	add(&l, KIND_HEARTBEAT, "");
	evbuffer_drain(out, evbuffer_get_length(out));
	lanes_move(&l, out, 1);
	assert_int_equal(next(out), KIND_HEARTBEAT);
	evbuffer_free(out);
	lanes_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(urgent_frames_overtake_and_a_lane_keeps_its_order),
	    cmocka_unit_test(only_enough_leaves_and_always_whole_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
