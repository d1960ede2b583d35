/*
 * Whom a mailbox asks for its tokens, and what is said when nobody is known;
 * that tokens are renewed is seen with a server, in tests/scenario/52_mail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/mail/sign_in.h"

#define BY_REFRESH "refresh_token", "rt", "client_id", "c"

static void
a_credential_says_how_a_token_is_had(void **state)
{
	static const struct {
		const char *target, *access[6];
		enum status st;
		bool oauth;
	} rows[] = {
	    {"imaps://a@h.example/", {"password", "p"}, ST_OK, false},
	    {"imaps://a@h.example/", {"token", "t"}, ST_OK, false},
	    {"imaps://a@h.example/", {"token", "t", BY_REFRESH}, ST_OK, false},
	    {"imaps://a@h.example/", {BY_REFRESH}, ST_USAGE, false},
	    {"imaps://a@h.example/",
	     {BY_REFRESH, "sign_in", "http://s.example/"},
	     ST_USAGE,
	     false},
	    {"imaps://a@h.example/",
	     {BY_REFRESH, "sign_in", "https://s.example/"},
	     ST_OK,
	     true},
	    {"imaps://a@imap.gmail.com/", {BY_REFRESH}, ST_OK, true},
	    {"pop3s://a@outlook.office365.com/",
	     {"client_id", "c", "client_secret", "s"},
	     ST_OK,
	     true},
	    {"pop3s://a@outlook.office365.com/",
	     {"client_id", "c"},
	     ST_USAGE,
	     false},
	    {"imaps://a@mygoogle.com/", {BY_REFRESH}, ST_USAGE, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source_target t = {.path = span_str(rows[i].target)};
		struct oauth *o = NULL;
		struct account l = {0};
		uint8_t access[500];
		struct buf why;
		size_t n = 0;

		for (size_t k = 0; k < 6 && rows[i].access[k] != NULL; k += 2)
			assert_int_equal(
			    pairs_add(access, sizeof(access), &n,
				      span_str(rows[i].access[k]),
				      span_str(rows[i].access[k + 1])),
			    ST_OK);
		t.access.bytes = span_of(access, n);
		buf_init(&why, 500);
		t.why = &why;
		assert_int_equal(account_read(&l, &t), ST_OK);
		assert_int_equal(mail_oauth_open(&t, &l, &o), rows[i].st);
		assert_int_equal(o != NULL, rows[i].oauth);
		assert_int_equal(why.len > 0, rows[i].st != ST_OK);
		assert_false(mail_renew(NULL, ST_DENIED, NULL));
		assert_false(mail_renew(o, ST_CLOSED, NULL));
		oauth_close(o);
		account_fini(&l);
		buf_fini(&why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_credential_says_how_a_token_is_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
