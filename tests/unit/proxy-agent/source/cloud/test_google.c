#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/cloud/google.h"

#define FIELDS                                                                 \
	"&pageSize=1000&supportsAllDrives=true&includeItemsFromAllDrives=true" \
	"&fields=nextPageToken,files(id,name,mimeType,size,modifiedTime,"      \
	"md5Checksum,version,capabilities/canDownload)"
#define IN(id)                                                                 \
	"/drive/v3/files?q=%27" id                                             \
	"%27%20in%20parents%20and%20trashed%3Dfalse" FIELDS
#define SHARED "/drive/v3/files?q=sharedWithMe%20and%20trashed%3Dfalse" FIELDS
#define DRIVES "/drive/v3/drives?pageSize=100"
#define ANNA   "gdrive://anna@h.example"
#define UNREAD ":malformed what the server said of its content cannot be read\n"

#define FILES(x)  FAKE_JSON "{\"files\":[" x "]}"
#define NAMED(id) "{\"id\":\"" id "\",\"name\":\"" id "\""
#define FILE_(id) NAMED(id) ",\"mimeType\":\"text/plain\",\"size\":\"1\"}"
#define APP(id, type)                                                          \
	NAMED(id) ",\"mimeType\":\"application/vnd.google-apps." type "\"}"
#define LOCKED ",\"capabilities\":{\"canDownload\":false}}"
#define NO_DRIVES                                                              \
	{                                                                      \
		.path = DRIVES, .answer = FAKE_JSON "{}"                       \
	}
#define NOT_SHARED                                                             \
	{                                                                      \
		.path = SHARED, .answer = FILES("")                            \
	}
#define CONTENT(id, text)                                                      \
	{                                                                      \
		.path =                                                        \
		    "/drive/v3/files/" id "?alt=media&supportsAllDrives=true", \
		.answer = FAKE_OK text                                         \
	}

static void
hold(const struct source_ops *ops, const struct source_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct source_world w;

		source_world_begin_tls(&w, ops, rows[i].pages, rows[i].url);
		source_world_access(&w, "token", "made up");
		source_world_access(&w, "endpoint", "https://127.0.0.1:PORT");
		assert_string_equal(source_world_walk(&w, SIZE_MAX),
				    rows[i].want);
		source_world_end(&w);
	}
}

static void
own_shared_and_common_files_are_read(void **state)
{
	static const struct source_row rows[] = {
	    {ANNA "/",
	     {{.path = DRIVES,
	       .answer = FAKE_JSON "{\"drives\":[{\"id\":\"z\",\"name\":\"T\"}]"
				   ",\"nextPageToken\":\"a&b\"}"},
	      {.path = DRIVES "&pageToken=a%26b", .answer = FAKE_JSON "{}"},
	      {.path = IN("root"),
	       .answer = FAKE_JSON
	       "{\"files\":[" FILE_("1") "],\"nextPageToken\":\"p2\"}"},
	      {.path = IN("root") "&pageToken=p2", .answer = FILES(FILE_("2"))},
	      {.path = SHARED, .answer = FILES(FILE_("3"))},
	      {.path = IN("z"), .answer = FAKE_JSON "{}"},
	      CONTENT("1", "1"),
	      CONTENT("2", "2"),
	      CONTENT("3", "3")},
	     ANNA "/My Drive/1=1\n" ANNA "/My Drive/2=2\n" ANNA
		  "/Shared with me/3=3\n"},
	};

	hold(&gdrive_source, rows, 1);
	(void)state;
}

static void
what_has_no_bytes_of_its_own_is_exported_or_named(void **state)
{
	static const struct source_row rows[] = {
	    {ANNA "/My Drive",
	     {NO_DRIVES,
	      {.path = IN("root"),
	       .answer = FILES(APP("d", "document") "," APP(
		   "s", "shortcut") "," APP("m", "map") "," NAMED("n") LOCKED)},
	      {.path = "/drive/v3/files/d/export?mimeType=application/"
		       "vnd.openxmlformats-officedocument.wordprocessingml."
		       "document",
	       .answer = FAKE_OK "D"}},
	     ANNA "/My Drive/d=D\n" ANNA
		  "/My Drive/s:link a shortcut to what lies elsewhere\n" ANNA
		  "/My Drive/m:unsupported a thing of Google's own that "
		  "cannot be exported\n" ANNA
		  "/My Drive/n:denied its owner lets nobody download it\n"},
	};

	hold(&gdrive_source, rows, 1);
	(void)state;
}

static void
a_folder_that_lies_in_itself_is_entered_once(void **state)
{
	static const struct source_row rows[] = {
	    {ANNA "/",
	     {NO_DRIVES,
	      NOT_SHARED,
	      {.path = IN("root"), .answer = FILES(APP("a", "folder"))},
	      {.path = IN("a"),
	       .answer = FILES(APP("b", "folder") "," FILE_("1"))},
	      {.path = IN("b"),
	       .answer = FILES(APP("a", "folder") "," FILE_("2"))},
	      CONTENT("1", "1"),
	      CONTENT("2", "2")},
	     ANNA "/My Drive/a/1=1\n" ANNA "/My Drive/a/b/2=2\n" ANNA
		  "/My Drive/a/b/a:loop it is said to lie within itself\n"},
	};

	hold(&gdrive_source, rows, 1);
	(void)state;
}

static void
a_page_with_an_odd_element_does_not_end_the_list(void **state)
{
	static const struct source_row rows[] = {
	    {ANNA "/My Drive",
	     {NO_DRIVES,
	      {.path = IN("root"),
	       .answer = FAKE_JSON "{\"files\":[{\"id\":\"x\"}," FILE_(
		   "1") "],\"nextPageToken\":\"2\"}"},
	      {.path = IN("root") "&pageToken=2",
	       .answer =
		   FILES("{\"id\":\"a\\nb\",\"name\":\"c\"}," FILE_("2"))},
	      CONTENT("1", "1"),
	      CONTENT("2", "2")},
	     ANNA "/My Drive/1=1\n" ANNA "/My Drive" UNREAD ANNA
		  "/My Drive/2=2\n"},
	    /* a token that is none: nobody knows whether there is more */
	    {ANNA "/My Drive",
	     {NO_DRIVES,
	      {.path = IN("root"),
	       .answer = FAKE_JSON
	       "{\"files\":[" FILE_("1") "],\"nextPageToken\":2}"},
	      CONTENT("1", "1")},
	     ANNA "/My Drive/1=1\n" ANNA "/My Drive" UNREAD},
	    /* the same page for ever */
	    {ANNA "/My Drive",
	     {NO_DRIVES,
	      {.path = IN("root"),
	       .answer = FAKE_JSON "{\"nextPageToken\":\"2\"}"},
	      {.path = IN("root") "&pageToken=2",
	       .answer = FAKE_JSON "{\"nextPageToken\":\"2\"}"}},
	     ANNA "/My Drive" UNREAD},
	};

	hold(&gdrive_source, rows, sizeof(rows) / sizeof(rows[0]));
	(void)state;
}

static void
a_request_to_slow_down_is_kept_and_a_refusal_told(void **state)
{
	static const struct source_row rows[] = {
	    {ANNA "/",
	     {NO_DRIVES,
	      {.path = IN("root"),
	       .first = 1,
	       .before = "HTTP/1.1 403 No\r\n\r\n{\"error\":{\"errors\":[{"
			 "\"reason\":\"userRateLimitExceeded\"}]}}",
	       .answer = FILES(FILE_("1"))},
	      {.path = SHARED,
	       .answer = "HTTP/1.1 403 No\r\n\r\n{\"error\":{\"errors\":[{"
			 "\"reason\":\"forbidden\"}]}}"},
	      {.path = "/drive/v3/files/1?alt=media&supportsAllDrives=true",
	       .first = 1,
	       .before = "HTTP/1.1 403 No\r\n\r\n{\"error\":{\"errors\":[{"
			 "\"reason\":\"userRateLimitExceeded\"}]}}",
	       .answer = FAKE_OK "1"}},
	     ANNA "/My Drive/1=1\n" ANNA
		  "/Shared with me:denied the server does not let us list "
		  "it\n"},
	};

	hold(&gdrive_source, rows, 1);
	(void)state;
}

#define OBJECTS(prefix)                                                        \
	"/storage/v1/b/bu/o?maxResults=1000&prefix=" prefix                    \
	"&fields=nextPageToken,items(name,size,updated,generation)"

static void
objects_keep_their_names_whatever_stands_in_them(void **state)
{
	static const struct source_row rows[] = {
	    {"gcs://bu/a%2Fb",
	     {{.path = OBJECTS("a%2Fb"),
	       .answer = FAKE_JSON
	       "{\"items\":[{\"name\":\"a/b/../%41?#'\\\"\",\"size\":\"1\"},"
	       "{\"name\":\"a/b/\",\"size\":\"0\"},{\"size\":\"1\"},"
	       "{\"name\":\"a/b/n\",\"size\":\"-1\"}]}"},
	      {.path = "/storage/v1/b/bu/o/"
		       "a%2Fb%2F..%2F%2541%3F%23%27%22?alt=media",
	       .answer = FAKE_OK "1"},
	      {.path = "/storage/v1/b/bu/o/a%2Fb%2Fn?alt=media",
	       .answer = FAKE_OK "2"}},
	     "gcs://bu/a/b/../%2541%3F%23'\"=1\ngcs://bu/a/b/n=2\n"
	     "gcs://bu" UNREAD},
	    {"gcs://bu/",
	     {{.path = OBJECTS(""), .answer = FAKE_JSON "{}"}},
	     ""},
	};

	hold(&gcs_source, rows, sizeof(rows) / sizeof(rows[0]));
	(void)state;
}

#define LETTERS                                                                \
	"/gmail/v1/users/me/messages?maxResults=500&includeSpamTrash=true"     \
	"&q="

static void
letters_are_decoded_and_what_is_no_letter_is_told(void **state)
{
	static const struct source_row rows[] = {
	    {"gmail://anna@h.example/",
	     {{.path = LETTERS,
	       .answer = FAKE_JSON "{\"messages\":[{\"id\":\"1\"},{\"id\":"
				   "\"2\"},{\"id\":\"3\"}]}"},
	      {.path = "/gmail/v1/users/me/messages/1?format=raw",
	       .answer = FAKE_JSON "{\"id\":\"1\",\"raw\":\"bWFkZSB1cA\"}"},
	      {.path = "/gmail/v1/users/me/messages/2?format=raw",
	       .answer = FAKE_JSON "{\"id\":\"2\"}"},
	      {.path = "/gmail/v1/users/me/messages/3?format=raw",
	       .answer = FAKE_JSON "{\"raw\":\"bWFkZS"}},
	     "gmail://anna@h.example/1=made up\n"
	     "gmail://anna@h.example/2:malformed the answer does not hold it\n"
	     "gmail://anna@h.example/3=made!\n"},
	};

	hold(&gmail_source, rows, 1);
	(void)state;
}

static void
letters_are_searched_for_by_day_and_by_words(void **state)
{
	static const struct fake_page pages[] = {
	    {.path = LETTERS "after%3A1769817600%20label%3Awork",
	     .answer = FAKE_JSON "{\"messages\":[{\"id\":\"1\"}]}"},
	    {.path = "/gmail/v1/users/me/messages/1?format=raw",
	     .answer = FAKE_JSON "{\"id\":\"1\",\"raw\":\"bWFkZSB1cA\"}"},
	    {0},
	};
	struct source_world w;

	(void)state;
	source_world_begin_tls(&w, &gmail_source, pages,
			       "gmail://anna@h.example/");
	source_world_access(&w, "token", "made-up");
	source_world_access(&w, "endpoint", "https://127.0.0.1:PORT");
	source_world_option(&w, "since", "2026-01-31");
	source_world_option(&w, "query", "label:work");
	assert_string_equal(source_world_walk(&w, SIZE_MAX),
			    "gmail://anna@h.example/1=made up\n");
	source_world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(own_shared_and_common_files_are_read),
	    cmocka_unit_test(what_has_no_bytes_of_its_own_is_exported_or_named),
	    cmocka_unit_test(a_folder_that_lies_in_itself_is_entered_once),
	    cmocka_unit_test(a_page_with_an_odd_element_does_not_end_the_list),
	    cmocka_unit_test(a_request_to_slow_down_is_kept_and_a_refusal_told),
	    cmocka_unit_test(objects_keep_their_names_whatever_stands_in_them),
	    cmocka_unit_test(letters_are_searched_for_by_day_and_by_words),
	    cmocka_unit_test(letters_are_decoded_and_what_is_no_letter_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
