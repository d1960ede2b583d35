#include "wire/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/frame.h"

static void
every_kind_has_one_row_within_the_limits(void **state)
{
	static const enum wire_kind kinds[] = {
#define KIND_OF(kind, number, name, from, when, stream, cap) kind,
	    WIRE_KIND_TABLE(KIND_OF)
#undef KIND_OF
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct wire_kind_row *r = kinds_find((uint16_t)kinds[i]);

		assert_non_null(r);
		assert_int_equal(r->kind, kinds[i]);
		assert_true(r->cap > 0 && r->cap <= FRAME_MAX);
		assert_true((r->when & WHEN_EARLY) == 0 ||
			    r->cap <= FRAME_MAX_EARLY);
		assert_true(r->stream < STREAM__COUNT);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(kinds[k], kinds[i]);
	}
	assert_null(kinds_find(0));
	assert_null(kinds_find(UINT16_MAX));
}

/* Agents in the field speak them: a row here is never changed, only added. */
static void
kinds_keep_number_name_and_sender_for_ever(void **state)
{
	static const struct {
		uint16_t number;
		const char *name;
		uint8_t from, when;
		uint32_t stream;
	} cases[] = {
	    {1, "hello", FROM_AGENT, WHEN_KNOWN, 0},
	    {2, "hello_reply", FROM_MASTER, WHEN_KNOWN, 0},
	    {3, "heartbeat", FROM_BOTH, WHEN_KNOWN, 0},
	    {4, "ack", FROM_MASTER, WHEN_KNOWN, 0},
	    {5, "nack", FROM_MASTER, WHEN_KNOWN, 0},
	    {6, "bye", FROM_BOTH, WHEN_ANY, 0},
	    {7, "renew", FROM_AGENT, WHEN_KNOWN, 0},
	    {8, "renew_reply", FROM_MASTER, WHEN_KNOWN, 0},
	    {16, "enroll", FROM_AGENT, WHEN_EARLY, 0},
	    {17, "enroll_reply", FROM_MASTER, WHEN_EARLY, 0},
	    {32, "task_order", FROM_MASTER, WHEN_KNOWN, 0},
	    {33, "task_control", FROM_MASTER, WHEN_KNOWN, 0},
	    {34, "task_progress", FROM_AGENT, WHEN_KNOWN, 2},
	    {35, "ask", FROM_MASTER, WHEN_KNOWN, 0},
	    {36, "answer", FROM_AGENT, WHEN_KNOWN, 0},
	    {48, "batch", FROM_AGENT, WHEN_KNOWN, 1},
	};
	size_t rows = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct wire_kind_row *r = kinds_find(cases[i].number);

		assert_non_null(r);
		assert_string_equal(r->name, cases[i].name);
		assert_int_equal(r->from, cases[i].from);
		assert_int_equal(r->when, cases[i].when);
		assert_int_equal(r->stream, cases[i].stream);
	}
	for (unsigned n = 0; n <= UINT16_MAX; n++)
		rows += kinds_find((uint16_t)n) != NULL;
	assert_int_equal(rows, sizeof(cases) / sizeof(cases[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_has_one_row_within_the_limits),
	    cmocka_unit_test(kinds_keep_number_name_and_sender_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
