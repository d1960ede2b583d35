#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gen/assets.h"
#include "master/api/static.h"

static const unsigned char bytes[] = "content";

static const struct asset files[] = {
    {.path = "/assets/app-1a2b.js",
     .type = "text/javascript",
     .etag = "\"aa\"",
     .plain = bytes,
     .plain_len = 7,
     .gzip = bytes,
     .gzip_len = 5,
     .brotli = bytes,
     .brotli_len = 4},
    {.path = "/favicon.svg",
     .type = "image/svg+xml",
     .etag = "\"bb\"",
     .plain = bytes,
     .plain_len = 7},
    {.path = "/index.html",
     .type = "text/html",
     .etag = "\"cc\"",
     .plain = bytes,
     .plain_len = 7,
     .gzip = bytes,
     .gzip_len = 5},
};
#define FILES (sizeof(files) / sizeof(files[0]))

static void
a_path_finds_its_file_or_the_view(void **state)
{
	static const struct {
		const char *path, *want;
		bool forever;
	} cases[] = {
	    {"/assets/app-1a2b.js", "/assets/app-1a2b.js", true},
	    {"/favicon.svg", "/favicon.svg", false},
	    {"/", "/index.html", false},
	    {"/index.html", "/index.html", false},
	    {"/findings/17", "/index.html", false},
	    {"/targets/t:1", "/index.html", false},
	    {"/assets/app-0000.js", NULL, false},
	    {"/robots.txt", NULL, false},
	    {"/../etc/passwd.txt", NULL, false},
	};
	struct static_hit hit;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = static_find(files, FILES, span_str(cases[i].path),
					 NULL, NULL, &hit);

		assert_int_equal(found, cases[i].want != NULL);
		if (!found)
			continue;
		assert_string_equal(hit.asset->path, cases[i].want);
		assert_int_equal(hit.forever, cases[i].forever);
		assert_ptr_equal(&files[hit.index], hit.asset);
	}
}

static void
the_best_encoding_that_both_have_is_sent(void **state)
{
	static const struct {
		const char *path, *accept;
		enum static_encoding want;
	} cases[] = {
	    {"/assets/app-1a2b.js", "gzip, deflate, br", STATIC_BROTLI},
	    {"/assets/app-1a2b.js", "gzip", STATIC_GZIP},
	    {"/assets/app-1a2b.js", "br;q=0, gzip;q=0.5", STATIC_GZIP},
	    {"/assets/app-1a2b.js", "br;q=0.000,gzip; q=0", STATIC_PLAIN},
	    {"/assets/app-1a2b.js", "identity", STATIC_PLAIN},
	    {"/assets/app-1a2b.js", "", STATIC_PLAIN},
	    {"/assets/app-1a2b.js", NULL, STATIC_PLAIN},
	    {"/index.html", "br, gzip", STATIC_GZIP},
	    {"/favicon.svg", "br, gzip", STATIC_PLAIN},
	};
	struct static_hit hit;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(static_find(files, FILES, span_str(cases[i].path),
					cases[i].accept, NULL, &hit));
		assert_int_equal(hit.encoding, cases[i].want);
		assert_int_equal(static_bytes(hit.asset, hit.encoding).len,
				 hit.encoding == STATIC_PLAIN  ? 7
				 : hit.encoding == STATIC_GZIP ? 5
							       : 4);
	}
}

static void
a_known_tag_is_not_sent_again(void **state)
{
	struct static_hit hit;

	(void)state;
	assert_true(static_find(files, FILES, span_str("/findings"), NULL,
				"\"cc\"", &hit));
	assert_true(hit.unchanged);
	assert_true(static_find(files, FILES, span_str("/findings"), NULL,
				"\"aa\"", &hit));
	assert_false(hit.unchanged);
}

static void
without_files_nothing_is_found(void **state)
{
	struct static_hit hit;

	(void)state;
	assert_false(static_find(files, 0, span_str("/"), NULL, NULL, &hit));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_finds_its_file_or_the_view),
	    cmocka_unit_test(the_best_encoding_that_both_have_is_sent),
	    cmocka_unit_test(a_known_tag_is_not_sent_again),
	    cmocka_unit_test(without_files_nothing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
