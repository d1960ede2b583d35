#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sys/scrub.h"

#define MARK "a made up secret"
#define MANY 64

static void
fill(char *p, size_t n)
{
	for (size_t at = 0; at < n; at++)
		p[at] = MARK[at % (sizeof(MARK) - 1)];
}

/* Pieces of every size, freed full of the mark. */
static void
free_marked(void)
{
	static const size_t sizes[] = {24, 40, 200, 1000, 1032, 1100, 9000};
	char *all[MANY];

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		for (size_t i = 0; i < MANY; i++) {
			all[i] = malloc(sizes[s]);
			assert_non_null(all[i]);
			fill(all[i], sizes[s]);
		}
		for (size_t i = 0; i < MANY; i++)
			free(all[i]);
	}
}

/* What malloc() gives next is what was freed last. */
static size_t
marks_left(void)
{
	static const size_t sizes[] = {24, 40, 200, 1000, 1032, 1100, 9000};
	size_t found = 0;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		char *all[MANY];

		for (size_t i = 0; i < MANY; i++) {
			all[i] = malloc(sizes[s]);
			assert_non_null(all[i]);
			/* NOLINTNEXTLINE: what is in it is the question */
			found += memmem(all[i], sizes[s], "made up", 7) != NULL;
		}
		for (size_t i = 0; i < MANY; i++)
			free(all[i]);
	}
	return found;
}

static void
what_is_freed_between_the_calls_is_gone(void **state)
{
	(void)state;
	scrub_begin();
	free_marked();
	scrub_end();
	assert_int_equal(marks_left(), 0);
}

#ifndef __SANITIZE_ADDRESS__ /* its own malloc() hands out nothing again */
static void
without_them_it_would_be_found(void **state)
{
	(void)state;
	free_marked();
	assert_int_not_equal(marks_left(), 0);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_freed_between_the_calls_is_gone),
#ifndef __SANITIZE_ADDRESS__
	    cmocka_unit_test(without_them_it_would_be_found),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
