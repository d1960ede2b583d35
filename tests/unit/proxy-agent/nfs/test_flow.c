#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/nfs/flow.h"

#define LARGE (3u * SHARE_PIECE + 777)

/* A server that answers at once; or later, when it is told to. */
struct server {
	struct share share; /* first: the flow gives it back */
	uint32_t length;    /* of its file */
	uint32_t most;      /* bytes in one answer */
	uint32_t owner;     /* the only one who may read; 0: everybody */
	uint32_t stale_at;  /* reads before the handle goes stale; 0: never */
	uint32_t reads;
	bool late;
	struct share_read *waiting[FLOW_WINDOW];
	size_t count;
};

static uint8_t
byte_at(uint64_t i)
{
	return (uint8_t)(i * 7 + i / 251);
}

static bool
serve_read(struct share_read *r, const struct handle *h, struct who who,
	   uint64_t at, uint32_t count)
{
	struct server *s = (struct server *)r->share;
	uint64_t left = at < s->length ? s->length - at : 0;
	uint32_t n = count < s->most ? count : s->most;
	uint8_t *data;

	(void)h;
	s->reads++;
	if (s->late) {
		s->waiting[s->count++] = r;
		return true;
	}
	if (s->owner != 0 && who.uid != s->owner) {
		r->done(r, FAULT_DENIED, span_of(NULL, 0), true);
		return true;
	}
	if (s->stale_at != 0 && s->reads > s->stale_at) {
		r->done(r, FAULT_STALE, span_of(NULL, 0), true);
		return true;
	}
	if (n > left)
		n = (uint32_t)left;
	data = malloc(n + 1u);
	assert_non_null(data);
	for (uint32_t i = 0; i < n; i++)
		data[i] = byte_at(at + i);
	r->done(r, FAULT_NONE, span_of(data, n), at + n >= s->length);
	free(data);
	return true;
}

static const struct dialect fake = {.read = serve_read};

static struct flow *
begin(struct server *s, uint64_t listed)
{
	const struct flow_spec spec = {
	    .share = &s->share,
	    .who = {65534, 65534},
	    .owner = {4321, 4321},
	    .may_owner = true,
	    .size = listed,
	};

	s->share.dialect = &fake;
	s->share.piece = SHARE_PIECE;
	if (s->most == 0)
		s->most = UINT32_MAX;
	return flow_begin(&spec);
}

/* All its bytes, in steps of n; the number of them. */
static uint64_t
drain(struct flow *f, size_t n)
{
	uint8_t *to = malloc(n);
	uint64_t sum = 0;
	size_t got;

	assert_non_null(to);
	do {
		assert_int_equal(flow_read(f, to, n, &got), FAULT_NONE);
		for (size_t i = 0; i < got; i++)
			assert_int_equal(to[i], byte_at(sum + i));
		sum += got;
	} while (got > 0);
	free(to);
	return sum;
}

static void
every_byte_comes_once_and_in_order(void **state)
{
	static const struct {
		uint32_t length, listed, most;
		size_t step;
	} cases[] = {
	    {10, 10, 0, 4},          {4096, 4096, 0, 100},
	    {LARGE, LARGE, 0, 4096}, {LARGE, LARGE, 1000, 65536},
	    {LARGE, 10, 0, 4096}, /* it grew */
	    {10, LARGE, 0, 4096}, /* it shrank */
	    {0, 10, 0, 10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct server s = {.length = cases[i].length,
				   .most = cases[i].most};
		struct flow *f = begin(&s, cases[i].listed);

		assert_non_null(f);
		assert_int_equal(flow_first(f), FAULT_NONE);
		assert_int_equal(drain(f, cases[i].step), cases[i].length);
		assert_false(flow_as_owner(f));
		flow_end(f);
	}
}

static void
a_small_file_is_one_question(void **state)
{
	struct server s = {.length = 100};
	struct flow *f = begin(&s, 100);

	(void)state;
	assert_int_equal(drain(f, 4096), 100);
	assert_int_equal(s.reads, 1);
	flow_end(f);
}

static void
a_refusal_is_answered_in_the_name_of_the_owner(void **state)
{
	struct server s = {.length = LARGE, .owner = 4321};
	struct flow *f = begin(&s, LARGE);

	(void)state;
	assert_int_equal(flow_first(f), FAULT_NONE);
	assert_true(flow_as_owner(f));
	assert_int_equal(drain(f, 4096), LARGE);
	flow_end(f);
}

static void
a_refusal_to_the_owner_is_a_refusal(void **state)
{
	struct server s = {.length = 10, .owner = 1};
	struct flow *f = begin(&s, 10);

	(void)state;
	assert_int_equal(flow_first(f), FAULT_DENIED);
	assert_false(flow_as_owner(f));
	assert_int_equal(s.reads, 2);
	flow_end(f);
}

static void
what_fails_half_way_keeps_what_came_before(void **state)
{
	struct server s = {.length = LARGE, .stale_at = FLOW_FIRST};
	struct flow *f = begin(&s, LARGE);
	uint8_t to[4096];
	uint64_t sum = 0;
	enum fault fault;
	size_t got;

	(void)state;
	assert_int_equal(flow_first(f), FAULT_NONE);
	while ((fault = flow_read(f, to, sizeof(to), &got)) == FAULT_NONE)
		sum += got;
	assert_int_equal(fault, FAULT_STALE);
	assert_int_equal(sum, FLOW_FIRST * FLOW_SMALL);
	flow_end(f);
}

static void
an_answer_to_a_file_that_is_over_is_dropped(void **state)
{
	static const uint8_t start[FLOW_SMALL];
	struct server s = {.length = LARGE, .late = true};
	struct flow *f = begin(&s, LARGE);

	(void)state;
	s.waiting[0]->done(s.waiting[0], FAULT_NONE,
			   span_of(start, sizeof(start)), false);
	assert_int_equal(s.count, FLOW_FIRST);
	flow_end(f);
	for (size_t i = 1; i < s.count; i++)
		s.waiting[i]->done(s.waiting[i], FAULT_NONE, span_of("x", 1),
				   true);
}

static void
what_came_before_the_line_is_lost_is_given_out_first(void **state)
{
	static uint8_t to[FLOW_FIRST * FLOW_SMALL];
	struct server s = {.length = sizeof(to), .late = true};
	struct flow *f = begin(&s, sizeof(to));
	size_t got;

	(void)state;
	/* or its start could be answered behind the rest, and be lost */
	assert_int_equal(s.count, 1);
	s.waiting[0]->done(s.waiting[0], FAULT_NONE, span_of(to, FLOW_SMALL),
			   false);
	assert_int_equal(s.count, FLOW_FIRST);
	for (size_t i = 1; i < s.count; i++)
		s.waiting[i]->done(s.waiting[i], FAULT_LOST, span_of(NULL, 0),
				   true);
	s.share.line.lost = true;
	assert_int_equal(flow_read(f, to, sizeof(to), &got), FAULT_NONE);
	assert_int_equal(got, FLOW_SMALL);
	assert_int_equal(flow_read(f, to, sizeof(to), &got), FAULT_LOST);
	flow_end(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_byte_comes_once_and_in_order),
	    cmocka_unit_test(a_small_file_is_one_question),
	    cmocka_unit_test(a_refusal_is_answered_in_the_name_of_the_owner),
	    cmocka_unit_test(a_refusal_to_the_owner_is_a_refusal),
	    cmocka_unit_test(what_fails_half_way_keeps_what_came_before),
	    cmocka_unit_test(an_answer_to_a_file_that_is_over_is_dropped),
	    cmocka_unit_test(
		what_came_before_the_line_is_lost_is_given_out_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
