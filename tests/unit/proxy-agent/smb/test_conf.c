#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "proxy-agent/smb/conf.h"

/* The settings as libsmbclient would read them. */
static void
settings_of(const struct login *l, struct buf *text)
{
	char path[CONF_PATH];
	FILE *f;
	int c;

	assert_int_equal(conf_make(l, path), ST_OK);
	f = fopen(path, "re");
	assert_non_null(f);
	while ((c = fgetc(f)) != EOF)
		assert_int_equal(buf_add_byte(text, (uint8_t)c), ST_OK);
	fclose(f);
	assert_int_equal(buf_add_byte(text, 0), ST_OK);
}

static void
settings_say_what_the_target_allows(void **state)
{
	static const struct {
		struct login login;
		const char *has, *has_not;
	} cases[] = {
	    {{.sign = true}, "client min protocol = SMB2_10\n", "NT1"},
	    {{.smb1 = true}, "client min protocol = NT1\n", "SMB2_10"},
	    {{.sign = true}, "client signing = required\n", "if_required"},
	    {{.sign = false}, "client signing = if_required\n", "= required"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text;

		buf_init(&text, 65536);
		settings_of(&cases[i].login, &text);
		assert_non_null(strstr((char *)text.data, cases[i].has));
		assert_null(strstr((char *)text.data, cases[i].has_not));
		buf_fini(&text);
	}
}

static void
a_realm_that_the_target_names_stands_instead_of_this_hosts(void **state)
{
	const struct login l = {
	    .account.url.host = span_str("files.made.test"),
	    .realm = span_str("MADE.TEST"),
	    .kdc = span_str("kdc.made.test:88"),
	};
	char text[4096] = {0};
	FILE *f;

	(void)state;
	assert_int_equal(unsetenv("KRB5_CONFIG"), 0);
	assert_int_equal(conf_kerberos(&(struct login){0}), ST_OK);
	assert_null(getenv("KRB5_CONFIG"));
	assert_string_equal(getenv("KRB5CCNAME"), "MEMORY:trawl");
	assert_int_equal(conf_kerberos(&l), ST_OK);
	f = fopen(getenv("KRB5_CONFIG"), "re");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(text, "default_realm = MADE.TEST\n"));
	assert_non_null(strstr(text, "files.made.test = MADE.TEST\n"));
	assert_non_null(strstr(text, "kdc = kdc.made.test:88\n"));
	assert_non_null(strstr(text, "dns_lookup_kdc = false\n"));
}

static void
settings_hold_no_secret(void **state)
{
	const struct login l = {
	    .user = span_str("anna"),
	    .account.password = span_str("a made-up one"),
	};
	struct buf text;

	(void)state;
	buf_init(&text, 65536);
	settings_of(&l, &text);
	assert_null(strstr((char *)text.data, "made-up"));
	buf_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settings_say_what_the_target_allows),
	    cmocka_unit_test(
		a_realm_that_the_target_names_stands_instead_of_this_hosts),
	    cmocka_unit_test(settings_hold_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
