#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/smb/login.h"

#define ROOM 1024

static struct pairs
pairs_of(uint8_t room[ROOM], const char *const words[][2])
{
	size_t len = 0;

	for (size_t i = 0; words[i][0] != NULL; i++)
		assert_int_equal(pairs_add(room, ROOM, &len,
					   span_str(words[i][0]),
					   span_str(words[i][1])),
				 ST_OK);
	return (struct pairs){span_of(room, len)};
}

static enum status
read_it(const char *path, const char *const access[][2],
	const char *const options[][2], struct login *l, struct buf *why)
{
	uint8_t a[ROOM], o[ROOM];
	const struct source_target t = {
	    .path = span_str(path),
	    .access = pairs_of(a, access),
	    .options = pairs_of(o, options),
	    .why = why,
	};

	return login_read(&t, l);
}

static const char *const nothing[][2] = {{NULL}};

static void
who_we_are_stands_in_the_target_the_credential_or_an_option(void **state)
{
	static const struct {
		const char *path;
		const char *access[3][2], *options[2][2];
		const char *domain, *user;
		uint16_t port;
	} cases[] = {
	    {"smb://CORP;anna@a.example/x",
	     {{NULL}},
	     {{NULL}},
	     "CORP",
	     "anna",
	     445},
	    {"smb://CORP%5canna@a.example:139/",
	     {{NULL}},
	     {{NULL}},
	     "CORP",
	     "anna",
	     139},
	    {"smb://a.example",
	     {{"user", "bert"}},
	     {{"domain", "LAB"}},
	     "LAB",
	     "bert",
	     445},
	    {"smb://anna@a.example",
	     {{"user", "bert"}},
	     {{NULL}},
	     "",
	     "anna",
	     445},
	    {"smb://X;anna@a.example",
	     {{NULL}},
	     {{"domain", "LAB"}},
	     "X",
	     "anna",
	     445},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct login l;

		assert_int_equal(read_it(cases[i].path, cases[i].access,
					 cases[i].options, &l, NULL),
				 ST_OK);
		assert_true(str_is(l.user, cases[i].user));
		assert_true(str_is(l.domain, cases[i].domain));
		assert_int_equal(l.port, cases[i].port);
		login_fini(&l);
	}
}

static void
what_cannot_be_meant_is_said(void **state)
{
	static char huge[LOGIN_WORD_MAX + 2];
	static const struct {
		const char *path;
		const char *access[3][2], *options[2][2];
		const char *word;
	} cases[] = {
	    {"smb://u@a/", {{NULL}}, {{"auth", "perhaps"}}, "auth"},
	    {"smb://u@a/", {{NULL}}, {{"realm", "A\n[x]"}}, "realm"},
	    {"smb://u@a/", {{NULL}}, {{"kdc", "a }"}}, "kdc"},
	    {"smb://u@a/", {{"keytab", "x"}}, {{NULL}}, "keytab"},
	    {"smb://u@a/", {{"keytab", "QUJD"}}, {{NULL}}, "keytab"},
	    {"smb://a/", {{"keytab", "BQI="}}, {{NULL}}, "no user"},
	    {"smb://u@a/", {{"keytab", "BQI="}}, {{"auth", "ntlm"}}, "auth"},
	    {"smb://CORP;@a.example/x", {{NULL}}, {{NULL}}, "no user"},
	    {"smb://u@a:x/", {{NULL}}, {{NULL}}, "form"},
	    {"smb://u@a/", {{NULL}}, {{"encrypt", "perhaps"}}, "encrypt"},
	    {"smb://u@a/", {{NULL}}, {{"sessions", "900"}}, "sessions"},
	    {"smb://u@a/", {{NULL}}, {{"smb1", "2"}}, "smb1"},
	    {"smb://u@a/", {{NULL}}, {{"streams", "a,,b"}}, "streams"},
	    {"smb://u@a/", {{NULL}}, {{"streams", "a,"}}, "streams"},
	    {"smb://u@a/", {{NULL}}, {{"streams", "a:$DATA"}}, "streams"},
	    {"smb://u@a/",
	     {{NULL}},
	     {{"streams", "1,2,3,4,5,6,7,8,9"}},
	     "streams"},
	    {"smb://u@a/", {{"password", huge}}, {{NULL}}, "more than"},
	};

	(void)state;
	memset(huge, 'x', sizeof(huge) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct login l;
		struct buf why;

		buf_init(&why, 1024);
		assert_int_not_equal(read_it(cases[i].path, cases[i].access,
					     cases[i].options, &l, &why),
				     ST_OK);
		assert_int_equal(buf_add_byte(&why, 0), ST_OK);
		assert_non_null(strstr((const char *)why.data, cases[i].word));
		buf_fini(&why);
	}
}

static void
options_are_kept_though_the_target_goes(void **state)
{
	static const char *const options[][2] = {{"auth", "kerberos"},
						 {"realm", "MADE.TEST"},
						 {"kdc", "[::1]:88"},
						 {"domain", "LAB"},
						 {NULL}};
	struct login l;

	(void)state;
	assert_int_equal(read_it("smb://u@a/", nothing, options, &l, NULL),
			 ST_OK);
	assert_true(l.kerberos);
	assert_true(str_is(l.realm, "MADE.TEST"));
	assert_true(str_is(l.kdc, "[::1]:88"));
	assert_true(str_is(l.domain, "LAB"));
	login_fini(&l);
}

static void
a_keytab_is_its_file_or_that_in_base64_and_means_kerberos(void **state)
{
	static const char *const texts[] = {"BQIAAAAB", "BQIA\nAAAB\n",
					    "\005\002key"};
	static const struct span want[] = {{(const uint8_t *)"\5\2\0\0\0\1", 6},
					   {(const uint8_t *)"\5\2\0\0\0\1", 6},
					   {(const uint8_t *)"\5\2key", 5}};
	static const char *const realm[][2] = {{"realm", "MADE.TEST"}, {NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *const access[][2] = {{"keytab", texts[i]}, {NULL}};
		char name[LOGIN_NAME_ROOM];
		struct login l;

		assert_int_equal(
		    read_it("smb://anna@a/", access, realm, &l, NULL), ST_OK);
		assert_true(l.kerberos);
		assert_true(span_eq(vault_span(&l.keytab), want[i]));
		assert_int_equal(login_name(&l, name), ST_OK);
		assert_string_equal(name, "anna@MADE.TEST");
		login_fini(&l);
	}
}

static void
streams_are_named_one_by_one(void **state)
{
	static const char *const options[][2] = {
	    {"streams", "Zone.Identifier, notes,x"}, {NULL}};
	static const char *const want[] = {"Zone.Identifier", "notes", "x"};
	struct login l;

	(void)state;
	assert_int_equal(read_it("smb://u@a/", nothing, nothing, &l, NULL),
			 ST_OK);
	assert_int_equal(login_stream(&l, 0).len, 0);
	login_fini(&l);
	assert_int_equal(read_it("smb://u@a/", nothing, options, &l, NULL),
			 ST_OK);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_true(str_is(login_stream(&l, i), want[i]));
	assert_int_equal(login_stream(&l, 3).len, 0);
	assert_int_equal(login_stream(&l, 4).len, 0);
	login_fini(&l);
}

static void
who_says_no_name_signs_nothing(void **state)
{
	struct login l;

	(void)state;
	assert_int_equal(read_it("smb://a/x", nothing, nothing, &l, NULL),
			 ST_OK);
	assert_true(l.user.len == 0 && !l.sign);
	login_fini(&l);
}

static void
what_is_safe_is_the_rule(void **state)
{
	static const char *const loose[][2] = {
	    {"signing", "no"}, {"smb1", "yes"}, {"encrypt", "no"}, {NULL}};
	static const char *const tight[][2] = {{"encrypt", "required"}, {NULL}};
	struct login l;

	(void)state;
	assert_int_equal(read_it("smb://u@a/", nothing, nothing, &l, NULL),
			 ST_OK);
	assert_true(l.sign);
	assert_false(l.smb1 || l.follow || l.recall);
	assert_int_equal(l.encrypt, LOGIN_ASKED);
	login_fini(&l);
	assert_int_equal(read_it("smb://u@a/", nothing, loose, &l, NULL),
			 ST_OK);
	assert_true(!l.sign && l.smb1);
	assert_int_equal(l.encrypt, LOGIN_NO);
	login_fini(&l);
	assert_int_equal(read_it("smb://u@a/", nothing, tight, &l, NULL),
			 ST_OK);
	assert_int_equal(l.encrypt, LOGIN_YES);
	login_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		who_we_are_stands_in_the_target_the_credential_or_an_option),
	    cmocka_unit_test(what_cannot_be_meant_is_said),
	    cmocka_unit_test(options_are_kept_though_the_target_goes),
	    cmocka_unit_test(
		a_keytab_is_its_file_or_that_in_base64_and_means_kerberos),
	    cmocka_unit_test(streams_are_named_one_by_one),
	    cmocka_unit_test(who_says_no_name_signs_nothing),
	    cmocka_unit_test(what_is_safe_is_the_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
