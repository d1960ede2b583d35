#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/firebird/table.h"
#include "source/kind.h"

static void
every_source_is_a_kind_that_this_program_reads(void **state)
{
	(void)state;
	for (size_t i = 0; firebird_sources[i] != NULL; i++) {
		const struct source_ops *o = firebird_sources[i];
		const struct kind *k = kind_find(span_str(o->scheme));

		assert_non_null(k);
		assert_string_equal(kind_reader(k), "trawl-source-firebird");
		assert_non_null(o->open);
		assert_non_null(o->next);
		assert_non_null(o->read);
		assert_non_null(o->cursor);
		assert_non_null(o->close);
	}
}

static void
every_such_kind_has_a_source(void **state)
{
	(void)state;
	for (const struct kind *k = kinds; k->scheme != NULL; k++)
		if (strcmp(kind_reader(k), "trawl-source-firebird") == 0)
			assert_non_null(
			    source_find(firebird_sources, span_str(k->form)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_source_is_a_kind_that_this_program_reads),
	    cmocka_unit_test(every_such_kind_has_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
