#include "agent/trawl/input.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"

#define TEXT "paid with 4111 1111 1111 1111"

static int
piped(const char *text)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	return ends[0];
}

static int
filed(off_t at)
{
	char name[] = "/tmp/trawl-input-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, TEXT, strlen(TEXT)), strlen(TEXT));
	assert_int_equal(lseek(fd, at, SEEK_SET), at);
	return fd;
}

static void
holds(int fd, const char *want)
{
	char text[64] = "";

	assert_int_equal(pread(fd, text, sizeof(text) - 1, 0), strlen(want));
	assert_string_equal(text, want);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

static void
a_pipe_can_be_read_anywhere(void **state)
{
	int from = piped(TEXT), fd = -1;

	(void)state;
	assert_int_equal(input_open(from, 64, &fd), ST_OK);
	holds(fd, TEXT);
	close(fd);
	close(from);
}

static void
a_file_is_not_copied_unless_it_was_begun(void **state)
{
	static const struct {
		off_t at;
		bool same;
	} cases[] = {{0, true}, {5, false}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int from = filed(cases[i].at), fd = -1;
		struct stat a, b;

		assert_int_equal(input_open(from, 64, &fd), ST_OK);
		holds(fd, TEXT + cases[i].at);
		assert_int_equal(fstat(from, &a), 0);
		assert_int_equal(fstat(fd, &b), 0);
		assert_int_equal(a.st_ino == b.st_ino && a.st_dev == b.st_dev,
				 cases[i].same);
		close(fd);
		close(from);
	}
}

static void
more_than_there_is_room_for_is_refused(void **state)
{
	int fd = -1, from = piped(TEXT);

	(void)state;
	assert_int_equal(input_open(from, strlen(TEXT), &fd), ST_OK);
	close(fd);
	close(from);
	from = piped(TEXT);
	assert_int_equal(input_open(from, strlen(TEXT) - 1, &fd), ST_LIMIT);
	close(from);
	assert_int_not_equal(input_open(from, 64, &fd), ST_OK); /* closed */
}

static void
it_is_taken_once_however_often_it_is_named(void **state)
{
	struct scan_order o = {.path_count = 4};
	int from = piped(TEXT), fd = 0;

	(void)state;
	assert_true(dup2(from, STDIN_FILENO) == STDIN_FILENO);
	close(from);
	o.paths[0] = span_str("a");
	o.paths[1] = o.paths[2] = span_str("-");
	o.paths[3] = span_str("-b");
	assert_true(input_take(&o, &fd));
	assert_true(fd > STDERR_FILENO);
	holds(fd, TEXT);
	assert_int_equal(o.path_count, 3);
	assert_true(str_is(o.paths[1], "-"));
	assert_true(str_is(o.paths[2], "-b"));
	close(fd);
}

static void
what_cannot_be_read_is_no_longer_asked_for(void **state)
{
	struct scan_order o = {.path_count = 2};
	int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = 7;

	(void)state;
	assert_true(dup2(folder, STDIN_FILENO) == STDIN_FILENO);
	close(folder);
	o.paths[0] = span_str("-");
	o.paths[1] = span_str("b");
	assert_false(input_take(&o, &fd));
	assert_int_equal(fd, 0);
	assert_int_equal(o.path_count, 1);
	assert_true(str_is(o.paths[0], "b"));
	assert_true(input_take(&o, &fd)); /* it is not named */
	assert_int_equal(fd, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pipe_can_be_read_anywhere),
	    cmocka_unit_test(a_file_is_not_copied_unless_it_was_begun),
	    cmocka_unit_test(more_than_there_is_room_for_is_refused),
	    cmocka_unit_test(it_is_taken_once_however_often_it_is_named),
	    cmocka_unit_test(what_cannot_be_read_is_no_longer_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
