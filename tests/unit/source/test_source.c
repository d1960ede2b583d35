#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/source.h"

static const struct source_ops files = {.scheme = ""}, smb = {.scheme = "smb"};
static const struct source_ops *const table[] = {&files, &smb, NULL};

static void
a_target_finds_its_source_by_scheme(void **state)
{
	static const struct {
		const char *path;
		const struct source_ops *want;
	} cases[] = {
	    {"/srv", &files},
	    {"relative/path", &files},
	    {"smb://host/share", &smb},
	    {"nfs://host/export", NULL},
	    {"/a folder/smb://odd name", &files},
	    {"./smb://here", &files},
	    {"dir/smb://here", &files},
	    {"", &files},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_ptr_equal(source_find(table, span_str(cases[i].path)),
				 cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_target_finds_its_source_by_scheme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
