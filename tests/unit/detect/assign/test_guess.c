#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "detect/assign/guess.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
what_a_machine_made_is_a_token(void **state)
{
	static const char *const tokens[] = {
	    "Zq83hd72QmRt5vLw9pKx",
	    "3f9a1c7e5d2b8046f1e7c93d5b2a6084",
	    "q83hd72QmRt5vLw9pKxZ1f4c0e9a7b1d8356f0a9c3e=",
	    "n8kv2lw9qx4rt7zp1bm5",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++)
		if (!guess_token(span_str(tokens[i])))
			fail_msg("%s", tokens[i]);
}

static void
names_paths_ids_and_templates_are_no_token(void **state)
{
	static const char *const others[] = {
	    "userPreferencesV2Storage1",
	    "jenkins-deploy-user-2-production",
	    "/etc/ssl/private/key2024.pem",
	    "550e8400-e29b-41d4-a716-446655440000",
	    "0000000000000000000000000000000a",
	    "0123456789abcdef0123456789abcdef",
	    "${VAULT_TOKEN_FOR_42_SERVICES}",
	    "https://login.acme.net/oauth2/v2.0",
	    "TokenExpiredError2Handler",
	    "short1Aq",
	    "config.tokens.v2.production",
	    "aaaaaaaaaaaaaaaaaaaaaaa1",
	    "two words 8a7b6c5d4e3f2a1b",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++)
		if (guess_token(span_str(others[i])))
			fail_msg("%s", others[i]);
}

static void
what_a_person_chose_is_a_password(void **state)
{
	static const char *const passwords[] = {
	    "h7Gk2pQz!x",        "hunter2",       "Winter!Hagel77",
	    "r0sebud",           "uE5_rTz9pLk",   "Tr4ktor99",
	    "Sommer2024",        "P@ssw0rd-Zeit", "k$kulhavy#",
	    "R5eHe_wqeWm.QoLH0", "Q(0gDOukWf",    "WTz1(aYq1Y",
	    "hPy0(aCPDT",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(passwords); i++)
		if (!guess_password(span_str(passwords[i])))
			fail_msg("%s", passwords[i]);
}

static void
words_about_passwords_are_none(void **state)
{
	static const char *const others[] = {
	    "changeme",
	    "password123",
	    "your_password_1",
	    "my-secret-pw",
	    "${DB_PASSWORD1}",
	    "$PASSWORD2",
	    "<password1>",
	    "{{ vault_pw1 }}",
	    "%PASS1%",
	    "********",
	    "xxxxxxxx1",
	    "getPassword()",
	    "getPassword(user",
	    "md5(salt",
	    "input(",
	    "f2(x1)",
	    "user.password1",
	    "self.pw1x",
	    "cfg1.loader2.dbPass3",
	    "Enter password 1",
	    "/run/secrets/d1",
	    "test1234",
	    "12345678",
	    "NewPassword2",
	    "db_password_2",
	    "%s1abc",
	    "[a-z0-9]{8,}",
	    "varchar(255)",
	    "Passwort",
	    "abc",
	    "",
	    "binutils/common-1a/x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++)
		if (guess_password(span_str(others[i])))
			fail_msg("%s", others[i]);
}

static void
nothing_is_left_of_stop_words(void **state)
{
	static const char *const stops[] = {"changeme", "your-secret-key",
					    "TestUser123", "public",
					    "my_new_password_42"};
	static const char *const more[] = {"changemekraut", "acme-ops-42"};

	(void)state;
	for (size_t i = 0; i < COUNT(stops); i++)
		assert_true(guess_stop_words(span_str(stops[i])));
	for (size_t i = 0; i < COUNT(more); i++)
		assert_false(guess_stop_words(span_str(more[i])));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_machine_made_is_a_token),
	    cmocka_unit_test(names_paths_ids_and_templates_are_no_token),
	    cmocka_unit_test(what_a_person_chose_is_a_password),
	    cmocka_unit_test(words_about_passwords_are_none),
	    cmocka_unit_test(nothing_is_left_of_stop_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
