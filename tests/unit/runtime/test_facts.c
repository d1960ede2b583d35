#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "runtime/facts.h"

static void
all_of_a_host_is_told(void **state)
{
	static const struct host h = {
	    .name = "host.example.org",
	    .os = "Debian GNU/Linux 12 (bookworm)",
	    .kernel = "6.1.0",
	    .arch = "x86_64",
	    .cpus = 8,
	    .memory = (uint64_t)16 << 30,
	    .addresses = {"192.0.2.1", "2001:db8::1"},
	    .address_count = 2,
	};
	struct host_facts f = {0};

	(void)state;
	facts_of_host(&h, &f);
	assert_true(str_is(f.name, h.name));
	assert_true(str_is(f.os, h.os));
	assert_true(str_is(f.kernel, h.kernel));
	assert_true(str_is(f.arch, h.arch));
	assert_int_equal(f.cpus, h.cpus);
	assert_int_equal(f.memory, h.memory);
	assert_int_equal(f.address_count, 2);
	assert_true(str_is(f.addresses[1], "2001:db8::1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_of_a_host_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
