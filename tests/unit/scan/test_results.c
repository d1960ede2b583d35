#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "scan/results.h"

#define BLOCK 100000 /* bytes at once: some go into a piece, none evenly */

/* Blocks of one letter each: A, B, C ... */
static void
add_blocks(struct results *r, unsigned n)
{
	uint8_t *block = malloc(BLOCK);

	assert_non_null(block);
	for (unsigned i = 0; i < n; i++) {
		memset(block, (int)('A' + i), BLOCK);
		assert_int_equal(results_add(r, span_of(block, BLOCK)), ST_OK);
	}
	free(block);
}

/* Reads up to `end` in steps, as a row of n blocks, the last one cut. */
static void
expect_blocks(const struct results *r, size_t end, unsigned n, size_t step)
{
	struct results_at at = {0};
	struct span s;
	size_t sum = 0;

	while ((s = results_from(r, &at, end)).len > 0) {
		size_t take = s.len < step ? s.len : step;

		for (size_t i = 0; i < take; i++, sum++)
			assert_int_equal(s.ptr[i], 'A' + sum / BLOCK);
		results_skip(&at, take);
	}
	assert_int_equal(sum, end);
	assert_int_equal((end + BLOCK - 1) / BLOCK, n);
}

static void
what_was_added_is_read_in_order(void **state)
{
	struct results r = {0};

	(void)state;
	expect_blocks(&r, 0, 0, 1);
	add_blocks(&r, 12);
	expect_blocks(&r, r.len, 12, 7777);
	expect_blocks(&r, r.len - 5, 12, SIZE_MAX);
	expect_blocks(&r, BLOCK, 1, 10);
	results_clear(&r);
	assert_int_equal(r.len, 0);
	expect_blocks(&r, 0, 0, 1);
}

static void
what_was_added_at_once_lies_together(void **state)
{
	const size_t sizes[] = {1, RESULTS_PIECE - 2, 3, 2 * RESULTS_PIECE, 4};
	uint8_t *bytes = calloc(2, RESULTS_PIECE);
	struct results_at at = {0};
	struct results r = {0};

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_int_equal(results_add(&r, span_of(bytes, sizes[i])),
				 ST_OK);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_true(results_from(&r, &at, r.len).len >= sizes[i]);
		results_skip(&at, sizes[i]);
	}
	assert_int_equal(at.done, r.len);
	results_clear(&r);
	free(bytes);
}

static void
what_is_cut_off_is_gone_and_more_may_follow(void **state)
{
	static const size_t cuts[] = {10 * BLOCK, 7 * BLOCK + 1, 5 * BLOCK,
				      BLOCK - 1};
	struct results r = {0};

	(void)state;
	add_blocks(&r, 10);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		results_cut(&r, cuts[i]);
		assert_int_equal(r.len, cuts[i]);
		expect_blocks(&r, r.len,
			      (unsigned)((cuts[i] + BLOCK - 1) / BLOCK), 999);
	}
	results_cut(&r, 0);
	add_blocks(&r, 2);
	expect_blocks(&r, r.len, 2, 999);
	results_clear(&r);
}

static void
pieces_go_from_batch_to_batch_and_nothing_in_them(void **state)
{
	struct results_shelf shelf = {0};
	struct results a = {.shelf = &shelf}, b = {.shelf = &shelf};
	struct results_at at = {0};
	const uint8_t *bytes;

	(void)state;
	add_blocks(&a, 2);
	bytes = results_from(&a, &at, a.len).ptr;
	results_clear(&a);
	assert_int_equal(shelf.count, 1);
	assert_int_equal(bytes[0] | bytes[2 * BLOCK - 1], 0);
	add_blocks(&b, 1);
	at = (struct results_at){0};
	assert_ptr_equal(results_from(&b, &at, b.len).ptr, bytes);
	assert_int_equal(shelf.count, 0);
	results_clear(&b);
	results_shelf_fini(&shelf);
	assert_int_equal(shelf.count, 0);
}

static void
pieces_too_many_or_too_large_are_not_kept(void **state)
{
	uint8_t *bytes = calloc(1, RESULTS_PIECE + 1);
	struct results_shelf shelf = {0};
	struct results r = {.shelf = &shelf};

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(results_add(&r, span_of(bytes, RESULTS_PIECE + 1)),
			 ST_OK);
	results_clear(&r);
	assert_int_equal(shelf.count, 0);
	for (size_t i = 0; i < RESULTS_KEPT + 2; i++)
		assert_int_equal(results_add(&r, span_of(bytes, RESULTS_PIECE)),
				 ST_OK);
	results_clear(&r);
	assert_int_equal(shelf.count, RESULTS_KEPT);
	results_shelf_fini(&shelf);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_added_is_read_in_order),
	    cmocka_unit_test(what_was_added_at_once_lies_together),
	    cmocka_unit_test(what_is_cut_off_is_gone_and_more_may_follow),
	    cmocka_unit_test(pieces_go_from_batch_to_batch_and_nothing_in_them),
	    cmocka_unit_test(pieces_too_many_or_too_large_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
