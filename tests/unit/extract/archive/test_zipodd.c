#include "tests/unit/extract/archive/sample.h"

static struct collect *
run(struct span s, enum way way, const char *const *passwords)
{
	struct span list[4];
	struct extract_options o;

	extract_options_default(&o);
	o.passwords = list;
	while (passwords[o.password_count] != NULL) {
		list[o.password_count] = span_str(passwords[o.password_count]);
		o.password_count++;
	}
	return collect_run(s, way, &o);
}

static const char *const none[] = {NULL};
static const char *const wrong[] = {"", "Secret", NULL};
static const char *const right[] = {"wrong", "secret", NULL};

static void
rare_methods_are_unpacked(void **state)
{
	static const char *const files[] = {"zip/bzip2.zip", "zip/lzma.zip",
					    "zip/ppmd.zip",
					    "zip/deflate64.zip"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = sample(files[i]);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = run(s, way, none);

			assert_has(c, "long.txt", CARD CARD);
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			assert_int_equal(c->result.members, 1);
			collect_free(c);
		}
		free_span(s);
	}
}

static void
what_is_encrypted_opens_with_a_password_of_the_list(void **state)
{
	static const char *const files[] = {"zip/zipcrypto.zip", "zip/aes.zip",
					    "zip/infozip.zip"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = sample(files[i]);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = run(s, way, right);

			assert_text(c, "a.txt", span_str(CARD));
			assert_has(c, "long.txt", CARD CARD);
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
			c = run(s, way, none);
			assert_true(has_note(c, "a.txt", COVER_ENCRYPTED));
			assert_true(has_note(c, "long.txt", COVER_ENCRYPTED));
			assert_null(collect_text(c, "a.txt").ptr);
			collect_free(c);
			c = run(s, way, wrong);
			assert_true(has_note(c, "a.txt", COVER_ENCRYPTED));
			assert_int_equal(c->result.unread, 2);
			collect_free(c);
		}
		free_span(s);
	}
}

static void
what_is_damaged_is_no_reason_to_stop(void **state)
{
	static const char *const files[] = {"zip/zipcrypto.zip", "zip/aes.zip",
					    "zip/lzma.zip", "zip/ppmd.zip"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = sample(files[i]);
		uint8_t *bad = malloc(s.len);

		memcpy(bad, s.ptr, s.len);
		for (size_t n = 30; n < s.len; n += 3) {
			struct collect *c;

			bad[n] ^= 0x55;
			c = run(span_of(bad, s.len), IN_MEMORY, right);
			assert_true((c->result.coverage == COVERAGE_FULL) ==
				    (c->note_count == 0));
			collect_free(c);
			bad[n] ^= 0x55;
		}
		free(bad);
		free_span(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rare_methods_are_unpacked),
	    cmocka_unit_test(
		what_is_encrypted_opens_with_a_password_of_the_list),
	    cmocka_unit_test(what_is_damaged_is_no_reason_to_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
