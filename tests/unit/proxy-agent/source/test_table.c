#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/table.h"
#include "source/kind.h"
#include "source/url.h"

static void
every_source_is_a_kind_that_people_are_told_of(void **state)
{
	(void)state;
	for (size_t i = 0; proxy_sources[i] != NULL; i++) {
		const struct source_ops *o = proxy_sources[i];

		assert_non_null(kind_find(span_str(o->scheme)));
		assert_non_null(o->open);
		assert_non_null(o->next);
		assert_non_null(o->read);
		assert_non_null(o->cursor);
		assert_non_null(o->close);
	}
}

static void
every_kind_has_a_source_and_a_form_that_is_its_own(void **state)
{
	(void)state;
	for (const struct kind *k = kinds; k->scheme != NULL; k++) {
		/* a program of its own has a table of its own */
		if (k->reader == NULL)
			assert_non_null(
			    source_find(proxy_sources, span_str(k->form)));
		assert_true(span_eq(source_scheme(span_str(k->form)),
				    span_str(k->scheme)));
		assert_true(k->honesty == KIND_UNTESTED || k->tested != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_source_is_a_kind_that_people_are_told_of),
	    cmocka_unit_test(
		every_kind_has_a_source_and_a_form_that_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
