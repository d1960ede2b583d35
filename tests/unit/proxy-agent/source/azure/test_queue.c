#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/azure/azure.h"

#define Q(path) "azure-queue://acc/" path "?endpoint=http://127.0.0.1:PORT/r"
#define AT      "azure-queue://acc/"
#define BEHIND  "?endpoint=http://127.0.0.1:PORT/r"

#define XML_ FAKE_OK "<?xml version=\"1.0\"?>"
#define NAMES(x, n)                                                            \
	XML_ "<EnumerationResults><Queues>" x "</Queues><NextMarker>" n        \
	     "</NextMarker></EnumerationResults>"
#define NAME(n)    "<Queue><Name>" n "</Name></Queue>"
#define LETTERS(x) XML_ "<QueueMessagesList>" x "</QueueMessagesList>"
#define LETTER(id, text)                                                       \
	"<QueueMessage><MessageId>" id "</MessageId><MessageText>" text        \
	"</MessageText></QueueMessage>"
#define PEEK(q, x)                                                             \
	{                                                                      \
		.path = "/r/" q "/messages?peekonly=true&numofmessages=32",    \
		.answer = (x)                                                  \
	}
#define COUNT(q, n)                                                            \
	{                                                                      \
		.path = "/r/" q "?comp=metadata",                              \
		.answer = "HTTP/1.1 200 OK\r\n"                                \
			  "x-ms-approximate-messages-count: " n "\r\n\r\n"     \
	}
#define LIST(after) .path = "/r/?comp=list" after

static void
hold(const struct source_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct source_world w;

		source_world_begin(&w, &azure_queue_source, rows[i].pages,
				   rows[i].url);
		assert_string_equal(source_world_walk(&w, SIZE_MAX),
				    rows[i].want);
		source_world_end(&w);
	}
}

static void
all_queues_are_read_through_all_pages(void **state)
{
	static const struct source_row rows[] = {
	    {Q(""),
	     {{LIST(""), .answer = NAMES(NAME("a") NAME("b"), "m&amp;2")},
	      {LIST("&marker=m%262"), .answer = NAMES(NAME("c"), "")},
	      PEEK("a", LETTERS(LETTER("1", "x &lt; y") LETTER("2", ""))),
	      COUNT("a", "2"),
	      PEEK("b", LETTERS("")),
	      COUNT("b", "0"),
	      PEEK("c", LETTERS(LETTER("3", "z"))),
	      COUNT("c", "1")},
	     AT "a/1" BEHIND "=x < y\n" AT "a/2" BEHIND "=\n" AT "c/3" BEHIND
		"=z\n"},
	};

	(void)state;
	hold(rows, 1);
}

static void
what_is_not_shown_is_told(void **state)
{
	static const struct source_row rows[] = {
	    {Q("a"),
	     {PEEK("a", LETTERS(LETTER("1", "x"))), COUNT("a", "40")},
	     AT "a/1" BEHIND "=x\n" AT "a" BEHIND
		":stopped 1 of about 40 messages were seen: the service shows "
		"no more of them without hiding them from whom they are for\n"},
	    /* no count, or none that is a number */
	    {Q("a"),
	     {PEEK("a", LETTERS(LETTER("1", "x"))), COUNT("a", "many")},
	     AT "a/1" BEHIND "=x\n"},
	};

	(void)state;
	hold(rows, 2);
}

static void
names_of_any_kind_stay_names(void **state)
{
	static const struct source_row rows[] = {
	    {Q(""),
	     {{LIST(""), .answer = NAMES(NAME("../%41?#&amp;'&quot;"), "")},
	      PEEK("..%2F%2541%3F%23%26%27%22", LETTERS(LETTER("a/b", "1"))),
	      COUNT("..%2F%2541%3F%23%26%27%22", "1")},
	     AT "../%2541%3F%23&'\"/a/b" BEHIND "=1\n"},
	};

	(void)state;
	hold(rows, 1);
}

static void
trouble_of_one_queue_does_not_end_the_others(void **state)
{
	static const struct source_row rows[] = {
	    {Q(""),
	     {{LIST(""),
	       .answer = NAMES(NAME("a") NAME("b") NAME("c") NAME("d"), "")},
	      PEEK("a", "HTTP/1.1 403 No\r\nx-ms-error-code: Not%s\r\n\r\n"),
	      PEEK("b", XML_ "<QueueMessagesList><QueueMessage>"
			     "<MessageId>1"),
	      PEEK("c", FAKE_NO("404 No")),
	      PEEK("d", LETTERS(LETTER("1", "x"))),
	      COUNT("d", "1")},
	     AT "a" BEHIND ":denied Not%s\n" AT "b" BEHIND
		":io it could not be read\n" AT "c" BEHIND
		":vanished it could not be read\n" AT "d/1" BEHIND "=x\n"},
	};

	(void)state;
	hold(rows, 1);
}

static void
a_list_of_queues_that_never_ends_ends(void **state)
{
	static const struct source_row rows[] = {
	    {Q(""),
	     {{LIST(""), .answer = NAMES(NAME("a"), "m")},
	      {LIST("&marker=m"), .answer = NAMES("", "m")},
	      PEEK("a", LETTERS(LETTER("1", "x"))),
	      COUNT("a", "1")},
	     AT "a/1" BEHIND "=x\n" AT
		":io the list of objects could not be read to its end\n"},
	    {Q(""),
	     {{LIST(""), .answer = NAMES(NAME("a"), "0")},
	      {LIST("&marker=*"), .answer = NAMES("", "COUNT")},
	      PEEK("a", LETTERS(LETTER("1", "x"))),
	      COUNT("a", "1")},
	     AT "a/1" BEHIND "=x\n" AT
		":io the list of objects could not be read to its end\n"},
	};

	(void)state;
	hold(rows, 2);
}

/* Whatever the service hides from us in between: all is new then. */
static void
where_the_scan_stood_may_be_gone(void **state)
{
	static const struct fake_page pages[] = {
	    PEEK("a", LETTERS(LETTER("5", "x") LETTER("6", "y"))),
	    COUNT("a", "2"),
	    {.path = NULL}};
	static const struct {
		const char *cursor, *want;
	} rows[] = {
	    {"a\n5", AT "a/6" BEHIND "=y\n"},
	    {"a\n6", ""},
	    {"a\n1", AT "a/5" BEHIND "=x\n" AT "a/6" BEHIND "=y\n"},
	    {"a\1\n", ""},
	    {"b\n1", ""},
	    {"\n\n\n", AT "a/5" BEHIND "=x\n" AT "a/6" BEHIND "=y\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source_world w;

		source_world_begin(&w, &azure_queue_source, pages, Q("a"));
		w.target.cursor = span_str(rows[i].cursor);
		assert_string_equal(source_world_walk(&w, SIZE_MAX),
				    rows[i].want);
		source_world_end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_queues_are_read_through_all_pages),
	    cmocka_unit_test(what_is_not_shown_is_told),
	    cmocka_unit_test(names_of_any_kind_stay_names),
	    cmocka_unit_test(trouble_of_one_queue_does_not_end_the_others),
	    cmocka_unit_test(a_list_of_queues_that_never_ends_ends),
	    cmocka_unit_test(where_the_scan_stood_may_be_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
