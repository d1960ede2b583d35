#include "runtime/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/fake_agent.h"
#include "sys/file.h"

static int
set_up(void **state)
{
	struct fake_agent *a = malloc(sizeof(*a));

	assert_non_null(a);
	fake_agent_open(a);
	fake_agent_born(a);
	*state = a;
	return 0;
}

static int
tear_down(void **state)
{
	fake_agent_close(*state);
	free(*state);
	return 0;
}

static unsigned
mode_of(const struct fake_agent *a, const char *name)
{
	char path[256];
	struct stat info;

	snprintf(path, sizeof(path), "%s/%s", a->dir, name);
	assert_int_equal(lstat(path, &info), 0);
	return info.st_mode & 0777;
}

static void
nobody_else_may_look(void **state)
{
	const struct fake_agent *a = *state;

	assert_int_equal(mode_of(a, "."), 0700);
	assert_int_equal(mode_of(a, "spool"), 0700);
	assert_int_equal(mode_of(a, "tasks"), 0700);
	assert_int_equal(mode_of(a, "agent.pem"), 0600);
	assert_int_equal(mode_of(a, "ca.pem"), 0600);
	assert_int_equal(mode_of(a, "incarnation"), 0600);
}

static void
the_incarnation_stays_until_a_new_one_is_made(void **state)
{
	struct fake_agent *a = *state;
	uint8_t one[INCARNATION_LEN], two[INCARNATION_LEN];

	assert_int_equal(state_incarnation(a->state, one), ST_OK);
	assert_int_equal(state_incarnation(a->state, two), ST_OK);
	assert_memory_equal(one, two, sizeof(one));
	assert_int_equal(state_new_incarnation(a->state, two), ST_OK);
	assert_memory_not_equal(one, two, sizeof(one));
	assert_int_equal(state_incarnation(a->state, one), ST_OK);
	assert_memory_equal(one, two, sizeof(one));
}

static void
a_damaged_identity_is_told_by_name(void **state)
{
	struct fake_agent *a = *state;
	struct state *s;
	struct buf why;

	buf_init(&why, 4096);
	assert_int_equal(
	    state_write(a->state, "agent.pem", span_str("not a certificate\n")),
	    ST_OK);
	assert_int_equal(state_open(a->dir, &s, &why), ST_MALFORMED);
	assert_non_null(memmem(why.data, why.len, "agent.pem", 9));
	assert_non_null(memmem(why.data, why.len, "--again", 7));
	buf_fini(&why);
}

static void
a_folder_that_others_may_write_to_is_refused(void **state)
{
	struct fake_agent *a = *state;
	struct state *s;
	struct buf why;

	buf_init(&why, 4096);
	assert_int_equal(chmod(a->dir, 0777), 0);
	assert_int_equal(state_open(a->dir, &s, &why), ST_DENIED);
	assert_true(why.len > 0);
	assert_int_equal(chmod(a->dir, 0700), 0);
	buf_fini(&why);
}

static void
a_reset_forgets_everything(void **state)
{
	struct fake_agent *a = *state;
	char path[256];

	assert_int_equal(state_reset(a->state), ST_OK);
	assert_false(a->state->enrolled);
	snprintf(path, sizeof(path), "%s/agent.pem", a->dir);
	assert_false(file_exists(path));
	snprintf(path, sizeof(path), "%s/spool/0000000000000001.seg", a->dir);
	assert_false(file_exists(path));
	assert_int_equal(mode_of(a, "spool"), 0700);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(nobody_else_may_look),
	    CASE(the_incarnation_stays_until_a_new_one_is_made),
	    CASE(a_damaged_identity_is_told_by_name),
	    CASE(a_folder_that_others_may_write_to_is_refused),
	    CASE(a_reset_forgets_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
