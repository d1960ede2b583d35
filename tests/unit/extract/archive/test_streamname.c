#include "tests/unit/extract/collect.h"

#include "extract/archive/streamname.h"

static void
a_stream_has_the_name_of_its_file_without_the_suffix(void **state)
{
	static const struct {
		const char *file, *want;
	} cases[] = {
	    {"/srv/a.txt.gz", "a.txt"},
	    {"a.tar.xz", "a.tar"},
	    {"b.tgz", "b.tar"},
	    {"B.TBZ2", "B.tar"},
	    {"dir.gz/c.Z", "c"},
	    {"drawing.svgz", "drawing.svg"},
	    {"d.bin", "kind"},
	    {".gz", "kind"},
	    {"", "kind"},
	    {"/srv/x.gz/", "kind"},
	};
	uint8_t name[JOB_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = stream_name(span_str(cases[i].file), "kind", name);

		assert_int_equal(n, strlen(cases[i].want));
		assert_memory_equal(name, cases[i].want, n);
	}
}

static void
a_long_name_is_cut(void **state)
{
	char file[2 * JOB_NAME_MAX];
	uint8_t name[JOB_NAME_MAX];

	(void)state;
	memset(file, 'x', sizeof(file));
	memcpy(file + sizeof(file) - 4, ".tgz", 4);
	assert_int_equal(stream_name(span_of(file, sizeof(file)), "kind", name),
			 JOB_NAME_MAX);
	assert_memory_equal(name + JOB_NAME_MAX - 4, ".tar", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_stream_has_the_name_of_its_file_without_the_suffix),
	    cmocka_unit_test(a_long_name_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
