#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sys/host.h"

static void
the_name_of_the_system_is_read_from_its_file(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"ID=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
	     "Debian GNU/Linux 12 (bookworm)"},
	    {"PRETTY_NAME='Alpine'", "Alpine"},
	    {"PRETTY_NAME=Plain\r\n", "Plain"},
	    {"PRETTY_NAME=\"", "\""},
	    {"NAME=x\n", ""},
	    {"", ""},
	    {"PRETTY_NAME=\"a name that is longer than the room for it\"\n",
	     "a name that is longer than the"},
	};
	char dst[31];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		host_os_name(cases[i].text, strlen(cases[i].text), dst,
			     sizeof(dst));
		assert_string_equal(dst, cases[i].want);
	}
}

static void
this_machine_has_a_name_a_kernel_and_memory(void **state)
{
	struct host h;

	(void)state;
	assert_int_equal(host_look(&h), ST_OK);
	assert_true(h.name[0] != '\0' && h.kernel[0] != '\0');
	assert_true(h.arch[0] != '\0');
	assert_true(h.cpus >= 1);
	assert_true(h.memory > 16 * 1024 * 1024);
	for (size_t i = 0; i < h.address_count; i++) {
		assert_string_not_equal(h.addresses[i], "127.0.0.1");
		assert_string_not_equal(h.addresses[i], "::1");
	}
	assert_true(host_load_permille() < 1000000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_name_of_the_system_is_read_from_its_file),
	    cmocka_unit_test(this_machine_has_a_name_a_kernel_and_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
