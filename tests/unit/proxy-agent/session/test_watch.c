#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy-agent/session/watch.h"

/* A call that ends when it is told to give up, as a good driver's does. */
static sem_t told;

static void
give_up(void *arg)
{
	int *times = arg;

	(*times)++;
	sem_post(&told);
}

static void
a_call_in_time_is_left_alone(void **state)
{
	struct watch *w;
	int times = 0;

	(void)state;
	assert_int_equal(watch_open(give_up, &times, 60000, &w), ST_OK);
	for (int i = 0; i < 1000; i++) {
		watch_begin(w, 60000);
		assert_false(watch_end(w));
	}
	watch_close(w);
	assert_int_equal(times, 0);
}

static void
a_late_call_is_told_once(void **state)
{
	struct watch *w;
	int times = 0;

	(void)state;
	assert_int_equal(sem_init(&told, 0, 0), 0);
	assert_int_equal(watch_open(give_up, &times, 60000, &w), ST_OK);
	watch_begin(w, 1);
	while (sem_wait(&told) != 0)
		;
	assert_true(watch_end(w));
	watch_begin(w, 60000); /* the next one has its own time */
	assert_false(watch_end(w));
	watch_close(w);
	assert_int_equal(times, 1);
	sem_destroy(&told);
}

static void
nothing(void *arg)
{
	(void)arg;
}

static void
a_driver_that_does_not_come_back_is_left(void **state)
{
	int how = 0;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct watch *w;

		if (watch_open(nothing, NULL, 1, &w) != ST_OK)
			_exit(99);
		watch_begin(w, 1);
		for (;;)
			pause();
	}
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_true(WIFEXITED(how));
	assert_int_equal(WEXITSTATUS(how), 1);
}

static void
who_waits_little_for_an_answer_waits_no_longer_for_the_library(void **state)
{
	(void)state;
	assert_int_equal(watch_grace(4000), 4000);
	assert_int_equal(watch_grace(10000), 10000);
	assert_int_equal(watch_grace(60000), 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_call_in_time_is_left_alone),
	    cmocka_unit_test(a_late_call_is_told_once),
	    cmocka_unit_test(a_driver_that_does_not_come_back_is_left),
	    cmocka_unit_test(
		who_waits_little_for_an_answer_waits_no_longer_for_the_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
