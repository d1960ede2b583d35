#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "proxy-agent/odbc/connect.h"
#include "proxy-agent/odbc/wide.h"

static struct sql_to
target(void)
{
	return (struct sql_to){.host = "db.example",
			       .user = "anna",
			       .database = "shop",
			       .password = "made up",
			       .port = 1234,
			       .here = true};
}

static struct pairs
with(const char *name, const char *value)
{
	static uint8_t room[512];
	size_t len = 0;

	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str(name),
				   span_str(value)),
			 ST_OK);
	return (struct pairs){span_of(room, len)};
}

/* The string, or what is said instead. */
static enum status
ask(const char *scheme, const struct sql_to *t, struct buf *text)
{
	struct buf wide, why;
	const void *units;
	enum status st;

	buf_init(&wide, 4096);
	buf_init(&why, 512);
	buf_clear(text);
	st = connect_words(&wide, product_of(scheme), t, &why);
	if (st == ST_OK) {
		units = wide.data;
		st = wide_text(text, units, wide.len / 2 - 1);
	} else {
		assert_true(why.len > 0);
	}
	buf_fini(&wide);
	buf_fini(&why);
	return st;
}

static void
expect(const char *scheme, const struct sql_to *t, const char *want)
{
	struct buf text;

	buf_init(&text, 4096);
	assert_int_equal(ask(scheme, t, &text), ST_OK);
	assert_int_equal(buf_add_byte(&text, 0), ST_OK);
	assert_string_equal((const char *)text.data, want);
	buf_fini(&text);
}

static void
expect_none(const char *scheme, const struct sql_to *t, enum status want)
{
	struct buf text;

	buf_init(&text, 4096);
	assert_int_equal(ask(scheme, t, &text), want);
	buf_fini(&text);
}

static void
each_product_is_called_in_its_own_words(void **state)
{
	const struct sql_to t = target();

	(void)state;
	expect("oracle", &t,
	       "DRIVER=Oracle;DBQ=db.example:1234/shop;UID=anna;"
	       "PWD={made up};FRC=T");
	expect("db2", &t,
	       "DRIVER={IBM DB2 ODBC DRIVER};HOSTNAME=db.example;PORT=1234;"
	       "DATABASE=shop;PROTOCOL=TCPIP;UID=anna;PWD={made up};"
	       "CurrentPackageSet=NULLID");
	expect("hana", &t,
	       "DRIVER=HDBODBC;SERVERNODE=db.example:1234;DATABASENAME=shop;"
	       "UID=anna;PWD={made up}");
}

static void
no_value_becomes_a_keyword(void **state)
{
	struct sql_to t = target();

	(void)state;
	t.password = "x};PWD=y{";
	t.user = "a;b=c";
	t.options = with("connect", "UID={user};PWD={password};KEEP={this}");
	expect("odbc", &t, "UID={a;b=c};PWD={x}};PWD=y{};KEEP={this}");
}

static void
an_address_with_colons_stands_in_brackets(void **state)
{
	struct sql_to t = target();

	(void)state;
	t.host = "2001:db8::1";
	t.options = with("connect", "A={host};B={service}");
	expect("odbc", &t, "A=2001:db8::1;B={[2001:db8::1]:1234/shop}");
}

static void
over_a_network_the_password_is_kept_from_others(void **state)
{
	struct sql_to t = target();

	(void)state;
	t.here = false;
	t.options = with("connect", "TLS=1;PWD={password}");
	expect("odbc", &t, "TLS=1;PWD={made up}");
	t.options = with("driver", "Some Driver");
	expect_none("odbc", &t, ST_DENIED);
	expect_none("informix", &t, ST_DENIED);
	t.options.bytes = span_of(NULL, 0);
	expect("hana", &t,
	       "DRIVER=HDBODBC;SERVERNODE=db.example:1234;DATABASENAME=shop;"
	       "UID=anna;PWD={made up};ENCRYPT=TRUE");
	t.clear = true;
	t.options = with("driver", "Some Driver");
	expect("odbc", &t,
	       "DRIVER={Some Driver};SERVER=db.example;PORT=1234;"
	       "DATABASE=shop;UID=anna;PWD={made up}");
}

static void
without_a_driver_nothing_is_tried(void **state)
{
	const struct sql_to t = target();

	(void)state;
	expect_none("odbc", &t, ST_UNSUPPORTED);
}

static void
products_are_known_by_scheme_and_by_name(void **state)
{
	(void)state;
	assert_null(product_of("nothing"));
	assert_string_equal(product_of("db2")->calls_itself, "DB2");
	assert_string_equal(product_named("DB2/LINUXX8664")->scheme, "db2");
	assert_string_equal(product_named("MARIADB")->calls_itself, "MariaDB");
	assert_ptr_equal(product_named("Something else"), &product_any);
	assert_ptr_equal(product_named(""), &product_any);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_product_is_called_in_its_own_words),
	    cmocka_unit_test(no_value_becomes_a_keyword),
	    cmocka_unit_test(an_address_with_colons_stands_in_brackets),
	    cmocka_unit_test(over_a_network_the_password_is_kept_from_others),
	    cmocka_unit_test(without_a_driver_nothing_is_tried),
	    cmocka_unit_test(products_are_known_by_scheme_and_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
