#include "tests/unit/extract/inside.h"

#include <stdio.h>

#include "extract/memfile.h"

static void
a_library_reads_a_part_by_path_and_by_descriptor(void **state)
{
	struct span s = some_text(200000, 1);
	uint8_t *got = malloc(s.len + 1);
	struct memfile f;
	struct inside in;
	struct part p;
	FILE *file;

	(void)state;
	inside_begin(&in, NULL);
	for (int i = 0; i < 2; i++) { /* it can be used again */
		part_memory(&p, span_of(s.ptr, s.len - (size_t)i * 1000));
		assert_true(memfile_open(in.x, &p, &f));
		assert_int_equal(f.size, s.len - (size_t)i * 1000);
		assert_int_equal(in.x->kept, f.size);
		file = fopen(f.path, "re");
		assert_non_null(file);
		assert_int_equal(fread(got, 1, s.len + 1, file), f.size);
		assert_memory_equal(got, s.ptr, f.size);
		fclose(file);
		assert_false(memfile_open(in.x, &p, &(struct memfile){0}));
		memfile_close(in.x, &f);
		assert_int_equal(in.x->kept, 0);
	}
	inside_end(&in);
	free(got);
	free_span(s);
}

static void
what_is_too_large_gets_no_file(void **state)
{
	struct span s = some_text(2 << 20, 1);
	struct extract_options o;
	struct memfile f;
	struct inside in;
	struct part p;

	(void)state;
	extract_options_default(&o);
	o.budget.memory = 1 << 20;
	inside_begin(&in, &o);
	part_memory(&p, s);
	assert_false(memfile_open(in.x, &p, &f));
	assert_int_equal(in.x->kept, 0);
	part_memory(&p, span_of(s.ptr, 1 << 20));
	assert_true(memfile_open(in.x, &p, &f));
	memfile_close(in.x, &f);
	inside_end(&in);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_library_reads_a_part_by_path_and_by_descriptor),
	    cmocka_unit_test(what_is_too_large_gets_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
