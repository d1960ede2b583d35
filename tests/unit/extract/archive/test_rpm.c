#include "tests/unit/extract/archive/sample.h"

static void
a_package_gives_its_headers_and_its_files(void **state)
{
	static const struct {
		const char *file, *place;
	} cases[] = {
	    {"rpm/gzip.rpm", "payload" ARROW "gzip" ARROW "./srv/a.txt"},
	    {"rpm/xz.rpm", "payload" ARROW "xz" ARROW "./srv/a.txt"},
	    {"rpm/zstd.rpm", "payload" ARROW "zstd" ARROW "./srv/a.txt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = sample(cases[i].file);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = collect_run(s, way, NULL);

			assert_text(c, cases[i].place, span_str(CARD));
			assert_has(c, "header", "4111 1111 1111 1111");
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
		}
		free_span(s);
	}
}

static void
a_package_that_is_cut_or_damaged_says_so(void **state)
{
	struct span s = sample("rpm/gzip.rpm");
	uint8_t *bad = malloc(s.len);

	(void)state;
	for (size_t n = 100; n < s.len; n += 211) {
		struct collect *c =
		    collect_run(span_of(s.ptr, n), AS_STREAM, NULL);

		assert_int_not_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	memcpy(bad, s.ptr, s.len);
	bad[96] = 0; /* of the first header */
	{
		struct collect *c =
		    collect_run(span_of(bad, s.len), IN_MEMORY, NULL);

		assert_true(has_note(c, "", COVER_MALFORMED));
		assert_has(c, "", "4111 1111 1111 1111");
		collect_free(c);
	}
	free(bad);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_package_gives_its_headers_and_its_files),
	    cmocka_unit_test(a_package_that_is_cut_or_damaged_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
