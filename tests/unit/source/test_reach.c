#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "source/reach.h"

struct order {
	uint8_t room[512];
	struct reach reach;
};

/* "include=*.txt newer=7d", and the name of a credential. */
static void
make(struct order *o, const char *options, const char *credential)
{
	struct span rest = span_str(options), name, value;
	size_t len = 0;

	while (str_next(&rest, ' ', &value)) {
		if (!str_next(&value, '=', &name))
			continue;
		assert_int_equal(
		    pairs_add(o->room, sizeof(o->room), &len, name, value),
		    ST_OK);
	}
	o->reach = (struct reach){.options = {span_of(o->room, len)},
				  .credential = span_str(credential)};
}

static void
what_is_left_out_is_not_reached(void **state)
{
	static const struct {
		const char *then, *now;
		bool objects, content;
	} cases[] = {
	    {"", "", true, true},
	    {"", "include=*.txt", false, true},
	    {"include=*.txt", "", false, true},
	    {"include=*.txt", "include=*.txt", true, true},
	    {"include=*.txt", "include=*.csv", false, true},
	    {"exclude=a include=b", "include=b exclude=a", true, true},
	    {"versions=1", "", false, true},
	    {"what_comes_later=1", "", false, true},
	    {"", "sessions=4 rate=1m host_key=x", true, true},
	    {"proxy=http://a proxy_auth=ntlm", "", true, true},
	    {"tls=off certificate=a", "ca_file=b", true, true},
	    {"newer=7d", "newer=7d", false, true},
	    {"max_size=1m", "", true, true},
	    {"", "max_size=1m", false, true},
	    {"pages=10", "pages=10", false, true},
	    {"", "attributes=cn", true, false},
	    {"attributes=cn", "attributes=cn", true, true},
	    {"operational=1", "", true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct order then, now;

		make(&then, cases[i].then, "login");
		make(&now, cases[i].now, "login");
		if (reach_objects(&now.reach, &then.reach) !=
			cases[i].objects ||
		    reach_content(&now.reach, &then.reach) != cases[i].content)
			fail_msg("\"%s\" after \"%s\"", cases[i].now,
				 cases[i].then);
	}
}

static void
another_credential_may_see_less(void **state)
{
	struct order then, now;

	(void)state;
	make(&then, "include=a", "admin");
	make(&now, "include=a", "clerk");
	assert_false(reach_objects(&now.reach, &then.reach));
	assert_true(reach_content(&now.reach, &then.reach));
}

static void
bytes_that_are_no_options_reach_nothing(void **state)
{
	static const uint8_t nul[1] = {0};
	const struct reach none = {.options = {span_of(nul, 1)}};
	struct order plain;

	(void)state;
	make(&plain, "", "");
	assert_false(reach_objects(&none, &none));
	assert_false(reach_objects(&plain.reach, &none));
	assert_false(reach_content(&none, &plain.reach));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_left_out_is_not_reached),
	    cmocka_unit_test(another_credential_may_see_less),
	    cmocka_unit_test(bytes_that_are_no_options_reach_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
