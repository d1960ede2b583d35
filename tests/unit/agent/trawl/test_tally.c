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

static void
counts_are_told_in_groups_of_three_digits(void **state)
{
	static const struct {
		uint64_t n;
		const char *want;
	} cases[] = {
	    {0, "0"},
	    {999, "999"},
	    {1204, "1,204"},
	    {1234567, "1,234,567"},
	    {UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	char text[TALLY_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tally_count(cases[i].n, text);
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
     .read = 40,
     .notes = 300},
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
    .members = 1204,
    .members_unread = 3,
    .unread_bytes = 67,
    .unchanged = 4,
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
	"\"parser\":\"zip\",\"detail\":\"method 98\"}],\"more_places\":299}\n" \
	"{\"path\":\"/l\",\"place\":\"\",\"coverage\":\"none\","               \
	"\"reason\":\"link\",\"text\":\"a link that is not followed\","        \
	"\"size\":0,\"read\":0}\n"                                             \
	"{\"totals\":{\"outcome\":\"done\",\"whole\":false,\"objects\":12,"    \
	"\"bytes\":2048,\"unread_bytes\":67,\"full\":6,\"unchanged\":4,"       \
	"\"partial\":1,"                                                       \
	"\"unread\":1,\"skipped_folders\":2,\"members\":1204,"                 \
	"\"members_partial\":0,\"members_unread\":3,"                          \
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
say_rest(const void *arg)
{
	struct tally t = {.start_ms = clock_mono_ms(clock_system()),
			  .rested_ms = 2500};

	(void)arg;
	t.file = stdout;
	tally_end(&t, &sum, "done");
	return t.failed;
}

static void
rest_for_a_target_is_told(void **state)
{
	struct child c = child_run(say_rest, NULL);

	(void)state;
	assert_int_equal(c.code, 0);
	assert_non_null(strstr(c.out, ",\"rested_seconds\":2.5}}\n"));
	assert_non_null(strstr(c.err, "\n2.5 s of rest for a target that "
				      "answered later than usual\n"));
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
people_read_a_line_of_totals_and_lines_of_what_is_missing(void **state)
{
	struct child c = child_run(say_all, &sum);
	char *second = strchr(c.err, '\n');

	(void)state;
	assert_int_equal(c.code, 0);
	assert_string_equal(c.out, "");
	assert_memory_equal(c.err,
			    "1 finding in 12 objects with 1,204 members in "
			    "them, 2.0 KiB, ",
			    61);
	assert_non_null(second);
	/* a link is a choice, not a loss */
	assert_string_equal(second + 1,
			    "4 objects unchanged since an earlier scan read "
			    "them in full and found nothing\n"
			    "1 of 12 objects partly read: 1 encrypted\n"
			    "1 of 12 objects not read: 1 denied\n"
			    "2 folders not entered\n"
			    "3 of 1,204 members not read\n"
			    "(--coverage FILE names them)\n");
}

static int
say_some(const void *arg)
{
	struct tally t = {.start_ms = clock_mono_ms(clock_system())};
	const struct object link = {.coverage = COVERAGE_NONE,
				    .reason = COVER_LINK};
	const struct object mount = {.coverage = COVERAGE_NONE,
				     .reason = COVER_MOUNT};
	const struct scan_progress whole = {.done_objects = 1, .findings = 2};
	const struct scan_progress lost = {
	    .done_objects = 1, .members = 2, .members_unread = 1};
	const char *how = arg;

	tally_object(&t, strcmp(how, "mount") == 0 ? &mount : &link);
	tally_end(&t, strcmp(how, "member") == 0 ? &lost : &whole,
		  strcmp(how, "stopped") == 0 ? "stopped" : "done");
	return t.failed;
}

static void
all_was_read_is_said_only_when_it_is_true(void **state)
{
	static const struct {
		const char *how;
		bool whole;
	} cases[] = {
	    {"link", true},
	    {"mount", false},
	    {"member", false},
	    {"stopped", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct child c = child_run(say_some, cases[i].how);

		assert_int_equal(c.code, 0);
		assert_int_equal(strstr(c.err, ", 100 % read\n") != NULL,
				 cases[i].whole);
	}
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
		people_read_a_line_of_totals_and_lines_of_what_is_missing),
	    cmocka_unit_test(rest_for_a_target_is_told),
	    cmocka_unit_test(all_was_read_is_said_only_when_it_is_true),
	    cmocka_unit_test(counts_are_told_in_groups_of_three_digits),
	    cmocka_unit_test(a_ledger_that_cannot_be_written_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
