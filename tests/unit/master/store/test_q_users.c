#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "fake/store_world.h"
#include "master/store/q_sessions.h"
#include "master/store/q_users.h"

static uint64_t
add_user(struct store_world *w, const char *name)
{
	uint64_t id = 0;

	assert_int_equal(q_user_add(w->store, span_str(name), span_str("x"),
				    span_str("admin"), w->now, &id),
			 ST_OK);
	return id;
}

static enum status
note_user(void *arg, const struct user_row *row)
{
	*(uint64_t *)arg = row->id;
	return ST_OK;
}

static enum status
count_user(void *arg, const struct user_row *row)
{
	(void)row;
	(*(uint64_t *)arg)++;
	return ST_OK;
}

static void
names_are_one_whatever_their_case(void **state)
{
	struct store_world *w = *state;
	uint64_t eve = add_user(w, "Eve"), id = 0, n = 0;

	assert_int_equal(
	    q_user_by_name(w->store, span_str("eVE"), note_user, &id), ST_OK);
	assert_int_equal(id, eve);
	assert_int_equal(q_user_add(w->store, span_str("EVE"), span_str("y"),
				    span_str("admin"), w->now, &id),
			 ST_EXISTS);
	assert_int_equal(
	    q_user_by_name(w->store, span_str("bob"), note_user, &id),
	    ST_NOTFOUND);
	assert_int_equal(q_user_by_id(w->store, eve + 1, note_user, &id),
			 ST_NOTFOUND);
	(void)add_user(w, "bob");
	assert_int_equal(q_users_list(w->store, count_user, &n), ST_OK);
	assert_int_equal(n, 2);
}

static enum status
has_password(void *arg, const struct user_row *row)
{
	return str_is(row->password, arg) ? ST_OK : ST_DENIED;
}

static void
a_password_is_that_of_one_user(void **state)
{
	struct store_world *w = *state;
	uint64_t eve = add_user(w, "eve"), bob = add_user(w, "bob");
	char was[] = "x", is[] = "new";

	assert_int_equal(q_user_password(w->store, eve, span_str(is)), ST_OK);
	assert_int_equal(q_user_by_id(w->store, eve, has_password, is), ST_OK);
	assert_int_equal(q_user_by_id(w->store, bob, has_password, was), ST_OK);
	assert_int_equal(q_user_password(w->store, 99, span_str(is)),
			 ST_NOTFOUND);
}

static enum status
sign_in(struct store_world *w, uint64_t user, uint8_t first)
{
	struct session_row row = {.id = {first},
				  .user = user,
				  .created = w->now,
				  .seen = w->now,
				  .expires = w->now + SESSION_ABSOLUTE_MS,
				  .address = span_str("::1")};

	return q_session_add(w->store, &row);
}

static enum status
count_session(void *arg, const struct session_row *row)
{
	assert_true(str_is(row->user_name, "eve"));
	(*(unsigned *)arg)++;
	return ST_OK;
}

static void
sessions_are_listed_by_user_and_end_by_time(void **state)
{
	static const uint8_t second[SESSION_HASH_LEN] = {2}, none[32] = {9};
	struct store_world *w = *state;
	uint64_t eve = add_user(w, "eve"), bob = add_user(w, "bob");
	unsigned n = 0;

	assert_int_equal(sign_in(w, eve, 1), ST_OK);
	assert_int_equal(sign_in(w, eve, 2), ST_OK);
	assert_int_equal(sign_in(w, bob, 3), ST_OK);
	assert_int_equal(sign_in(w, 99, 4), ST_NOTFOUND);
	assert_int_equal(q_sessions_of(w->store, eve, count_session, &n),
			 ST_OK);
	assert_int_equal(n, 2);
	assert_int_equal(q_session_touch(w->store, second, w->now + 1000),
			 ST_OK);
	assert_int_equal(q_session_touch(w->store, none, w->now), ST_NOTFOUND);
	/* The first has been silent for too long, the second has not. */
	assert_int_equal(q_sessions_expire(w->store, w->now + SESSION_IDLE_MS),
			 ST_OK);
	n = 0;
	assert_int_equal(q_sessions_of(w->store, eve, count_session, &n),
			 ST_OK);
	assert_int_equal(n, 1);
	assert_int_equal(q_session_drop(w->store, second), ST_OK);
	assert_int_equal(q_session_drop(w->store, second), ST_NOTFOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(names_are_one_whatever_their_case),
	    T(a_password_is_that_of_one_user),
	    T(sessions_are_listed_by_user_and_end_by_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
