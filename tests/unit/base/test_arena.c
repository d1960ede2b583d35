#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void
memory_is_zeroed_aligned_and_apart(void **state)
{
	struct arena a;
	uint8_t *last = NULL;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t n = 0; n < 300; n++) {
		uint8_t *p = arena_take(&a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		assert_ptr_not_equal(p, last);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
		last = p;
	}
	arena_fini(&a);
}

static void
past_the_cap_there_is_nothing(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 4096);
	assert_non_null(arena_take(&a, 4000));
	assert_null(arena_take(&a, 100));
	assert_non_null(arena_take(&a, 64));
	assert_null(arena_take(&a, SIZE_MAX));
	assert_null(arena_array(&a, SIZE_MAX / 2, 3));
	assert_null(arena_str(&a, span_of("x", SIZE_MAX)));
	arena_fini(&a);
}

static void
after_a_clear_the_memory_is_zeroed_again(void **state)
{
	struct arena a;
	uint8_t *p;

	(void)state;
	arena_init(&a, 1 << 20);
	p = arena_take(&a, 64);
	memset(p, 0xaa, 64);
	assert_non_null(arena_take(&a, 100000));
	arena_clear(&a);
	assert_int_equal(a.used, 0);
	for (int i = 0; i < 1000; i++) {
		p = arena_take(&a, 64);
		assert_non_null(p);
		for (size_t k = 0; k < 64; k++)
			assert_int_equal(p[k], 0);
	}
	arena_fini(&a);
	arena_clear(&a);
}

static void
a_string_ends_with_a_nul(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 4096);
	assert_string_equal(arena_str(&a, span_of("abcdef", 3)), "abc");
	assert_string_equal(arena_str(&a, span_of(NULL, 0)), "");
	arena_fini(&a);
}

static void
memory_that_is_lent_is_all_there_is_and_stays(void **state)
{
	static alignas(max_align_t) uint8_t memory[1024];
	struct arena a;
	uint8_t *p;

	(void)state;
	arena_lend(&a, memory, sizeof(memory));
	p = (uint8_t *)arena_str(&a, span_of("abc", 3));
	assert_in_range((uintptr_t)p, (uintptr_t)memory,
			(uintptr_t)memory + sizeof(memory) - 4);
	assert_int_equal(arena_lent(&a), (size_t)(p - memory) + 16);
	assert_null(arena_take(&a, sizeof(memory)));
	while ((p = arena_take(&a, 16)) != NULL)
		assert_true(p + 16 <= memory + sizeof(memory));
	assert_in_range(arena_lent(&a), sizeof(memory) - 31, sizeof(memory));
	arena_fini(&a);
	assert_non_null(memchr(memory, 'b', sizeof(memory)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
	    cmocka_unit_test(past_the_cap_there_is_nothing),
	    cmocka_unit_test(after_a_clear_the_memory_is_zeroed_again),
	    cmocka_unit_test(a_string_ends_with_a_nul),
	    cmocka_unit_test(memory_that_is_lent_is_all_there_is_and_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
