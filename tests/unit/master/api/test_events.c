#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "master/api/events.h"

static void
events_speak_the_words_of_the_api(void **state)
{
	static const struct {
		const char *type, *data, *want;
	} cases[] = {
	    {"finding", "{\"open\":3,\"new\":1}", "{\"open\":3,\"new\":1}"},
	    {"reset", "{}", "{}"},
	    {"agent",
	     "{\"id\":7,\"name\":\"fs\",\"state\":\"verified\","
	     "\"online\":true,\"seen\":1700000000000}",
	     "{\"id\":\"7\",\"name\":\"fs\",\"state\":\"verified\","
	     "\"online\":true,\"last_seen\":\"2023-11-14T22:13:20Z\"}"},
	    {"scan",
	     "{\"id\":4,\"state\":\"running\",\"done_objects\":5,"
	     "\"done_bytes\":500,\"total_objects\":10,\"total_bytes\":1000,"
	     "\"total_exact\":true,\"matches\":2,\"partial\":1,\"unread\":0,"
	     "\"rate\":10,\"current\":\"/srv/a\",\"moved\":1699999930000}",
	     "{\"id\":\"4\",\"state\":\"running\",\"progress\":{"
	     "\"done_objects\":5,\"done_bytes\":500,\"total_objects\":10,"
	     "\"total_bytes\":1000,\"total_exact\":true,"
	     "\"bytes_per_second\":10,\"eta_seconds\":[40,63],\"findings\":2,"
	     "\"partial\":1,\"unread\":0,\"current\":\"/srv/a\","
	     "\"stalled\":true}}"},
	    {"scan", "{\"id\":4,\"state\":\"done\",\"done_objects\":5}",
	     "{\"id\":\"4\",\"state\":\"done\",\"progress\":{"
	     "\"done_objects\":5,\"done_bytes\":0,\"total_objects\":null,"
	     "\"total_bytes\":null,\"total_exact\":false,"
	     "\"bytes_per_second\":0,\"eta_seconds\":null,\"findings\":0,"
	     "\"partial\":0,\"unread\":0,\"current\":\"\","
	     "\"stalled\":false}}"},
	};
	struct clock_fake clock;

	(void)state;
	clock_fake_init(&clock, INT64_C(1700000000) * 1000000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf to;

		buf_init(&to, 65536);
		assert_int_equal(events_translate(span_str(cases[i].type),
						  span_str(cases[i].data),
						  &clock.clock, &to),
				 ST_OK);
		assert_int_equal(buf_add_byte(&to, '\0'), ST_OK);
		assert_string_equal((const char *)to.data, cases[i].want);
		buf_fini(&to);
	}
}

static void
an_event_that_is_no_object_is_refused(void **state)
{
	struct clock_fake clock;
	struct buf to;

	(void)state;
	clock_fake_init(&clock, 0);
	buf_init(&to, 1024);
	assert_int_equal(events_translate(span_str("scan"), span_str("[1]"),
					  &clock.clock, &to),
			 ST_MALFORMED);
	assert_int_equal(to.len, 0);
	buf_fini(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(events_speak_the_words_of_the_api),
	    cmocka_unit_test(an_event_that_is_no_object_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
