#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
	    cmocka_unit_test(settings_hold_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
