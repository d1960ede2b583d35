#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "fake/store_world.h"
#include "master/store/q_tokens.h"

static const uint8_t secret_key[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static uint64_t
add(struct store_world *w, uint8_t name, uint32_t uses, int64_t ttl)
{
	struct token_row row = {.name_id = {name},
				.key = span_of(secret_key, 32),
				.name = span_str("for payments"),
				.group = span_str("Payments"),
				.created = w->now,
				.expires = w->now + ttl,
				.uses_left = uses};
	uint64_t id = 0;

	assert_int_equal(q_token_add(w->store, &row, &id), ST_OK);
	return id;
}

struct seen {
	uint64_t id;
	uint32_t left, uses, rows;
	size_t key;
};

static enum status
note(void *arg, const struct token_row *row)
{
	struct seen *s = arg;

	s->rows++;
	s->id = row->id;
	s->left = row->uses_left;
	s->uses = row->uses;
	s->key = row->key.len;
	return ST_OK;
}

static struct seen
find(struct store_world *w, uint8_t name)
{
	uint8_t id[TOKEN_ID_LEN] = {name};
	struct seen s = {0};

	assert_int_equal(q_token_find(w->store, id, note, &s), ST_OK);
	return s;
}

static void
the_key_goes_with_the_last_use(void **state)
{
	struct store_world *w = *state;
	uint64_t id = add(w, 1, 2, 1000);

	assert_int_equal(find(w, 1).key, 32);
	assert_int_equal(q_token_use(w->store, id), ST_OK);
	assert_int_equal(find(w, 1).left, 1);
	assert_int_equal(find(w, 1).key, 32);
	assert_int_equal(q_token_use(w->store, id), ST_OK);
	assert_int_equal(find(w, 1).left, 0);
	assert_int_equal(find(w, 1).uses, 2);
	assert_int_equal(find(w, 1).key, 0);
	assert_int_equal(q_token_use(w->store, id), ST_NOTFOUND);
	assert_int_equal(find(w, 1).uses, 2);
}

static void
the_key_goes_when_its_time_is_over(void **state)
{
	struct store_world *w = *state;

	(void)add(w, 1, 5, 1000);
	(void)add(w, 2, 5, 1001);
	assert_int_equal(q_tokens_expire(w->store, w->now + 999), ST_OK);
	assert_int_equal(find(w, 1).key, 32);
	assert_int_equal(q_tokens_expire(w->store, w->now + 1000), ST_OK);
	assert_int_equal(find(w, 1).key, 0);
	assert_int_equal(find(w, 2).key, 32);
}

static enum status
first_only(void *arg, const struct token_row *row)
{
	(void)note(arg, row);
	return ST_EOF;
}

static enum status
refuse(void *arg, const struct token_row *row)
{
	(void)note(arg, row);
	return ST_DENIED;
}

static void
a_list_is_newest_first_and_ends_when_its_reader_says(void **state)
{
	struct store_world *w = *state;
	uint64_t last;
	struct seen s = {0};

	(void)add(w, 1, 1, 1);
	last = add(w, 2, 1, 1);
	assert_int_equal(q_tokens_list(w->store, first_only, &s), ST_OK);
	assert_int_equal(s.rows, 1);
	assert_int_equal(s.id, last);
	assert_int_equal(q_tokens_list(w->store, refuse, &s), ST_DENIED);
	assert_int_equal(s.rows, 2);
	assert_int_equal(q_tokens_list(w->store, note, &s), ST_OK);
	assert_int_equal(s.rows, 4);
}

static void
what_is_dropped_is_gone(void **state)
{
	struct store_world *w = *state;
	uint64_t id = add(w, 1, 1, 1);
	uint8_t name[TOKEN_ID_LEN] = {1};
	struct seen s;

	assert_int_equal(q_token_drop(w->store, id), ST_OK);
	assert_int_equal(q_token_drop(w->store, id), ST_NOTFOUND);
	assert_int_equal(q_token_find(w->store, name, note, &s), ST_NOTFOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(the_key_goes_with_the_last_use),
	    T(the_key_goes_when_its_time_is_over),
	    T(a_list_is_newest_first_and_ends_when_its_reader_says),
	    T(what_is_dropped_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
