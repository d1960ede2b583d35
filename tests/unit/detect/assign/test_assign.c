#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "detect/assign/assign.h"

/* What is given to the first "pass" of the text, "" when nothing is. */
static void
value_in(const char *text, char value[ASSIGN_VALUE + 1])
{
	size_t n = strlen(text);
	uint8_t *copy = malloc(n); /* so that a read behind it is seen */
	const char *at = strstr(text, "pass");
	struct assigned a;

	assert_non_null(copy);
	assert_non_null(at);
	memcpy(copy, text, n);
	value[0] = 0;
	if (assign_find(span_of(copy, n), (size_t)(at - text), &a)) {
		assert_true(a.start < a.end && a.end <= n);
		memcpy(value, copy + a.start, a.end - a.start);
		value[a.end - a.start] = 0;
	}
	free(copy);
}

static void
a_value_is_found_in_each_way_to_write_it(void **state)
{
	static const char *const texts[] = {
	    "password = \"v4Lue\"",
	    "password='v4Lue'",
	    "password=v4Lue",
	    "password: v4Lue\nnext: 1",
	    "password := `v4Lue`",
	    "\"password\": \"v4Lue\",",
	    "{\\\"password\\\": \\\"v4Lue\\\"}",
	    "$db['password'] = 'v4Lue';",
	    "['password' => 'v4Lue']",
	    "<password>v4Lue</password>",
	    "<db:password> v4Lue </db:password>",
	    "<entry key=\"password\">v4Lue</entry>",
	    "<add key=\"password\" value=\"v4Lue\"/>",
	    "<key>password</key>\n\t<string>v4Lue</string>",
	    "{\"name\": \"password\", \"value\": \"v4Lue\"}",
	    "- name: password\n  value: v4Lue\n",
	    "tool --password v4Lue run",
	    "ENV password v4Lue\n",
	    "#define password \"v4Lue\"\n",
	    "set password \"v4Lue\"\n",
	    "curl -H \"password: v4Lue\" host",
	    "variable \"password\" {\n  default = \"v4Lue\"\n}",
	    "a\n| password | v4Lue |\n",
	    "a\npassword|v4Lue\n",
	    "var password string = \"v4Lue\"",
	    "the password is v4Lue now",
	    "tool --password=v4Lue run",
	    "set(\"password\", \"v4Lue\")",
	    "user.password(\"v4Lue\")",
	    "Server=a;password=v4Lue;Encrypt=yes",
	    "?user=a&password=v4Lue&x=1",
	    "password: &str = \"v4Lue\";",
	    "password: Optional[str] = \"v4Lue\"",
	    "gh secret set password --body \"v4Lue\"",
	    "az keyvault secret set --name password --value v4Lue --id 7",
	    "password = b\"v4Lue\"",
	    "password = \"\"\"v4Lue\"\"\"",
	    "db.main.password=v4Lue",
	    "${password:-v4Lue}",
	    "export password=v4Lue # of the day",
	    "  password: v4Lue,",
	};
	char value[ASSIGN_VALUE + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		value_in(texts[i], value);
		if (strcmp(value, "v4Lue") != 0)
			fail_msg("'%s' in: %s", value, texts[i]);
	}
}

static void
code_prose_and_other_names_give_no_value(void **state)
{
	static const char *const texts[] = {
	    "password",
	    "password = ",
	    "password = getPassword()",
	    "password = args[1]",
	    "password = $PASSWORD1",
	    "password = other_name;",
	    "password = \"a\" + b",
	    "password: \"a\": 1",
	    "password is required",
	    "password: it must have 8 of them",
	    "password_length = 12",
	    "resetpassUrl = \"v4Lue\"",
	    "passwordField: \"v4Lue\"",
	    "bypass = v4Lue",
	    "pass: v4Lue",
	    "\"reisepass\": \"v4Lue\"",
	    "pass_no = v4Lue",
	    "<password></password>",
	    "<password/>",
	    "password = \"open",
	    "password = 'line\nend'",
	    "password = <v4Lue>",
	    "password --bodyguard v4Lue",
	};
	char value[ASSIGN_VALUE + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		value_in(texts[i], value);
		if (value[0] != 0)
			fail_msg("'%s' in: %s", value, texts[i]);
	}
}

static void
no_cut_of_a_text_reads_beyond_it(void **state)
{
	static const char text[] =
	    "<add key=\"password\" value=\"v4Lue\"/> --password v4Lue "
	    "{\\\"password\\\": \\\"v4Lue\\\"} password: &str = \"v4Lue\"";

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		uint8_t *copy = malloc(n);

		assert_non_null(copy);
		memcpy(copy, text, n);
		for (size_t at = 0; at < n; at++) {
			struct assigned a;

			if (assign_find(span_of(copy, n), at, &a))
				assert_true(a.start < a.end && a.end <= n);
		}
		free(copy);
	}
}

static void
in_an_endless_row_of_names_nothing_is_given(void **state)
{
	char value[ASSIGN_VALUE + 1];

	(void)state;
	value_in("password=a=b=c", value);
	assert_string_equal(value, "a=b=c");
	value_in("password=password=password=password=password=v4Lue", value);
	assert_string_equal(value, "");
	value_in("pass:word:word:word:word:v4Lue", value);
	assert_string_equal(value, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_value_is_found_in_each_way_to_write_it),
	    cmocka_unit_test(code_prose_and_other_names_give_no_value),
	    cmocka_unit_test(no_cut_of_a_text_reads_beyond_it),
	    cmocka_unit_test(in_an_endless_row_of_names_nothing_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
