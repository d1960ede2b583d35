#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/str.h"
#include "proxy-agent/data/redis_server.h"

static void
databases_are_those_that_hold_something(void **state)
{
	static const char text[] =
	    "# Keyspace\r\ndb0:keys=20000,expires=1,avg_ttl=3\r\n"
	    "db12:keys=3,expires=0,avg_ttl=0\r\ndbx:keys=1,\r\n"
	    "db7\r\nmore:keys=4,x\r\n";
	struct redis_bases b = {0};

	(void)state;
	assert_int_equal(redis_parse_bases(span_str(text), &b), ST_OK);
	assert_int_equal(b.count, 2);
	assert_int_equal(b.list[0].number, 0);
	assert_int_equal(b.list[0].keys, 20000);
	assert_int_equal(b.list[1].number, 12);
	redis_bases_fini(&b);
}

static void
other_nodes_are_masters_and_not_this_one(void **state)
{
	static const char text[] =
	    "07c3 10.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460\n"
	    "67ed 10.0.0.2:7001@17001,name master - 0 0 2 connected 5461\n"
	    "292f 10.0.0.3:7002@17002 slave 67ed 0 0 2 connected\n"
	    "6ec2 [::1]:7003@17003 master - 0 0 3 connected 10923-16383\n\n";
	struct buf nodes;

	(void)state;
	buf_init(&nodes, 4096);
	assert_int_equal(redis_parse_nodes(span_str(text), &nodes), ST_OK);
	assert_true(str_is(buf_span(&nodes), "10.0.0.2:7001\n[::1]:7003\n"));
	buf_fini(&nodes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(databases_are_those_that_hold_something),
	    cmocka_unit_test(other_nodes_are_masters_and_not_this_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
