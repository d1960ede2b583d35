#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "crypto/passwd.h"

static void
only_the_password_itself_is_right(void **state)
{
	char text[PASSWD_TEXT_LEN], other[PASSWD_TEXT_LEN];

	(void)state;
	assert_int_equal(passwd_hash(span_str("correct horse"), text), ST_OK);
	assert_int_equal(strncmp(text, "$argon2id$", 10), 0);
	assert_int_equal(passwd_check(span_str("correct horse"), text), ST_OK);
	assert_int_equal(passwd_check(span_str("correct horsf"), text),
			 ST_DENIED);
	/* Salted: the same password never gives the same text. */
	assert_int_equal(passwd_hash(span_str("correct horse"), other), ST_OK);
	assert_string_not_equal(text, other);
}

static void
empty_and_endless_passwords_and_other_hashes_are_refused(void **state)
{
	static char large[PASSWD_MAX + 1];
	char text[PASSWD_TEXT_LEN];

	(void)state;
	memset(large, 'a', sizeof(large));
	assert_int_equal(passwd_hash(span_of(NULL, 0), text), ST_USAGE);
	assert_int_equal(passwd_hash(span_of(large, sizeof(large)), text),
			 ST_USAGE);
	assert_int_equal(passwd_check(span_str("a"), ""), ST_MALFORMED);
	assert_int_equal(passwd_check(span_str("a"), "$2b$10$abc"),
			 ST_MALFORMED);
	assert_int_equal(passwd_check(span_str("a"), "$argon2id$nonsense"),
			 ST_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_the_password_itself_is_right),
	    cmocka_unit_test(
		empty_and_endless_passwords_and_other_hashes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
