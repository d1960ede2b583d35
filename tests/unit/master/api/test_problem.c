#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "master/api/problem.h"

struct fixture {
	struct request rq;
	struct reply rp;
};

static void
make(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	memcpy(f->rq.id, "0f3a91c25d7e4b18", 17);
	buf_init(&f->rp.body, 65536);
	assert_int_equal(buf_add_str(&f->rp.body, "half of an answer"), ST_OK);
	memcpy(f->rp.etag, "\"x\"", 4);
}

static void
a_problem_takes_the_place_of_what_was_there(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	problem_say(&f.rq, &f.rp, 409, "%s has \"ended\"", "it");
	assert_int_equal(f.rp.status, 409);
	assert_string_equal(f.rp.type, "application/problem+json");
	assert_string_equal(f.rp.etag, "");
	assert_true(
	    str_is(buf_span(&f.rp.body),
		   "{\"type\":\"/problems/conflict\",\"title\":\"It does not "
		   "fit the present state\",\"status\":409,\"detail\":\"it has "
		   "\\\"ended\\\"\",\"instance\":\"0f3a91c25d7e4b18\"}"));
	buf_fini(&f.rp.body);
}

static void
wrong_fields_are_listed_up_to_the_limit(void **state)
{
	struct problem p = {.status = 0};
	struct fixture f;

	(void)state;
	make(&f);
	for (int i = 0; i < PROBLEM_ERRORS_MAX + 3; i++)
		problem_field(&p, "/a", "is wrong");
	assert_int_equal(p.status, 400);
	problem_reply(&f.rq, &f.rp, &p);
	assert_int_equal(buf_add_byte(&f.rp.body, '\0'), ST_OK);
	{
		const char *text = (const char *)f.rp.body.data;
		size_t n = 0;

		assert_non_null(strstr(text, "11 fields are wrong"));
		while ((text = strstr(text, "\"pointer\"")) != NULL) {
			n++;
			text++;
		}
		assert_int_equal(n, PROBLEM_ERRORS_MAX);
	}
	buf_fini(&f.rp.body);
}

static void
a_status_that_has_no_words_is_an_internal_failure(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	problem_say(&f.rq, &f.rp, 418, NULL);
	assert_int_equal(f.rp.status, 500);
	buf_fini(&f.rp.body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_problem_takes_the_place_of_what_was_there),
	    cmocka_unit_test(wrong_fields_are_listed_up_to_the_limit),
	    cmocka_unit_test(a_status_that_has_no_words_is_an_internal_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
