#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/object.h"
#include "proxy-agent/nfs/fault.h"

/* Numbers of RFC 1813 (2.6) and RFC 7530 (13). */
static void
what_a_server_says_has_one_meaning(void **state)
{
	static const struct {
		uint32_t status;
		enum fault fault;
	} rows[] = {
	    {0, FAULT_NONE},       {1, FAULT_PERM},
	    {2, FAULT_GONE},       {13, FAULT_DENIED},
	    {20, FAULT_KIND},      {70, FAULT_STALE},
	    {10008, FAULT_LATER},  {10016, FAULT_SECURITY},
	    {10012, FAULT_LOCKED}, {10027, FAULT_AGAIN},
	    {5, FAULT_IO},         {28, FAULT_IO},
	    {99999, FAULT_IO},     {UINT32_MAX, FAULT_IO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(fault_of(rows[i].status), rows[i].fault);
}

/* Nothing but success may count as read. */
static void
each_fault_has_a_reason_and_words_or_none(void **state)
{
	(void)state;
	for (unsigned f = 0; f < FAULT__COUNT; f++) {
		uint8_t reason = fault_reason((enum fault)f);

		assert_int_equal(reason == COVER_OK, f == FAULT_NONE);
		assert_string_not_equal(cover_name(reason), "unknown");
		assert_non_null(fault_text((enum fault)f));
	}
	assert_non_null(strstr(fault_text(FAULT_SECURITY), "Kerberos"));
	assert_int_equal(fault_reason(FAULT_STALE), COVER_VANISHED);
	assert_int_equal(fault_reason(FAULT_DENIED), COVER_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_server_says_has_one_meaning),
	    cmocka_unit_test(each_fault_has_a_reason_and_words_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
