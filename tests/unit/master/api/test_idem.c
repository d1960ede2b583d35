#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "master/api/idem.h"

struct fixture {
	struct clock_fake clock;
	struct idem *idem;
	uint8_t key[IDEM_KEY_LEN], body[IDEM_KEY_LEN], other[IDEM_KEY_LEN];
	struct idem_answer got;
};

static void
make(struct fixture *f)
{
	clock_fake_init(&f->clock, 0);
	clock_fake_pass(&f->clock, 1000000);
	assert_int_equal(idem_open(&f->clock.clock, &f->idem), ST_OK);
	memset(f->key, 1, sizeof(f->key));
	memset(f->body, 2, sizeof(f->body));
	memset(f->other, 3, sizeof(f->other));
	buf_init(&f->got.body, 4096);
}

static void
drop(struct fixture *f)
{
	buf_fini(&f->got.body);
	idem_close(f->idem);
}

static void
put(struct fixture *f, const uint8_t *key, const char *text)
{
	struct idem_answer a = {.status = 201, .location = "/x/1"};

	buf_init(&a.body, 4096);
	assert_int_equal(buf_add_str(&a.body, text), ST_OK);
	idem_put(f->idem, key, &a);
	buf_fini(&a.body);
}

static void
the_same_key_gives_the_same_answer(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got), ST_AGAIN);
	put(&f, f.key, "{\"id\":\"1\"}");
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got), ST_OK);
	assert_int_equal(f.got.status, 201);
	assert_string_equal(f.got.location, "/x/1");
	assert_int_equal(f.got.body.len, 10);
	assert_memory_equal(f.got.body.data, "{\"id\":\"1\"}", 10);
	drop(&f);
}

static void
another_body_under_the_same_key_is_refused(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	assert_int_equal(idem_begin(f.idem, f.key, f.other, &f.got), ST_EXISTS);
	put(&f, f.key, "{}");
	assert_int_equal(idem_begin(f.idem, f.key, f.other, &f.got), ST_EXISTS);
	drop(&f);
}

static void
what_failed_may_be_tried_again(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	idem_forget(f.idem, f.key);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	drop(&f);
}

static void
an_answer_is_forgotten_after_a_day(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	put(&f, f.key, "{}");
	clock_fake_pass(&f.clock, UINT64_C(1000000) * (IDEM_SECONDS - 1));
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got), ST_OK);
	clock_fake_pass(&f.clock, 1000000);
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	drop(&f);
}

static void
when_it_is_full_the_oldest_answer_goes_but_no_busy_one(void **state)
{
	uint8_t key[IDEM_KEY_LEN];
	struct fixture f;

	(void)state;
	make(&f);
	/* The first is being done, all others are done. */
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got),
			 ST_NOTFOUND);
	for (unsigned i = 0; i < IDEM_MAX; i++) {
		memset(key, 0, sizeof(key));
		memcpy(key, &i, sizeof(i));
		clock_fake_pass(&f.clock, 1000);
		assert_int_equal(idem_begin(f.idem, key, f.body, &f.got),
				 ST_NOTFOUND);
		put(&f, key, "{}");
	}
	assert_int_equal(idem_begin(f.idem, f.key, f.body, &f.got), ST_AGAIN);
	memset(key, 0, sizeof(key));
	assert_int_equal(idem_begin(f.idem, key, f.body, &f.got), ST_NOTFOUND);
	drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_key_gives_the_same_answer),
	    cmocka_unit_test(another_body_under_the_same_key_is_refused),
	    cmocka_unit_test(what_failed_may_be_tried_again),
	    cmocka_unit_test(an_answer_is_forgotten_after_a_day),
	    cmocka_unit_test(
		when_it_is_full_the_oldest_answer_goes_but_no_busy_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
