#include "tests/unit/agent/trawl/ask.h"

#include "agent/trawl/passwords.h"

static const char *
put(const char *root, struct span text)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/list", root);
	assert_int_equal(file_replace(path, text, 0600), ST_OK);
	return path;
}

static void
each_line_is_a_password_whatever_its_bytes(void **state)
{
	static const char *const want[] = {"one", " two ", "\xfc"};
	struct passwords p;

	assert_true(
	    passwords_open(&p, put(*state, span_str("one\r\n\n two \n\xfc"))));
	assert_int_equal(p.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(span_eq(p.list[i], span_str(want[i])));
	passwords_close(&p);
}

static void
what_is_too_much_is_refused(void **state)
{
	char *large = malloc(PASSWORDS_BYTES + 1);
	struct passwords p;

	memset(large, 'x', PASSWORDS_BYTES + 1);
	assert_false(passwords_open(
	    &p, put(*state, span_of(large, PASSWORDS_BYTES + 1))));
	passwords_close(&p);
	for (size_t i = 0; i < PASSWORDS_BYTES; i += 2)
		large[i] = '\n';
	assert_false(
	    passwords_open(&p, put(*state, span_of(large, PASSWORDS_BYTES))));
	passwords_close(&p);
	assert_false(passwords_open(&p, "/nowhere/at/all"));
	passwords_close(&p);
	free(large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_line_is_a_password_whatever_its_bytes),
	    cmocka_unit_test(what_is_too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, ask_folder, ask_folder_remove);
}
