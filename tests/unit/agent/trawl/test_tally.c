#include "tests/unit/agent/trawl/child.h"

#include "agent/trawl/tally.h"
#include "base/clock.h"

static void
sizes_are_told_in_the_nearest_unit(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} cases[] = {
	    {0, "0 bytes"},
	    {999, "999 bytes"},
	    {1000, "1.0 KiB"},
	    {1536, "1.5 KiB"},
	    {UINT64_C(1) << 20, "1.0 MiB"},
	    {UINT64_C(5) << 29, "2.5 GiB"},
	    {UINT64_C(1) << 40, "1.0 TiB"},
	    {UINT64_MAX, "16384.0 PiB"},
	};
	char text[TALLY_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tally_size(cases[i].bytes, text);
		assert_string_equal(text, cases[i].want);
	}
}

static const struct object objects[] = {
    {.path = {(const uint8_t *)"/a\n\xff", 4},
     .coverage = COVERAGE_NONE,
     .reason = COVER_DENIED,
     .size = 7},
    {.path = {(const uint8_t *)"/full", 5}, .coverage = COVERAGE_FULL},
    {.path = {(const uint8_t *)"/z", 2},
     .place = {(const uint8_t *)"x\"", 2},
     .coverage = COVERAGE_PARTIAL,
     .reason = COVER_ENCRYPTED,
     .size = 100,
     .read = 40},
    {.path = {(const uint8_t *)"/l", 2},
     .coverage = COVERAGE_NONE,
     .reason = COVER_LINK},
};

static const struct scan_progress sum = {
    .done_objects = 12,
    .done_bytes = 2048,
    .findings = 1,
    .partial = 1,
    .unread = 1,
    .skipped_dirs = 2,
};

static void
all_objects(struct tally *t)
{
	const struct note note = {.place = span_str("x\""),
				  .parser = span_str("zip"),
				  .detail = span_str("method 98"),
				  .reason = COVER_UNSUPPORTED};

	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (objects[i].reason == COVER_ENCRYPTED)
			tally_note(t, &note);
		tally_object(t, &objects[i]);
	}
}

#define LEDGER                                                                 \
	"{\"path\":\"/a\\n\\\\xff\",\"place\":\"\",\"coverage\":\"none\","     \
	"\"reason\":\"denied\",\"text\":\"no permission to read it\","         \
	"\"size\":7,\"read\":0}\n"                                             \
	"{\"path\":\"/z\",\"place\":\"x\\\"\",\"coverage\":\"partial\","       \
	"\"reason\":\"encrypted\",\"text\":\"encrypted, no password is "       \
	"known\",\"size\":100,\"read\":40,\"notes\":[{\"place\":\"x\\\"\","    \
	"\"reason\":\"unsupported\",\"text\":\"a method we cannot read\","     \
	"\"parser\":\"zip\",\"detail\":\"method 98\"}]}\n"                     \
	"{\"path\":\"/l\",\"place\":\"\",\"coverage\":\"none\","               \
	"\"reason\":\"link\",\"text\":\"a link that is not followed\","        \
	"\"size\":0,\"read\":0}\n"                                             \
	"{\"totals\":{\"outcome\":\"done\",\"objects\":12,\"bytes\":2048,"     \
	"\"full\":10,\"partial\":1,\"unread\":1,\"skipped_folders\":2,"        \
	"\"findings\":1,\"reasons\":{\"denied\":1,\"link\":1,"                 \
	"\"encrypted\":1},\"seconds\":"

static void
the_ledger_names_all_but_what_is_fully_read(void **state)
{
	struct tally t = {.start_ms = clock_mono_ms(clock_system())};
	char *text = NULL;
	size_t len = 0;

	(void)state;
	t.file = open_memstream(&text, &len);
	assert_non_null(t.file);
	all_objects(&t);
	tally_end(&t, &sum, "done");
	assert_false(t.failed);
	assert_null(t.file); /* closed */
	assert_true(len > strlen(LEDGER));
	text[len - 1] = 0; /* the seconds are what they are */
	assert_memory_equal(text, LEDGER, strlen(LEDGER));
	assert_string_equal(text + len - 3, "}}");
	free(text);
}

static int
say_all(const void *arg)
{
	struct tally t = {.start_ms = clock_mono_ms(clock_system())};

	all_objects(&t);
	tally_end(&t, arg, "done");
	return t.failed;
}

static void
people_read_a_line_of_totals_and_one_of_what_is_missing(void **state)
{
	static const struct scan_progress whole = {.done_objects = 1,
						   .findings = 2};
	struct child c = child_run(say_all, &sum);
	char *second = strchr(c.err, '\n');

	(void)state;
	assert_int_equal(c.code, 0);
	assert_string_equal(c.out, "");
	assert_memory_equal(c.err, "1 finding in 12 objects, 2.0 KiB, ", 34);
	assert_non_null(second);
	/* a link is a choice, not a loss */
	assert_string_equal(second + 1,
			    "4 not fully read: 1 no permission to read it; 1 "
			    "encrypted, no password is known (--coverage FILE "
			    "names them)\n");
	c = child_run(say_all, &whole);
	assert_memory_equal(c.err, "2 findings in 1 object, 0 bytes, ", 33);
	assert_ptr_equal(strchr(c.err, '\n'), c.err + strlen(c.err) - 1);
}

static void
a_ledger_that_cannot_be_written_is_noticed(void **state)
{
	struct tally t = {.file = fopen("/dev/full", "we"),
			  .start_ms = clock_mono_ms(clock_system())};

	(void)state;
	assert_non_null(t.file);
	tally_object(&t, &objects[0]);
	tally_end(&t, &sum, "done");
	assert_true(t.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sizes_are_told_in_the_nearest_unit),
	    cmocka_unit_test(the_ledger_names_all_but_what_is_fully_read),
	    cmocka_unit_test(
		people_read_a_line_of_totals_and_one_of_what_is_missing),
	    cmocka_unit_test(a_ledger_that_cannot_be_written_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
