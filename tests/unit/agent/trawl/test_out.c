#include "tests/unit/agent/trawl/child.h"
#include "tests/unit/agent/trawl/found.h"

#include <fcntl.h>
#include <signal.h>

#include "agent/trawl/commands.h"

static void
a_format_is_found_by_its_whole_name(void **state)
{
	(void)state;
	assert_ptr_equal(out_find("jsonl"), &out_jsonl);
	assert_ptr_equal(out_find("table"), &out_table);
	assert_ptr_equal(out_find("sarif"), &out_sarif);
	assert_ptr_equal(out_find("csv"), &out_csv);
	assert_null(out_find("json"));
	assert_null(out_find("CSV"));
	assert_null(out_find(""));
}

/* Rows, then whether the reader of them seemed to be there. */
static int
print_rows(const void *arg)
{
	const struct row row = {"/srv/a", "", 60, LEVEL_BROAD, 0, NULL};
	const char *const *format = arg;
	const struct finding m = {.type = span_str("card_visa")};
	const struct scan_found f = {.finding = &m, .path = span_str("/srv")};
	struct out o;
	bool closed;

	out_init(&o, out_find(*format));
	add_row(&o, &row);
	for (unsigned i = 0; i < 1000; i++)
		out_row(&o, &f);
	closed = o.closed;
	out_end(&o);
	return o.closed ? closed ? 9 : 8 : 0;
}

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	while ((text = strstr(text, word)) != NULL) {
		text += strlen(word);
		n++;
	}
	return n;
}

static void
a_document_longer_than_the_buffer_is_whole(void **state)
{
	static const char *const names[] = {"sarif"};
	int file = memfd_create("rows", 0);
	char *text = calloc(1, 1u << 20);
	struct child c;

	(void)state;
	assert_non_null(text);
	c = child_run_to(print_rows, names, file);
	assert_int_equal(c.code, 0);
	assert_true(pread(file, text, (1u << 20) - 1, 0) > 100000);
	assert_int_equal(count(text, "\"ruleId\""), 1001);
	assert_int_equal(count(text, "},{\"ruleId\""), 1000);
	assert_string_equal(text + strlen(text) - 5, "]}]}\n");
	free(text);
	close(file);
}

static void
a_full_disk_is_said_once_and_remembered(void **state)
{
	static const char *const names[] = {"jsonl"};
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct child c;

	(void)state;
	assert_true(full >= 0);
	c = child_run_to(print_rows, names, full);
	assert_int_equal(c.code, 9);
	assert_int_equal(count(c.err, "trawl: cannot write findings: "), 1);
	close(full);
}

static void
a_reader_that_went_away_is_not_complained_about(void **state)
{
	static const char *const names[] = {"jsonl"};
	struct child c;
	int p[2];

	(void)state;
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	close(p[0]);
	signal(SIGPIPE, SIG_IGN); /* as the program does */
	c = child_run_to(print_rows, names, p[1]);
	assert_int_equal(c.code, 9);
	assert_string_equal(c.err, "");
	close(p[1]);
}

static int
need_memory(const void *arg)
{
	(void)arg;
	out_need(ST_OK);
	out_need(ST_NOMEM);
	return 0;
}

static void
without_memory_the_program_ends_with_an_error(void **state)
{
	struct child c = child_run(need_memory, NULL);

	(void)state;
	assert_int_equal(c.code, EXIT_ERROR);
	assert_memory_equal(c.err, "trawl: ", 7);
}

static void
what_is_in_clear_goes_before_what_is_masked(void **state)
{
	const struct finding m = {.masked = span_str("41••")};
	struct scan_found f = {.finding = &m};

	(void)state;
	assert_true(span_eq(out_match(&f), span_str("41••")));
	f.clear = span_str("4111");
	assert_true(span_eq(out_match(&f), span_str("4111")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_format_is_found_by_its_whole_name),
	    cmocka_unit_test(a_document_longer_than_the_buffer_is_whole),
	    cmocka_unit_test(a_full_disk_is_said_once_and_remembered),
	    cmocka_unit_test(a_reader_that_went_away_is_not_complained_about),
	    cmocka_unit_test(without_memory_the_program_ends_with_an_error),
	    cmocka_unit_test(what_is_in_clear_goes_before_what_is_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
