#include "extract/data/snappy.h"
#include "tests/unit/extract/archive/sample.h"

#define TEXT "card 4111 1111 1111 1111"

static void
blocks_of_every_codec_are_read(void **state)
{
	static const char *const files[] = {
	    "data/a-null.avro", "data/a-deflate.avro", "data/a-bzip2.avro"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct span s = sample(files[i]);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = collect_run(s, way, NULL);

			assert_has(c, "block 1", TEXT);
			assert_has(c, "", "\"name\": \"card\"");
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
		}
		free_span(s);
	}
}

static void
a_file_that_is_cut_or_damaged_says_so(void **state)
{
	struct span s = sample("data/a-null.avro");
	uint8_t *bad = malloc(s.len);
	struct collect *c;

	(void)state;
	assert_non_null(bad);
	for (size_t n = 1000; n < s.len; n += 97) {
		c = collect_run(span_of(s.ptr, n), AS_STREAM, NULL);
		assert_int_not_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	memcpy(bad, s.ptr, s.len);
	bad[s.len - 1] ^= 1; /* the mark behind the block */
	c = collect_run(span_of(bad, s.len), IN_MEMORY, NULL);
	assert_true(has_note(c, "", COVER_MALFORMED));
	assert_has(c, "block 1", TEXT);
	collect_free(c);
	free(bad);
	free_span(s);
}

/* By libsnappy 1.1.9. */
static const uint8_t packed[] =
    "\x8e\x02\x74\x6e\x61\x6d\x65\x20\x30\x20\x6f\x66\x20\x61\x20\x74\x61\x62"
    "\x6c\x65\x2c\x20\x63\x61\x72\x64\x20\x34\x31\x31\x31\x20\x31\x32\x05\x00"
    "\x04\x3b\x20\x05\x2d\x00\x31\xae\x2d\x00\x00\x32\xae\x2d\x00\x00\x33\xae"
    "\x2d\x00\x00\x34\xae\x2d\x00\x00\x35\x9a\x2d\x00";
#define PACKED span_of(packed, sizeof(packed) - 1)

static void
snappy_gives_what_was_packed(void **state)
{
	char want[512];
	uint8_t *out = NULL;
	size_t len = 0, n = 0;

	(void)state;
	for (int i = 0; i < 6; i++)
		n += (size_t)snprintf(want + n, sizeof(want) - n,
				      "name %d of a table, " TEXT "; ", i);
	assert_int_equal(snappy_unpack(PACKED, 1024, &out, &len), ST_OK);
	assert_int_equal(len, n);
	assert_memory_equal(out, want, n);
	free(out);
}

static void
snappy_that_is_damaged_gives_what_came_before(void **state)
{
	uint8_t *out = NULL;
	size_t len = 0;

	(void)state;
	for (size_t n = 2; n < sizeof(packed) - 1; n++) {
		assert_int_equal(
		    snappy_unpack(span_of(packed, n), 1024, &out, &len),
		    ST_MALFORMED);
		assert_true(len < 270);
		free(out);
		out = NULL;
	}
	assert_int_equal(snappy_unpack(PACKED, 269, &out, &len), ST_LIMIT);
	assert_null(out);
}

/* Two bytes a character, among other bytes, at odd places. */
static void
texts_of_hives_and_event_logs_are_read(void **state)
{
	static const char *const magics[] = {"regf", "ElfFile"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t bytes[512] = {0};
		struct collect *c;
		size_t n = 301;

		memset(bytes + 100, 0xff, 100);
		memcpy(bytes, magics[i], strlen(magics[i]));
		for (const char *t = TEXT; *t != 0; t++, n += 2)
			bytes[n] = (uint8_t)*t;
		bytes[200] = 'x';
		memcpy(bytes + 400, TEXT, strlen(TEXT));
		for (enum way way = IN_MEMORY; way <= BY_PREAD; way++) {
			c = collect_run(span_of(bytes, sizeof(bytes)), way,
					NULL);
			assert_has(c, "", TEXT "\n");
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blocks_of_every_codec_are_read),
	    cmocka_unit_test(a_file_that_is_cut_or_damaged_says_so),
	    cmocka_unit_test(snappy_gives_what_was_packed),
	    cmocka_unit_test(snappy_that_is_damaged_gives_what_came_before),
	    cmocka_unit_test(texts_of_hives_and_event_logs_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
