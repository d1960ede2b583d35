#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/str.h"
#include "proxy-agent/data/directory.h"

static void
add(struct pairs *to, uint8_t *room, size_t *len, const char *name,
    const char *value)
{
	assert_int_equal(
	    pairs_add(room, 256, len, span_str(name), span_str(value)), ST_OK);
	to->bytes = span_of(room, *len);
}

/* Nothing is there to connect to: what is wrong is told before. */
static void
what_an_option_cannot_mean_is_told(void **state)
{
	static const struct {
		const char *name, *value, *told;
	} cases[] = {
	    {"scope", "tree", "option scope"},
	    {"tls", "maybe", "option tls"},
	    {"operational", "some", "option operational"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source_target t = {
		    .path = span_str("ldap://127.0.0.1:1/dc=example")};
		struct source *s = NULL;
		uint8_t room[256];
		struct buf why;
		size_t len = 0;

		buf_init(&why, 512);
		t.why = &why;
		add(&t.options, room, &len, cases[i].name, cases[i].value);
		assert_int_equal(ldap_source.open(&t, &s), ST_USAGE);
		assert_int_equal(buf_add_byte(&why, 0), ST_OK);
		assert_non_null(strstr((const char *)why.data, cases[i].told));
		buf_fini(&why);
	}
}

static void
a_server_that_is_not_there_is_told(void **state)
{
	struct source_target t = {.path = span_str("ldap://127.0.0.1:1/")};
	struct source *s = NULL;
	struct buf why;

	(void)state;
	buf_init(&why, 512);
	t.why = &why;
	assert_int_equal(ldap_source.open(&t, &s), ST_CLOSED);
	assert_int_equal(buf_add_byte(&why, 0), ST_OK);
	assert_non_null(strstr((const char *)why.data, "refuses connections"));
	buf_fini(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_an_option_cannot_mean_is_told),
	    cmocka_unit_test(a_server_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
