#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>

#include "proxy-agent/smb/conf.h"
#include "proxy-agent/smb/ticket.h"

#define PRINCIPAL                                                              \
	"\0\1\0\x9MADE.TEST\0\4anna" /* one part, its realm, its name */

/* What a keytab gives, of which a KDC on port 1 of this host knows nothing. */
static enum status
try_it(struct span keytab, const char *words)
{
	struct login l = {
	    .user = span_str("anna"),
	    .account.url.host = span_str("files.made.test"),
	    .realm = span_str("MADE.TEST"),
	    .kdc = span_str("tcp/127.0.0.1:1"),
	    .kerberos = true,
	};
	struct buf why;
	enum status st;

	buf_init(&why, 1024);
	assert_int_equal(vault_open(keytab.len, &l.keytab), ST_OK);
	memcpy(l.keytab.base, keytab.ptr, keytab.len);
	l.keytab.len = keytab.len;
	assert_int_equal(conf_kerberos(&l), ST_OK);
	st = ticket_get(&l, &why);
	assert_int_equal(buf_add_byte(&why, 0), ST_OK);
	assert_non_null(strstr((char *)why.data, words));
	buf_fini(&why);
	vault_close(&l.keytab);
	return st;
}

static void
without_the_library_it_says_what_to_give_instead(void **state)
{
	(void)state;
	assert_null(dlopen("libsmbclient.so.0", RTLD_LAZY | RTLD_NOLOAD));
	assert_int_equal(try_it(span_of("\5\2", 2), "give the password"),
			 ST_UNSUPPORTED);
}

static void
a_keytab_that_cannot_be_used_is_said_to_be_so(void **state)
{
	static const char good[] =
	    "\5\2\0\0\0\x40" PRINCIPAL "\0\0\0\1" /* kind of name */
	    "\0\0\0\0\1\0\x12"                    /* time, 1, AES-256 */
	    "\0\x20"
	    "a made-up key of 32 bytes, or so";
	static const struct {
		struct span bytes;
		const char *words;
		enum status st;
	} cases[] = {
	    {{(const uint8_t *)"\5", 1}, "anna@MADE.TEST", ST_DENIED},
	    {{(const uint8_t *)"\5\2", 2}, "anna@MADE.TEST", ST_DENIED},
	    {{(const uint8_t *)"\5\7nothing", 9}, "anna@MADE.TEST", ST_DENIED},
	    {{(const uint8_t *)"\5\2\x7f\xff\xff\xff", 6},
	     "anna@MADE.TEST",
	     ST_DENIED},
	    {{(const uint8_t *)good, sizeof(good) - 1},
	     "anna@MADE.TEST",
	     ST_CLOSED},
	};

	(void)state;
	assert_non_null(dlopen("libsmbclient.so.0", RTLD_NOW));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(try_it(cases[i].bytes, cases[i].words),
				 cases[i].st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_the_library_it_says_what_to_give_instead),
	    cmocka_unit_test(a_keytab_that_cannot_be_used_is_said_to_be_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
