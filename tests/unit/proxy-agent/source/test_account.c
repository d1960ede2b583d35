#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/account.h"

#define ROOM 2048

struct world {
	uint8_t access[ROOM];
	struct source_target target;
	struct account account;
	struct buf why;
};

static void
begin(struct world *w, const char *url, const char *const *pairs)
{
	size_t n = 0;

	memset(w, 0, sizeof(*w));
	buf_init(&w->why, 1000);
	for (; pairs != NULL && *pairs != NULL; pairs += 2)
		assert_int_equal(pairs_add(w->access, ROOM, &n,
					   span_str(pairs[0]),
					   span_str(pairs[1])),
				 ST_OK);
	w->target.path = span_str(url);
	w->target.access.bytes = span_of(w->access, n);
	w->target.why = &w->why;
}

static void
end(struct world *w)
{
	account_fini(&w->account);
	buf_fini(&w->why);
}

static void
the_target_names_the_user_or_else_the_credential_does(void **state)
{
	static const struct {
		const char *url;
		const char *pairs[5];
		const char *user;
		enum status st;
	} rows[] = {
	    {"imaps://h/", {"user", "ann"}, "ann", ST_OK},
	    {"imaps://bo@h/", {"user", "ann"}, "bo", ST_OK},
	    {"imaps://b%40c%25@h:7/", {"password", "x"}, "b@c%", ST_OK},
	    {"imaps://h/", {"password", "x"}, "", ST_USAGE},
	    {"imaps://h/", {"user", ""}, "", ST_USAGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;

		begin(&w, rows[i].url, rows[i].pairs);
		assert_int_equal(account_read(&w.account, &w.target),
				 rows[i].st);
		assert_true(str_is(w.account.user, rows[i].user));
		assert_int_equal(w.why.len > 0, rows[i].st != ST_OK);
		end(&w);
		begin(&w, rows[i].url, rows[i].pairs);
		assert_int_equal(account_read_open(&w.account, &w.target),
				 ST_OK);
		end(&w);
	}
}

/* Whoever gave them wipes its own memory once open() is over. */
static void
secrets_outlive_the_memory_that_they_came_in(void **state)
{
	static const char *const pairs[] = {
	    "user", "ann", "password", "p\\'\"", "token", "t%s", NULL};
	char url[] = "imaps://h.example:99/box";
	struct world w;

	(void)state;
	begin(&w, url, pairs);
	assert_int_equal(account_read(&w.account, &w.target), ST_OK);
	memset(w.access, 'x', sizeof(w.access));
	memset(url, 'x', sizeof(url));
	assert_true(str_is(w.account.user, "ann"));
	assert_true(str_is(w.account.password, "p\\'\""));
	assert_true(str_is(w.account.token, "t%s"));
	assert_int_equal(w.account.ca.len, 0);
	assert_true(str_is(w.account.url.host, "h.example"));
	assert_int_equal(w.account.url.port, 99);
	end(&w);
}

static void
what_is_no_target_is_refused_and_can_be_ended(void **state)
{
	static char large[10000] = "imaps://";
	static const char *const urls[] = {"", "h", "imaps://h:99999/",
					   "imaps://h:x/", large};

	(void)state;
	memset(large + 8, 'h', sizeof(large) - 9);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		static const char *const pairs[] = {"user", "ann", NULL};
		struct world w;

		begin(&w, urls[i], pairs);
		assert_int_not_equal(account_read(&w.account, &w.target),
				     ST_OK);
		end(&w);
	}
}

static void
nobody_who_listens_is_told(void **state)
{
	static const char *const pairs[] = {"user", "ann", NULL};
	struct stream *stream = NULL;
	struct world w;

	(void)state;
	begin(&w, "imap://127.0.0.1:1/", pairs);
	assert_int_equal(account_read(&w.account, &w.target), ST_OK);
	assert_int_equal(account_dial(&w.account, false, 143, &stream, &w.why),
			 ST_CLOSED);
	assert_true(w.why.len > 0);
	end(&w);
}

static void
a_refusal_is_not_tried_again(void **state)
{
	(void)state;
	for (enum status st = ST_OK; st < ST__COUNT; st++)
		assert_int_equal(account_again(st), st == ST_CLOSED ||
							st == ST_TIMEOUT ||
							st == ST_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		the_target_names_the_user_or_else_the_credential_does),
	    cmocka_unit_test(secrets_outlive_the_memory_that_they_came_in),
	    cmocka_unit_test(what_is_no_target_is_refused_and_can_be_ended),
	    cmocka_unit_test(nobody_who_listens_is_told),
	    cmocka_unit_test(a_refusal_is_not_tried_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
